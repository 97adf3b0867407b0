// Content scripts are classic scripts; this one brings in the module that does the work. The page is not
// painted until that has made room for the translations (a moment; renderer.css ends it in any case), so
// that nothing jumps under the reader's eyes.
{
  const { dataset } = document.documentElement;
  dataset.paperglot = 'preparing';
  import((globalThis.browser ?? globalThis.chrome).runtime.getURL('content/main.js')).finally(() => {
    delete dataset.paperglot;
  });
}
