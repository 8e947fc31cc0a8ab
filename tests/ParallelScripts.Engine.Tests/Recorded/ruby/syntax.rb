def fit
  [1, 2
end
