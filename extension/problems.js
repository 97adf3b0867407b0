/**
 * From a problem's type to the words that say it and the step that mends it. Data, no words: the words
 * are in `_locales`.
 */

/**
 * @typedef {object} Explanation
 * @property {string} key of the sentence
 * @property {(string | number)[]} values
 * @property {'retry' | 'options' | 'reload' | 'none'} remedy
 * @property {string} detail the server's own words, where they say more; in English, only ever text
 */

/** @typedef {import('./messages.js').Problem} Problem */

/** @type {Record<string, [key: string, remedy: Explanation['remedy']]>} */
const SENTENCES = {
  'backend-unreachable': ['problemBackendUnreachable', 'retry'],
  'backend-silent': ['problemBackendSilent', 'retry'],
  'not-paperglot': ['problemNotPaperglot', 'options'],
  'bad-answer': ['problemBadAnswer', 'retry'],
  offline: ['problemOffline', 'retry'],
  unauthorized: ['problemUnauthorized', 'options'],
  'token-missing': ['problemTokenMissing', 'options'],
  'arxiv-access-missing': ['problemArxivAccessMissing', 'none'],
  'forbidden-origin': ['problemForbiddenOrigin', 'options'],
  'translator-not-configured': ['problemTranslatorNotConfigured', 'retry'],
  'translator-unavailable': ['problemTranslatorUnavailable', 'retry'],
  'upstream-unavailable': ['problemUpstreamUnavailable', 'retry'],
  'database-unavailable': ['problemDatabaseUnavailable', 'retry'],
  'unsupported-language': ['problemUnsupportedLanguage', 'options'],
  'payload-too-large': ['problemTooLong', 'none'],
  'language-not-chosen': ['problemLanguageNotChosen', 'options'],
  'paper-incomplete': ['problemPaperIncomplete', 'none'],
  'extension-reloaded': ['problemExtensionReloaded', 'reload'],
};

/** Types of which the server knows more than we can say: which setting of the model's is wrong, for one. */
const DETAILED = new Set(['translator-unavailable', 'invalid-request']);

/** Types whose sentence names a time. */
const TIMED = new Map([
  ['rate-limited', 'problemRateLimited'],
  ['budget-exhausted', 'problemBudgetExhausted'],
]);

/**
 * @param {number} [until] milliseconds since 1970
 * @returns {string} the time as the reader writes it; seconds when it is near
 */
function clock(until) {
  const time = until ?? Date.now() + 60_000;
  const near = time - Date.now() < 5 * 60_000;
  return new Intl.DateTimeFormat(undefined, { timeStyle: near ? 'medium' : 'short' }).format(time);
}

/**
 * @param {Problem} problem
 * @param {{ address?: string }} [where] the backend's address, for sentences that name it
 * @returns {Explanation}
 */
export function explain(problem, { address = '' } = {}) {
  const timed = TIMED.get(problem.type);
  if (timed) return { key: timed, values: [clock(problem.until)], remedy: 'retry', detail: '' };
  if (problem.type === 'queued') return { key: 'problemQueued', values: [problem.place ?? 1], remedy: 'none', detail: '' };
  const [key, remedy] = SENTENCES[problem.type] ?? ['problemUnknown', 'retry'];
  const detail = DETAILED.has(problem.type) || key === 'problemUnknown' ? (problem.detail ?? '') : '';
  return { key, values: [address], remedy, detail };
}

/** What the check of a translation finds that has a sentence of its own. */
const ISSUES = ['placeholder', 'nesting', 'number', 'script', 'echo', 'refusal', 'truncated', 'length'];

/**
 * @param {string[]} issues names of what the check of a translation found
 * @returns {string} the key of the sentence that says the first of them
 */
export function issueKey(issues) {
  const [first] = issues.filter((issue) => ISSUES.includes(issue));
  return first ? `issue${first[0].toUpperCase()}${first.slice(1)}` : 'issueOther';
}
