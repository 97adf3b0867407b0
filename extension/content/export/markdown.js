/** The export as Markdown: formulas as TeX between dollars, notes as footnotes, tables and code as GitHub's dialect. */

import { originLines } from './about.js';
import { inlineWriter } from './markdown-inline.js';
import { equationBlocks, gridOf, tableLines } from './markdown-table.js';
import { elements, hasClass, plainText } from './nodes.js';
import { Pace } from './pace.js';
import { KINDS } from './receipt.js';

/** @typedef {import('./nodes.js').ExportTree} ExportTree */
/** @typedef {import('./nodes.js').TreeNode} TreeNode */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {import('./markdown-inline.js').InlineWriter} Inline */

const BLOCKS = new Set(`
  blockquote div dl figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section table ul dt dd
`.trim().split(/\s+/));
const LABELS = {
  formulas: 'exportFormulas', citations: 'exportCitations', references: 'exportReferences',
  notes: 'exportNotes', numbers: 'exportNumbers', sentences: 'exportSentences',
};

/**
 * Markdown with TeX. Pictures are links to where they came from.
 *
 * @param {ExportTree} tree
 * @param {Pace} [pace]
 * @returns {Promise<string>}
 */
export async function toMarkdown(tree, pace = new Pace()) {
  await pace.step(0);
  const inline = inlineWriter(tree);
  await pace.step(0);
  const blocks = blockWriter(inline);
  const [first, ...others] = originLines(tree);
  const origin = [`> [${first}](${tree.source.url})`, ...others.map((line) => `> ${line}`)].join('  \n');
  /**
   * @param {TreeNode[]} nodes
   * @returns {Promise<string[]>}
   */
  const paced = async (nodes) => {
    /** @type {string[]} */
    const written = [];
    /** @type {TreeNode[]} */
    let run = [];
    for (const node of nodes) {
      if (typeof node === 'string' || !BLOCKS.has(node.name)) {
        run.push(node);
        continue;
      }
      written.push(...blocks(run));
      run = [];
      if (node.name === 'section') {
        const [head = '', ...tail] = await paced(node.children);
        written.push(`${inline.anchor(node)}${head}`, ...tail);
      } else {
        written.push(...blocks([node]));
        await pace.step([...elements([node])].length);
      }
    }
    return [...written, ...blocks(run)];
  };
  pace.begin(0.2, [...elements(tree.body)].length);
  const body = await paced(tree.body);
  const notes = tree.notes.map(({ children }, index) => `[^${index + 1}]: ${indented(blocks(children).join('\n\n'), 4).trim()}`);
  const parts = [origin, ...body, ...notes, ...receiptBlocks(tree)];
  return `${parts.filter((part) => part.trim()).join('\n\n')}\n`;
}

/**
 * @param {Inline} inline
 * @returns {(nodes: TreeNode[]) => string[]} blocks without blank lines between them
 */
function blockWriter(inline) {
  /**
   * @param {TreeNode[]} nodes
   * @returns {string[]}
   */
  const blocks = (nodes) => {
    /** @type {string[]} */
    const written = [];
    /** @type {TreeNode[]} */
    let run = [];
    const flush = () => {
      const text = inline(run).trim();
      if (text) written.push(text);
      run = [];
    };
    for (const node of nodes) {
      if (typeof node === 'string' || !holdsBlocks(node)) {
        run.push(node);
      } else {
        flush();
        const [head = '', ...tail] = block(node);
        written.push(`${inline.anchor(node)}${head}`, ...tail);
      }
    }
    flush();
    return written;
  };
  /**
   * @param {TreeElement} node
   * @returns {string[]}
   */
  const block = (node) => {
    const { name, children } = node;
    const level = /^h(\d)$/.exec(name)?.[1] ?? (node.attributes.role === 'heading' ? node.attributes['aria-level'] : '');
    if (level) return [`${'#'.repeat(Number(level))} ${inline(children).trim()}`];
    if (name === 'hr') return ['---'];
    if (name === 'pre') return [fenced(textOf(children))];
    if (hasClass(node, 'ltx_listing')) return [listing(node, inline)];
    if (name === 'blockquote') return [blocks(children).join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')];
    if (name === 'ul' || name === 'ol') return [listItems(children, blocks)];
    if (name === 'dt') return [`**${inline(children).trim()}**`];
    if (name === 'table') return hasClass(node, 'ltx_eqn_table') ? equationBlocks(node, inline) : [tableLines(gridOf(node), (cell) => cellText(cell))];
    return blocks(children);
  };
  /** @param {TreeElement} cell one that holds a table itself is its words */
  const cellText = (cell) => ([...elements(cell.children)].some(({ name }) => name === 'table') ? inline(cell.children) : blocks(cell.children).join('<br>'));
  return blocks;
}

/** @param {TreeElement} node */
function holdsBlocks(node) {
  if (node.name === 'math') return node.attributes.display === 'block';
  return BLOCKS.has(node.name) || (node.name !== 'svg' && [...elements(node.children)].some(({ name }) => BLOCKS.has(name)));
}

/**
 * @param {TreeNode[]} items
 * @param {(nodes: TreeNode[]) => string[]} blocks
 */
function listItems(items, blocks) {
  return items.flatMap((item) => {
    if (typeof item === 'string') return [];
    const index = item.children.findIndex((child) => typeof child !== 'string' && hasClass(child, 'ltx_tag_item'));
    const tag = index < 0 ? '' : plainText([item.children[index]]);
    const isNumber = /^\d+\.$/.test(tag);
    const rest = item.children.filter((_child, at) => at !== index || !(isNumber || tag === '•'));
    const [first = '', ...others] = blocks(rest);
    const isOwnTag = index >= 0 && rest.length === item.children.length;
    // A tag of its own, "(a)", stands before the item's words.
    const body = isOwnTag && others.length ? [`${first} ${others[0]}`, ...others.slice(1)] : [first, ...others];
    const mark = isNumber ? `${tag} ` : '- ';
    return [`${mark}${indented(body.join('\n\n'), mark.length).trimStart()}`];
  }).join('\n');
}

/**
 * @param {TreeElement} node
 * @param {Inline} inline
 */
function listing(node, inline) {
  const lines = /** @type {TreeElement[]} */ ([...elements(node.children)].filter((each) => hasClass(each, 'ltx_listingline')));
  if (hasClass(node, 'ltx_lstlisting')) {
    return fenced(lines.length ? lines.map((line) => textOf(line.children).replace(/\n/g, '')).join('\n') : textOf(node.children));
  }
  return (lines.length ? lines.map((line) => inline(line.children).trim()) : [inline(node.children).trim()]).join('  \n');
}

/** @param {TreeNode[]} nodes */
function textOf(nodes) {
  /** @type {(node: TreeNode) => string} */
  const text = (node) => {
    if (typeof node === 'string') return node;
    if (node.name === 'math') return node.attributes.alttext ?? '';
    return node.name === 'br' ? '\n' : node.children.map(text).join('');
  };
  return nodes.map(text).join('');
}

/** @param {string} code */
function fenced(code) {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${code.replace(/\u00a0/g, ' ').replace(/^\n+|\s+$/g, '')}\n${fence}`;
}

/**
 * @param {string} text
 * @param {number} size
 */
function indented(text, size) {
  return text.replace(/\n(?!\n)/g, `\n${' '.repeat(size)}`);
}

/** @param {ExportTree} tree */
function receiptBlocks({ receipt, unverified, words }) {
  const rows = KINDS.map((kind) => `| ${words(LABELS[kind])} | ${receipt[kind].original} | ${receipt[kind].translation} |`);
  const head = ['exportCounted', 'exportOriginal', 'exportTranslation'].map((key) => words(key)).join(' | ');
  return [
    `## ${words('exportReceipt')}`,
    words('exportBlocks', receipt.blocks.done, receipt.blocks.total),
    [`| ${head} |`, '|---|--:|--:|', ...rows].join('\n'),
    words(unverified.length ? 'exportUnverified' : 'exportVerified'),
    unverified.map(({ id, text }) => `- [${text.replace(/[[\]\\]/g, '\\$&')}](#${id})`).join('\n'),
  ];
}
