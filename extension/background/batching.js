/** What waits for a translation, and how much of it goes into one request. */

/** @typedef {import('../messages.js').Context} Context */
/** @typedef {import('../messages.js').Paper} Paper */

const MAX_CHARACTERS = 10_000;
const MAX_SEGMENTS = 64;
/** So little is begun soon enough in one stream. */
const MIN_DEALT_CHARACTERS = 1_600;
/** A title, an abstract and its comments are one request. */
const MIN_DEALT_SEGMENTS = 3;
/** What is dealt to one stream has at least so much: each request has its instructions beside its texts. */
const MIN_SHARE = 800;
/** And hardly more than so much, so that who has scrolled on meanwhile does not wait long for the next. */
const MAX_SHARE = 4_000;
/** A title goes with its abstract, a heading with its paragraph: so much is never taken apart. */
const MIN_PASSAGE = 400;
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
 * Takes from the queue what goes into the next streams, at most one request for each that is free. While
 * somebody looks at texts that are not asked for yet, these and what is near them are dealt to all free
 * streams, so that everything begins and ends soon; what nobody looks at goes into one, to cost little.
 *
 * @param {Item[]} queue not empty
 * @param {number} [streams] that are free
 * @returns {Item[][]} one request or more
 */
export function takeBatches(queue, streams = 1) {
  const wanted = groupOf(queue[0]);
  const group = queue.filter((item) => groupOf(item) === wanted);
  const seen = group.filter((item) => item.seen);
  // In a paper one passage follows another: only what is seen is worth the instructions of several requests.
  const urgent = group[0].paper || !seen.length ? seen : group;
  const shares = Math.min(streams, Math.floor(sizeOf(urgent) / MIN_SHARE));
  const isDealt = shares > 1 && urgent.length > MIN_DEALT_SEGMENTS && sizeOf(urgent) > MIN_DEALT_CHARACTERS;
  const batches = isDealt ? deal(group, shares) : [fill(group)];
  const taken = new Set(batches.flat());
  queue.splice(0, queue.length, ...queue.filter((item) => !taken.has(item)));
  return batches;
}

/**
 * What one request has in common. A paper's sections have their headings among the segments: they need no
 * request each.
 *
 * @param {Item} item
 */
function groupOf({ kind, lang, context, paper, retry, later }) {
  return JSON.stringify([kind, lang, context, paper?.id, retry, later]);
}

/** @param {Item[]} items @returns {number} characters */
function sizeOf(items) {
  return items.reduce((sum, { kind, text }) => sum + (kind === 'paper' ? PAPER_CHARACTERS : text.length), 0);
}

/** @param {Item[]} batch @param {Item[]} more @param {number} limit characters @returns {boolean} whether they go along */
function hasRoom(batch, more, limit) {
  return !batch.length || (batch.length + more.length <= MAX_SEGMENTS && sizeOf(batch) + sizeOf(more) <= limit);
}

/** @param {Item[]} group @returns {Item[]} as many as one request holds, in order */
function fill(group) {
  /** @type {Item[]} */
  const batch = [];
  for (const item of group) if (hasRoom(batch, [item], MAX_CHARACTERS)) batch.push(item);
  return batch;
}

/**
 * Each passage goes to the stream that comes to it first; those that somebody looks at are the first passages.
 *
 * @param {Item[]} group
 * @param {number} shares
 * @returns {Item[][]}
 */
function deal(group, shares) {
  /** @type {Item[][]} */
  const batches = Array.from({ length: shares }, () => []);
  const isSeen = (/** @type {Item[]} */ passage) => passage.some(({ seen }) => seen);
  for (const passage of passagesOf(group).toSorted((a, b) => Number(isSeen(b)) - Number(isSeen(a)))) {
    const [batch] = batches.toSorted((a, b) => sizeOf(a) - sizeOf(b));
    if (!hasRoom(batch, passage, MAX_SHARE)) break;
    batch.push(...passage);
  }
  return batches.filter(({ length }) => length);
}

/** @param {Item[]} items @returns {Item[][]} them in order, short ones with what follows */
function passagesOf(items) {
  /** @type {Item[][]} */
  const passages = [];
  for (const item of items) {
    const last = passages.at(-1);
    if (last && sizeOf(last) < MIN_PASSAGE && hasRoom(last, [item], MAX_SHARE)) last.push(item);
    else passages.push([item]);
  }
  return passages;
}

/** @param {string} id `2306.02707/title`, `hep-th/9901001/abstract` */
export function paperOf(id) {
  return id.slice(0, id.lastIndexOf('/'));
}
