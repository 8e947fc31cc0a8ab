tryCatch(stop("caught"), error = function(e) message("Error: ", conditionMessage(e)))
try(log(-"a"))
cat("went on\n")
