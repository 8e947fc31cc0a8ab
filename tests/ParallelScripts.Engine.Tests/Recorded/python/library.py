from load import parse

parse("{price: 3}")
