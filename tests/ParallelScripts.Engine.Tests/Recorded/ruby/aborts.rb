abort "nothing to do"
