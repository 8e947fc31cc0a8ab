source("syntax.R")
