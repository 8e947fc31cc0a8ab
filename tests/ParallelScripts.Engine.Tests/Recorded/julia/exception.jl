function load(row)
    row["price"]
end

main(rows) = map(load, rows)

main([Dict("name" => "tea")])
