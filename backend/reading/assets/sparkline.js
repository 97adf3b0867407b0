/** A small line of the last days or hours, drawn as SVG by hand; what it shows is said in words beside it. */

const SVG = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT, MARGIN] = [120, 28, 3];

/**
 * @param {(number | null)[]} values the oldest first; null where there is none
 * @param {string} label what a screen reader says
 * @param {{ low?: number, high?: number }} [range] of the axis; by default from nothing to the highest value
 * @returns {SVGSVGElement | null} null where there is no value at all
 */
export function sparkline(values, label, { low = 0, high } = {}) {
  const known = values.filter((value) => value !== null);
  if (!known.length) return null;
  const top = Math.max(high ?? Math.max(...known), low + Number.EPSILON);
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, values.length - 1);
  const x = (/** @type {number} */ index) => rounded(MARGIN + index * step);
  const y = (/** @type {number} */ value) => rounded(HEIGHT - MARGIN - ((value - low) / (top - low)) * (HEIGHT - 2 * MARGIN));
  const svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'sparkline', role: 'img', 'aria-label': label });
  let path = '';
  values.forEach((value, index) => {
    if (value === null) return;
    const before = index > 0 ? values[index - 1] : null;
    path += `${before === null ? 'M' : 'L'}${x(index)} ${y(value)}`;
    // A value alone between gaps is a line of no length, which round ends make a dot.
    if (before === null && (values[index + 1] ?? null) === null) path += 'h0';
  });
  svg.append(element('path', { d: path }));
  const last = values.findLastIndex((value) => value !== null);
  svg.append(element('circle', { cx: x(last), cy: y(/** @type {number} */ (values[last])), r: '2.5' }));
  return svg;
}

/** @param {number} value */
function rounded(value) {
  return Math.round(value * 10) / 10;
}

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[Name]}
 */
function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
