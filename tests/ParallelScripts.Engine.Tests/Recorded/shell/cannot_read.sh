cat < not-there.csv
