/**
 * What the extension's contexts say to each other: every name, every shape.
 *
 * Translations travel over a Port, because they stream and because closing the Port is how a
 * reader who leaves says so. Everything else is one message with one answer.
 */

/** The Port between a page (or the popup) and `background/translation-scheduler.js`. */
export const TRANSLATION_PORT = 'translation';

/**
 * How often a page with work under way reminds the background to stay awake (Firefox stops it at 30 s), and
 * learns from the answer that it still is there.
 */
export const PING_INTERVAL = 10_000;

/**
 * One message, one answer: to the background, from the popup, the options page and the content script.
 */
export const TO_BACKGROUND = Object.freeze({
  edition: 'edition',
  lists: 'lists',
  search: 'search',
  status: 'status',
  model: 'model',
  testConnection: 'test-connection',
  openOptions: 'open-options',
  seen: 'seen',
  paperTerms: 'paper-terms',
  correctPaper: 'correct-paper',
});

/** One message, one answer: to the content script of a tab. */
export const TO_PAGE = Object.freeze({
  state: 'page-state',
  toggle: 'toggle-translation',
  cycleDisplay: 'cycle-display',
  translateSelection: 'translate-selection',
  retryFailed: 'retry-failed',
});

/**
 * What went wrong, as the backend says it (RFC 9457) or as the extension found it.
 *
 * @typedef {object} Problem
 * @property {string} type the last word of the problem's type, such as `rate-limited`
 * @property {number} [until] when asking again makes sense, in milliseconds since 1970
 * @property {number} [place] in the queue for the model, 1 being the next
 * @property {string} [detail] the server's own sentence; text from outside, only ever shown as text
 */

/**
 * What a reader looks for among all that the server stores; '' and false leave a filter out.
 *
 * @typedef {object} SearchWishes
 * @property {string} words
 * @property {string} category one of arXiv's
 * @property {string} from YYYY-MM-DD
 * @property {string} to YYYY-MM-DD
 * @property {boolean} hasCode
 * @property {boolean} verified
 * @property {boolean} newest by date
 */

/**
 * Where the words of a search stand: HTML from outside, with `<mark>` around them.
 *
 * @typedef {object} Passage
 * @property {string} lang of title and abstract
 * @property {string} titleHtml
 * @property {string} abstractHtml
 * @property {string[]} authorsHtml one for each author
 * @property {string} day of the paper's first list, or ''
 */

/**
 * @typedef {object} Untranslated papers of a search's span, found or not, that have no translation
 * @property {number} papers
 * @property {number} tokens that translating them takes, about
 * @property {number | null} price of that, where the server's owner told their prices
 */

/**
 * @template P
 * @typedef {object} Found
 * @property {string} lang the reader's language
 * @property {P[]} papers each with its passage
 * @property {number} total of all pages
 * @property {Untranslated | null} untranslated
 * @property {string} next what to give as `before` for the next page; '' after the last
 */

/**
 * @typedef {object} SourceSegment
 * @property {string} id
 * @property {string} text prose with `<x1/>` and `<g2>…</g2>`
 * @property {boolean} [seen] whether the reader looks at it now
 * @property {boolean} [later] whether everything else goes first
 * @property {boolean} [parts] whether `<p1/>` stands in it, between parts that stay where they are
 * @property {boolean} [anew] whether the server is asked although this browser remembers an answer
 */

/**
 * @typedef {object} Context what the model may know beside the segments
 * @property {string} [title]
 * @property {string} [section]
 */

/**
 * @typedef {object} Paper whose text the segments are; the model is shown its title and the section's heading
 * @property {string} id its arXiv identifier, with the version where it is known
 * @property {string} title
 * @property {string} section
 */

/**
 * @typedef {object} PaperTerm what a paper calls a thing, for all its readers
 * @property {string} source
 * @property {string} target
 * @property {'reader' | 'termbase' | 'model'} origin who says so
 */

/**
 * @typedef {object} TermsQuestion a question about a paper's terms, or a change of them, to the background
 * @property {typeof TO_BACKGROUND.paperTerms} type
 * @property {string} id the paper's arXiv identifier
 * @property {string} lang
 * @property {{ title: string, abstract: string, text: string }} [draw] the paper's beginning, of which a model draws them
 * @property {{ source: string, target: string }} [change]
 * @property {{ source: string }} [takeBack]
 */

/**
 * @typedef {object} PaperTermsAnswer
 * @property {PaperTerm[]} terms
 * @property {boolean} drawn whether a model has drawn them
 * @property {number} tokens what drawing them takes
 */

/**
 * @typedef {object} Correction what became of a reader's own wording
 * @property {boolean} kept whether all readers get it from now on
 * @property {boolean} verified
 * @property {string[]} issues names of what the check found
 */

/**
 * @typedef {object} TranslateRequest
 * @property {'translate'} type
 * @property {string} lang
 * @property {SourceSegment[]} segments
 * @property {Paper} [paper]
 * @property {Context} [context]
 * @property {boolean} [retry] ask the model anew although something is remembered
 */

/**
 * @typedef {object} TranslatePapersRequest
 * @property {'translate-papers'} type
 * @property {string} lang
 * @property {string[]} papers arXiv identifiers; answered as segments `ID/title` and `ID/abstract`
 * @property {boolean} [retry] ask the model anew although something is remembered
 */

/**
 * @typedef {TranslateRequest | TranslatePapersRequest
 *   | { type: 'cancel', ids: string[] } | { type: 'hasten', ids: string[] } | { type: 'focus' } | { type: 'ping' }} PortRequest
 */

/**
 * @typedef {object} TranslatedSegment
 * @property {'segment'} type
 * @property {string} id
 * @property {string} text with a mark `<s1/>`, … before each sentence, where it is known which is which
 * @property {boolean} verified
 * @property {boolean} cached
 * @property {string[]} issues names of what the check found
 * @property {readonly number[]} [sourceSentences] where the sentences of the segment begin in its text, where that is known
 */

/**
 * @typedef {TranslatedSegment
 *   | { type: 'delta', id: string, text: string }
 *   | { type: 'restart', id: string }
 *   | { type: 'failed', id: string, problem: Problem }
 *   | { type: 'cancelled', ids: string[] }
 *   | { type: 'hold', problem: Problem | null }
 *   | { type: 'usage', tokens: number, translated: number, cached: number, failed: number }} PortEvent
 * `restart` voids the deltas so far; `hold` says that nothing is asked before `problem.until`,
 * or that the texts are `queued` at the server; null ends the latter.
 *
 * @typedef {PortEvent | { type: 'pong' }} PortMessage what comes over the Port: `pong` answers a `ping`
 */

/**
 * What a page tells the popup about itself.
 *
 * @typedef {object} PageState
 * @property {string} page the page type: abs, list, search
 * @property {boolean} on
 * @property {'idle' | 'working' | 'done' | 'problem'} state
 * @property {string} title the translated title of an abstract page, when there is one
 * @property {string} lang
 */
