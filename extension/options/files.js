/** Files out of and into an extension page. */

/**
 * Offers a text as a file.
 *
 * @param {string} name
 * @param {string} type
 * @param {string} content
 */
export function download(name, type, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Lets the reader choose a file.
 *
 * @param {string} accept
 * @returns {Promise<string | null>} its text; null when none was chosen
 */
export function choose(accept) {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener('change', async () => resolve((await input.files?.[0]?.text()) ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
