/**
 * What stands around the words of a text and need not be translated with them: the number of a heading,
 * footnotes behind the last sentence, a style over all of it. It is not sent, so that no model can lose it.
 */

/**
 * What a placeholder stands for.
 *
 * @typedef {{ kind: 'x', nodes: Node[] } | { kind: 'g', element: Element }} Original
 */

/** @typedef {{ text: string, node?: Text } | { x: Element | null, original: Original } | { open: Element } | { close: true } | { part: true }} Token */

const HAS_WORDS = /[\p{L}\p{N}]/u;
const ENDS = /[.!?。！？…:;)”"’]\s*$/u;

/**
 * @param {readonly Token[]} tokens
 * @returns {{ core: Token[], before: Token[], after: Token[] }} what is left, and what stands before and after each part of it
 */
export function withoutFrame(tokens) {
  const parted = tokens.some((token) => 'part' in token);
  let core = [...tokens];
  /** @type {Token[]} */
  const before = [];
  /** @type {Token[]} */
  const after = [];
  for (;;) {
    trim(core);
    const [first] = core;
    const last = core.at(-1);
    if (!parted && first && 'x' in first && first.x?.matches('.ltx_tag')) {
      before.push(...core.splice(0, 1));
      // A blank at its end would stand on its other side in text that runs to the left.
      if (/\s$/.test(first.x.textContent ?? '')) before.push({ text: ' ' });
      else if (blank(core[0])) before.push(...core.splice(0, 1));
    } else if (!parted && last && 'x' in last && last.x?.matches('.ltx_note') && endsSentence(core.slice(0, -1))) {
      after.unshift(...core.splice(-1));
    } else {
      const style = styleOfAll(core);
      if (!style) return { core, before, after };
      core = without(core, style.same);
      before.push({ open: style.element });
      after.unshift({ close: true });
    }
  }
}

/** @param {Token | undefined} token @returns {boolean} whether it is white space */
function blank(token) {
  return token !== undefined && 'text' in token && !token.text.trim();
}

/** @param {Token[]} tokens from which white space at both ends is taken off */
function trim(tokens) {
  while (blank(tokens[0])) tokens.shift();
  while (blank(tokens.at(-1))) tokens.pop();
}

/** @param {Token[]} tokens @returns {boolean} whether a sentence ends with them */
function endsSentence(tokens) {
  const last = tokens.findLast((token) => 'text' in token || 'x' in token);
  return last !== undefined && 'text' in last && ENDS.test(last.text);
}

/**
 * A theorem in italics is one pair around everything, or one around the words between each two formulas.
 *
 * @param {readonly Token[]} tokens
 * @returns {{ element: Element, same: Set<Token> } | null} the style that all words have; null when there is none
 */
function styleOfAll(tokens) {
  /** @type {Token[]} */
  const open = [];
  /** @type {Set<Token>} */
  const outermost = new Set();
  for (const token of tokens) {
    if ('open' in token) {
      if (!open.length) outermost.add(token);
      open.push(token);
    } else if ('close' in token) {
      open.pop();
    } else if ('text' in token && !open.length && HAS_WORDS.test(token.text)) {
      return null;
    }
  }
  const elements = [...outermost].map((token) => 'open' in token ? token.open : null).filter((one) => one !== null);
  const [element] = elements;
  const isOneStyle = element && elements.every((one) => styleOf(one) === styleOf(element));
  return isOneStyle && (elements.length === 1 || !element.matches('a')) ? { element, same: outermost } : null;
}

/** @param {Element} element */
function styleOf(element) {
  return `${element.localName} ${element.className} ${element.getAttribute('style') ?? ''}`;
}

/**
 * @param {readonly Token[]} tokens
 * @param {ReadonlySet<Token>} pairs the openings of pairs to leave out
 * @returns {Token[]}
 */
function without(tokens, pairs) {
  /** @type {boolean[]} */
  const left = [];
  return tokens.filter((token) => {
    if ('open' in token) {
      left.push(pairs.has(token));
      return !pairs.has(token);
    }
    return !('close' in token) || !left.pop();
  });
}
