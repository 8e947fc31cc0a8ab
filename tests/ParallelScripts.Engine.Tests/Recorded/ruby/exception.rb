require_relative "prices"

def main(rows)
  rows.each { |row| load_price(row) }
end

main([{ name: "tea" }])
