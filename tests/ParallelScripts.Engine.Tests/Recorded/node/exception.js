const { load } = require("./prices");

function main(rows) {
  return rows.map(row => load(row));
}

main([{ name: "tea" }]);
