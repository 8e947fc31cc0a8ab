process.emitWarning("rows are missing", { code: "ROWS001", type: "CustomWarning" });
new Buffer(3);
process.emitWarning("plain");
