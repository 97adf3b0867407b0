/** What waits for a translation, and how much of it goes into one request. */

/** @typedef {import('../messages.js').Context} Context */

const MAX_CHARACTERS = 10_000;
const MAX_SEGMENTS = 64;
/** Papers are asked for by name; a title and an abstract have about so many characters. */
const PAPER_CHARACTERS = 1_600;

/**
 * @typedef {object} Item one segment, or one paper's title and abstract, that somebody waits for
 * @property {string} id
 * @property {string} text empty for a paper
 * @property {'segment' | 'paper'} kind
 * @property {string} lang
 * @property {Context} [context]
 * @property {boolean} retry
 * @property {number} breaks how often a stream broke over it
 */

/**
 * Takes from the front of the queue what fits into one stream.
 *
 * @param {Item[]} queue
 * @returns {Item[]}
 */
export function takeBatch(queue) {
  const [first] = queue;
  /** @param {Item} item */
  const group = ({ kind, lang, context, retry }) => JSON.stringify([kind, lang, context, retry]);
  const wanted = group(first);
  const batch = [];
  let characters = 0;
  for (let index = 0; index < queue.length && batch.length < MAX_SEGMENTS; ) {
    const item = queue[index];
    const length = item.kind === 'paper' ? PAPER_CHARACTERS : item.text.length;
    if (group(item) === wanted && (!batch.length || characters + length <= MAX_CHARACTERS)) {
      characters += length;
      batch.push(item);
      queue.splice(index, 1);
    } else {
      index += 1;
    }
  }
  return batch;
}

/** @param {string} id `2306.02707/title`, `hep-th/9901001/abstract` */
export function paperOf(id) {
  return id.slice(0, id.lastIndexOf('/'));
}
