// @ts-check
// The timeline: a row a slot, a bar an attempt, and above them how many ran. Drawn from what is in sight only, so that ten thousand bars are as quick as ten.

/**
 * @param {ReturnType<typeof understand>} model
 * @param {{selected: () => number, isShown: (script: Script) => boolean, select: (number: number) => void}} page
 */
function timeline(model, page) {
  const canvas = find('#ps-timeline'), tip = find('#ps-tip');
  const LEFT = 58, TOP = 62, rows = Math.max(1, model.slots.length);
  const rowHeight = Math.max(12, Math.min(26, Math.floor(460 / rows)));
  /** @type {CanvasRenderingContext2D} */
  let pen;
  let width = 0, from = 0, to = model.wall;
  const height = TOP + rows * rowHeight + 8;
  const x = (/** @type {number} */ time) => LEFT + (time - from) / (to - from) * (width - LEFT);
  const time = (/** @type {number} */ px) => from + (px - LEFT) / (width - LEFT) * (to - from);
  const y = (/** @type {number} */ slot) => TOP + slot * rowHeight;

  function step() {
    const raw = (to - from) / (width - LEFT) * 90;
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
    return raw > 1 ? steps.find(one => one >= raw) || Math.ceil(raw / 86400) * 86400
      : [1, 2, 5, 10].map(one => one * 10 ** Math.floor(Math.log10(raw))).find(one => one >= raw) || 1;
  }

  function drawGrid() {
    pen.fillStyle = colours.back;
    pen.fillRect(0, 0, width, height);
    pen.font = font(11);
    pen.textBaseline = 'middle';
    pen.textAlign = 'left';
    const apart = step();
    for (let k = Math.ceil(from / apart); k * apart <= to; k++) {
      const at = Math.round(x(k * apart)) + 0.5;
      pen.strokeStyle = colours.line;
      pen.beginPath();
      pen.moveTo(at, 16);
      pen.lineTo(at, height);
      pen.stroke();
      pen.fillStyle = colours.quiet;
      if (at < width - 40) pen.fillText(k === 0 ? '0' : duration(k * apart).replace(/\.0+ |(\.\d*?)0+ /, '$1 '), at + 3, 8);
    }
  }

  function drawRunning() {
    // The most that ran within each pixel.
    const pixels = Math.ceil(width - LEFT), most = Math.max(1, model.data.slots);
    pen.fillStyle = colours['up-to-date'];
    pen.globalAlpha = 0.4;
    let k = 0, now = 0;
    for (let px = 0; px < pixels; px++) {
      const end = time(LEFT + px + 1);
      let peak = now;
      while (k < model.running.length && model.running[k][0] < end) { now = model.running[k][1]; peak = Math.max(peak, now); k++; }
      const tall = peak / most * 38;
      pen.fillRect(LEFT + px, TOP - 6 - tall, 1, tall);
    }
    pen.globalAlpha = 1;
    pen.fillStyle = colours.quiet;
    pen.textAlign = 'right';
    pen.fillText('running', LEFT - 6, TOP - 24);
  }

  /** @param {number} slot */
  function drawSlot(slot) {
    const top = y(slot), bars = model.slots[slot];
    if (slot % 2 === 0) { pen.fillStyle = colours.band; pen.globalAlpha = 0.7; pen.fillRect(LEFT, top, width - LEFT, rowHeight); pen.globalAlpha = 1; }
    pen.fillStyle = colours.quiet;
    pen.textAlign = 'right';
    pen.fillText('slot ' + (slot + 1), LEFT - 6, top + rowHeight / 2);
    pen.textAlign = 'left';
    let low = 0, high = bars.length;
    while (low < high) { const middle = (low + high) >> 1; if (bars[middle].to < from) low = middle + 1; else high = middle; }
    let drawn = -1;
    for (let k = low; k < bars.length && bars[k].from <= to; k++) {
      const bar = bars[k], left = Math.max(LEFT, x(bar.from)), wide = Math.max(1, Math.min(width, x(bar.to)) - left);
      const matters = bar.script.onPath || bar.kind !== 'Succeeded' || bar.script.number === page.selected();
      if (wide <= 1 && Math.floor(left) === drawn && !matters) continue;
      drawn = Math.floor(left);
      pen.globalAlpha = page.isShown(bar.script) ? 1 : 0.15;
      pen.fillStyle = colourOf(bar.kind);
      pen.fillRect(left, top + 2, wide > 3 ? wide - 0.7 : wide, rowHeight - 4);
      if (bar.script.onPath && bar.last) { pen.fillStyle = colours.path; pen.fillRect(left, top + rowHeight - 5, wide, 4); }
      if (wide > 40) {
        pen.save();
        pen.beginPath();
        pen.rect(left, top, wide - 4, rowHeight);
        pen.clip();
        pen.fillStyle = colours.on;
        pen.fillText((bar.kind === 'Succeeded' ? '' : outcomes[bar.kind][1] + ' ') + shortName(bar.script.name), left + 5, top + rowHeight / 2 - (bar.script.onPath ? 1 : 0));
        pen.restore();
      }
      pen.globalAlpha = 1;
    }
  }

  function drawSelection() {
    const script = model.scripts[page.selected()];
    if (!script || script.at === undefined) return;
    const middle = y(script.slot || 0) + rowHeight / 2;
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, TOP - 4, width - LEFT, height);
    pen.clip();
    pen.lineWidth = 1.5;
    const arc = (/** @type {Script} */ first, /** @type {Script} */ second, /** @type {string} */ colour) => {
      if (first.at === undefined || second.at === undefined) return;
      const x1 = x(first.end), y1 = y(first.slot || 0) + rowHeight / 2, x2 = x(second.at), y2 = y(second.slot || 0) + rowHeight / 2;
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.bezierCurveTo(x1 + 24, y1, x2 - 24, y2, x2, y2);
      pen.stroke();
    };
    script.deps.slice(0, 200).forEach(dep => arc(model.scripts[dep], script, colours.accent));
    script.next.slice(0, 200).forEach(next => arc(script, model.scripts[next], colours.tolerated));
    if (script.slotWait > 0) {
      // Ready, and no slot was free.
      pen.setLineDash([4, 3]);
      pen.strokeStyle = colours.text;
      pen.beginPath();
      pen.moveTo(x(script.ready), middle);
      pen.lineTo(x(script.failed ? script.failed[0].at : script.at), middle);
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.strokeStyle = colours.text;
    pen.lineWidth = 2;
    pen.strokeRect(x(script.at), y(script.slot || 0) + 1, Math.max(2, x(script.end) - x(script.at)), rowHeight - 2);
    pen.restore();
    pen.lineWidth = 1;
  }

  function draw() {
    drawGrid();
    drawRunning();
    for (let slot = 0; slot < model.slots.length; slot++) drawSlot(slot);
    if (model.slots.length === 0) { pen.fillStyle = colours.quiet; pen.textAlign = 'left'; pen.fillText('Nothing was started.', LEFT + 8, TOP + rowHeight / 2); }
    drawSelection();
  }

  const later = oncePerFrame(draw);
  function resize() { [pen, width] = fitCanvas(canvas, height); draw(); }
  function look(/** @type {number} */ start, /** @type {number} */ end) {
    const span = Math.max(0.002, Math.min(model.wall, end - start));
    from = Math.max(0, Math.min(model.wall - span, start));
    to = from + span;
    later();
  }
  function zoom(/** @type {number} */ factor, around = (from + to) / 2) { look(around - (around - from) * factor, around + (to - around) * factor); }
  function hit(/** @type {number} */ px, /** @type {number} */ py) {
    const slot = Math.floor((py - TOP) / rowHeight), near = (to - from) / (width - LEFT) * 3, at = time(px);
    if (px < LEFT || !model.slots[slot]) return null;
    let best = null, distance = near;
    for (const bar of model.slots[slot]) {
      if (bar.from - near > at) break;
      const off = at < bar.from ? bar.from - at : at > bar.to ? at - bar.to : 0;
      if (off === 0) return bar;
      if (off < distance) { distance = off; best = bar; }
    }
    return best;
  }
  listenToPointer(canvas, {
    drag: dx => { const shift = -dx / (width - LEFT) * (to - from); look(from + shift, to + shift); tip.hidden = true; },
    click: (px, py) => page.select(hit(px, py)?.script.number ?? -1),
    hover: (px, py, event) => {
      const bar = event && hit(px, py);
      tip.hidden = !bar;
      canvas.style.cursor = bar ? 'pointer' : 'default';
      if (!bar || !event) return;
      const script = bar.script;
      tip.textContent = [shown(script.name), outcomes[bar.kind][0] + ' in ' + duration(bar.to - bar.from) + (script.attempts > 1 ? ', ' + script.attempts + ' attempts' : ''),
        'ready at ' + duration(script.ready) + ', waited ' + duration(script.slotWait) + ' for a slot', script.onPath ? 'on the longest path' : 'could take ' + duration(script.slack) + ' more'].join('\n');
      tip.style.left = Math.max(4, Math.min(innerWidth - tip.offsetWidth - 8, event.clientX + 14)) + 'px';
      tip.style.top = Math.min(innerHeight - tip.offsetHeight - 8, event.clientY + 14) + 'px';
    },
  });
  canvas.addEventListener('wheel', (/** @type {WheelEvent} */ event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY * 0.002), time(event.clientX - canvas.getBoundingClientRect().left));
  }, { passive: false });
  canvas.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const script = model.scripts[page.selected()], slot = script?.at === undefined ? 0 : script.slot || 0;
    const row = model.slots[slot] || [], place = row.findIndex(bar => bar.script === script && bar.last);
    const go = (/** @type {any} */ bar) => { if (bar) { page.select(bar.script.number); if (bar.to < from || bar.from > to) look(bar.from - (to - from) / 2, bar.from + (to - from) / 2); } };
    const other = (/** @type {number} */ to) => { const bars = model.slots[to]; if (bars) go(bars.reduce((best, bar) => Math.abs(bar.from - (script?.at ?? 0)) < Math.abs(best.from - (script?.at ?? 0)) ? bar : best, bars[0])); };
    /** @type {Record<string, () => void>} */
    const keys = {
      '+': () => zoom(0.7), '=': () => zoom(0.7), '-': () => zoom(1.4), Home: () => look(0, model.wall),
      ArrowRight: () => go(row[place + 1]), ArrowLeft: () => go(row[place - 1]), ArrowUp: () => other(slot - 1), ArrowDown: () => other(slot + 1),
    };
    const act = keys[event.key];
    if (act && !event.ctrlKey && !event.altKey && !event.metaKey) { act(); event.preventDefault(); }
  });
  document.querySelectorAll('[data-zoom]').forEach(button => button.addEventListener('click', () => {
    const how = /** @type {HTMLElement} */ (button).dataset.zoom;
    if (how === 'all') look(0, model.wall); else zoom(how === 'in' ? 0.6 : 1.6);
  }));
  const used = new Set(model.scripts.filter(script => script.at !== undefined).map(script => script.kind));
  for (const kind of Object.keys(outcomes)) {
    if (used.has(kind)) { const entry = make('span'); entry.append(mark(kind), outcomes[kind][0]); find('#ps-legend').append(entry); }
  }
  if (model.path.length) { const entry = make('span'); entry.append(make('span', 'mark is-Path', '▂'), 'longest path'); find('#ps-legend').append(entry); }
  return { resize, draw: later };
}
