// Runs before the first paint, so that a dark screen never flashes white.
(function () {
  var root = document.documentElement;
  var get = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  var theme = get('hl.theme') || 'system';
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  root.dataset.density = get('hl.density') || 'compact';
  var lang = get('hl.lang') || (/^zh/i.test(navigator.language) ? 'zh-CN' : /^en/i.test(navigator.language) ? 'en' : 'zh-CN');
  root.lang = lang;
})();
