f() = error("as 1.5 shows it")

f()
