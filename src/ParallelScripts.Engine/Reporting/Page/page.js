// @ts-check
// Puts the page together. One script may be selected; the address bar keeps its name, so that a link to it can be sent.

const model = understand(JSON.parse(find('#ps-data').textContent));
let selected = -1;
/** @type {Map<string, number>} */
const byName = new Map(model.scripts.map(script => [script.name, script.number]));

/** @param {number} number */
function select(number) {
  const name = number < 0 ? '' : encodeURIComponent(model.scripts[number].name);
  if (location.hash.slice(1) !== name) location.hash = name;
  if (number !== selected) apply(number);
}

/** @param {number} number */
function apply(number) {
  const wasOpen = selected >= 0;
  selected = number;
  beside.show(number);
  if (wasOpen !== number >= 0) resize();
  inTable.reveal();
  inTime.draw();
  inGraph.selected();
}

function readAddress() {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { /* Somebody typed it: taken as it is. */ }
  apply(byName.get(name) ?? -1);
}

readColours();
const parts = { selected: () => selected, select, isShown: (/** @type {Script} */ script) => inTable.isShown(script), filtered: () => { inTime.draw(); inGraph.draw(); } };
firstScreen(model, parts);
const beside = details(model, parts), inTime = timeline(model, parts), inGraph = graph(model, parts), inTable = table(model, parts);
function resize() { inTime.resize(); inGraph.resize(); }
resize();
inGraph.show();
inTable.filter();
if (location.hash.length > 1) readAddress();

addEventListener('hashchange', readAddress);
addEventListener('resize', oncePerFrame(resize));
addEventListener('keydown', event => {
  if (event.key === 'Escape' && selected >= 0) select(-1);
  if (event.key === '/' && !/** @type {Element} */ (event.target).matches('input')) { find('#ps-search').focus(); event.preventDefault(); }
});
function recolour() { readColours(); resize(); }
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
find('#ps-theme').addEventListener('click', () => {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  recolour();
});
document.documentElement.dataset.ready = 'true';
