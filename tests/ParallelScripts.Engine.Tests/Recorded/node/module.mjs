import { load } from "./prices.js";

async function main() {
  await null;
  load({});
}

await main();
