/** What waits for a translation, and how much of it goes into one request. */

/** @typedef {import('../messages.js').Context} Context */
/** @typedef {import('../messages.js').Paper} Paper */

const MAX_CHARACTERS = 10_000;
const MAX_SEGMENTS = 64;
/** So little is begun soon enough in one stream. */
const MIN_DEALT_CHARACTERS = 1_600;
/** A title, an abstract and its comments are one request. */
const MIN_DEALT_SEGMENTS = 3;
/** Papers are asked for by name; a title and an abstract have about so many characters. */
const PAPER_CHARACTERS = 1_600;

/**
 * @typedef {object} Item one segment, or one paper's title and abstract, that somebody waits for
 * @property {string} id
 * @property {string} text empty for a paper
 * @property {'segment' | 'paper'} kind
 * @property {string} lang
 * @property {Context} [context]
 * @property {Paper} [paper]
 * @property {boolean} [parts]
 * @property {boolean} [seen] somebody looks at it and has nothing to read yet
 * @property {boolean} [later] everything else goes first
 * @property {boolean} [anew] what this browser remembers of it is out of date
 * @property {boolean} retry
 * @property {number} breaks how often a stream broke over it
 */

/**
 * Takes from the front of the queue what fits into one stream. What somebody looks at is dealt evenly to
 * the streams that are free, so that all of it begins soon.
 *
 * @param {Item[]} queue
 * @param {number} [streams] that are free, this one included
 * @returns {Item[]}
 */
export function takeBatch(queue, streams = 1) {
  const [first] = queue;
  // A paper's sections have their headings among the segments: they need no request each.
  /** @param {Item} item */
  const group = ({ kind, lang, context, paper, retry, later }) => JSON.stringify([kind, lang, context, paper?.id, retry, later]);
  const wanted = group(first);
  const seen = queue.filter((item) => item.seen && group(item) === wanted);
  const wait = seen.reduce((sum, item) => sum + item.text.length, 0);
  const isDealt = first.seen && seen.length > MIN_DEALT_SEGMENTS && wait > MIN_DEALT_CHARACTERS;
  const share = isDealt ? wait / streams : MAX_CHARACTERS;
  const batch = [];
  let characters = 0;
  for (let index = 0; index < queue.length && batch.length < MAX_SEGMENTS; ) {
    const item = queue[index];
    const length = item.kind === 'paper' ? PAPER_CHARACTERS : item.text.length;
    const fits = !batch.length || (characters + length <= MAX_CHARACTERS && characters + length / 2 <= share);
    if (group(item) === wanted && fits && (!isDealt || item.seen)) {
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
