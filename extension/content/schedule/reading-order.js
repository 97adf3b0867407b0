/** Which of several blocks the reader needs first. */

/** @typedef {import('../document/blocks.js').Block} Block */

/**
 * @param {Block[]} blocks
 * @param {number} ahead screens
 * @returns {Record<'above' | 'seen' | 'below' | 'beyond', Block[]>} in the order of the page, by where the reader is
 */
export function inOrder(blocks, ahead) {
  const sorted = blocks.toSorted((a, b) => (a.original.compareDocumentPosition(b.original) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1));
  /** @type {Record<'above' | 'seen' | 'below' | 'beyond', Block[]>} */
  const places = { above: [], seen: [], below: [], beyond: [] };
  for (const block of sorted) {
    const boxes = seenOf(block).map((element) => element.getBoundingClientRect());
    const top = Math.min(...boxes.map((box) => box.top));
    if (boxes.some((box) => box.bottom > 0 && box.top < innerHeight)) places.seen.push(block);
    else if (boxes.every(({ bottom }) => bottom <= 0)) places.above.push(block);
    else places[!document.hidden && top > (1 + ahead) * innerHeight ? 'beyond' : 'below'].push(block);
  }
  return places;
}

/** @param {Block} block @returns {readonly Element[]} what is seen of it, or of the block it stands in */
function seenOf({ host, observed }) {
  return host ? seenOf(host) : observed;
}
