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

/** No file of ours comes near it. */
const MAX_FILE_BYTES = 5_000_000;

/**
 * Lets the reader choose a file.
 *
 * @param {string} accept
 * @returns {Promise<string | null>} its text, '' when it is none; null when no file was chosen
 */
export function choose(accept) {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener('change', async () => {
      const file = input.files?.[0];
      if (!file) resolve(null);
      else resolve(file.size > MAX_FILE_BYTES ? '' : decode(await file.arrayBuffer()));
    });
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}

/** @param {ArrayBuffer} buffer UTF-8, or UTF-16 with its mark, as Excel's "Unicode text" @returns {string} */
function decode(buffer) {
  const [first, second] = new Uint8Array(buffer.slice(0, 2));
  const utf16 = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : '';
  try {
    return new TextDecoder(utf16 || 'utf-8', { fatal: true }).decode(buffer);
  } catch {
    return '';
  }
}
