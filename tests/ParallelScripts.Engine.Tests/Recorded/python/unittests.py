import unittest

from load import load


class Prices(unittest.TestCase):
    def test_price(self):
        self.assertEqual(load({"price": 3}), 4)


unittest.main()
