exports.load = function load(row) {
  return row.price.toFixed(2);
};
