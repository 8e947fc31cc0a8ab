class ConfigError extends Error {
  name = "ConfigError";
}

try {
  throw new ConfigError("no 'survey.json'");
} catch (error) {
  console.error(error);
  process.exit(2);
}
