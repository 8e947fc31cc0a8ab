use warnings;
my $x;
print "value: " . $x . "\n";
warn "rows are missing";
warn "no place\n";
warn "rows are missing" for 1 .. 3;
