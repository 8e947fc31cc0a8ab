// @ts-check
// A run that goes on: how long it has been running, what runs, and what is left. The page loads itself again, and says so when nobody writes it any more.

/** How long all of it will still take, by what the scripts usually take; nothing if that is not known. @param {ReturnType<typeof understand>} model @returns {number | undefined} */
function timeLeft(model) {
  const { scripts, order, data } = model, known = scripts.flatMap(script => script.usual ?? []).sort((a, b) => a - b);
  if (known.length === 0) return undefined;
  const median = known[known.length >> 1], rest = new Float64Array(scripts.length);
  let work = 0, longest = 0;
  for (let k = order.length - 1; k >= 0; k--) {
    const script = scripts[order[k]], whole = script.usual ?? median;
    const own = script.kind === 'Running' ? Math.max(0, whole - script.seconds) : script.kind === 'Waiting' ? whole : 0;
    rest[script.number] = own + script.next.reduce((most, next) => Math.max(most, rest[next]), 0);
    longest = Math.max(longest, rest[script.number]);
    work += own;
  }
  return Math.max(longest, work / data.slots);
}

/** @param {ReturnType<typeof understand>} model @param {{select: (number: number) => void}} page */
function live(model, page) {
  const { data, scripts } = model;
  if (data.outcome !== 'Running') return;

  // A run that goes on has this page written every ten seconds at least; one that did not for so long has been killed.
  const STALE = 45, MOST = 12;
  const written = new Date(find('meta[name=written]')?.content || data.start), since = () => Math.max(0, (Date.now() - written.getTime()) / 1000);
  const runs = scripts.filter(script => script.kind === 'Running').sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const ended = scripts.filter(script => script.kind !== 'Running' && script.kind !== 'Waiting').length, left = timeLeft(model);
  const words = find('#ps-live-words'), pause = find('#ps-pause'), list = find('#ps-running-list');
  find('#ps-live').hidden = false;
  find('#ps-running').hidden = runs.length === 0;
  /** @type {(() => void)[]} */
  const ticks = [];
  for (const script of runs.slice(0, MOST)) {
    const item = make('li'), name = make('span'), bar = make('div', 'share'), part = make('i', 'is-now'), time = make('span', 'num');
    name.append(nameLink(script.number, model, page));
    bar.append(part);
    item.append(name, bar, time, make('span', 'num quiet', script.usual === undefined ? '' : 'usually ' + duration(script.usual)));
    list.append(item);
    ticks.push(() => {
      const now = script.seconds + (stopped ? 0 : since());
      time.textContent = going(now);
      part.style.width = script.usual ? Math.min(100, now / script.usual * 100) + '%' : '0';
    });
  }
  if (runs.length > MOST) list.append(make('li', 'quiet', 'and ' + (runs.length - MOST).toLocaleString('en') + ' more'));

  let stopped = false;
  /** @type {boolean} */
  let paused = view.keep('paused', () => paused) || false;
  function tick() {
    const quiet = since();
    if (stopped !== quiet > STALE || !words.textContent) {
      stopped = quiet > STALE;
      find('#ps-live').classList.toggle('is-stopped', stopped);
      find('#ps-outcome').textContent = stopped ? 'not finished' : 'running';
      find('#ps-outcome').classList.toggle('is-Running', !stopped);
      find('#ps-running h2').textContent = stopped ? 'What ran' : 'What runs';
      pause.hidden = stopped;
      find('#ps-live-state').textContent = stopped ? 'It seems to have stopped.' : paused ? 'Paused.' : '';
    }
    words.textContent = stopped
      ? 'This page was last written ' + going(quiet) + ' ago, at ' + clock(written) + '. A run that goes on writes it every few seconds; this one may have been killed. The next run writes its report in this place, and ReportAnalyses the last one that is kept.'
      : 'Running for ' + going(data.wall + quiet) + ': ' + ended.toLocaleString('en') + ' of ' + counted(scripts.length, 'script') + ' ended, ' + runs.length + ' running'
        + (left === undefined ? '' : left - quiet < 1 ? ', longer than usual' : ', about ' + going(left - quiet) + ' left by earlier runs') + '. As of ' + clock(written) + '.';
    ticks.forEach(one => one());
  }
  function showPause() {
    pause.textContent = paused ? 'Go on' : 'Pause';
    find('#ps-live-state').textContent = paused ? 'Paused.' : '';
  }
  pause.addEventListener('click', () => { paused = !paused; showPause(); });
  showPause();
  tick();
  setInterval(tick, 1000);

  // Not while somebody holds something, and not more often than a large page can be read.
  let held = false, due = false;
  addEventListener('pointerdown', () => { held = true; });
  for (const end of ['pointerup', 'pointercancel', 'blur']) addEventListener(end, () => { held = false; });
  const again = () => {
    due = document.hidden;
    if (!paused && !held && !document.hidden && getSelection()?.isCollapsed !== false) location.reload();
  };
  setInterval(again, Math.max(3000, performance.now() * 20));
  document.addEventListener('visibilitychange', () => { if (due) again(); });
}
