def fit(rows):
    for row in rows
        print(row)
