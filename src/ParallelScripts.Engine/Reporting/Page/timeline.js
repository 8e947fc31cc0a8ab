// @ts-check
// The timeline: a row a slot, a bar an attempt, and above them how many ran and how many waited. Drawn from what is in sight only, so that ten thousand bars are as quick as ten.

/**
 * @param {ReturnType<typeof understand>} model
 * @param {{selected: () => number, isShown: (script: Script) => boolean, select: (number: number) => void, enter: () => void}} page
 */
function timeline(model, page) {
  const canvas = find('#ps-timeline'), { lanes, wall } = model;
  const AXIS = 20, RUNNING = 40, WAITING = model.waiting.length ? 24 : 0, TOP = AXIS + RUNNING + WAITING + 8, BOTTOM = 10;
  const LEFT = Math.min(150, 16 + lanes.reduce((most, lane) => Math.max(most, lane.label.length), 7) * 6.2);
  const rowHeight = Math.max(12, Math.min(26, Math.floor(460 / Math.max(1, lanes.length))));
  const height = TOP + lanes.length * rowHeight + BOTTOM;
  const most = Math.max(1, model.isOnNodes ? 0 : model.data.slots, ...peaks(model.running)), mostWaiting = Math.max(1, ...peaks(model.waiting));
  /** @type {CanvasRenderingContext2D} */
  let pen;
  let width = 0;

  // What is in sight; kept only if it is not all, since a run that goes on becomes longer.
  /** @type {[number, number]} */
  let [from, to] = view.keep('time', () => to - from < wall * 0.999 ? [from, to] : null) || [0, wall];
  const x = (/** @type {number} */ time) => LEFT + (time - from) / (to - from) * (width - LEFT);
  const time = (/** @type {number} */ px) => from + (px - LEFT) / (width - LEFT) * (to - from);
  const y = (/** @type {number} */ lane) => TOP + lane * rowHeight;
  /** @type {Map<number, number>} The row of each script's last attempt. */
  const rowOf = new Map();
  lanes.forEach((lane, row) => lane.bars.forEach(bar => { if (bar.last) rowOf.set(bar.script.number, row); }));

  /** The largest count; as a list of one, since ten thousand are too many to pass. @param {[number, number][]} counts */
  function peaks(counts) { return [counts.reduce((peak, [, count]) => Math.max(peak, count), 0)]; }

  function step() {
    const raw = (to - from) / (width - LEFT) * 90;
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
    return raw > 1 ? steps.find(one => one >= raw) || Math.ceil(raw / 86400) * 86400
      : [1, 2, 5, 10].map(one => one * 10 ** Math.floor(Math.log10(raw))).find(one => one >= raw) || 1;
  }

  /** What stands at a line of the grid: as many digits as tell it from its neighbours. @param {number} at @param {number} apart */
  function tick(at, apart) {
    if (at === 0) return '0';
    if (apart < 0.1 && at < 1) return Math.round(at * 1000) + ' ms';
    if (apart < 1) return at.toFixed(Math.max(0, -Math.floor(Math.log10(apart) + 1e-9))) + ' s';
    if (at < 60) return Math.round(at) + ' s';
    const parts = [[Math.floor(at / 3600), 'h'], [Math.floor(at / 60) % 60, 'm'], [Math.round(at) % 60, 's']];
    return parts.filter(([amount]) => amount).map(([amount, unit]) => amount + ' ' + unit).join(' ');
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
      pen.moveTo(at, 4);
      pen.lineTo(at, height - BOTTOM);
      pen.stroke();
      pen.fillStyle = colours.quiet;
      const words = tick(k * apart, apart);
      if (at + pen.measureText(words).width + 8 < width) pen.fillText(words, at + 4, 10);
    }
  }

  /**
   * The most within each pixel.
   * @param {[number, number][]} counts @param {string} words @param {number} bottom @param {number} tall @param {number} full @param {string} colour
   */
  function drawStrip(counts, words, bottom, tall, full, colour) {
    pen.fillStyle = colour;
    let k = 0, now = 0;
    for (let px = 0; px < Math.ceil(width - LEFT); px++) {
      const end = time(LEFT + px + 1);
      let peak = now;
      while (k < counts.length && counts[k][0] < end) { now = counts[k][1]; peak = Math.max(peak, now); k++; }
      if (peak) pen.fillRect(LEFT + px, bottom - Math.max(1, peak / full * tall), 1, Math.max(1, peak / full * tall));
    }
    pen.fillStyle = colours.quiet;
    pen.textAlign = 'right';
    pen.fillText(words, LEFT - 8, bottom - tall / 2 - (tall > 30 ? 7 : 0));
    if (tall > 30) pen.fillText('of ' + full.toLocaleString('en'), LEFT - 8, bottom - tall / 2 + 7);
  }

  /** @param {number} row */
  function drawLane(row) {
    const top = y(row), { bars, label, isFirst } = lanes[row];
    if (row % 2 === 0) { pen.fillStyle = colours.band; pen.fillRect(LEFT, top, width - LEFT, rowHeight); }
    if (model.isOnNodes && isFirst) { pen.fillStyle = colours.line; pen.fillRect(0, top, width, 1); }
    pen.font = font(rowHeight < 16 ? 10 : 11);
    pen.fillStyle = colours.quiet;
    pen.textAlign = 'right';
    pen.fillText(shown(label), LEFT - 8, top + rowHeight / 2);
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
      drawBar(bar, left, top, wide);
      pen.globalAlpha = 1;
    }
  }

  /** @param {Bar} bar @param {number} left @param {number} top @param {number} wide */
  function drawBar(bar, left, top, wide) {
    const gap = rowHeight < 16 ? 1 : 2;
    pen.fillStyle = colourOf(bar.kind);
    pen.beginPath();
    if (wide > 8) pen.roundRect(left, top + gap, wide - 1, rowHeight - 2 * gap, 2); else pen.rect(left, top + gap, wide > 3 ? wide - 0.7 : wide, rowHeight - 2 * gap);
    pen.fill();
    const marked = bar.script.onPath && bar.last;
    if (marked) { pen.fillStyle = colours.path; pen.fillRect(left, top + rowHeight - 4, Math.max(1, wide - 1), 3); }
    pen.font = font(rowHeight < 16 ? 9 : 11);
    const words = wide > 18 ? cut(pen, (bar.kind === 'Succeeded' ? '' : outcomes[bar.kind][1] + ' ') + shortName(bar.script.name), wide - 11) : '';
    if (words) { pen.fillStyle = colours.on; pen.fillText(words, left + 5, top + rowHeight / 2 - (marked ? 1 : 0)); }
  }

  function drawSelection() {
    const script = model.scripts[page.selected()], row = rowOf.get(page.selected());
    if (!script || script.at === undefined || row === undefined) return;
    const middle = (/** @type {number} */ number) => y(rowOf.get(number) ?? 0) + rowHeight / 2;
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, TOP - 4, width - LEFT, height);
    pen.clip();
    pen.lineWidth = 1.5;
    const arc = (/** @type {Script} */ first, /** @type {Script} */ second, /** @type {string} */ colour) => {
      if (first.at === undefined || second.at === undefined) return;
      const x1 = x(first.end), y1 = middle(first.number), x2 = x(second.first), y2 = middle(second.number);
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.moveTo(x1, y1);
      // In one lane, around what is between the two.
      if (y1 === y2 && x2 - x1 > 8) pen.bezierCurveTo(x1 + 10, y1 - rowHeight, x2 - 10, y1 - rowHeight, x2, y2); else pen.bezierCurveTo(x1 + 24, y1, x2 - 24, y2, x2, y2);
      pen.stroke();
    };
    script.deps.slice(0, 200).forEach(dep => arc(model.scripts[dep], script, colours.accent));
    script.next.slice(0, 200).forEach(next => arc(script, model.scripts[next], colours.tolerated));
    if (script.first - script.ready > 0) {
      // Ready, and no slot was free: at the upper edge of the lane, in which others ran meanwhile.
      pen.setLineDash([4, 3]);
      pen.strokeStyle = colours.text;
      pen.beginPath();
      pen.moveTo(x(script.ready), y(row) + 1);
      pen.lineTo(x(script.first), y(row) + 1);
      pen.stroke();
      pen.setLineDash([]);
    }
    pen.strokeStyle = colours.text;
    pen.lineWidth = 2;
    pen.strokeRect(x(script.at), y(row) + 1, Math.max(2, x(script.end) - x(script.at)), rowHeight - 2);
    pen.restore();
    pen.lineWidth = 1;
  }

  function draw() {
    drawGrid();
    drawStrip(model.running, 'running', AXIS + RUNNING, RUNNING - 2, most, colours.strip);
    if (WAITING) drawStrip(model.waiting, 'waiting', AXIS + RUNNING + WAITING, WAITING - 6, mostWaiting, colours.wait);
    for (let row = 0; row < lanes.length; row++) drawLane(row);
    drawSelection();
    if (to - from < wall * 0.999) {
      // Which part of the whole this is.
      pen.fillStyle = colours.line;
      pen.fillRect(LEFT, height - 5, width - LEFT, 3);
      pen.fillStyle = colours.quiet;
      pen.fillRect(LEFT + from / wall * (width - LEFT), height - 5, Math.max(6, (to - from) / wall * (width - LEFT)), 3);
    }
  }

  const later = oncePerFrame(draw);
  function resize() { [pen, width] = fitCanvas(canvas, height); draw(); }
  function look(/** @type {number} */ start, /** @type {number} */ end) {
    const span = Math.max(0.002, Math.min(wall, end - start));
    from = Math.max(0, Math.min(wall - span, start));
    to = from + span;
    later();
  }
  function zoom(/** @type {number} */ factor, around = (from + to) / 2) { look(around - (around - from) * factor, around + (to - around) * factor); }
  const move = (/** @type {number} */ px) => { const shift = px / (width - LEFT) * (to - from); look(from + shift, to + shift); };

  /** Brings the selected script into sight. */
  function reveal() {
    const script = model.scripts[page.selected()];
    if (script?.at !== undefined && (script.end < from || script.first > to)) {
      const middle = (script.first + script.end) / 2, half = (to - from) / 2;
      look(middle - half, middle + half);
    }
    later();
  }

  function hit(/** @type {number} */ px, /** @type {number} */ py) {
    const lane = lanes[Math.floor((py - TOP) / rowHeight)], near = (to - from) / (width - LEFT) * 3, at = time(px);
    if (px < LEFT || !lane) return null;
    let best = null, distance = near;
    for (const bar of lane.bars) {
      if (bar.from - near > at) break;
      const off = at < bar.from ? bar.from - at : at > bar.to ? at - bar.to : 0;
      if (off === 0) return bar;
      if (off < distance) { distance = off; best = bar; }
    }
    return best;
  }

  /** @param {[number, number][]} counts @param {number} at */
  function countAt(counts, at) {
    let low = 0, high = counts.length;
    while (low < high) { const middle = (low + high) >> 1; if (counts[middle][0] <= at) low = middle + 1; else high = middle; }
    return low ? counts[low - 1][1] : 0;
  }

  /** @param {number} px @param {number} py */
  function tipAt(px, py) {
    const bar = hit(px, py), script = bar?.script;
    if (!bar || !script) return px < LEFT || py > TOP ? '' : 'At ' + duration(Math.max(0, time(px))) + ': ' + countAt(model.running, time(px)) + ' running, ' + countAt(model.waiting, time(px)) + ' waiting for a slot';
    return [shown(script.name), outcomes[bar.kind][0] + (bar.kind === 'Running' ? ' for ' : ' in ') + duration(bar.to - bar.from) + (bar.last ? script.attempts > 1 ? ', after ' + counted(script.attempts - 1, 'attempt') : '' : ', and was tried again'),
      'ready at ' + duration(script.ready) + ', waited ' + duration(script.slotWait) + ' for a slot' + (script.queuedSeconds ? ' and ' + duration(script.queuedSeconds) + ' in the queue' : ''),
      ...model.data.outcome === 'Running' ? [] : [script.onPath ? 'on the longest path' : 'could have taken ' + duration(script.slack) + ' more']].join('\n');
  }

  listenToPointer(canvas, {
    drag: dx => { move(-dx); tip.hide(); },
    click: (px, py) => page.select(hit(px, py)?.script.number ?? -1),
    hover: (px, py, event) => {
      canvas.style.cursor = event && hit(px, py) ? 'pointer' : 'default';
      if (event) tip.show(tipAt(px, py), event); else tip.hide();
    },
  });
  canvas.addEventListener('dblclick', (/** @type {MouseEvent} */ event) => {
    const box = canvas.getBoundingClientRect(), bar = hit(event.clientX - box.left, event.clientY - box.top);
    if (bar) look(bar.from - (bar.to - bar.from), bar.to + (bar.to - bar.from)); else look(0, wall);
  });
  canvas.addEventListener('wheel', (/** @type {WheelEvent} */ event) => {
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(event.deltaY * 0.002), time(event.clientX - canvas.getBoundingClientRect().left));
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) move(event.deltaX);
    else return;
    event.preventDefault();
  }, { passive: false });
  const go = (/** @type {Bar | undefined} */ bar) => { if (bar) page.select(bar.script.number); };

  /** Selects what is nearest in time in another row that has anything. @param {number} row @param {number} step */
  function other(row, step) {
    const start = model.scripts[page.selected()]?.at ?? 0;
    for (row += step; lanes[row]; row += step) {
      if (lanes[row].bars.length) return go(lanes[row].bars.reduce((best, bar) => Math.abs(bar.from - start) < Math.abs(best.from - start) ? bar : best));
    }
  }
  onKeys(canvas, () => {
    const row = rowOf.get(page.selected()) ?? 0, bars = lanes[row]?.bars || [], place = bars.findIndex(bar => bar.script.number === page.selected() && bar.last);
    return {
      '+': () => zoom(0.7), '=': () => zoom(0.7), '-': () => zoom(1.4), Home: () => look(0, wall), Enter: page.enter,
      ArrowRight: () => go(bars[place + 1]), ArrowLeft: () => go(bars[place - 1]), ArrowUp: () => other(row, -1), ArrowDown: () => other(row, 1),
    };
  });
  onZoomButtons('timeline', { in: () => zoom(0.6), out: () => zoom(1.6), all: () => look(0, wall) });

  find('#ps-time').hidden = lanes.length === 0;
  const used = new Set(lanes.flatMap(lane => lane.bars.map(bar => bar.kind)));
  for (const kind of Object.keys(outcomes)) {
    if (used.has(kind)) { const entry = make('span'); entry.append(mark(kind), outcomes[kind][0]); find('#ps-legend').append(entry); }
  }
  if (model.path.length) { const entry = make('span'); entry.append(make('span', 'mark is-Path', '▂'), 'longest path'); find('#ps-legend').append(entry); }
  return { resize, draw: later, reveal };
}
