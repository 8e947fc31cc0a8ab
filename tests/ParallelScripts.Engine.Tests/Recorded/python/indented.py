def fit():
    a = 1
      b = 2
