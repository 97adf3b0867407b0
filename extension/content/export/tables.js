/** Tables whose rows and columns come out even: browsers mend the others, validators refuse them. */

/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {{node: TreeElement, row: number, column: number, rows: number, columns: number}} Cell */

/**
 * Makes spans fit: into their group of rows, beside the cells that stand there already, over columns and rows that
 * a cell begins in.
 *
 * @param {TreeElement} table whose children are groups of rows, or rows; changed in place
 */
export function evenTable(table) {
  const loose = table.children.filter((child) => typeof child !== 'string' && child.name === 'tr');
  const groups = [...table.children.filter((child) => typeof child !== 'string' && child.name !== 'tr' && child.name !== 'caption')];
  /** @type {Cell[]} */
  const cells = [];
  if (loose.length) cells.push(...layOut(/** @type {TreeElement[]} */ (loose)));
  for (const group of groups) {
    cells.push(...layOut(/** @type {TreeElement[]} */ (/** @type {TreeElement} */ (group).children)));
  }
  dropColumns(cells);
  for (const { node, rows, columns } of cells) {
    set(node, 'rowspan', rows);
    set(node, 'colspan', columns);
  }
}

/**
 * @param {TreeElement} node
 * @param {string} name
 * @param {number} value
 */
function set(node, name, value) {
  if (value > 1) node.attributes[name] = String(value);
  else delete node.attributes[name];
}

/**
 * @param {TreeElement[]} rows of one group
 * @returns {Cell[]}
 */
function layOut(rows) {
  /** @type {Cell[]} */
  const cells = [];
  /** @type {boolean[][]} */
  const taken = rows.map(() => []);
  rows.forEach((row, index) => {
    let column = 0;
    for (const node of /** @type {TreeElement[]} */ (row.children)) {
      while (taken[index][column]) column += 1;
      const height = Math.min(Number(node.attributes.rowspan ?? 1), rows.length - index);
      let width = 0;
      while (width < Number(node.attributes.colspan ?? 1) && !taken[index][column + width]) width += 1;
      cells.push({ node, row: index, column, rows: height, columns: width });
      for (let down = 0; down < height; down += 1) {
        for (let over = 0; over < width; over += 1) taken[index + down][column + over] = true;
      }
      column += width;
    }
  });
  dropRows(rows, cells);
  return cells;
}

/**
 * Rows that hold nothing but what hangs down from above.
 *
 * @param {TreeElement[]} rows
 * @param {Cell[]} cells
 */
function dropRows(rows, cells) {
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    if (rows[index].children.length) continue;
    for (const cell of cells) if (cell.row < index && cell.row + cell.rows > index) cell.rows -= 1;
    rows[index].name = '';
  }
}

/** @param {Cell[]} cells of the whole table */
function dropColumns(cells) {
  const begun = new Set(cells.map(({ column }) => column));
  const empty = [...new Set(cells.flatMap(({ column, columns }) => Array.from({ length: columns }, (_none, over) => column + over)))]
    .filter((column) => !begun.has(column));
  for (const cell of cells) {
    const inside = empty.filter((column) => column > cell.column && column < cell.column + cell.columns);
    cell.columns -= inside.length;
  }
}
