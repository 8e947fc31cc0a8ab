raise ArgumentError, "2 errors\nline 3: no price\nline 9: no name"
