package Prices;
use Carp;

sub load_price {
    my ($row) = @_;
    die "no price" unless exists $row->{price};
}

sub check {
    croak "not a row" unless ref $_[0];
}

sub confessing {
    confess "all of it";
}

1;
