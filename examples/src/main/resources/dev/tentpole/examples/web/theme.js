// Runs before the first paint, as a classic script: a stored choice of theme must not flash the other one first.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('bigtent.theme');
  } catch {
    // Storage may be forbidden; the system's preference holds then.
  }
  const dark = chosen ? chosen === 'dark' : !matchMedia('(prefers-color-scheme: light)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
