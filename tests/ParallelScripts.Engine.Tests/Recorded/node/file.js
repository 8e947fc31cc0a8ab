require("node:fs").readFileSync("survey.csv");
