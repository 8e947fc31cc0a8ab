rows <- c(1, 2)
log("three")
