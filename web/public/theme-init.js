// Before the first paint: the theme and the language that were chosen last.
(function () {
  var root = document.documentElement;
  var theme = 'system';
  var language = 'en';
  try {
    theme = localStorage.getItem('theme') || 'system';
    language = localStorage.getItem('language') || navigator.language.slice(0, 2);
  } catch (_error) {
    // A browser without storage gets what it asks for by itself.
  }
  var isDark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'dark' : 'light';
  root.lang = language;
  root.dir = language === 'ar' ? 'rtl' : 'ltr';
})();
