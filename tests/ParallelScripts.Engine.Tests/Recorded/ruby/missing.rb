require "not_there"
