die "with a newline there is no place\n";
