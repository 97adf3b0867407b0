// Content scripts are classic scripts; this one brings in the module that does the work. A page that is
// just being parsed is not painted until that has reserved space for the translations (a moment; view/translation-view.css
// ends it in any case), so that nothing jumps under the reader's eyes. The attribute is one that no other
// rule of ours names: otherwise setting it on the root makes the browser style the whole page anew.
{
  const { dataset } = document.documentElement;
  if (document.readyState === 'loading') dataset.paperglotPreparing = '';
  import((globalThis.browser ?? globalThis.chrome).runtime.getURL('content/main.js')).finally(() => {
    delete dataset.paperglotPreparing;
  });
}
