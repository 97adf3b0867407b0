/** Pictures: inside the export, or words in their place. */

import { portable } from './addresses.js';
import { element, elements } from './nodes.js';

/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {import('./nodes.js').Picture} Picture */
/** @typedef {{bytes: Uint8Array, type: string}} Fetched */
/** @typedef {(url: string) => Promise<Fetched | null>} FetchImage gives null for what is not there */

/** What every reading program shows. */
const ENDINGS = new Map([
  ['image/png', 'png'], ['image/jpeg', 'jpg'], ['image/gif', 'gif'], ['image/webp', 'webp'], ['image/svg+xml', 'svg'],
]);
/** The words that LaTeXML gives each picture. */
const NO_WORDS = /^(?:refer to caption|\[?uncaptioned image\]?|refer to captionrefer to caption)$/i;
const AT_ONCE = 4;

/**
 * @param {Element} image of a page
 * @param {{base: string, page: string, pictures: Map<string, string>}} conversion its pictures are file names by addresses
 * @returns {TreeElement}
 */
export function pictureOf(image, conversion) {
  const address = image.getAttribute('src') || image.getAttribute('data') || '';
  const data = /^data:image\//i.test(address.trim());
  const url = data ? address.trim() : portable(address, conversion.base, conversion.page);
  if (url && !url.startsWith('#') && !conversion.pictures.has(url)) {
    conversion.pictures.set(url, `images/${conversion.pictures.size + 1}`);
  }
  const alt = (image.getAttribute('alt') ?? '').trim();
  return element('img', {
    src: url ?? '',
    alt: NO_WORDS.test(alt) ? '' : alt,
    width: size(image, 'width'),
    height: size(image, 'height'),
    class: image.classList.contains('ltx_centering') ? 'ltx_centering' : undefined,
  });
}

/**
 * @param {Element} image
 * @param {string} name
 */
function size(image, name) {
  const value = Number(image.getAttribute(name));
  return Number.isFinite(value) && value >= 1 ? String(Math.round(value)) : undefined;
}

/**
 * Fetches the pictures and gives each `img` its file's name; where there is none, words and a link take its place.
 *
 * @param {import('./nodes.js').TreeNode[]} body changed in place
 * @param {Map<string, string>} names by addresses
 * @param {FetchImage | undefined} fetchImage
 * @param {string} missing what to say where a picture without words of its own is not there
 * @param {import('./pace.js').Pace} pace steps by pictures
 * @returns {Promise<Picture[]>}
 */
export async function settlePictures(body, names, fetchImage, missing, pace) {
  /** @type {Map<string, Picture>} */
  const found = new Map();
  const queue = [...names];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [url, name] = next;
      const fetched = await picture(url, fetchImage);
      const ending = fetched && ENDINGS.get(fetched.type);
      if (ending) found.set(url, { ...fetched, name: `${name}.${ending}`, url });
      await pace.step();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const node of [...elements(body)].filter(({ name }) => name === 'img')) {
    const url = node.attributes.src;
    const file = found.get(url);
    if (file) node.attributes.src = file.name;
    else replace(node, url, missing);
  }
  return [...names.keys()].flatMap((url) => found.get(url) ?? []);
}

/**
 * @param {string} url
 * @param {FetchImage | undefined} fetchImage
 * @returns {Promise<Fetched | null>}
 */
async function picture(url, fetchImage) {
  try {
    const fetched = url.startsWith('data:') ? await fromData(url) : await fetchImage?.(url);
    return fetched?.bytes.length ? { bytes: fetched.bytes, type: fetched.type.split(';')[0].trim().toLowerCase() } : null;
  } catch {
    // What cannot be had is missing, for whatever reason: the text is the paper.
    return null;
  }
}

/**
 * @param {string} url
 * @returns {Fetched}
 */
function fromData(url) {
  const [, type, encoded, body] = /^data:([^;,]+)[^,]*?(;base64)?,(.*)$/is.exec(url) ?? ['', '', '', ''];
  const text = encoded ? atob(decodeURIComponent(body)) : decodeURIComponent(body);
  const bytes = encoded ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : new TextEncoder().encode(text);
  return { bytes, type };
}

/**
 * @param {TreeElement} node
 * @param {string} url
 * @param {string} missing
 */
function replace(node, url, missing) {
  const words = node.attributes.alt || missing;
  node.name = 'span';
  node.attributes = { class: 'missing-picture' };
  node.children = /^https?:/.test(url) ? [element('a', { href: url }, words)] : [words];
}
