@warn "rows are missing" file = "survey.csv"
