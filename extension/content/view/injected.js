/** What is put into the page is told from the page by one attribute. */

/**
 * @param {string} tag
 * @param {string} role value of `data-paperglot`
 * @param {string} [words]
 * @returns {HTMLElement}
 */
export function injected(tag, role, words) {
  const element = document.createElement(tag);
  element.dataset.paperglot = role;
  if (words !== undefined) element.textContent = words;
  return element;
}
