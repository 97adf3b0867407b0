/** The reader's own terms: a table, and CSV in and out. */

import { text } from '../localize.js';
import { MAX_GLOSSARY_ENTRIES } from '../settings.js';

/** @typedef {{ source: string, target: string }} Entry */

/**
 * @param {HTMLTableElement} table
 * @param {Entry[]} entries
 * @param {(entries: Entry[]) => void} onChange
 * @returns {{ add: () => void, replace: (entries: Entry[]) => void }}
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
      if (body.rows.length < MAX_GLOSSARY_ENTRIES) append({ source: '', target: '' }).querySelector('input')?.focus();
    },
    replace: (others) => {
      body.replaceChildren();
      for (const entry of others.slice(0, MAX_GLOSSARY_ENTRIES)) append(entry);
      changed();
    },
  };
}

/**
 * RFC 4180.
 *
 * @param {Entry[]} entries
 * @returns {string}
 */
export function toCsv(entries) {
  /** @param {string} value */
  const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return [['source', 'target'], ...entries.map(({ source, target }) => [source, target])]
    .map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/**
 * Reads CSV with commas, semicolons or tabs; the first two columns count.
 *
 * @param {string} csv
 * @returns {Entry[]}
 */
export function fromCsv(csv) {
  const [firstLine] = csv.split(/\r?\n/, 1);
  const separator = ['\t', ';', ','].find((one) => firstLine.includes(one)) ?? ',';
  /** @type {string[][]} */
  const rows = [[]];
  let cell = '';
  let quoted = false;
  const source = csv.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (source[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (character === '"' && !cell) quoted = true;
    else if (character === separator || character === '\n') {
      rows[rows.length - 1].push(cell.trim());
      cell = '';
      if (character === '\n') rows.push([]);
    } else cell += character;
  }
  rows[rows.length - 1].push(cell.trim());
  return rows
    .map(([term = '', target = '']) => ({ source: term, target }))
    .filter(({ source: term, target }, index) => term && target && !(index === 0 && term.toLowerCase() === 'source'));
}
