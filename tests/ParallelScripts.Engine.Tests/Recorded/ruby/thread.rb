Thread.new { raise IOError, "in the thread" }.join
