// @ts-check
// What follows from the record of a run: waits, slack, and how many ran.

/**
 * @typedef {object} Script
 * @property {number} number
 * @property {string} name
 * @property {string} outcome
 * @property {string} kind the outcome, with a failure that was allowed set apart
 * @property {number} tier
 * @property {number[]} deps
 * @property {number[]} next
 * @property {string} reason
 * @property {number} [at] seconds after the start of the run; not there if it was not started
 * @property {number} seconds
 * @property {number} end
 * @property {number} slot
 * @property {number} ready when the last of what it depends on had ended
 * @property {number} slotWait
 * @property {number} slack how much longer it could have taken
 * @property {boolean} onPath
 * @property {number} attempts
 * @property {{outcome: string, at: number, seconds: number, slot: number, problem?: string}[]} [failed]
 * @property {number} [cpu]
 * @property {number} [memory]
 * @property {string} [memoryIs]
 * @property {number} [exit]
 * @property {boolean} [tolerated]
 * @property {string[]} command
 * @property {string} [problem]
 * @property {string} [log]
 * @property {string} [logEnd]
 * @property {boolean} [logCut]
 * @property {string} [project]
 * @property {number} [line]
 * @property {string[]} [environment]
 * @property {[string, number?][]} [inputs]
 * @property {[string, number?][]} [outputs]
 * @property {[number, number, string?][]} [earlier] in which of the runs before, how long, and the outcome if not a success
 */

/** @param {any} data */
function understand(data) {
  /** @type {Script[]} */
  const scripts = data.scripts;
  const path = data.path || [];
  scripts.forEach((script, number) => {
    script.number = number;
    script.deps = script.deps || [];
    script.next = [];
    script.tier = script.tier || 0;
    script.reason = script.reason || '';
    script.attempts = script.attempts || 0;
    script.command = script.command || [];
    script.seconds = script.seconds || 0;
    script.kind = script.tolerated ? 'Tolerated' : script.outcome;
    script.end = script.at === undefined ? 0 : script.at + script.seconds;
    script.onPath = false;
  });
  scripts.forEach(script => script.deps.forEach(dep => scripts[dep].next.push(script.number)));
  path.forEach((/** @type {number} */ number) => { scripts[number].onPath = true; });

  // By tier, what a script depends on comes before it.
  const order = scripts.map(script => script.number).sort((a, b) => scripts[a].tier - scripts[b].tier || a - b);
  const until = new Float64Array(scripts.length);
  for (const number of order) {
    const script = scripts[number];
    let ready = 0, before = 0;
    for (const dep of script.deps) {
      ready = Math.max(ready, scripts[dep].end, scripts[dep].ready || 0);
      before = Math.max(before, until[dep]);
    }
    script.ready = ready;
    until[number] = before + script.seconds;
    const first = script.failed ? script.failed[0].at : script.at;
    script.slotWait = first === undefined ? 0 : Math.max(0, first - ready);
  }
  let longest = 0;
  const rest = new Float64Array(scripts.length);
  for (let k = order.length - 1; k >= 0; k--) {
    const script = scripts[order[k]];
    let after = 0;
    for (const next of script.next) after = Math.max(after, rest[next]);
    rest[script.number] = after + script.seconds;
    longest = Math.max(longest, until[script.number]);
  }
  for (const script of scripts) script.slack = Math.max(0, longest - until[script.number] - rest[script.number] + script.seconds);

  // Every attempt is a bar; of the slots, those that were used have a row.
  /** @type {{script: Script, from: number, to: number, slot: number, kind: string, last: boolean}[]} */
  const bars = [];
  for (const script of scripts) {
    for (const attempt of script.failed || []) bars.push({ script, from: attempt.at, to: attempt.at + attempt.seconds, slot: attempt.slot || 0, kind: attempt.outcome, last: false });
    if (script.at !== undefined) bars.push({ script, from: script.at, to: script.end, slot: script.slot || 0, kind: script.kind, last: true });
  }
  const rows = bars.reduce((most, bar) => Math.max(most, bar.slot + 1), 0);
  const slots = Array.from({ length: rows }, () => /** @type {typeof bars} */ ([]));
  for (const bar of bars) slots[bar.slot].push(bar);
  for (const row of slots) row.sort((a, b) => a.from - b.from);

  const changes = bars.flatMap(bar => [[bar.from, 1], [bar.to, -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let now = 0;
  const running = changes.map(([time, change]) => [time, now += change]);
  const wall = Math.max(data.wall, ...slots.map(row => row.reduce((end, bar) => Math.max(end, bar.to), 0)), 0.001);
  return { data, scripts, path, slots, running, wall, started: scripts.filter(script => script.at !== undefined).length };
}
