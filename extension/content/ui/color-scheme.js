/** Whether the page is light or dark: arXiv's own themes, another extension's, or the reader's style sheet. */

/** @returns {'light' | 'dark'} */
export function colorScheme() {
  for (const element of [document.body, document.documentElement]) {
    const colour = getComputedStyle(element).backgroundColor;
    const [red, green, blue, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    if (!alpha || blue === undefined || !colour.startsWith('rgb')) continue;
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light';
  }
  return getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'dark' : 'light';
}
