/**
 * The WebExtension API under one name: Firefox calls it `browser`, Chromium `chrome`.
 *
 * @type {typeof chrome}
 */
export const browser = /** @type {any} */ (globalThis).browser ?? globalThis.chrome;
