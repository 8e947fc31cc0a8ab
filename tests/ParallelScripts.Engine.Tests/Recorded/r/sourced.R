source("literal.R")
