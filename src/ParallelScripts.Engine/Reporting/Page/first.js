// @ts-check
// What a person wants to know first: did it work, how long did it take, and what bounded it.

/** What kept the run from being shorter. @param {any} data */
const boundBy = data => data.boundBy || 'LongestPath';

/** @param {ReturnType<typeof understand>} model */
function boundWords({ data, scripts }) {
  if (!data.work || data.outcome === 'Running' || data.outcome === 'Canceled') return '';
  const least = duration(data.bound), slots = counted(data.slots, 'slot');
  const bound = {
    LongestPath: 'The longest path bounded it: with more slots it would still take ' + least + '.',
    Slots: 'The slots bounded it: ' + duration(data.work) + ' of work in ' + slots + ' take at least ' + least + '.',
    Memory: 'Memory bounded it: what the scripts declare to need takes at least ' + least + ' in what there is.',
    Pool: 'Pool ' + shown(data.boundPool || '') + ' bounded it: what needs a place in it takes at least ' + least + '.',
  }[/** @type {'Slots'} */ (boundBy(data))] || '';
  if (!data.outlook) return bound;
  const { moreSlots, withMoreSlots, script, withScriptTwiceAsFast } = data.outlook;
  const help = [...moreSlots ? ['with ' + moreSlots.toLocaleString('en') + ' slots it would take ' + duration(withMoreSlots)] : [], ...script === undefined ? [] : ['with ' + shown(scripts[script].name) + ' twice as fast ' + duration(withScriptTwiceAsFast)]].join(', ');
  return bound + (help ? ' ' + help[0].toUpperCase() + help.slice(1) + '.' : ' Neither more slots nor one faster script would help much.');
}

/** How a run ended and when, in a sentence. @param {ReturnType<typeof understand>} model @param {(kind: string) => number} count */
function verdict({ data, scripts }, count) {
  const failed = count('Failed') + count('TimedOut'), skipped = count('Skipped'), all = counted(scripts.length, 'script'), time = duration(data.wall);
  if (data.outcome === 'Running') return '';
  if (data.outcome === 'Canceled') return 'Canceled after ' + time + '. ' + (count('Canceled') ? counted(count('Canceled'), 'script') + ' had to end, ' : '') + skipped.toLocaleString('en') + ' did not start.';
  if (data.outcome === 'Failed') return 'Failed after ' + time + ': ' + (failed ? failed.toLocaleString('en') + ' of ' + all + ' failed' : 'the run did not end well') + (skipped ? ', and ' + skipped.toLocaleString('en') + ' did not run.' : '.');
  if (count('UpToDate') === scripts.length) return 'Everything was up to date: of ' + all + ' none had to run.';
  return 'Succeeded in ' + time + '.' + (count('Tolerated') ? ' What failed was allowed to.' : '');
}

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function firstScreen(model, page) {
  const { data, scripts } = model, count = (/** @type {string} */ kind) => scripts.filter(script => script.kind === kind).length;
  const state = { Succeeded: 'succeeded', Failed: 'failed', Canceled: 'canceled', Running: 'running' }[/** @type {'Failed'} */ (data.outcome)] || data.outcome;
  document.title = shown(data.project) + ' ' + state;
  find('#ps-title').textContent = shown(data.project);
  find('#ps-outcome').textContent = state;
  find('#ps-outcome').classList.add('is-' + data.outcome);
  find('#ps-when').textContent = new Date(data.start).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  find('#ps-foot').textContent = 'Run ' + data.run + (data.schedule === 'Tiers' ? ', tier after tier' : '') + '. Written by ParallelScripts.';

  find('#ps-verdict').textContent = verdict(model, count);
  find('#ps-bound').textContent = boundWords(model);
  outcomeBar(scripts, count);
  const cpu = scripts.reduce((sum, script) => sum + (script.cpu || 0), 0), peak = scripts.reduce((most, script) => Math.max(most, script.memory || 0), 0);
  const goesOn = data.outcome === 'Running', work = goesOn ? scripts.reduce((sum, script) => sum + script.seconds, 0) : data.work;
  const queued = scripts.reduce((sum, script) => sum + (script.queuedSeconds || 0), 0);
  for (const [name, value, more] of [
    ['Wall', goesOn ? '' : duration(data.wall), 'From the start of the run to its end'],
    ['Work', work ? duration(work) : '', 'What the scripts took together'],
    ['At once, on average', data.wall > 0 && work ? (work / data.wall).toFixed(1) + ' of ' + data.slots.toLocaleString('en') : '', 'Work divided by wall, and the number of slots'],
    ['Longest path', data.longest && !goesOn ? duration(data.longest) + ', ' + percent(data.longest, data.wall) : '', 'The chain of scripts that took longest, and its share of the wall'],
    ['Waited in the queue', queued ? duration(queued) : '', 'What the scripts waited together in the queue of the cluster'],
    ['Processor time', cpu ? duration(cpu) : '', 'What the scripts used of all cores'],
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
  find('#ps-totals').append(totals(scripts, 'Folder', folderOf), totals(scripts, 'Program', programOf));
}

const folderOf = (/** @type {Script} */ script) => script.name.includes('/') ? script.name.slice(0, script.name.lastIndexOf('/')) || '/' : '(no folder)';
const programOf = (/** @type {Script} */ script) => (script.command[0] || '').replace(/^.*[/\\]/, '') || '(none)';

/** What became of the scripts, as parts of a line, and in words below it. @param {Script[]} scripts @param {(kind: string) => number} count */
function outcomeBar(scripts, count) {
  const bar = find('#ps-bar'), words = find('#ps-counts');
  for (const kind of Object.keys(outcomes).sort((a, b) => Number(a === 'Waiting') - Number(b === 'Waiting'))) {
    if (!count(kind)) continue;
    const part = make('i'), entry = make('li');
    part.style.flexGrow = String(count(kind));
    part.style.background = 'var(--' + (kind === 'Waiting' ? 'line' : outcomes[kind][2]) + ')';
    bar.append(part);
    entry.append(mark(kind), make('b', '', count(kind).toLocaleString('en')), ' ' + outcomes[kind][0]);
    words.append(entry);
  }
  if (scripts.length === 0) words.append(make('li', '', 'There are no scripts.'));
}
