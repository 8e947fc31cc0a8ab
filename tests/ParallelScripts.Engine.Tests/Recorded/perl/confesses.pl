use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Prices;

sub main { Prices::confessing(1, "two") }
main();
