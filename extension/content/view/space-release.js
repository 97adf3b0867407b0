/**
 * Releases the space that was reserved for translations and not needed: once nobody can see the page close
 * up, and for many at a time, because on a long list each change of height costs a walk through all of it.
 */

const PAUSE_MS = 1_500;
/** A page higher than this, in pixels, stays as it is: the walk would be felt. */
const LONG = 40_000;

/** @type {Set<HTMLElement>} out of sight */
const unseen = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;

const observer = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) unseen.delete(/** @type {HTMLElement} */ (target));
    else unseen.add(/** @type {HTMLElement} */ (target));
  }
  clearTimeout(pause);
  if (unseen.size) pause = setTimeout(() => requestAnimationFrame(release), PAUSE_MS);
});

function release() {
  const long = document.documentElement.scrollHeight > LONG;
  for (const element of unseen) {
    observer.unobserve(element);
    if (!long) element.style.removeProperty('--paperglot-reserve');
  }
  unseen.clear();
}

/** @param {HTMLElement} element whose text is whole */
export function releaseUnusedSpace(element) {
  observer.observe(element);
}

/** @param {HTMLElement} element */
export function cancelRelease(element) {
  observer.unobserve(element);
  unseen.delete(element);
}
