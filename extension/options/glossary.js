/** The reader's own terms: a table, and CSV in and out. */

import { text } from '../localize.js';
import { MAX_GLOSSARY_ENTRIES } from '../settings.js';

/** @typedef {{ source: string, target: string }} Entry */

/**
 * @param {HTMLTableElement} table
 * @param {Entry[]} entries
 * @param {(entries: Entry[]) => void} onChange
 * @returns {{ add: () => boolean, replace: (entries: Entry[]) => void }} `add` says whether there was room
 */
export function glossaryTable(table, entries, onChange) {
  const body = table.tBodies[0];
  const read = () => [...body.rows].map((row) => {
    const [source, target] = [...row.querySelectorAll('input')].map(({ value }) => value.trim());
    return { source, target };
  });
  const changed = () => onChange(read().filter(({ source, target }) => source && target));

  /** @param {Entry} entry */
  const append = ({ source, target }) => {
    const row = body.insertRow();
    /** @type {[string, string][]} */
    const fields = [[source, 'optionsGlossarySource'], [target, 'optionsGlossaryTarget']];
    for (const [value, label] of fields) {
      const input = document.createElement('input');
      input.value = value;
      input.maxLength = 200;
      input.setAttribute('aria-label', text(label));
      input.dir = 'auto';
      input.addEventListener('change', changed);
      row.insertCell().append(input);
    }
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.className = 'quiet';
    remove.textContent = text('optionsGlossaryRemove');
    remove.addEventListener('click', () => {
      row.remove();
      changed();
    });
    row.insertCell().append(remove);
    return row;
  };
  for (const entry of entries) append(entry);
  return {
    add: () => {
      const room = body.rows.length < MAX_GLOSSARY_ENTRIES;
      if (room) append({ source: '', target: '' }).querySelector('input')?.focus();
      return room;
    },
    replace: (others) => {
      body.replaceChildren();
      for (const entry of others) append(entry);
    },
  };
}

/**
 * Adds imported terms to those that are there; of two translations of a term the imported one stays.
 *
 * @param {Entry[]} entries
 * @param {Entry[]} imported
 * @returns {{ terms: Entry[], leftOut: number }}
 */
export function join(entries, imported) {
  const terms = new Map([...entries, ...imported].map((entry) => [entry.source.toLowerCase(), entry]));
  const all = [...terms.values()];
  return { terms: all.slice(0, MAX_GLOSSARY_ENTRIES), leftOut: Math.max(0, all.length - MAX_GLOSSARY_ENTRIES) };
}

/**
 * RFC 4180, with the mark by which Excel knows UTF-8.
 *
 * @param {Entry[]} entries
 * @returns {string}
 */
export function toCsv(entries) {
  /** @param {string} value */
  const cell = (value) => (/[",;\t\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const rows = [['source', 'target'], ...entries.map(({ source, target }) => [source, target])];
  return `\ufeff${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

/**
 * Reads CSV with commas, semicolons (Excel's in much of Europe) or tabs; the first two columns count.
 *
 * @param {string} csv
 * @returns {Entry[]}
 */
export function fromCsv(csv) {
  const lines = csv.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const named = /^sep=([,;\t])\n/.exec(lines); // Excel writes this when it is told to
  const text = named ? lines.slice(named[0].length) : lines;
  const [firstLine] = text.replace(/"(?:[^"]|"")*"/g, '').split('\n', 1);
  const separator = named?.[1] ?? ['\t', ';', ','].find((one) => firstLine.includes(one)) ?? ',';
  return rows(text, separator)
    .map(([source = '', target = '']) => ({ source: line(source), target: line(target) }))
    .filter(({ source, target }, index) => source && target && !(index === 0 && source.toLowerCase() === 'source'));
}

/** @param {string} value @returns {string} as a field of the table holds it */
const line = (value) => value.trim().replace(/\s+/g, ' ');

/**
 * @param {string} text
 * @param {string} separator
 * @returns {string[][]}
 */
function rows(text, separator) {
  /** @type {string[][]} */
  const found = [[]];
  let cell = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (character === '"' && !cell.trim()) {
      cell = '';
      quoted = true;
    } else if (character === separator || character === '\n') {
      found[found.length - 1].push(cell);
      cell = '';
      if (character === '\n') found.push([]);
    } else cell += character;
  }
  found[found.length - 1].push(cell);
  return found;
}
