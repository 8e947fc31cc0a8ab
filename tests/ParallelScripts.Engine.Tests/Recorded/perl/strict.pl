use strict;
$rows = 3;
print $row;
