// @ts-check
// What stands on the page as lists: what failed with its last lines, the longest path with shares of the wall, and the sums.

/** @param {number} number @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function nameLink(number, model, page) {
  const button = make('button', 'link', shown(model.scripts[number].name));
  button.type = 'button';
  button.addEventListener('click', () => page.select(number));
  return button;
}

/**
 * A button below a list that shows more of it; kept if it has been pressed.
 * @param {string} name @param {string} words @param {any} after @param {() => void} act
 */
function showMore(name, words, after, act) {
  const more = make('button', 'more', words);
  more.type = 'button';
  let pressed = false;
  const press = () => { pressed = true; more.remove(); act(); };
  more.addEventListener('click', press);
  after.after(more);
  if (view.keep(name, () => pressed)) press();
}

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function failures(model, page) {
  const kinds = ['Failed', 'TimedOut', 'Tolerated'], FIRST = 3, MOST = 200;
  const failed = model.scripts.filter(script => kinds.includes(script.kind)).sort((a, b) => Number(a.kind === 'Tolerated') - Number(b.kind === 'Tolerated') || a.end - b.end);
  find('#ps-failures').hidden = failed.length === 0;
  const lines = failed.length === 1 ? 12 : 6, box = find('#ps-failed');
  const add = (/** @type {Script} */ script) => {
    const item = make('div', 'failure is-' + script.kind), head = make('div', 'head');
    head.append(mark(script.kind), nameLink(script.number, model, page), make('span', 'quiet', (script.kind === 'Failed' ? '' : outcomes[script.kind][0] + ' ') + (script.at === undefined ? 'not started' : 'after ' + duration(script.seconds)) + (script.attempts > 1 ? ', ' + script.attempts + ' attempts' : '')));
    item.append(head);
    if (script.problem) item.append(make('p', '', shown(script.problem)));
    if (script.logEnd) item.append(make('pre', '', script.logEnd.split('\n').slice(-lines).map(shown).join('\n')));
    const count = stoppedBy(script, model);
    if (count) item.append(make('p', 'quiet', counted(count, 'script') + ' did not run because of it.'));
    box.append(item);
  };
  failed.slice(0, FIRST).forEach(add);
  if (failed.length > FIRST) {
    showMore('failures', 'Show ' + (failed.length - FIRST).toLocaleString('en') + ' more', box, () => {
      failed.slice(FIRST, MOST).forEach(add);
      if (failed.length > MOST) box.append(make('p', 'quiet', 'and ' + (failed.length - MOST).toLocaleString('en') + ' more, in the table below'));
    });
  }
}

/** How many skipped scripts depend on one. @param {Script} script @param {ReturnType<typeof understand>} model */
function stoppedBy(script, model) {
  const seen = new Set([script.number]), rest = [script.number];
  let count = 0;
  for (let number = rest.pop(); number !== undefined; number = rest.pop()) {
    for (const next of model.scripts[number].next) {
      if (seen.has(next)) continue;
      seen.add(next);
      rest.push(next);
      if (model.scripts[next].kind === 'Skipped') count++;
    }
  }
  return count;
}

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function pathList(model, page) {
  const { data, scripts, path } = model, list = find('#ps-path'), FIRST = 12;
  find('#ps-longest').hidden = path.length === 0;
  find('#ps-path-words').textContent = counted(path.length, 'script') + (path.length === 1 ? '' : ' that wait for each other') + ' took ' + duration(data.longest) + ', ' + percent(data.longest, data.wall) + ' of the wall. '
      + (data.outcome === 'Running' || data.outcome === 'Canceled' ? '' : ({ LongestPath: 'To make the run shorter, make one of these shorter.', Slots: 'The run was bounded by its slots, and not by these.', Memory: 'The run was bounded by memory, and not by these.' }[/** @type {'Slots'} */ (boundBy(data))] || 'The run was bounded by a pool, and not by these.'));
  const most = path.reduce((/** @type {number} */ long, /** @type {number} */ number) => Math.max(long, scripts[number].seconds), 0.001);
  const add = (/** @type {number} */ number) => {
    const script = scripts[number], item = make('li'), name = make('span'), bar = make('div', 'share'), part = make('i');
    name.append(nameLink(number, model, page));
    part.style.width = script.seconds / most * 100 + '%';
    bar.append(part);
    item.append(name, bar, make('span', 'num', duration(script.seconds)), make('span', 'num quiet', percent(script.seconds, data.wall)));
    list.append(item);
  };

  // Of a long path the scripts that weigh most, in the order they ran.
  const heavy = new Set([...path].sort((a, b) => scripts[b].seconds - scripts[a].seconds).slice(0, FIRST));
  path.filter((/** @type {number} */ number) => heavy.has(number)).forEach(add);
  if (path.length > FIRST) showMore('path', 'Show all ' + path.length.toLocaleString('en'), list, () => { list.replaceChildren(); path.forEach(add); });
}

/** @param {Script[]} scripts @param {string} title @param {(script: Script) => string} keyOf */
function totals(scripts, title, keyOf) {
  /** @typedef {{count: number, seconds: number, cpu: number, failed: number}} Group */
  /** @type {Map<string, Group>} */
  const groups = new Map();
  let work = 0;
  for (const script of scripts) {
    const key = keyOf(script), group = groups.get(key) || { count: 0, seconds: 0, cpu: 0, failed: 0 };
    group.count++;
    group.seconds += script.seconds;
    work += script.seconds;
    group.cpu += script.cpu || 0;
    if (script.kind === 'Failed' || script.kind === 'TimedOut' || script.kind === 'Tolerated') group.failed++;
    groups.set(key, group);
  }
  const MOST = 15, sorted = [...groups].sort((a, b) => b[1].seconds - a[1].seconds || b[1].count - a[1].count);
  /** @type {[string, (group: Group) => string, string?][]} What is nowhere is no column. */
  const columns = [['Scripts', group => group.count.toLocaleString('en')]];
  if (sorted.some(([, group]) => group.failed)) columns.push(['Failed', group => group.failed ? group.failed.toLocaleString('en') : '', 'is-Failed']);
  if (work) columns.push(['Work', group => group.seconds ? duration(group.seconds) : ''], ['Share', group => group.seconds ? percent(group.seconds, work) : '']);
  if (sorted.some(([, group]) => group.cpu)) columns.push(['CPU', group => group.cpu ? duration(group.cpu) : '']);
  const sums = make('table'), top = make('thead'), head = make('tr'), body = make('tbody');
  for (const words of [title, ...columns.map(column => column[0])]) { const cell = make('th', words === title ? '' : 'num', words); cell.scope = 'col'; head.append(cell); }
  for (const [key, group] of sorted.slice(0, MOST)) {
    const row = make('tr'), name = make('th', '', shown(key));
    name.scope = 'row';
    row.append(name, ...columns.map(([, words, css]) => make('td', 'num ' + (css || ''), words(group))));
    body.append(row);
  }
  if (sorted.length > MOST) { const row = make('tr'), cell = make('td', 'quiet', 'and ' + (sorted.length - MOST).toLocaleString('en') + ' more'); cell.colSpan = columns.length + 1; row.append(cell); body.append(row); }
  top.append(head);
  sums.append(top, body);
  return sums;
}
