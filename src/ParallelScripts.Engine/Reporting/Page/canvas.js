// @ts-check
// What the two drawings share: colours from the style sheet, a canvas as large as what is seen of it, a pointer that drags or clicks, keys, and buttons to zoom.

/** @type {Record<string, string>} */
const colours = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ['back', 'text', 'quiet', 'strip', 'line', 'panel', 'band', 'accent', 'on', 'succeeded', 'up-to-date', 'failed', 'timed-out', 'canceled', 'skipped', 'tolerated', 'path', 'wait']) {
    colours[name] = style.getPropertyValue('--' + name).trim();
  }
}
const colourOf = (/** @type {string} */ kind) => colours[outcomes[kind][2]];
const font = (/** @type {number} */ px) => px + 'px system-ui, "DejaVu Sans", sans-serif';

/** @param {HTMLCanvasElement} canvas @param {number} height @returns {[CanvasRenderingContext2D, number]} */
function fitCanvas(canvas, height) {
  const ratio = devicePixelRatio || 1, width = /** @type {HTMLElement} */ (canvas.parentElement).clientWidth;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.height = height + 'px';
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return [pen, width];
}

/** Draws once a frame, however often it is asked to. @param {() => void} draw */
function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => { asked = false; draw(); });
    }
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{drag: (dx: number, dy: number, x: number, y: number) => void, click: (x: number, y: number) => void, hover?: (x: number, y: number, event: PointerEvent | null) => void}} on
 */
function listenToPointer(canvas, on) {
  /** @type {{x: number, y: number, moved: number} | null} */
  let held = null;
  const at = (/** @type {PointerEvent} */ event) => { const box = canvas.getBoundingClientRect(); return /** @type {[number, number]} */ ([event.clientX - box.left, event.clientY - box.top]); };
  canvas.addEventListener('pointerdown', event => { held = { x: event.clientX, y: event.clientY, moved: 0 }; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener('pointermove', event => {
    if (!held) { on.hover?.(...at(event), event); return; }
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    held = { x: event.clientX, y: event.clientY, moved: held.moved + Math.abs(dx) + Math.abs(dy) };
    on.drag(dx, dy, ...at(event));
  });
  canvas.addEventListener('pointerup', event => { if (held && held.moved < 5) on.click(...at(event)); held = null; });
  canvas.addEventListener('pointercancel', () => { held = null; });
  canvas.addEventListener('pointerleave', () => on.hover?.(0, 0, null));
}

/** A name that fits; its last part tells most. @param {string} name @param {number} [parts] how many */
const shortName = (name, parts = 1) => shown(name.split('/').slice(-parts).join('/') || name);

/** As much of some words as fits, with an ellipsis if that is not all; nothing if that would be a letter or two. @param {CanvasRenderingContext2D} pen @param {string} words @param {number} room */
function cut(pen, words, room) {
  if (pen.measureText(words).width <= room) return words;
  let low = 0, high = Math.min(words.length, 80);
  while (low < high) { const middle = (low + high + 1) >> 1; if (pen.measureText(words.slice(0, middle) + '…').width <= room) low = middle; else high = middle - 1; }
  return low > 2 ? words.slice(0, low) + '…' : '';
}

/** What is under the pointer, in words beside it. */
const tip = (() => {
  const box = find('#ps-tip');
  return {
    show: (/** @type {string} */ words, /** @type {PointerEvent} */ event) => {
      box.hidden = !words;
      if (!words) return;
      box.textContent = words;
      box.style.left = Math.max(4, Math.min(innerWidth - box.offsetWidth - 8, event.clientX + 14)) + 'px';
      box.style.top = Math.min(innerHeight - box.offsetHeight - 8, event.clientY + 14) + 'px';
    },
    hide: () => { box.hidden = true; },
  };
})();

/** @param {HTMLCanvasElement} canvas @param {() => Record<string, () => void>} keys */
function onKeys(canvas, keys) {
  canvas.addEventListener('keydown', event => {
    const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys()[event.key];
    if (act) { act(); event.preventDefault(); }
  });
}

/** @param {string} drawing @param {Record<string, () => void>} acts */
function onZoomButtons(drawing, acts) {
  for (const [how, act] of Object.entries(acts)) find('[data-zoom="' + drawing + ' ' + how + '"]').addEventListener('click', act);
}
