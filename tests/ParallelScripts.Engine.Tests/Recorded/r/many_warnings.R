for (i in 1:20) warning("number ", i)
