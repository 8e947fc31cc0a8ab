use warnings;
warn "first";
die { code => 3 } if @ARGV;
die "then";
