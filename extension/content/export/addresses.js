/** Addresses of a page as a file of its own can hold them. */

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'doi:', 'ftp:']);
// What URL leaves as it is and EPUBCheck refuses.
const REFUSED = /[\^|`{}[\]\\"<> ]/g;

/**
 * An address in a form that needs no page around it.
 *
 * @param {string} address as it is written in the page
 * @param {string} base the page's
 * @param {string} page the paper's address without a fragment
 * @returns {string | null} null when it leads nowhere outside of the page: `data:`, scripts, what is no address
 */
export function portable(address, base, page) {
  const written = address.trim();
  if (!written) return null;
  if (written.startsWith('#')) return written.length > 1 ? fragment(written.slice(1)) : null;
  let url;
  try {
    url = new URL(written, base);
  } catch {
    return null;
  }
  if (!SCHEMES.has(url.protocol)) return null;
  if (url.hash.length > 1 && samePage(url, [base, page])) return fragment(url.hash.slice(1));
  // Host names that no resolver takes, from links that broke in the paper's source.
  if (url.protocol !== 'mailto:' && !/^[a-z\d.-]+$|^\[[\d:a-f.]+\]$/.test(url.hostname)) return null;
  return url.href.replace(/^([^?#]*:\/\/[^/]*)?(.*)$/s, (_all, origin = '', rest) => origin + rest.replace(REFUSED, encode));
}

/** @param {string} character */
const encode = (character) => `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;

/** @param {string} hash without its sign, percent-encoded or not */
function fragment(hash) {
  try {
    return `#${identifier(decodeURIComponent(hash))}`;
  } catch {
    return `#${identifier(hash)}`;
  }
}

/**
 * An `id` without the spaces that none may have, and as it was before it was lent to a translation's copy.
 *
 * @param {string} id
 */
export function identifier(id) {
  return id.replace(/^paperglot-away-/, '').replace(/[\s\p{Cc}]+/gu, '-');
}

/**
 * @param {URL} url
 * @param {string[]} pages
 */
function samePage(url, pages) {
  const path = plainPath(url.href);
  return pages.some((page) => plainPath(page) === path);
}

/** @param {string} address */
const plainPath = (address) => address.replace(/[?#].*$/s, '').replace(/^http:/, 'https:').replace(/\/$/, '');
