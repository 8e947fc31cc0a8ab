// @ts-check
// The graph: by default the longest path and what it directly waits for, since all of a large graph tells nobody anything.

/**
 * @param {ReturnType<typeof understand>} model
 * @param {{selected: () => number, isShown: (script: Script) => boolean, select: (number: number) => void, enter: () => void}} page
 */
function graph(model, page) {
  const canvas = find('#ps-graph'), scripts = model.scripts;
  const SMALL = 60, MOST = 400, WIDE = 170, TALL = 24, ACROSS = 210, DOWN = 34, OVERVIEW = 44;
  /** @type {{mode: string, moved: boolean, left: number, top: number, scale: number} | undefined} */
  const kept = view.keep('graph', () => ({ mode, moved, left, top, scale }));
  /** @type {string} */
  let mode = kept?.mode || (scripts.length <= SMALL || !model.path.length ? 'all' : 'path'), chosen = /** @type {number[]} */ ([]);

  // Whether a person has moved or zoomed it: then it is not fitted again by itself.
  let moved = false;
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

  /** @type {Map<string, number>} */
  const sameNames = new Map();
  for (const { name } of scripts) sameNames.set(shortName(name), (sameNames.get(shortName(name)) || 0) + 1);
  const isUnique = (/** @type {Script} */ script) => sameNames.get(shortName(script.name)) === 1;

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
    const box = extent();
    [pen, width] = fitCanvas(canvas, height);
    height = Math.round(Math.max(130, Math.min(460, (box ? (box[3] - box[2]) * Math.min(1, scaleToFit(box)) : 0) + 60)));
    [pen, width] = fitCanvas(canvas, height);
  }

  /** @param {number[]} box */
  function scaleToFit([x0, x1, y0, y1]) {
    const scale = Math.min(1, (width - 24) / (x1 - x0), 400 / (y1 - y0));

    // A path of a hundred scripts is no thin line: it is readable, and in the overview below it one sees where one is.
    return mode !== 'all' || chosen.length <= SMALL ? Math.max(scale, Math.min(0.75, width / 640)) : scale;
  }

  const isWhole = () => { const box = extent(); return !box || (box[0] * scale + left >= -1 && box[1] * scale + left <= width + 1 && box[2] * scale + top >= -1 && box[3] * scale + top <= height + 1); };

  function fit() {
    const box = extent();
    if (!box) return;
    const [x0, x1, y0, y1] = box, fits = () => (x1 - x0) * scale <= width - 24 && (y1 - y0) * scale <= height - 24;
    scale = scaleToFit(box);

    // What is too wide is seen from its end, which is what was waited for.
    const room = fits() ? height : height - OVERVIEW;
    left = (x1 - x0) * scale > width - 24 ? width - 12 - x1 * scale : (width - (x1 + x0) * scale) / 2;
    top = mode === 'path' && (y1 - y0) * scale > room - 16 ? room / 2 - TALL / 2 * scale : (room - (y1 + y0) * scale) / 2;
    moved = false;
  }

  function show() {
    chosen = choose();
    places = layOut(chosen, scripts, mode === 'path');
    find('#ps-shown').textContent = mode === 'around' && page.selected() < 0 ? 'Select a script first.' : chosen.length.toLocaleString('en') + ' of ' + counted(scripts.length, 'script');
    measure();
    fit();
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
          if (!places.has(dep) || (scripts[number].pathDep === dep) !== onPath) continue;
          const [x1, y1] = at(dep);
          if (x2 < 0 || x1 > width || Math.max(y1, y2) + tall < 0 || Math.min(y1, y2) > height) continue;
          const bend = Math.max(8, (x2 - x1 - wide) / 2);
          pen.moveTo(x1 + wide, y1 + tall / 2);
          pen.bezierCurveTo(x1 + wide + bend, y1 + tall / 2, x2 - bend, y2 + tall / 2, x2, y2 + tall / 2);
        }
      }
      pen.stroke();
    }
    pen.font = font(Math.max(9, Math.round(12 * Math.min(1, scale))));
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
        pen.fillStyle = colours.on;
        pen.fillText(cut(pen, outcomes[script.kind][1] + ' ' + shortName(script.name, isUnique(script) ? 1 : 2), wide - 12), x + 6, y + tall / 2);
      }
      pen.globalAlpha = 1;
    }
    if (!isWhole()) drawOverview();
  }

  /** How the overview is drawn: its scale, which is not the same both ways, and where it begins. */
  function overview() {
    const [x0, x1, y0, y1] = extent() || [0, 1, 0, 1], across = Math.min((width - 24) / (x1 - x0), 0.3), down = Math.min((OVERVIEW - 16) / (y1 - y0), 0.3);
    return { across, down, left: (width - (x0 + x1) * across) / 2, top: height - OVERVIEW / 2 - (y0 + y1) * down / 2 };
  }

  /** All of it, small, with a frame around what is in sight. */
  function drawOverview() {
    const small = overview();
    pen.fillStyle = colours.panel;
    pen.fillRect(0, height - OVERVIEW, width, OVERVIEW);
    pen.fillStyle = colours.line;
    pen.fillRect(0, height - OVERVIEW, width, 1);
    for (const number of chosen) {
      const { column, row } = /** @type {{column: number, row: number}} */ (places.get(number));
      pen.fillStyle = number === page.selected() ? colours.text : scripts[number].onPath ? colours.path : colourOf(scripts[number].kind);
      pen.fillRect(column * ACROSS * small.across + small.left, row * DOWN * small.down + small.top, Math.max(1.5, WIDE * small.across), Math.max(1.5, TALL * small.down));
    }
    const x0 = Math.max(1, -left / scale * small.across + small.left), x1 = Math.min(width - 1, (width - left) / scale * small.across + small.left);
    const y0 = Math.max(height - OVERVIEW + 3, -top / scale * small.down + small.top - 3), y1 = Math.min(height - 3, (height - OVERVIEW - top) / scale * small.down + small.top + 3);
    pen.strokeStyle = colours.text;
    pen.lineWidth = 1;
    pen.strokeRect(Math.round(x0) + 0.5, Math.round(y0) + 0.5, Math.max(4, x1 - x0), Math.max(4, y1 - y0));
  }

  /** Moves so that what is there in the overview is in the middle. @param {number} px @param {number} py */
  function jump(px, py) {
    const small = overview();
    left = width / 2 - (px - small.left) / small.across * scale;
    top = (height - OVERVIEW) / 2 - (py - small.top) / small.down * scale;
    moved = true;
    later();
  }

  /** Brings the selected script into sight. */
  function reveal() {
    if (mode === 'around') { show(); return; }
    const place = places.get(page.selected());
    if (place && !isWhole()) {
      const [x, y] = at(page.selected());
      if (x < 0 || x + WIDE * scale > width) { left += width / 2 - x - WIDE * scale / 2; moved = true; }
      if (y < 0 || y + TALL * scale > height - OVERVIEW) { top += (height - OVERVIEW) / 2 - y - TALL * scale / 2; moved = true; }
    }
    later();
  }

  const later = oncePerFrame(draw);
  function resize() { measure(); if (!moved) fit(); draw(); }
  function zoom(/** @type {number} */ factor, x = width / 2, y = height / 2) {
    const next = Math.max(0.01, Math.min(3, scale * factor));
    left = x - (x - left) * next / scale;
    top = y - (y - top) * next / scale;
    scale = next;
    moved = true;
    later();
  }
  const move = (/** @type {number} */ dx, /** @type {number} */ dy) => { left += dx; top += dy; moved = true; later(); };
  const isInOverview = (/** @type {number} */ py) => !isWhole() && py > height - OVERVIEW;
  const hit = (/** @type {number} */ px, /** @type {number} */ py) => chosen.findLast(number => { const [x, y] = at(number); return px >= x && px <= x + Math.max(4, WIDE * scale) && py >= y && py <= y + Math.max(4, TALL * scale); });
  listenToPointer(canvas, {
    drag: (dx, dy, px, py) => { tip.hide(); if (isInOverview(py)) jump(px, py); else move(dx, dy); },
    click: (px, py) => { if (isInOverview(py)) jump(px, py); else page.select(hit(px, py) ?? -1); },
    hover: (px, py, event) => {
      const script = event && !isInOverview(py) ? scripts[hit(px, py) ?? -1] : undefined;
      canvas.style.cursor = script ? 'pointer' : 'default';
      if (script && event) tip.show([shown(script.name), outcomes[script.kind][0] + (script.at === undefined ? '' : ' in ' + duration(script.seconds)), counted(script.deps.length, 'script') + ' before it, ' + script.next.length.toLocaleString('en') + ' after it'].join('\n'), event); else tip.hide();
    },
  });
  canvas.addEventListener('wheel', (/** @type {WheelEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(-event.deltaY * 0.002), event.clientX - box.left, event.clientY - box.top);
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) move(-event.deltaX, 0);
    else return;
    event.preventDefault();
  }, { passive: false });
  const whole = () => { fit(); later(); };
  onKeys(canvas, () => ({
    '+': () => zoom(1.3), '=': () => zoom(1.3), '-': () => zoom(0.77), Home: whole, Enter: page.enter,
    ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
  }));
  onZoomButtons('graph', { in: () => zoom(1.4), out: () => zoom(0.7), all: whole });
  for (const [name, words] of [...model.path.length ? [['path', 'Longest path']] : [], ['around', 'Around selection'], ['all', 'All']]) {
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
  show();
  if (kept?.moved) { ({ moved, left, top, scale } = kept); later(); }
  return { resize, draw: later, reveal };
}
