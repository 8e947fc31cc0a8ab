// @ts-check
// What a person wants to know first: did it work, how long did it take, what bounded it, and what failed with its last lines. And the sums.

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function firstScreen(model, page) {
  const { data, scripts } = model, count = (/** @type {string} */ kind) => scripts.filter(script => script.kind === kind).length;
  const state = { Succeeded: 'succeeded', Failed: 'failed', Canceled: 'canceled', Running: 'running' }[/** @type {'Failed'} */ (data.outcome)] || data.outcome;
  document.title = shown(data.project) + ' ' + state;
  find('#ps-title').textContent = shown(data.project);
  find('#ps-outcome').textContent = state;
  find('#ps-outcome').classList.add('is-' + data.outcome);
  const start = new Date(data.start);
  find('#ps-when').textContent = start.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  find('#ps-foot').textContent = 'Run ' + data.run + ', ' + data.schedule + ', written by ParallelScripts. Slack is how much longer a script could have taken without the longest path growing; a script is ready when all it depends on has ended.';

  const parts = Object.keys(outcomes).filter(kind => count(kind)).map(kind => count(kind).toLocaleString('en') + ' ' + outcomes[kind][0]);
  const byPath = data.longest >= data.work / data.slots;
  const bound = data.work === 0 || data.outcome === 'Running' ? '' : byPath
    ? ' The longest path bounded it: with more slots it would still take ' + duration(data.bound) + '.'
    : ' The slots bounded it: ' + duration(data.work) + ' of work in ' + counted(data.slots, 'slot') + ' take at least ' + duration(data.bound) + '.';
  find('#ps-verdict').textContent = counted(scripts.length, 'script') + ': ' + parts.join(', ') + '.' + bound;

  const cpu = scripts.reduce((sum, script) => sum + (script.cpu || 0), 0), peak = scripts.reduce((most, script) => Math.max(most, script.memory || 0), 0);
  for (const [name, value, more] of [
    ['Wall', duration(data.wall), ''],
    ['Work', duration(data.work), 'What the scripts took together'],
    ['At once, on average', data.wall > 0 ? (data.work / data.wall).toFixed(1) + ' of ' + data.slots : '', 'Work divided by wall, and the number of slots'],
    ['Longest path', duration(data.longest) + ', ' + percent(data.longest, data.wall), 'The chain of scripts that took longest, and its share of the wall'],
    ['Processor time', cpu ? duration(cpu) : '', ''],
    ['Largest script', peak ? size(peak) : '', 'The most memory that one script held'],
  ]) {
    if (!value) continue;
    const box = make('div');
    box.title = more;
    box.append(make('dt', '', name), make('dd', '', value));
    find('#ps-facts').append(box);
  }
  failures(model, page);
  pathList(model, page);
  const folderOf = (/** @type {Script} */ script) => script.name.includes('/') ? script.name.slice(0, script.name.lastIndexOf('/')) : '(no folder)';
  const programOf = (/** @type {Script} */ script) => (script.command[0] || '').replace(/^.*[/\\]/, '') || '(none)';
  find('#ps-totals').append(totals(scripts, 'Folder', folderOf), totals(scripts, 'Program', programOf));
}

/** @param {number} number @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function nameLink(number, model, page) {
  const button = make('button', 'link', shown(model.scripts[number].name));
  button.type = 'button';
  button.addEventListener('click', () => page.select(number));
  return button;
}

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function failures(model, page) {
  const failed = model.scripts.filter(script => script.kind === 'Failed' || script.kind === 'TimedOut').sort((a, b) => a.end - b.end);
  find('#ps-failures').hidden = failed.length === 0;
  const FIRST = 3, LINES = failed.length === 1 ? 12 : 6, box = find('#ps-failed');
  const add = (/** @type {Script} */ script) => {
    const item = make('div', 'failure'), head = make('div');
    head.append(mark(script.kind), nameLink(script.number, model, page), make('span', 'quiet', '  ' + (script.at === undefined ? 'not started' : 'after ' + duration(script.seconds)) + (script.attempts > 1 ? ', ' + script.attempts + ' attempts' : '')));
    item.append(head);
    if (script.problem) item.append(make('p', '', shown(script.problem)));
    if (script.logEnd) item.append(make('pre', '', script.logEnd.split('\n').slice(-LINES).map(shown).join('\n')));
    const after = stoppedBy(script, model);
    if (after > 0) item.append(make('p', 'quiet', counted(after, 'script') + ' did not run because of it.'));
    box.append(item);
  };
  failed.slice(0, FIRST).forEach(add);
  if (failed.length > FIRST) {
    const more = make('button', '', 'Show ' + (failed.length - FIRST).toLocaleString('en') + ' more');
    more.type = 'button';
    more.addEventListener('click', () => { more.remove(); failed.slice(FIRST, 200).forEach(add); });
    box.append(more);
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
  find('#ps-path-words').textContent = path.length === 0 ? 'Nothing was started.' : counted(path.length, 'script') + ' that wait for each other took ' + duration(data.longest) + ', ' + percent(data.longest, data.wall) + ' of the wall. ' + (data.longest >= data.work / data.slots ? 'To make the run shorter, make one of these shorter.' : 'The run was bounded by its slots, and not by these.');
  const most = path.reduce((/** @type {number} */ long, /** @type {number} */ number) => Math.max(long, scripts[number].seconds), 0.001);
  const add = (/** @type {number} */ number) => {
    const script = scripts[number], item = make('li'), name = make('span'), bar = make('div', 'share'), part = make('i');
    name.append(nameLink(number, model, page));
    part.style.width = script.seconds / most * 100 + '%';
    bar.append(part);
    item.append(name, bar, make('span', 'num', duration(script.seconds)), make('span', 'num quiet', percent(script.seconds, data.wall)));
    list.append(item);
  };
  if (path.length <= FIRST) { path.forEach(add); return; }

  // Of a long path the scripts that weigh most, in the order they ran.
  const heavy = new Set([...path].sort((a, b) => scripts[b].seconds - scripts[a].seconds).slice(0, FIRST));
  path.filter((/** @type {number} */ number) => heavy.has(number)).forEach(add);
  const more = make('button', '', 'Show all ' + path.length.toLocaleString('en'));
  more.type = 'button';
  more.addEventListener('click', () => { more.remove(); list.replaceChildren(); path.forEach(add); });
  list.after(more);
}

/** @param {Script[]} scripts @param {string} title @param {(script: Script) => string} keyOf */
function totals(scripts, title, keyOf) {
  /** @type {Map<string, {count: number, seconds: number, cpu: number, failed: number}>} */
  const groups = new Map();
  for (const script of scripts) {
    const key = keyOf(script), group = groups.get(key) || { count: 0, seconds: 0, cpu: 0, failed: 0 };
    group.count++;
    group.seconds += script.seconds;
    group.cpu += script.cpu || 0;
    if (script.kind === 'Failed' || script.kind === 'TimedOut') group.failed++;
    groups.set(key, group);
  }
  const sums = make('table'), head = make('tr'), body = make('tbody'), MOST = 15;
  for (const [words, css] of [[title, ''], ['Scripts', 'num'], ['Failed', 'num'], ['Work', 'num'], ['CPU', 'num']]) { const cell = make('th', css, words); cell.scope = 'col'; head.append(cell); }
  const sorted = [...groups].sort((a, b) => b[1].seconds - a[1].seconds || b[1].count - a[1].count);
  for (const [key, group] of sorted.slice(0, MOST)) {
    const row = make('tr');
    row.append(make('td', '', shown(key)), make('td', 'num', group.count.toLocaleString('en')), make('td', 'num', group.failed ? String(group.failed) : ''), make('td', 'num', group.seconds ? duration(group.seconds) : ''), make('td', 'num', group.cpu ? duration(group.cpu) : ''));
    body.append(row);
  }
  if (sorted.length > MOST) { const row = make('tr'), cell = make('td', 'quiet', 'and ' + (sorted.length - MOST).toLocaleString('en') + ' more'); cell.colSpan = 5; row.append(cell); body.append(row); }
  const top = make('thead');
  top.append(head);
  sums.append(top, body);
  return sums;
}
