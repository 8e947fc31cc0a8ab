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
  /** @type {{title: string, of: (script: Script) => any, text: (script: Script) => string, css: string, down?: boolean}[]} */
  const columns = [
    { title: 'Script', of: script => script.name, text: script => shown(script.name), css: 'w-name' },
    { title: 'Outcome', of: script => order.indexOf(script.kind), text: script => outcomes[script.kind][0], css: 'w-outcome' },
    { title: 'Reason', of: script => script.reason, text: script => shown(script.reason), css: 'w-reason' },
    { title: 'Tier', of: script => script.tier, text: script => String(script.tier), css: 'num' },
    { title: 'Start', of: script => script.at, text: script => seconds(script.at), css: 'num' },
    { title: 'Duration', of: script => ran(script) ? script.seconds : undefined, text: script => ran(script) ? duration(script.seconds) : '', css: 'num', down: true },
    { title: 'Ready at', of: script => ran(script) ? script.ready : undefined, text: script => ran(script) ? duration(script.ready) : '', css: 'num', down: true },
    { title: 'Slot wait', of: script => ran(script) ? script.slotWait : undefined, text: script => ran(script) ? duration(script.slotWait) : '', css: 'num', down: true },
    { title: 'CPU', of: script => script.cpu, text: script => seconds(script.cpu), css: 'num', down: true },
    { title: 'Memory', of: script => script.memory, text: script => script.memory === undefined ? '' : size(script.memory), css: 'num', down: true },
    { title: 'Slack', of: script => ran(script) ? script.slack : undefined, text: script => !ran(script) ? '' : script.onPath ? 'none' : duration(script.slack), css: 'num' },
    { title: 'Tries', of: script => script.attempts, text: script => script.attempts ? String(script.attempts) : '', css: 'num', down: true },
  ];
  let sorted = -1, down = false, search = '', onlyPath = false;
  const kinds = new Set();
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
      } else {
        cell.textContent = words;
        if (k === 2) cell.title = words;
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

  columns.forEach((column, k) => {
    const head = make('th', column.css), button = make('button', '', column.title);
    head.scope = 'col';
    button.type = 'button';
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
    if (count) toggle(outcomes[kind][0] + ' ' + count.toLocaleString('en'), kind, pressed => { if (pressed) kinds.add(kind); else kinds.delete(kind); });
  }
  if (model.path.length) toggle('longest path', '', pressed => { onlyPath = pressed; });
  function toggle(/** @type {string} */ words, /** @type {string} */ kind, /** @type {(pressed: boolean) => void} */ act) {
    const button = make('button');
    button.type = 'button';
    if (kind) button.dataset.kind = kind;
    button.setAttribute('aria-pressed', 'false');
    button.append(words);
    button.addEventListener('click', () => {
      const pressed = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(pressed));
      act(pressed);
      filter();
    });
    find('#ps-filters').append(button);
  }
  find('#ps-search').addEventListener('input', (/** @type {any} */ event) => { search = event.target.value; filter(); });
  scroll.addEventListener('scroll', oncePerFrame(() => draw()), { passive: true });
  body.addEventListener('click', (/** @type {MouseEvent} */ event) => {
    const row = /** @type {Element} */ (event.target).closest('tr[data-script]');
    if (row) page.select(Number(row.getAttribute('data-script')));
  });
  addEventListener('beforeprint', () => draw(list.length <= 2000));
  addEventListener('afterprint', () => draw());
  return { filter, reveal, isShown: (/** @type {Script} */ script) => isIn[script.number] === 1 };
}
