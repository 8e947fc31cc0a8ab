use Not::There;
