// @ts-check
// What a person has chosen to look at. It is kept while the page loads itself again, so that nothing jumps; a page that is opened anew begins anew.

const view = (() => {
  const key = 'report of ' + location.pathname;
  /** @type {Record<string, () => any>} */
  const parts = {};
  /** @type {Record<string, any>} */
  let kept = {};
  const how = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType('navigation')[0])?.type;
  if (how === 'reload' || how === 'back_forward') {
    try { kept = JSON.parse(sessionStorage.getItem(key) || '{}'); } catch { /* A browser that keeps nothing for files, or was told not to. */ }
  }
  addEventListener('pagehide', () => {
    try { sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(Object.entries(parts).map(([name, now]) => [name, now()])))); } catch { /* As above. */ }
  });
  return {
    /**
     * What was kept of a part, if anything; from now on it is asked what there is to keep.
     * @param {string} name @param {() => any} now @returns {any}
     */
    keep(name, now) {
      parts[name] = now;
      return kept[name];
    },
  };
})();
