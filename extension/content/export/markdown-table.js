/** Tables and equations as Markdown. */

import { elements, hasClass, plainText } from './nodes.js';
import { texOf } from './markdown-inline.js';

/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */

/**
 * The rows of a table. A cell over several columns or rows stands in its first; empty ones follow.
 *
 * @param {TreeElement} table
 * @returns {(TreeElement | null)[][]}
 */
export function gridOf(table) {
  const rows = rowsOf(table);
  /** @type {(TreeElement | null | undefined)[][]} */
  const grid = rows.map(() => []);
  rows.forEach((row, index) => {
    let column = 0;
    for (const cell of /** @type {TreeElement[]} */ (row.children)) {
      while (grid[index][column] !== undefined) column += 1;
      for (let down = 0; down < Number(cell.attributes.rowspan ?? 1) && grid[index + down]; down += 1) {
        for (let over = 0; over < Number(cell.attributes.colspan ?? 1); over += 1) {
          grid[index + down][column + over] = down || over ? null : cell;
        }
      }
    }
  });
  return grid.map((row) => Array.from(row, (cell) => cell ?? null));
}

/** @param {TreeElement} table its own rows, not those of tables in it */
function rowsOf(table) {
  const parts = /** @type {TreeElement[]} */ (table.children.filter((child) => typeof child !== 'string'));
  return parts.flatMap((part) => (part.name === 'tr' ? [part] : /** @type {TreeElement[]} */ (part.children.filter((row) => typeof row !== 'string'))));
}

/**
 * @param {(TreeElement | null)[][]} grid
 * @param {(cell: TreeElement) => string} write
 */
export function tableLines(grid, write) {
  const width = Math.max(...grid.map((row) => row.length), 0);
  if (!width) return '';
  const lines = grid.map((row) => {
    const cells = Array.from({ length: width }, (_none, column) => {
      const cell = row[column];
      if (!cell) return '';
      // A bar in a formula would end the cell; a bar in words is escaped already.
      const text = write(cell).replace(/\$[^$]*\$/g, (tex) => tex.replace(/\|/g, '\\|'));
      return text.replace(/\s*\n\s*/g, '<br>').trim();
    });
    return `| ${cells.join(' | ')} |`;
  });
  const [head, ...rest] = lines;
  return [head, `|${'---|'.repeat(width)}`, ...rest].join('\n');
}

/**
 * Each row of an equation as a display, with its number; what is said between the rows as words.
 *
 * @param {TreeElement} table
 * @param {(nodes: TreeNode[]) => string} inline
 * @returns {string[]}
 */
export function equationBlocks(table, inline) {
  return rowsOf(table).flatMap((row) => {
    const numbers = [...elements(row.children)].filter((node) => hasClass(node, 'ltx_tag_equation'));
    const cells = /** @type {TreeElement[]} */ (row.children).filter((cell) => !hasClass(cell, 'ltx_eqn_eqno'));
    const isProse = cells.some((cell) => cell.children.some((child) => typeof child === 'string' && /\p{L}{2}/u.test(child)));
    if (isProse) return [inline(cells.flatMap((cell) => cell.children)).trim()];
    const tex = [...elements(cells)].filter(({ name }) => name === 'math').map((math) => texOf(math.attributes.alttext ?? '')).join(' ');
    const number = plainText(numbers).replace(/^\(|\)$/g, '');
    return tex.trim() ? [`$$${tex.trim()}${number ? ` \\tag{${number}}` : ''}$$`] : [];
  });
}
