// @ts-check
// All there is to know about one script, beside the page.

/** A command that can be pasted into a shell. @param {string[]} words */
const commandLine = words => words.map(word => /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'").join(' ');

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void, close: () => void}} page */
function details(model, page) {
  const aside = find('#ps-details');
  let top = view.keep('details', () => aside.scrollTop) || 0;

  /** @param {number[]} numbers */
  function links(numbers) {
    const list = make('ul'), MOST = 25;
    for (const number of numbers.slice(0, MOST)) {
      const item = make('li'), button = make('button', 'link', shown(model.scripts[number].name));
      button.type = 'button';
      button.addEventListener('click', () => page.select(number));
      item.append(mark(model.scripts[number].kind), button);
      list.append(item);
    }
    if (numbers.length > MOST) list.append(make('li', 'quiet', 'and ' + (numbers.length - MOST).toLocaleString('en') + ' more'));
    return list;
  }

  /** @param {[string, number?][]} files */
  function filesOf(files) {
    const list = make('ul');
    for (const [name, bytes] of files) {
      const item = make('li', '', shown(name));
      if (bytes !== undefined) item.append(make('span', 'quiet', '  ' + size(bytes)));
      list.append(item);
    }
    return list;
  }

  /** @param {NonNullable<Script['failed']>} failed */
  function attempts(failed) {
    const list = make('ol', 'attempts');
    for (const attempt of failed) {
      const item = make('li');
      const words = make('span');
      words.append('at ' + duration(attempt.at) + ', ' + outcomes[attempt.outcome][0] + ' in ' + duration(attempt.seconds) + '. ', make('span', 'quiet', shown(attempt.problem || '')));
      item.append(mark(attempt.outcome), words);
      list.append(item);
    }
    return list;
  }

  /** @param {Script} script */
  function earlier(script) {
    const runs = [...(script.earlier || [])].reverse(), box = make('div', 'runs');
    const most = Math.max(script.seconds, ...runs.map(run => run[1]), 0.001);
    const add = (/** @type {string} */ run, /** @type {number} */ seconds, outcome = 'Succeeded') => {
      const bar = make('i', 'is-' + outcome + (run === model.data.run ? ' now' : ''));
      bar.style.height = Math.max(3, seconds / most * 100) + '%';
      bar.title = outcomes[outcome]?.[0] + ' in ' + duration(seconds) + '\nrun ' + run;
      box.append(bar);
    };
    for (const [run, seconds, outcome] of runs) add(model.data.earlier[run], seconds, outcome);
    add(model.data.run, script.seconds, script.outcome);
    box.setAttribute('role', 'img');
    box.setAttribute('aria-label', 'The last runs, this one last: ' + [...runs.map(run => run[1]), script.seconds].map(duration).join(', '));
    const before = runs.filter(run => !run[2]).map(run => run[1]).sort((a, b) => a - b), all = make('div');
    const median = before.length ? (before[(before.length - 1) >> 1] + before[before.length >> 1]) / 2 : 0;
    all.append(box, make('p', 'quiet hint', 'Now ' + duration(script.seconds) + (before.length ? ', before usually ' + duration(median) + ' (' + counted(before.length, 'success').replace('successs', 'successes') + ')' : '') + '. The highest is ' + duration(most) + '.'));
    return all;
  }

  /** @param {number} number */
  function show(number) {
    const script = model.scripts[number];
    aside.hidden = !script;
    document.body.classList.toggle('with-details', !!script);
    if (!script) return;
    const close = make('button', 'close', '✕');
    close.type = 'button';
    close.setAttribute('aria-label', 'Close the details');
    close.addEventListener('click', page.close);
    aside.replaceChildren(close, make('h2', '', shown(script.name)));
    const outcome = make('p', 'is-' + script.kind);
    outcome.append(mark(script.kind), outcomes[script.kind][0] + (script.at === undefined ? '' : (script.kind === 'Running' ? ' for ' : ' in ') + duration(script.seconds)) + (script.exit ? ', exit code ' + script.exit : '') + (script.attempts > 1 ? ', ' + script.attempts + ' attempts' : ''));
    aside.append(outcome);
    if (script.problem) aside.append(make('p', '', shown(script.problem)));
    if (hasFailed(script)) aside.append(...printed(script));
    if (script.at !== undefined) aside.append(whenBar(script, model.wall));
    const facts = make('dl');
    const fact = (/** @type {string} */ name, /** @type {any} */ value) => {
      if (value === undefined || value === '') return;
      const definition = make('dd');
      definition.append(value);
      facts.append(make('dt', '', name), definition);
    };
    fact(script.at === undefined ? 'Because' : 'Ran because', shown(script.reason));
    if (script.at !== undefined) {
      fact('Ready at', duration(script.ready) + (script.deps.length ? ', when the last it depends on had ended' : ''));
      fact('Waited', duration(script.slotWait) + ' for a slot');
      fact('Queued', script.queuedSeconds === undefined ? undefined : duration(script.queuedSeconds));
      fact('Ran', duration(script.at) + ' to ' + duration(script.end) + (script.node ? ' on ' + shown(script.node) : ' in slot ' + ((script.slot || 0) + 1)));
      fact('Usually', script.usual === undefined ? undefined : duration(script.usual));
      if (script.kind !== 'Running') fact('Slack', script.onPath ? 'none: it is on the longest path' : duration(script.slack));
      fact('CPU', script.cpu === undefined ? undefined : duration(script.cpu) + (script.seconds > 0.05 ? ', ' + (script.cpu / script.seconds).toFixed(1) + ' cores' : ''));
      fact('Memory', script.memory === undefined ? undefined : size(script.memory) + (script.memoryIs === 'sampled' ? ', as far as was seen' : ''));
    }
    fact('Tier', String(script.tier));
    if (script.project) fact('Declared in', shown(script.project) + (script.line ? ', line ' + script.line : ''));
    if (script.environment) fact('Given', script.environment.map(shown).join(', '));
    if (script.deps.length) fact('Depends on', links(script.deps));
    if (script.next.length) fact('Waited for by', links(script.next));
    if (script.inputs) fact('Reads', filesOf(script.inputs));
    if (script.outputs) fact('Writes', filesOf(script.outputs));
    aside.append(facts);
    if (script.failed) aside.append(make('h3', '', 'Attempts before'), attempts(script.failed));
    if (script.command.length) aside.append(make('h3', '', 'Command'), make('pre', '', shown(commandLine(script.command))));
    if (!hasFailed(script)) aside.append(...printed(script));
    if (script.earlier) aside.append(make('h3', '', 'In the last runs'), earlier(script));
    // What a script printed last tells most. A long text can be scrolled by keys too.
    aside.querySelectorAll('pre').forEach((/** @type {HTMLElement} */ text) => {
      text.scrollTop = text.scrollHeight;
      if (text.scrollHeight > text.clientHeight) text.tabIndex = 0;
    });
    aside.scrollTop = top;
    top = 0;
  }

  return { show, enter: () => { if (!aside.hidden) aside.focus(); } };
}

/** @param {Script} script */
const hasFailed = script => script.kind === 'Failed' || script.kind === 'TimedOut' || script.kind === 'Tolerated';

/** The end of what a script printed, and where the rest is. @param {Script} script @returns {HTMLElement[]} */
const printed = script => [
  ...script.logEnd === undefined ? [] : [make('h3', '', script.logCut ? 'The end of what it printed' : 'What it printed'), logOf(script)],
  ...script.log ? [logLink(script)] : [],
];

/** @param {Script} script */
const logOf = script => make('pre', '', (script.logEnd || '').split('\n').map(shown).join('\n'));

/** @param {Script} script */
function logLink(script) {
  const line = make('p'), link = make('a', '', 'The whole log');
  // The name of the file has percent signs of its own.
  link.href = String(script.log).split('/').map(encodeURIComponent).join('/');
  line.append(link);
  return line;
}
