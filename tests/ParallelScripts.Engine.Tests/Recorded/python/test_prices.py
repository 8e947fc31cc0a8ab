from load import load


def test_a_price():
    assert load({"price": "3"}) == 4


def test_no_price():
    load({})
