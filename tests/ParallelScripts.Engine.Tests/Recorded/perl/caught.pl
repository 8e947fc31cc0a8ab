eval { die "caught" };
warn "went on: $@";
