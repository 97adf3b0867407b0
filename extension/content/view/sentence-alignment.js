/** Which sentences of two texts correspond, where only their lengths tell (after Gale and Church, 1993). */

/** How many sentences of each side may go together, and what that costs. */
const BEADS = /** @type {const} */ ([[1, 1, 0], [2, 1, 2.5], [1, 2, 2.5], [2, 2, 4], [3, 1, 5], [1, 3, 5]]);
/** The variance of a length for each character. */
const VARIANCE = 6.8;

/**
 * @param {readonly number[]} source lengths of its sentences, in order
 * @param {readonly number[]} target the same of its translation
 * @returns {{ source: number, target: number }[]} the first sentence of each pair of groups, on either side
 */
export function alignByLength(source, target) {
  const ratio = sum(target, 0, target.length) / Math.max(1, sum(source, 0, source.length));
  /** @type {{ cost: number, taken: readonly [number, number] }[][]} by how many sentences of each side are paired */
  const best = source.concat(0).map(() => target.concat(0).map(() => ({ cost: Infinity, taken: [0, 0] })));
  best[0][0].cost = 0;
  for (let i = 0; i <= source.length; i += 1) {
    for (let j = 0; j <= target.length; j += 1) {
      for (const [m, n, penalty] of BEADS) {
        if (m > i || n > j) continue;
        const expected = sum(source, i - m, i) * ratio;
        const difference = sum(target, j - n, j) - expected;
        const cost = best[i - m][j - n].cost + penalty + difference ** 2 / (VARIANCE * Math.max(1, expected));
        if (cost < best[i][j].cost) best[i][j] = { cost, taken: [m, n] };
      }
    }
  }
  const pairs = [];
  let [i, j] = [source.length, target.length];
  while (i && j && best[i][j].cost < Infinity) {
    const [m, n] = best[i][j].taken;
    [i, j] = [i - m, j - n];
    pairs.unshift({ source: i, target: j });
  }
  // So different in number that they are one.
  return pairs[0]?.source === 0 && pairs[0].target === 0 ? pairs : [{ source: 0, target: 0 }];
}

/** @param {readonly number[]} lengths @param {number} from @param {number} to */
function sum(lengths, from, to) {
  let total = 0;
  for (let index = from; index < to; index += 1) total += lengths[index];
  return total;
}
