begin
  raise "caught"
rescue => error
  warn error.full_message
end
puts "went on"
