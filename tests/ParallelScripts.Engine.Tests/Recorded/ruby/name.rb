def fit
  undefined_rows + 1
end

fit
