// @ts-check
// The graph: by default the longest path and what it directly waits for, since all of a large graph tells nobody anything.

/**
 * @param {ReturnType<typeof understand>} model
 * @param {{selected: () => number, isShown: (script: Script) => boolean, select: (number: number) => void}} page
 */
function graph(model, page) {
  const canvas = find('#ps-graph'), scripts = model.scripts;
  const SMALL = 60, MOST = 400, WIDE = 170, TALL = 24, ACROSS = 210, DOWN = 34;
  let mode = scripts.length <= SMALL ? 'all' : 'path', chosen = /** @type {number[]} */ ([]);
  let places = layOut([], scripts);
  /** @type {CanvasRenderingContext2D} */
  let pen;
  let width = 0, height = 380, left = 0, top = 0, scale = 1;

  function choose() {
    if (mode === 'all') return scripts.map(script => script.number);
    const numbers = new Set();
    if (mode === 'around') {
      // Breadth first, both ways, so that what is near is there before what is far.
      let ring = [page.selected()].filter(number => number >= 0);
      for (let hop = 0; hop < 3 && numbers.size < MOST; hop++) {
        ring.forEach(number => numbers.size < MOST && numbers.add(number));
        ring = ring.flatMap(number => [...scripts[number].deps, ...scripts[number].next]).filter(number => !numbers.has(number));
      }
    } else {
      model.path.forEach((/** @type {number} */ number) => numbers.add(number));
      for (const number of [...numbers]) for (const dep of scripts[number].deps) if (numbers.size < MOST) numbers.add(dep);
    }
    return [...numbers];
  }

  function extent() {
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { column, row } of places.values()) {
      x0 = Math.min(x0, column * ACROSS); x1 = Math.max(x1, column * ACROSS + WIDE);
      y0 = Math.min(y0, row * DOWN); y1 = Math.max(y1, row * DOWN + TALL);
    }
    return x0 === Infinity ? null : [x0, x1, y0, y1];
  }

  /** As high as it needs, so that a chain of scripts is no line in an empty field. */
  function measure() {
    const box = extent(), needed = box ? (box[3] - box[2]) * 1.1 + 60 : 0;
    height = Math.round(Math.max(130, Math.min(460, needed)));
    [pen, width] = fitCanvas(canvas, height);
  }

  function fit() {
    const box = extent();
    if (!box) return;
    const [x0, x1, y0, y1] = box, legible = mode !== 'all' || chosen.length <= SMALL;

    // A path of a hundred scripts is no thin line: it is readable, and seen from its end, which is what was waited for.
    scale = Math.min(1.1, (width - 24) / (x1 - x0), (height - 24) / (y1 - y0));
    if (legible) scale = Math.max(scale, 0.75);
    left = (x1 - x0) * scale > width - 24 && legible ? width - 12 - x1 * scale : (width - (x1 + x0) * scale) / 2;
    top = (height - (y1 + y0) * scale) / 2;
  }

  function show(refit = true) {
    chosen = choose();
    places = layOut(chosen, scripts);
    find('#ps-shown').textContent = mode === 'around' && page.selected() < 0 ? 'Select a script first.' : chosen.length.toLocaleString('en') + ' of ' + counted(scripts.length, 'script');
    measure();
    if (refit) fit();
    later();
  }

  const at = (/** @type {number} */ number) => { const place = /** @type {{column: number, row: number}} */ (places.get(number)); return [place.column * ACROSS * scale + left, place.row * DOWN * scale + top]; };

  function draw() {
    pen.fillStyle = colours.back;
    pen.fillRect(0, 0, width, height);
    const wide = Math.max(2, WIDE * scale), tall = Math.max(2, TALL * scale);
    for (const onPath of [false, true]) {
      pen.strokeStyle = onPath ? colours.path : colours.wait;
      pen.lineWidth = onPath ? 2.5 : 1;
      pen.beginPath();
      for (const number of chosen) {
        const [x2, y2] = at(number);
        for (const dep of scripts[number].deps) {
          if (!places.has(dep) || (scripts[number].onPath && scripts[dep].onPath) !== onPath) continue;
          const [x1, y1] = at(dep);
          if (x2 < 0 || x1 > width || Math.max(y1, y2) + tall < 0 || Math.min(y1, y2) > height) continue;
          const bend = Math.max(8, (x2 - x1 - wide) / 2);
          pen.moveTo(x1 + wide, y1 + tall / 2);
          pen.bezierCurveTo(x1 + wide + bend, y1 + tall / 2, x2 - bend, y2 + tall / 2, x2, y2 + tall / 2);
        }
      }
      pen.stroke();
    }
    pen.font = font(Math.max(8, Math.round(12 * Math.min(1, scale))));
    pen.textBaseline = 'middle';
    pen.textAlign = 'left';
    for (const number of chosen) {
      const [x, y] = at(number), script = scripts[number];
      if (x + wide < 0 || x > width || y + tall < 0 || y > height) continue;
      pen.globalAlpha = page.isShown(script) ? 1 : 0.25;
      pen.fillStyle = colourOf(script.kind);
      pen.fillRect(x, y, wide, tall);
      if (script.onPath || number === page.selected()) {
        pen.strokeStyle = number === page.selected() ? colours.text : colours.path;
        pen.lineWidth = 2.5;
        pen.strokeRect(x, y, wide, tall);
      }
      if (scale > 0.45) {
        pen.save();
        pen.beginPath();
        pen.rect(x, y, wide - 4, tall);
        pen.clip();
        pen.fillStyle = colours.on;
        pen.fillText(outcomes[script.kind][1] + ' ' + shortName(script.name), x + 6, y + tall / 2);
        pen.restore();
      }
      pen.globalAlpha = 1;
    }
  }

  const later = oncePerFrame(draw);
  function resize() { measure(); fit(); draw(); }
  function zoom(/** @type {number} */ factor, x = width / 2, y = height / 2) {
    const next = Math.max(0.01, Math.min(3, scale * factor));
    left = x - (x - left) * next / scale;
    top = y - (y - top) * next / scale;
    scale = next;
    later();
  }
  listenToPointer(canvas, {
    drag: (dx, dy) => { left += dx; top += dy; later(); },
    click: (px, py) => {
      const found = chosen.find(number => { const [x, y] = at(number); return px >= x && px <= x + Math.max(4, WIDE * scale) && py >= y && py <= y + Math.max(4, TALL * scale); });
      page.select(found ?? -1);
    },
  });
  canvas.addEventListener('wheel', (/** @type {WheelEvent} */ event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * 0.002), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  canvas.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const move = (/** @type {number} */ dx, /** @type {number} */ dy) => () => { left += dx; top += dy; later(); };
    /** @type {Record<string, () => void>} */
    const keys = { '+': () => zoom(1.3), '=': () => zoom(1.3), '-': () => zoom(0.77), Home: () => { fit(); later(); }, ArrowLeft: move(60, 0), ArrowRight: move(-60, 0), ArrowUp: move(0, 60), ArrowDown: move(0, -60) };
    const act = keys[event.key];
    if (act && !event.ctrlKey && !event.altKey && !event.metaKey) { act(); event.preventDefault(); }
  });
  for (const [name, words] of [['path', 'Longest path'], ['around', 'Around selection'], ['all', 'All']]) {
    const button = make('button', '', words);
    button.type = 'button';
    button.setAttribute('aria-pressed', String(name === mode));
    button.addEventListener('click', () => {
      mode = name;
      find('#ps-modes').querySelectorAll('button').forEach((/** @type {HTMLElement} */ one) => one.setAttribute('aria-pressed', String(one === button)));
      show();
    });
    find('#ps-modes').append(button);
  }
  return { resize, draw: later, show, selected: () => mode === 'around' ? show() : later() };
}
