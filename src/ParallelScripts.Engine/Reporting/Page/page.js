// @ts-check
// Puts the page together. One script may be selected; the address bar keeps its name, so that a link to it can be sent.

const model = understand(JSON.parse(find('#ps-data').textContent)), root = document.documentElement;
let selected = -1;
/** @type {Map<string, number>} */
const byName = new Map(model.scripts.map(script => [script.name, script.number]));
/** Where the focus was when the details were entered. @type {any} */
let entered = null;

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
  inTime.reveal();
  inGraph.reveal();
}

function readAddress() {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { /* Somebody typed it: taken as it is. */ }
  const number = byName.get(name) ?? -1;
  if (number !== selected) apply(number);
}

function close() {
  select(-1);
  entered?.focus();
  entered = null;
}

const theme = view.keep('theme', () => root.dataset.theme);
if (theme) root.dataset.theme = theme;
readColours();
const parts = {
  selected: () => selected,
  select,
  close,
  isShown: (/** @type {Script} */ script) => inTable.isShown(script),
  filtered: () => { if (started) { inTime.draw(); inGraph.draw(); } },
  enter: () => { entered = document.activeElement; beside.enter(); },
};
let started = false;
firstScreen(model, parts);
live(model, parts);
const beside = details(model, parts), inTable = table(model, parts), inTime = timeline(model, parts), inGraph = graph(model, parts);
started = true;
function resize() { inTime.resize(); inGraph.resize(); }
if (location.hash.length > 1) readAddress();
resize();

addEventListener('hashchange', readAddress);
addEventListener('resize', oncePerFrame(resize));
addEventListener('keydown', event => {
  if (event.key === 'Escape' && selected >= 0) close();
  if (event.key === '/' && !/** @type {Element} */ (event.target).matches('input')) { find('#ps-search').focus(); event.preventDefault(); }
});
function recolour() { readColours(); resize(); }
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
prefersDark.addEventListener('change', recolour);
find('#ps-theme').addEventListener('click', () => {
  root.dataset.theme = (root.dataset.theme || (prefersDark.matches ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
  recolour();
});

// On paper everything is light.
/** @type {string | undefined} */
let onScreen;
addEventListener('beforeprint', () => { onScreen = root.dataset.theme; root.dataset.theme = 'light'; recolour(); });
addEventListener('afterprint', () => { if (onScreen) root.dataset.theme = onScreen; else delete root.dataset.theme; recolour(); });

// As it was before the page loaded itself again.
const place = view.keep('place', () => ({ top: scrollY, focus: document.activeElement?.id, caret: find('#ps-search').selectionEnd }));
history.scrollRestoration = 'manual';
if (place) {
  if (place.focus) find('#' + CSS.escape(place.focus))?.focus({ preventScroll: true });
  if (place.focus === 'ps-search') find('#ps-search').setSelectionRange(place.caret, place.caret);
  scrollTo(0, place.top);
}
root.dataset.ready = 'true';
