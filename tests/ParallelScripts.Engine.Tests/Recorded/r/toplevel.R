x <- 1
stop("nothing to do")
