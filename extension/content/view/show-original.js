/** Shows the original again, while translations stand in its place. */

const KEY = 'o';
/** What a tap does something to already. */
const ACTIVE = 'a[href], button, input, select, textarea, summary, label';
const SWAP_KEY = 'p';

/** @type {Map<Element, () => void>} originals that stay, with what puts their translations back */
const swapped = new Map();

/** @param {Element} translation @returns {HTMLElement | null} */
function originalOf(translation) {
  const before = translation.previousElementSibling;
  return before instanceof HTMLElement && before.matches('[data-paperglot="replaced"]') ? before : null;
}

/** @param {Element} original @returns {Element | null} */
const translationOf = ({ nextElementSibling: after }) => (after?.matches('[data-paperglot="translation"]') ? after : null);

/**
 * Swaps one translation for its original. The original takes the translation's height meanwhile, or the
 * pointer could find itself outside and swap back at once.
 *
 * @param {HTMLElement} translation
 * @returns {() => void} swaps back
 */
function showOriginal(translation) {
  const original = originalOf(translation);
  if (!original || original.hasAttribute('data-paperglot-shown')) return () => {};
  const style = original.getAttribute('style');
  const { minHeight } = original.style;
  const { height } = translation.getBoundingClientRect();
  original.setAttribute('data-paperglot-shown', '');
  original.style.minHeight = `${height}px`;
  const ours = original.getAttribute('style');
  return () => {
    original.removeAttribute('data-paperglot-shown');
    if (original.getAttribute('style') !== ours) original.style.minHeight = minHeight; // the page changed it meanwhile
    else if (style === null) original.removeAttribute('style');
    else original.setAttribute('style', style);
  };
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
function replacement(target) {
  const element = target instanceof Element ? target.closest('[data-paperglot="translation"][data-display="replace"]') : null;
  return /** @type {HTMLElement | null} */ (element);
}

/** @param {KeyboardEvent} event @returns {boolean} whether it is a letter that the reader writes, or a command */
function isForOthers({ target, ctrlKey, altKey, metaKey, repeat }) {
  return ctrlKey || altKey || metaKey || repeat
    || (target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null);
}

/**
 * While pointed at or focused; with a finger, from one tap to the next; for good when the key is pressed meanwhile.
 *
 * @param {AbortSignal} signal
 */
export function showOriginalOnPointer(signal) {
  let back = () => {};
  /** @type {Element | null} */
  let shown = null;
  /** @type {Element | null} the translation that took its place again under the pointer */
  let returned = null;
  const end = () => {
    back();
    back = () => {};
    shown = null;
  };
  document.addEventListener('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch') return;
    const translation = replacement(target);
    if (returned && translation === returned) return;
    returned = null;
    if (translation) {
      end();
      shown = originalOf(translation);
      back = showOriginal(translation);
    } else if (shown && !(target instanceof Node && shown.contains(target))) {
      end();
    }
  }, { signal });
  document.addEventListener('focusin', ({ target }) => {
    const translation = replacement(target);
    if (!translation || translation !== target || !translation.matches(':focus-visible')) return;
    end();
    shown = originalOf(translation);
    // The focus stays where it is although the translation is out of sight: leaving it ends it.
    back = showOriginal(translation);
  }, { signal });
  document.addEventListener('focusout', end, { signal });
  // A finger points at nothing: a tap shows the original, another one anywhere the translation.
  document.addEventListener('click', ({ target, pointerType }) => {
    if (pointerType !== 'touch' || !(target instanceof Element) || target.closest(ACTIVE)) return;
    if (!getSelection()?.isCollapsed) return;
    const translation = shown?.contains(target) ? null : replacement(target);
    end();
    if (!translation) return;
    shown = originalOf(translation);
    back = showOriginal(translation);
  }, { signal });
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== SWAP_KEY || isForOthers(event)) return;
    if (shown && !swapped.has(shown)) {
      swapped.set(shown, back);
      back = () => {};
      shown = null;
      return;
    }
    const kept = [...swapped.keys()].find((original) => original.matches(':hover') || translationOf(original)?.matches(':focus'));
    const translation = kept && translationOf(kept);
    if (!kept || !translation) return;
    swapped.get(kept)?.();
    swapped.delete(kept);
    returned = translation;
  }, { signal });
  signal.addEventListener('abort', () => {
    end();
    for (const putBack of swapped.values()) putBack();
    swapped.clear();
  });
}

/**
 * All of them, while the key is down.
 *
 * @param {AbortSignal} signal
 */
export function showOriginalOnKey(signal) {
  /** @type {(() => void)[]} */
  let backs = [];
  const end = () => {
    for (const back of backs) back();
    backs = [];
  };
  addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== KEY || isForOthers(event)) return;
    backs = [...document.querySelectorAll('[data-paperglot="translation"][data-display="replace"]')]
      .map((translation) => showOriginal(/** @type {HTMLElement} */ (translation)));
  }, { signal });
  addEventListener('keyup', ({ key }) => {
    if (key.toLowerCase() === KEY) end();
  }, { signal });
  addEventListener('blur', end, { signal });
  signal.addEventListener('abort', end);
}
