/** localStorage as JSON; where the browser refuses it, nothing is kept and nothing breaks. */

/**
 * @param {string} name
 * @returns {unknown} null when nothing is kept
 */
export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(`paperglot.${name}`) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function write(name, value) {
  try {
    localStorage.setItem(`paperglot.${name}`, JSON.stringify(value));
  } catch {
    // Full, or forbidden: the page goes on without.
  }
}
