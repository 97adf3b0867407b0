/** The export as EPUB 3: a file for each section of the paper, so that small readers can open the large ones. */

import { contentsList, noteContent, origin, originLines, RECEIPT_ID, receiptSection } from './about.js';
import { element, elements, hasClass } from './nodes.js';
import { escaped, pacedMarkup } from './markup.js';
import { Pace } from './pace.js';
import { BOOK_STYLE, PAPER_STYLE } from './style.js';
import { zip } from './zip.js';

/** @typedef {import('./nodes.js').ExportTree} ExportTree */
/** @typedef {import('./nodes.js').TreeElement} TreeElement */
/** @typedef {{name: string, body: TreeElement[]}} Chapter a file without its frame */

const CONTAINER = '<?xml version="1.0" encoding="UTF-8"?>\n'
  + '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
  + '<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n';
const RECEIPT_FILE = 'receipt.xhtml';

/**
 * An EPUB 3 file.
 *
 * @param {ExportTree} tree
 * @param {Pace} [pace]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function toEpub(tree, pace = new Pace()) {
  await pace.step(0);
  const chapters = chaptersOf(tree);
  await pace.step(0);
  const files = fileOfEachId(chapters);
  const address = (/** @type {string} */ id) => `${files.get(id) ?? ''}#${id}`;
  chapters[0].body.unshift(origin(tree, `${RECEIPT_FILE}#${RECEIPT_ID}`));
  chapters.push({ name: RECEIPT_FILE, body: [receiptSection(tree, address)] });
  const nav = { name: 'nav.xhtml', body: navigation(tree, address) };
  const text = (/** @type {string} */ content) => new TextEncoder().encode(content);
  const pages = [];
  pace.begin(0.1, [...elements(tree.body)].length);
  for (const chapter of [nav, ...chapters]) {
    if (chapter !== nav) chapter.body = chapter.body.map((node) => relinked(node, chapter.name, files));
    await pace.step(0);
    pages.push({ name: `EPUB/${chapter.name}`, bytes: text(await page(tree, chapter.body, chapter === nav, pace)) });
  }
  const contents = [
    { name: 'mimetype', bytes: text('application/epub+zip'), stored: true },
    { name: 'META-INF/container.xml', bytes: text(CONTAINER) },
    { name: 'EPUB/package.opf', bytes: text(packageDocument(tree, chapters, nav)) },
    { name: 'EPUB/style.css', bytes: text(PAPER_STYLE + BOOK_STYLE) },
    ...pages,
    ...tree.pictures.map(({ name, bytes, type }) => ({ name: `EPUB/${name}`, bytes, stored: type !== 'image/svg+xml' })),
  ];
  pace.begin(0.1, contents.reduce((sum, { bytes }) => sum + bytes.length, 0));
  return zip(contents, pace);
}

/**
 * The front with title and abstract, then each section, with the notes that are referred to there.
 *
 * @param {ExportTree} tree
 * @returns {Chapter[]}
 */
function chaptersOf(tree) {
  /** @type {Chapter[]} */
  const chapters = [{ name: 'front.xhtml', body: [] }];
  for (const node of tree.body) {
    if (node.name === 'section') chapters.push({ name: `section-${chapters.length}.xhtml`, body: [] });
    /** @type {Chapter} */ (chapters.at(-1)).body.push(node);
  }
  const left = new Map(tree.notes.map((note) => [note.id, note]));
  const home = tree.mode === 'bilingual' ? { lang: tree.sourceLang, dir: 'ltr' } : {};
  for (const chapter of chapters) {
    /** @param {TreeElement[]} nodes */
    const take = (nodes) => {
      for (const node of elements(nodes)) {
        if (node.attributes.role !== 'doc-noteref') continue;
        const note = left.get(node.attributes.href.slice(1));
        if (!note || !left.delete(note.id)) continue;
        const aside = element('aside', { id: note.id, class: 'note', role: 'doc-footnote', 'epub:type': 'footnote', ...home }, ...noteContent(note, tree));
        chapter.body.push(aside);
        // A note may refer to another.
        take([aside]);
      }
    };
    take([...chapter.body]);
  }
  return chapters;
}

/** @param {Chapter[]} chapters */
function fileOfEachId(chapters) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const { name, body } of chapters) {
    for (const { attributes } of elements(body)) if (attributes.id) files.set(attributes.id, name);
  }
  return files;
}

/**
 * A copy whose links know which file their target is in.
 *
 * @param {TreeElement} node
 * @param {string} file it is in
 * @param {Map<string, string>} files by ids
 * @returns {TreeElement}
 */
function relinked(node, file, files) {
  if (node.name === 'math') return withoutTex(node);
  const attributes = { ...node.attributes };
  if (node.name === 'a' && attributes.href?.startsWith('#')) {
    const target = files.get(attributes.href.slice(1));
    if (target && target !== file) attributes.href = target + attributes.href;
    if (attributes.role === 'doc-noteref') attributes['epub:type'] = 'noteref';
  }
  return { ...node, attributes, children: node.children.map((child) => (typeof child === 'string' ? child : relinked(child, file, files))) };
}

/**
 * Programs that know no MathML show the text of all its elements: the formula shall be there once. `alttext` stays.
 *
 * @param {TreeElement} math
 * @returns {TreeElement}
 */
function withoutTex(math) {
  const [only] = math.children;
  const isBoth = typeof only === 'object' && only.name === 'semantics';
  return { ...math, children: isBoth ? only.children.slice(0, 1) : math.children };
}

/**
 * @param {ExportTree} tree
 * @param {(id: string) => string} address
 */
function navigation(tree, address) {
  const list = contentsList(tree.contents, address);
  const item = (/** @type {string} */ href, /** @type {string} */ words) => element('li', {}, element('a', { href }, words));
  list.children.unshift(item('front.xhtml', tree.title));
  list.children.push(item(RECEIPT_FILE, tree.words('exportReceipt')));
  return [element('nav', { 'epub:type': 'toc', role: 'doc-toc' }, element('h1', {}, tree.words('exportContents')), list)];
}

/**
 * @param {ExportTree} tree
 * @param {TreeElement[]} body
 * @param {boolean} isNavigation which has no language of the paper's text
 * @param {Pace} pace steps by elements
 */
async function page(tree, body, isNavigation, pace) {
  const isSource = tree.mode === 'bilingual' && !isNavigation;
  const content = [element('div', { class: 'paper', ...(isSource ? { lang: tree.sourceLang, dir: 'ltr' } : {}) }, ...body)];
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('title', {}, tree.title),
    element('link', { rel: 'stylesheet', type: 'text/css', href: 'style.css' }),
  ];
  const root = element('html', {
    xmlns: 'http://www.w3.org/1999/xhtml', 'xmlns:epub': 'http://www.idpf.org/2007/ops', lang: tree.lang, 'xml:lang': tree.lang, dir: tree.dir,
  }, element('head', {}, ...head), element('body', { class: tree.mode }, ...content));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n${await pacedMarkup([root], 'xml', pace)}\n`;
}

/**
 * @param {ExportTree} tree
 * @param {Chapter[]} chapters
 * @param {Chapter} nav
 */
function packageDocument(tree, chapters, nav) {
  const { source, title, lang, dir, date, pictures } = tree;
  const items = [nav, ...chapters].map(({ name, body }, index) => {
    const properties = [...(index ? [] : ['nav']), ...['mathml', 'svg'].filter((each) => holds(body, each === 'mathml' ? 'math' : 'svg'))];
    const written = properties.length ? ` properties="${properties.join(' ')}"` : '';
    return `<item id="file-${index}" href="${name}" media-type="application/xhtml+xml"${written}/>`;
  });
  const images = pictures.map(({ name, type }, index) => `<item id="picture-${index}" href="${name}" media-type="${type}"/>`);
  const authors = authorsOf(tree).map((name) => `<dc:creator>${escaped(name)}</dc:creator>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="${escaped(lang)}" dir="${dir}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">${escaped(`arxiv:${source.id}${source.version}:${lang}:${tree.mode}`)}</dc:identifier>
<dc:title>${escaped(title)}</dc:title>
${authors.join('\n')}
<dc:language>${escaped(lang)}</dc:language>
<dc:source>${escaped(source.url)}</dc:source>
<dc:description>${escaped(originLines(tree).join(' '))}</dc:description>
${source.licence ? `<dc:rights>${escaped(source.licence)}</dc:rights>` : ''}
<meta property="dcterms:modified">${date}T00:00:00Z</meta>
</metadata>
<manifest>
${[...items, ...images].join('\n')}
<item id="style" href="style.css" media-type="text/css"/>
</manifest>
<spine page-progression-direction="${dir}">
${chapters.map((_none, index) => `<itemref idref="file-${index + 1}"/>`).join('\n')}
</spine>
</package>
`;
}

/**
 * @param {TreeElement[]} body
 * @param {string} name
 */
function holds(body, name) {
  return [...elements(body)].some((node) => node.name === name);
}

/** @param {ExportTree} tree */
function authorsOf({ body }) {
  const names = [...elements(body)].filter((node) => hasClass(node, 'ltx_personname'));
  return names.map((node) => wordsOf(node)).filter(Boolean);
}

/** @param {TreeElement} node */
function wordsOf(node) {
  const words = node.children.map((child) => (typeof child === 'string' ? child : '')).join('');
  return words.replace(/\s+/g, ' ').replace(/^[\s,&]+|[\s,&]+$/g, '');
}
