// @ts-check
// What the two drawings share: colours from the style sheet, a canvas as large as what is seen of it, and a pointer that drags or clicks.

/** @type {Record<string, string>} */
const colours = {};
function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ['back', 'text', 'quiet', 'line', 'panel', 'band', 'accent', 'on', 'succeeded', 'up-to-date', 'failed', 'timed-out', 'canceled', 'skipped', 'tolerated', 'path', 'wait']) {
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
 * @param {{drag: (dx: number, dy: number) => void, click: (x: number, y: number) => void, hover?: (x: number, y: number, event: PointerEvent | null) => void}} on
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
    on.drag(dx, dy);
  });
  canvas.addEventListener('pointerup', event => { if (held && held.moved < 5) on.click(...at(event)); held = null; });
  canvas.addEventListener('pointercancel', () => { held = null; });
  canvas.addEventListener('pointerleave', () => on.hover?.(0, 0, null));
}

/** A name that fits; its last part tells most. @param {string} name */
const shortName = name => shown(name.replace(/^.*\/(?=.)/, ''));
