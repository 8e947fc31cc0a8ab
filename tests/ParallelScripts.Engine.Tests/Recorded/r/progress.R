bar <- txtProgressBar(max = 3, style = 3)
setTxtProgressBar(bar, 1)
stop("no rows")
