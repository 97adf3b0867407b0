/** The conversion of a whole paper in pieces. */

import { LARGE, sizeOf } from './snapshot.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */

/**
 * The same as `conversion.convert`: what holds much is gone into, the rest is converted at once.
 *
 * @param {import('./convert.js').Conversion} conversion
 * @param {Iterable<Node>} nodes that do not change meanwhile
 * @param {import('./notes.js').Context} context
 * @param {import('./pace.js').Pace} pace steps by elements
 * @returns {Promise<TreeNode[]>}
 */
export async function convertPaced(conversion, nodes, context, pace) {
  /** @type {TreeNode[]} */
  const converted = [];
  for (const node of nodes) {
    const size = node instanceof Element ? sizeOf(node) : 0;
    const isLarge = node instanceof Element && size >= LARGE;
    const found = isLarge ? conversion.special(node, context) : conversion.convert([node], context);
    if (found) {
      converted.push(...found);
      await pace.step(size);
    } else {
      const shell = conversion.plain(/** @type {Element} */ (node), context);
      shell.node.children = await convertPaced(conversion, node.childNodes, shell.context, pace);
      converted.push(shell.node);
    }
  }
  return converted;
}
