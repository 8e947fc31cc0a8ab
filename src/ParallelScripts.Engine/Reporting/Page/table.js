// @ts-check
// The table of all scripts. Only the rows in sight are in the document; a screen reader is told how many there are.

/**
 * @param {ReturnType<typeof understand>} model
 * @param {{selected: () => number, select: (number: number) => void, filtered: () => void}} page
 */
function table(model, page) {
  const scroll = find('#ps-scroll'), body = find('#ps-rows'), scripts = model.scripts, ROW = 28, MARGIN = 8;
  const seconds = (/** @type {number | undefined} */ value) => value === undefined ? '' : duration(value);
  const ran = (/** @type {Script} */ script) => script.at !== undefined;
  const order = Object.keys(outcomes);
  /** @type {{title: string, words: string, of: (script: Script) => any, text: (script: Script) => string, css: string, down?: boolean}[]} */
  const all = [
    { title: 'Script', words: '', of: script => script.name, text: script => shown(script.name), css: 'w-name' },
    { title: 'Outcome', words: '', of: script => order.indexOf(script.kind), text: script => outcomes[script.kind][0], css: 'w-outcome' },
    { title: 'When', words: 'From the start of the run to its end: the line is waiting for a slot, the bar is running. Sorts by the end.', of: script => ran(script) ? script.end : undefined, text: () => '', css: 'w-when' },
    { title: 'Duration', words: 'Of the last attempt', of: script => ran(script) ? script.seconds : undefined, text: script => ran(script) ? duration(script.seconds) : '', css: 'num', down: true },
    { title: 'Reason', words: 'Why it ran, or why it did not', of: script => script.reason, text: script => shown(script.reason), css: 'w-reason' },
    { title: 'Start', words: 'Of the last attempt, after the start of the run', of: script => script.at, text: script => seconds(script.at), css: 'num' },
    { title: 'Ready at', words: 'When the last script that it depends on had ended', of: script => ran(script) ? script.ready : undefined, text: script => ran(script) ? duration(script.ready) : '', css: 'num', down: true },
    { title: 'Slot wait', words: 'From when it was ready until its first attempt', of: script => ran(script) ? script.slotWait : undefined, text: script => ran(script) ? duration(script.slotWait) : '', css: 'num', down: true },
    { title: 'Queued', words: 'In the queue of the cluster', of: script => script.queuedSeconds, text: script => seconds(script.queuedSeconds), css: 'num', down: true },
    { title: 'Node', words: 'The machine of the cluster', of: script => script.node, text: script => shown(script.node || ''), css: 'w-node' },
    { title: 'CPU', words: 'Processor time', of: script => script.cpu, text: script => seconds(script.cpu), css: 'num', down: true },
    { title: 'Memory', words: 'The most that it held at once', of: script => script.memory, text: script => script.memory === undefined ? '' : size(script.memory), css: 'num', down: true },
    { title: 'Slack', words: 'How much longer it could have taken without the longest path growing', of: script => ran(script) ? script.slack : undefined, text: script => !ran(script) ? '' : script.onPath ? 'none' : duration(script.slack), css: 'num' },
    { title: 'Tier', words: 'How many scripts it waits for, one after the other', of: script => script.tier, text: script => String(script.tier), css: 'num w-small' },
    { title: 'Tries', words: 'Attempts', of: script => script.attempts || undefined, text: script => script.attempts ? String(script.attempts) : '', css: 'num w-small', down: true },
  ];
  // A column in which nothing stands says nothing.
  const columns = all.filter(column => scripts.some(script => column.of(script) !== undefined));
  /** @type {{title?: string, down: boolean, search: string, onlyPath: boolean, kinds: string[], top: number, left: number} | undefined} */
  const kept = view.keep('table', () => ({ title: columns[sorted]?.title, down, search, onlyPath, kinds: [...kinds], top: scroll.scrollTop, left: scroll.scrollLeft }));
  let sorted = columns.findIndex(column => column.title === kept?.title), down = kept?.down || false, search = kept?.search || '', onlyPath = kept?.onlyPath || false;
  /** @type {Set<string>} */
  const kinds = new Set(kept?.kinds);
  const text = scripts.map(script => (script.name + '\n' + script.reason + '\n' + script.command.join(' ')).toLowerCase());
  const isIn = new Uint8Array(scripts.length).fill(1);
  /** @type {number[]} */
  let list = [];

  // Without a column to sort by: what went wrong first, and then as it ran.
  const first = (/** @type {Script} */ script) => ['Failed', 'TimedOut', 'Tolerated', 'Canceled', 'Running'].includes(script.kind) ? 0 : ran(script) ? 1 : script.kind === 'Skipped' ? 2 : 3;
  function compare(/** @type {number} */ a, /** @type {number} */ b) {
    const one = scripts[a], other = scripts[b];
    if (sorted < 0) return first(one) - first(other) || (one.at ?? 0) - (other.at ?? 0) || a - b;
    const x = columns[sorted].of(one), y = columns[sorted].of(other);
    if (x === undefined || y === undefined) return x === y ? a - b : x === undefined ? 1 : -1;
    return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1) || a - b;
  }

  function filter() {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    list = [];
    for (const script of scripts) {
      const fits = (!kinds.size || kinds.has(script.kind)) && (!onlyPath || script.onPath) && words.every(word => text[script.number].includes(word));
      isIn[script.number] = fits ? 1 : 0;
      if (fits) list.push(script.number);
    }
    list.sort(compare);
    find('#ps-count').textContent = list.length === scripts.length ? counted(scripts.length, 'script') : list.length.toLocaleString('en') + ' of ' + counted(scripts.length, 'script');
    find('#ps-clear').hidden = !search && !kinds.size && !onlyPath;
    scroll.scrollTop = 0;
    draw();
    page.filtered();
  }

  /** @param {number} rows */
  function space(rows) {
    const row = make('tr'), cell = make('td');
    row.setAttribute('aria-hidden', 'true');
    cell.colSpan = columns.length;
    cell.style.height = rows * ROW + 'px';
    cell.style.padding = '0';
    row.append(cell);
    return row;
  }

  function rowOf(/** @type {number} */ number, /** @type {number} */ place) {
    const script = scripts[number], row = make('tr', number === page.selected() ? 'selected' : '');
    row.dataset.script = number;
    row.setAttribute('aria-rowindex', place + 2);
    columns.forEach((column, k) => {
      const cell = make('td', column.css), words = column.text(script);
      if (k === 0) {
        const button = make('button', 'link', words);
        button.type = 'button';
        cell.append(button);
        cell.title = words;
      } else if (k === 1) {
        cell.append(mark(script.kind), words);
      } else if (column.css === 'w-when') {
        if (ran(script)) cell.append(whenBar(script, model.wall));
      } else {
        cell.textContent = words;
        if (column.css === 'w-reason') cell.title = words;
      }
      row.append(cell);
    });
    return row;
  }

  function draw(all = false) {
    const start = all ? 0 : Math.max(0, Math.floor(scroll.scrollTop / ROW) - MARGIN);
    const end = all ? list.length : Math.min(list.length, Math.ceil((scroll.scrollTop + Math.max(scroll.clientHeight, 520)) / ROW) + MARGIN);
    const focused = document.activeElement?.closest?.('tr[data-script]')?.getAttribute('data-script');
    const rows = document.createDocumentFragment();
    if (start > 0) rows.append(space(start));
    for (let k = start; k < end; k++) rows.append(rowOf(list[k], k));
    if (end < list.length) rows.append(space(list.length - end));
    if (list.length === 0) {
      const row = make('tr'), cell = make('td', 'quiet', scripts.length ? 'No script is like that.' : 'There are no scripts.');
      cell.colSpan = columns.length;
      row.append(cell);
      rows.append(row);
    }
    body.replaceChildren(rows);
    if (focused) body.querySelector('tr[data-script="' + focused + '"] button')?.focus({ preventScroll: true });
    find('#ps-table').setAttribute('aria-rowcount', String(list.length + 1));
    find('#ps-head').querySelectorAll('th').forEach((/** @type {any} */ head, /** @type {number} */ k) => {
      head.setAttribute('aria-sort', k === sorted ? down ? 'descending' : 'ascending' : 'none');
      head.firstChild.textContent = columns[k].title + (k === sorted ? down ? ' ▼' : ' ▲' : '');
    });
  }

  /** Brings the selected row into sight. */
  function reveal() {
    const place = list.indexOf(page.selected());
    if (place >= 0 && (place * ROW < scroll.scrollTop || (place + 2) * ROW > scroll.scrollTop + scroll.clientHeight)) scroll.scrollTop = Math.max(0, place * ROW - 120);
    draw();
  }

  // The reason takes what is left.
  const widths = { 'w-name': 220, 'w-outcome': 120, 'w-when': 150, 'w-reason': 200, 'w-node': 110, num: 84, 'num w-small': 52 };
  find('#ps-table').style.minWidth = columns.reduce((sum, column) => sum + widths[/** @type {'num'} */ (column.css)], 0) + 'px';
  columns.forEach((column, k) => {
    const head = make('th', column.css), button = make('button', '', column.title);
    head.scope = 'col';
    if (column.css !== 'w-reason') head.style.width = widths[/** @type {'num'} */ (column.css)] + 'px';
    button.type = 'button';
    if (column.words) button.title = column.words;
    button.addEventListener('click', () => {
      down = sorted === k ? !down : !!column.down;
      sorted = k;
      filter();
    });
    head.append(button);
    find('#ps-head').append(head);
  });
  for (const kind of order) {
    const count = scripts.filter(script => script.kind === kind).length;
    if (count) toggle(outcomes[kind][0] + ' ' + count.toLocaleString('en'), kind, pressed => { if (pressed) kinds.add(kind); else kinds.delete(kind); }, kinds.has(kind));
    else kinds.delete(kind);
  }
  if (model.path.length) toggle('longest path', '', pressed => { onlyPath = pressed; }, onlyPath);
  function toggle(/** @type {string} */ words, /** @type {string} */ kind, /** @type {(pressed: boolean) => void} */ act, isPressed = false) {
    const button = make('button');
    button.type = 'button';
    if (kind) button.dataset.kind = kind;
    button.setAttribute('aria-pressed', String(isPressed));
    button.append(...kind ? [mark(kind)] : [], words);
    button.addEventListener('click', () => {
      const pressed = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(pressed));
      act(pressed);
      filter();
    });
    find('#ps-filters').append(button);
  }
  find('#ps-search').value = search;
  find('#ps-clear').addEventListener('click', () => {
    search = find('#ps-search').value = '';
    kinds.clear();
    onlyPath = false;
    find('#ps-filters').querySelectorAll('button').forEach((/** @type {HTMLElement} */ button) => button.setAttribute('aria-pressed', 'false'));
    filter();
    find('#ps-search').focus();
  });
  find('#ps-search').addEventListener('input', (/** @type {any} */ event) => { search = event.target.value; filter(); });
  scroll.addEventListener('scroll', oncePerFrame(() => draw()), { passive: true });
  body.addEventListener('click', (/** @type {MouseEvent} */ event) => {
    const row = /** @type {Element} */ (event.target).closest('tr[data-script]');
    if (row) page.select(Number(row.getAttribute('data-script')));
  });
  body.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    const row = /** @type {Element} */ (event.target).closest('tr[data-script]'), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step) return;
    event.preventDefault();
    const next = list[list.indexOf(Number(row.getAttribute('data-script'))) + step];
    if (next === undefined) return;
    page.select(next);
    body.querySelector('tr[data-script="' + next + '"] button')?.focus({ preventScroll: true });
  });
  addEventListener('beforeprint', () => draw(list.length <= 2000));
  addEventListener('afterprint', () => draw());
  filter();
  if (kept) { scroll.scrollTop = kept.top; scroll.scrollLeft = kept.left; draw(); }
  return { reveal, isShown: (/** @type {Script} */ script) => isIn[script.number] === 1 };
}

/** When a script waited and ran, on a line as long as the run. @param {Script} script @param {number} whole */
function whenBar(script, whole) {
  const bar = make('div', 'when');
  const part = (/** @type {string} */ css, /** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ colour) => {
    if (to <= from) return;
    const piece = make('i', css);
    piece.style.left = from / whole * 100 + '%';
    piece.style.width = (to - from) / whole * 100 + '%';
    if (colour) piece.style.background = 'var(--' + colour + ')';
    bar.append(piece);
  };
  const queued = script.first - (script.queuedSeconds || 0);
  part('is-wait', script.ready, queued, '');
  part('is-queued', queued, script.first, '');
  for (const attempt of script.failed || []) part('', attempt.at, attempt.at + attempt.seconds, outcomes[attempt.outcome][2]);
  part('', script.at || 0, script.end, outcomes[script.kind][2]);
  return bar;
}
