/**
 * Lets a page ask for segments of any length: one that is over a request's limits is asked for in pieces,
 * and what the background says of these is said of the segment.
 */

import { inWhole, isTooLong, joined, jointIn, piecesOf, wholeOffset } from './text-pieces.js';

/** @typedef {import('../../messages.js').PortEvent} PortEvent */
/** @typedef {import('../../messages.js').SourceSegment} SourceSegment */
/** @typedef {import('../../messages.js').TranslatedSegment} TranslatedSegment */
/** @typedef {import('../../messages.js').TranslateRequest} TranslateRequest */
/** @typedef {import('./text-pieces.js').TextPiece} TextPiece */

/**
 * @typedef {object} LongSegment one that is asked for and not yet answered
 * @property {string} id
 * @property {string} lang
 * @property {readonly TextPiece[]} pieces
 * @property {readonly string[]} ids of the pieces
 * @property {(TranslatedSegment | null)[]} answers to them
 * @property {string[]} streamed what came of those that are not answered
 * @property {string} shown what was said of the translation so far
 */

/** Stands in the name of each piece and in no other. */
const OF_PIECE = ':';
const MARKS = /<s\d+\/>/g;
const HALF_PLACEHOLDER = /<[^<>]*$/;

export class LongSegments {
  /** @type {Map<string, LongSegment>} by the ids of their pieces */
  #byPiece = new Map();
  /** @type {Map<string, LongSegment>} */
  #byId = new Map();
  #count = 0;
  #onEvent;

  /** @param {(event: PortEvent) => void} onEvent is told of whole segments only */
  constructor(onEvent) {
    this.#onEvent = onEvent;
  }

  /** @param {TranslateRequest} request @returns {TranslateRequest} pieces in place of segments that are too long */
  cut(request) {
    return { ...request, segments: request.segments.flatMap((one) => isTooLong(one.text) ? this.#cut(one, request.lang) : [one]) };
  }

  /** @param {string[]} ids of segments @returns {string[]} what these were asked for as */
  asked(ids) {
    return ids.flatMap((id) => this.#byId.get(id)?.ids ?? [id]);
  }

  /** @param {PortEvent} event of what `cut` gave */
  receive(event) {
    if (event.type === 'cancelled') {
      const dropped = event.ids.map((id) => this.#byPiece.get(id)?.id ?? id);
      for (const id of event.ids) {
        const long = this.#byPiece.get(id);
        if (long) this.#forget(long);
      }
      this.#onEvent({ ...event, ids: [...new Set(dropped)] });
      return;
    }
    const long = 'id' in event ? this.#byPiece.get(event.id) : undefined;
    if (long) this.#receivePiece(long, /** @type {Extract<PortEvent, { id: string }>} */ (event));
    // What is left of one that failed, was dropped or asked for anew concerns nobody.
    else if (!('id' in event && event.id.includes(OF_PIECE))) this.#onEvent(event);
  }

  /**
   * @param {SourceSegment} segment
   * @param {string} lang
   * @returns {SourceSegment[]}
   */
  #cut(segment, lang) {
    const { id, text } = segment;
    const old = this.#byId.get(id);
    if (old) this.#forget(old);
    this.#count += 1;
    const pieces = piecesOf(text);
    const ids = pieces.map((_, index) => `${id}${OF_PIECE}${this.#count}.${index + 1}`);
    /** @type {LongSegment} */
    const long = { id, lang, pieces, ids, answers: pieces.map(() => null), streamed: pieces.map(() => ''), shown: '' };
    this.#byId.set(id, long);
    for (const each of ids) this.#byPiece.set(each, long);
    return pieces.map((piece, index) => ({ ...segment, id: ids[index], text: piece.text, parts: /<p\d/.test(piece.text) }));
  }

  /**
   * @param {LongSegment} long
   * @param {Extract<PortEvent, { id: string }>} event of one of its pieces
   */
  #receivePiece(long, event) {
    const index = long.ids.indexOf(event.id);
    if (event.type === 'failed') {
      this.#forget(long);
      this.#onEvent({ ...event, id: long.id });
      return;
    }
    if (event.type === 'delta') long.streamed[index] += event.text;
    else if (event.type === 'restart') long.streamed[index] = '';
    else long.answers[index] = event;
    if (long.answers.every((answer) => answer !== null)) {
      this.#forget(long);
      this.#onEvent(whole(long, long.answers));
    } else {
      this.#show(long);
    }
  }

  /** Says what the translation begins with, as far as that is new. @param {LongSegment} long */
  #show(long) {
    const now = beginning(long);
    const goesOn = now.startsWith(long.shown);
    const fresh = goesOn ? now.slice(long.shown.length) : now;
    long.shown = now;
    if (!goesOn) this.#onEvent({ type: 'restart', id: long.id });
    if (fresh) this.#onEvent({ type: 'delta', id: long.id, text: fresh });
  }

  /** @param {LongSegment} long */
  #forget(long) {
    this.#byId.delete(long.id);
    for (const id of long.ids) this.#byPiece.delete(id);
  }
}

/** @param {LongSegment} long @returns {string} what is known of its translation up to the first gap */
function beginning({ pieces, answers, streamed, lang }) {
  let text = '';
  for (const [index, piece] of pieces.entries()) {
    const answer = answers[index]?.text.replace(MARKS, '');
    const known = answer ?? streamed[index].replace(HALF_PLACEHOLDER, '');
    if (known) text += jointIn(piece.joint, lang) + inWhole(known, piece);
    if (answer === undefined) break;
  }
  return text;
}

/**
 * @param {LongSegment} long
 * @param {readonly TranslatedSegment[]} answers to all of its pieces
 * @returns {TranslatedSegment}
 */
function whole({ id, pieces, lang }, answers) {
  const areMarked = answers.every(({ sourceSentences }) => sourceSentences);
  const texts = answers.map(({ text }) => areMarked ? text : text.replace(MARKS, ''));
  return {
    type: 'segment', id, text: joined(pieces, texts, lang),
    verified: answers.every(({ verified }) => verified),
    cached: answers.every(({ cached }) => cached),
    issues: [...new Set(answers.flatMap(({ issues }) => issues))],
    ...(areMarked ? {
      sourceSentences: answers.flatMap(({ sourceSentences = [] }, index) => sourceSentences.map((at) => wholeOffset(pieces[index], at))),
    } : {}),
  };
}
