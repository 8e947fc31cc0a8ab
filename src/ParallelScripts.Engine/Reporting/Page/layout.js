// @ts-check
// Places the scripts of a graph: what depends on something stands to the right of it, and lines cross little.

/**
 * @param {number[]} chosen
 * @param {Script[]} scripts
 * @param {boolean} straight whether the longest path is to be a straight line
 * @returns {Map<number, {column: number, row: number}>}
 */
function layOut(chosen, scripts, straight = false) {
  const inside = new Set(chosen);
  const before = new Map(chosen.map(number => [number, scripts[number].deps.filter(dep => inside.has(dep))]));
  const after = new Map(chosen.map(number => [number, scripts[number].next.filter(next => inside.has(next))]));
  const of = (/** @type {Map<number, number[]>} */ map, /** @type {number} */ number) => /** @type {number[]} */ (map.get(number));
  const order = [...chosen].sort((a, b) => scripts[a].tier - scripts[b].tier || a - b);
  const column = new Map();
  for (const number of order) column.set(number, of(before, number).reduce((most, dep) => Math.max(most, column.get(dep) + 1), 0));

  // What has room to its right moves to what needs it.
  for (let k = order.length - 1; k >= 0; k--) {
    const next = of(after, order[k]);
    if (next.length) column.set(order[k], next.reduce((least, one) => Math.min(least, column.get(one)), Infinity) - 1);
  }
  /** @type {number[][]} */
  const columns = [];
  for (const number of order) (columns[column.get(number)] ||= []).push(number);

  // A few sweeps by the mean of the neighbours; each but the last sorts, and the places are kept apart by one row.
  const row = new Map();
  columns.forEach(numbers => numbers.forEach((number, k) => row.set(number, k - (numbers.length - 1) / 2)));
  for (let sweep = 0; sweep < 10; sweep++) {
    const forward = sweep % 2 === 0;
    const neighbours = forward ? before : after;
    for (const numbers of forward ? columns : [...columns].reverse()) {
      const wish = new Map(numbers.map(number => {
        const near = of(neighbours, number);
        return [number, near.length ? near.reduce((sum, one) => sum + row.get(one), 0) / near.length : row.get(number)];
      }));
      numbers.sort((a, b) => wish.get(a) - wish.get(b) || a - b);
      let last = -Infinity, shift = 0;
      for (const number of numbers) {
        last = Math.max(wish.get(number), last + 1);
        row.set(number, last);
        shift += wish.get(number) - last;
      }
      for (const number of numbers) row.set(number, row.get(number) + shift / numbers.length);
    }
  }
  if (straight) straighten(columns, scripts, row);
  return new Map(chosen.map(number => [number, { column: column.get(number), row: row.get(number) }]));
}

/** Moves each column so that its script of the longest path is in row 0, and one that has none as far as its neighbours. @param {number[][]} columns @param {Script[]} scripts @param {Map<number, number>} row */
function straighten(columns, scripts, row) {
  const shifts = columns.map(numbers => { const onPath = numbers.find(number => scripts[number].onPath); return onPath === undefined ? undefined : row.get(onPath); });
  const known = shifts.flatMap((shift, column) => shift === undefined ? [] : [{ column, shift }]);
  columns.forEach((numbers, column) => {
    const before = known.findLast(one => one.column <= column), after = known.find(one => one.column >= column);
    const shift = before && after && after.column > before.column ? before.shift + (after.shift - before.shift) * (column - before.column) / (after.column - before.column) : (before || after)?.shift ?? 0;
    for (const number of numbers) row.set(number, /** @type {number} */ (row.get(number)) - shift);
  });
}
