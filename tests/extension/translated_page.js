// A page of arXiv's with invented translations in it, as the content script leaves it.
// Called with the page's HTML, where it stands, and {lang, dir, place: 'below' | 'replace', doubtful, words}.
(html, address, { lang, dir, place, doubtful, words }) => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  if (!page.querySelector('base')) page.head.prepend(Object.assign(page.createElement('base'), { href: address }));
  const article = page.querySelector('article.ltx_document');
  const OPAQUE = 'math, .ltx_cite, .ltx_ref:not(.ltx_href), .ltx_tag:not(dt .ltx_tag), .ltx_ERROR, code, svg, .ltx_note_mark, .ltx_note_type, .ltx_note_name, [data-paperglot="translation"]';
  const SKIPPED = '.ltx_bibliography, .ltx_listing, .ltx_authors, .ltx_TOC, pre, svg, #keep, [data-paperglot]';
  let count = 0;
  let said = 0;
  const invented = (text) => text.replace(/\p{L}[\p{L}'’-]*/gu, () => words[said++ % words.length]);
  const marked = (name, value) => {
    const element = page.createElement(name);
    element.setAttribute('data-paperglot', value);
    return element;
  };
  const translationOf = (nodes) => {
    const translation = marked('span', 'translation');
    count += 1;
    const state = doubtful && count % doubtful === 0 ? 'unverified' : 'done';
    for (const [name, value] of Object.entries({ lang, dir, 'data-state': state, 'data-kind': 'text' })) translation.setAttribute(name, value);
    for (const node of nodes) translation.append(node.cloneNode(true));
    for (const element of translation.querySelectorAll('[id]')) element.removeAttribute('id');
    for (const note of translation.querySelectorAll('.ltx_note_content, .ltx_pubnote')) {
      const own = [...note.children].find((child) => child.matches('[data-paperglot="translation"]'));
      if (own) note.replaceChildren(...[...note.children].filter((child) => child.matches('.ltx_note_mark, .ltx_tag_note, .ltx_note_name')), own);
    }
    const walker = page.createTreeWalker(translation, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const around = walker.currentNode.parentElement.closest(OPAQUE);
      if (!around || around === translation) walker.currentNode.data = invented(walker.currentNode.data);
    }
    for (const math of translation.querySelectorAll('math')) {
      const bdi = page.createElement('bdi');
      math.replaceWith(bdi);
      bdi.append(math);
    }
    return translation;
  };
  const inside = (holder, nodes) => {
    const translation = translationOf(nodes);
    if (place === 'replace') {
      const wrapper = marked('span', 'replaced');
      wrapper.setAttribute('data-paperglot-words', '');
      wrapper.hidden = true;
      nodes[0].before(wrapper);
      wrapper.append(...nodes);
    }
    holder.append(translation, marked('span', 'control'));
  };
  const isWords = (node) => /\p{L}{2}/u.test(node.textContent ?? '');
  const all = (selector) => [...article.querySelectorAll(selector)].filter((element) => !element.closest(SKIPPED) && isWords(element)).reverse();
  for (const note of all('.ltx_note_content, .ltx_pubnote')) {
    if (note.closest('.ltx_role_footnotemark') || note.querySelector('.ltx_p')) continue;
    inside(note, [...note.childNodes].filter((node) => !node.matches?.('.ltx_note_mark, .ltx_tag_note, .ltx_note_name')));
  }
  for (const cell of all('.ltx_td')) {
    if (cell.querySelector('.ltx_p, .ltx_tabular') || cell.closest('.ltx_eqn_table') || cell.textContent.trim().split(/\s+/).length < 4) continue;
    inside(cell, [...cell.childNodes]);
  }
  for (const cell of all('.ltx_eqn_cell[style*="white-space"]')) inside(cell, [...cell.childNodes]);
  for (const caption of all('figcaption')) inside(caption, [...caption.childNodes]);
  for (const term of all('dt')) inside(term, [...term.childNodes]);
  for (const block of all('.ltx_p, .ltx_title')) {
    if (block.closest('.ltx_eqn_table')) continue;
    block.after(translationOf([...block.childNodes]), marked('span', 'reserved'));
    block.setAttribute('data-paperglot', place === 'replace' ? 'replaced' : 'beside');
  }
  for (const bare of all('.ltx_keywords, .ltx_acknowledgements')) inside(bare, [...bare.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && isWords(node)));
  const failed = article.querySelector('#keep');
  if (failed) {
    const sentence = marked('span', 'translation');
    sentence.setAttribute('data-state', 'failed');
    sentence.textContent = 'The model is busy.';
    failed.after(sentence);
  }
  return article;
}
