def load_price(row)
  row.fetch(:price)
end
