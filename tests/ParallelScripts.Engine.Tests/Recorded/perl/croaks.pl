use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Prices;

Prices::check(3);
