// @ts-check
// What follows from the record of a run: waits, slack, lanes, and how many ran.

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
 * @property {number} first when its first attempt started
 * @property {number} slotWait
 * @property {number} [queuedSeconds] how long before it started it had been in a cluster's queue
 * @property {string} [node] the machine of a cluster that it ran on
 * @property {number} [usual] of a script that has not ended: how long it usually takes
 * @property {number} slack how much longer it could have taken
 * @property {boolean} onPath
 * @property {number} [pathDep] of a script on the longest path, the one before it there
 * @property {number} attempts
 * @property {{outcome: string, at: number, seconds: number, slot: number, node?: string, problem?: string}[]} [failed]
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

/** @typedef {{script: Script, from: number, to: number, kind: string, last: boolean}} Bar an attempt */
/** @typedef {{label: string, isFirst: boolean, bars: Bar[]}} Lane a row of the timeline; of a node that ran several at once, the first of its rows is marked */

/** How many of some stretches of time hold at each moment at which that changes; to the millisecond, as they are known. @param {number[][]} stretches @returns {[number, number][]} */
function countsOf(stretches) {
  let now = 0;
  return stretches.flatMap(([from, to]) => [[Math.round(from * 1000) / 1000, 1], [Math.round(to * 1000) / 1000, -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([time, change]) => [time, now += change]);
}

/** A lane a slot, or where scripts ran on the nodes of a cluster, as many for each node as it ran at once. @param {Script[]} scripts @returns {Lane[]} */
function lanesOf(scripts) {
  /** @type {Map<string | number, Bar[]>} */
  const places = new Map();
  const onNodes = scripts.some(script => script.node);
  const add = (/** @type {Bar} */ bar, /** @type {{slot?: number, node?: string}} */ where) => {
    const place = onNodes ? where.node || '' : where.slot || 0, bars = places.get(place);
    if (bars) bars.push(bar); else places.set(place, [bar]);
  };
  for (const script of scripts) {
    for (const attempt of script.failed || []) add({ script, from: attempt.at, to: attempt.at + attempt.seconds, kind: attempt.outcome, last: false }, onNodes ? { node: attempt.node || script.node } : attempt);
    if (script.at !== undefined) add({ script, from: script.at, to: script.end, kind: script.kind, last: true }, script);
  }
  for (const bars of places.values()) bars.sort((a, b) => a.from - b.from);
  if (!onNodes) {
    // Of the slots, those that were not used have a row too.
    const rows = Math.max(0, ...[...places.keys()].map(slot => Number(slot) + 1));
    return Array.from({ length: rows }, (_, slot) => ({ label: 'slot ' + (slot + 1), isFirst: true, bars: places.get(slot) || [] }));
  }
  return [...places].sort(([a], [b]) => String(a).localeCompare(String(b), 'en', { numeric: true })).flatMap(([node, bars]) => {
    /** @type {Bar[][]} */
    const rows = [];
    for (const bar of bars) {
      const row = rows.find(one => one[one.length - 1].to <= bar.from + 0.0005);
      if (row) row.push(bar); else rows.push([bar]);
    }
    return rows.map((row, k) => ({ label: k ? '' : String(node) || 'here', isFirst: k === 0, bars: row }));
  });
}

/** @param {any} data */
function understand(data) {
  /** @type {Script[]} */
  const scripts = data.scripts;
  const path = data.path || [];
  scripts.forEach((script, number) => {
    script.number = number;
    // Of those that many have in common there is one, named by its number.
    script.deps = typeof script.deps === 'number' ? data.lists[script.deps] : script.deps || [];
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
  path.forEach((/** @type {number} */ number, /** @type {number} */ place) => { scripts[number].onPath = true; scripts[number].pathDep = path[place - 1]; });

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
    script.first = script.failed ? script.failed[0].at : script.at ?? 0;
    script.slotWait = script.at === undefined ? 0 : Math.max(0, script.first - ready - (script.queuedSeconds || 0));
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

  const lanes = lanesOf(scripts), bars = lanes.flatMap(lane => lane.bars);
  const running = countsOf(bars.map(bar => [bar.from, bar.to]));
  const waiting = countsOf(scripts.filter(script => script.at !== undefined && script.first - script.ready > 0.002).map(script => [script.ready, script.first]));
  const wall = bars.reduce((end, bar) => Math.max(end, bar.to), Math.max(data.wall, 0.001));
  return { data, scripts, order, path, lanes, running, waiting, wall, isOnNodes: scripts.some(script => script.node) };
}
