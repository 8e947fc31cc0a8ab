const { load } = require("./prices");

function fit() {
  try {
    load({});
  } catch (error) {
    throw new Error("no price in 'survey.csv'", { cause: error });
  }
}

fit();
