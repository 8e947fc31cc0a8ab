// @ts-check
// All there is to know about one script, beside the page.

/** A command that can be pasted into a shell. @param {string[]} words */
const commandLine = words => words.map(word => /^[\w@%+=:,./-]+$/.test(word) ? word : "'" + word.replace(/'/g, "'\\''") + "'").join(' ');

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function details(model, page) {
  const aside = find('#ps-details');

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

  /** @param {Script} script */
  function waits(script) {
    const bar = make('div', 'share'), first = script.failed ? script.failed[0].at : script.at || 0, whole = script.end || 1;
    const part = (/** @type {string} */ css, /** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ colour, opacity = 1) => {
      const piece = make('i', css);
      piece.style.left = from / whole * 100 + '%';
      piece.style.width = Math.max(0, (to - from) / whole * 100) + '%';
      if (colour) piece.style.background = colour;
      piece.style.opacity = String(opacity);
      bar.append(piece);
    };
    part('is-wait', 0, script.ready, '', 0.5);
    part('is-wait', script.ready, first, '');
    for (const attempt of script.failed || []) part('', attempt.at, attempt.at + attempt.seconds, 'var(--failed)');
    part('', script.at || 0, script.end, 'var(--' + outcomes[script.kind][2] + ')');
    return bar;
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
    return box;
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
    close.addEventListener('click', () => page.select(-1));
    aside.replaceChildren(close, make('h2', '', shown(script.name)));
    const outcome = make('p', 'is-' + script.kind);
    outcome.append(mark(script.kind), outcomes[script.kind][0] + (script.at === undefined ? '' : ' in ' + duration(script.seconds)) + (script.exit ? ', exit code ' + script.exit : '') + (script.attempts > 1 ? ', ' + script.attempts + ' attempts' : ''));
    aside.append(outcome);
    if (script.problem) aside.append(make('p', '', shown(script.problem)));
    if (script.at !== undefined) aside.append(waits(script));
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
      fact('Ran', duration(script.at) + ' to ' + duration(script.end) + ' in slot ' + ((script.slot || 0) + 1));
      fact('Slack', script.onPath ? 'none: it is on the longest path' : duration(script.slack));
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
    for (const attempt of script.failed || []) aside.append(make('p', 'quiet', 'At ' + duration(attempt.at) + ': ' + outcomes[attempt.outcome][0] + ' in ' + duration(attempt.seconds) + '. ' + shown(attempt.problem || '')));
    if (script.command.length) aside.append(make('h3', '', 'Command'), make('pre', '', shown(commandLine(script.command))));
    if (script.logEnd !== undefined) aside.append(make('h3', '', script.logCut ? 'The end of what it printed' : 'What it printed'), logOf(script));
    if (script.log) aside.append(logLink(script));
    if (script.earlier) aside.append(make('h3', '', 'In the last runs'), earlier(script));
    // What a script printed last tells most.
    aside.querySelectorAll('pre').forEach((/** @type {HTMLElement} */ text) => { text.scrollTop = text.scrollHeight; });
    aside.scrollTop = 0;
  }

  return { show };
}

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
