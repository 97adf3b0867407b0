/** Translates what the reader selected, in a card beside it. */

import { text } from '../../localize.js';
import { explain } from '../../problems.js';
import { BackgroundPort } from '../schedule/background-port.js';
import { doubtAbout, openNotice } from './notice.js';
import { injected } from '../view/injected.js';
import { TranslationView } from '../view/translation-view.js';
import { segment } from '../document/segmenter.js';
import { PAGES } from '../pages/page-rules.js';

/** @typedef {import('../../settings.js').Settings} Settings */

/** What arXiv adds to its texts: "Title:", and the links that open and close an abstract. */
const NOT_TEXT = '.descriptor, a:not([href])';
/** Room for three lines, in pixels. */
const CARD_HEIGHT = 72;
const MAX_TITLE = 300;

/**
 * @param {Settings} settings
 * @param {string} lang
 * @param {AbortSignal} signal
 */
export function translateSelection(settings, lang, signal) {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const found = segment(range.cloneContents(), { skip: NOT_TEXT });
  const { card, closed, close } = openNotice(range.getBoundingClientRect(), text('pageSelectionLabel'), signal);
  const slot = injected('div', 'selection');
  card.append(slot);
  if (!found) {
    slot.textContent = text('pageSelectionEmpty');
    return;
  }
  const view = new TranslationView(slot, {
    lang, place: 'inside', kind: 'selection', display: 'below', metrics: { style: {}, reserve: CARD_HEIGHT },
  });
  view.wait();
  const port = new BackgroundPort((event) => {
    if (event.type === 'delta') view.stream(event.text, found);
    else if (event.type === 'restart') view.wait();
    else if (event.type === 'segment') {
      view.done(event.text, found, {
        verified: event.verified,
        onDoubt: (mark) => {
          mark.remove();
          card.append(injected('p', 'notice-text', doubtAbout(event.issues)));
        },
      });
    } else if (event.type === 'failed') {
      const { key, values } = explain(event.problem, { address: settings.backendUrl });
      view.failed({ sentence: text(key, ...values), action: text('pageClose'), onAction: close });
    }
  }, closed);
  port.translate({
    type: 'translate', lang, segments: [{ id: 'selection', text: found.text }],
    context: { title: paperTitle(range).slice(0, MAX_TITLE) },
  });
}

/**
 * What the model is told the selection is from: the title of the paper, in a list of the one it is part of.
 * `document.title` would say "cs.CL new submissions".
 *
 * @param {Range} range
 * @returns {string} '' where there is no paper
 */
function paperTitle(range) {
  const rules = PAGES.find(({ path }) => path.test(location.pathname))?.blocks.filter(({ kind }) => kind === 'title') ?? [];
  const titles = rules.flatMap(({ select, skip }) =>
    [...document.querySelectorAll(select)].map((element) => ({ element, skip })));
  // In a list each title stands before its abstract.
  const before = titles.filter(({ element }) => range.comparePoint(element, 0) < 0 || range.intersectsNode(element));
  const found = before.at(-1) ?? titles[0];
  const words = found && segment(found.element, { skip: found.skip })?.text.replace(/<[^<>]*>/g, '');
  return (words || document.querySelector('meta[name="citation_title"]')?.getAttribute('content') || '')
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').replace(/\s+/g, ' ').trim();
}
