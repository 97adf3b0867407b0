"""Pages of arXiv's with invented translations, for the tests of exports."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.driver import Browser

ROOT = Path(__file__).parents[2]
OWN_PAGE = ROOT / "tests/pages/html/2401.02001v1.html"
_TRANSLATED_PAGE = "\n".join(
    line
    for line in (Path(__file__).parent / "translated_page.js").read_text("utf-8").splitlines()
    if not line.startswith("//")
)
WORDS = {
    "zh-Hans": "我们 提出 一种 新的 方法 ， 用于 阅读 雾中的 灯 。",
    "ar": "نقدم طريقة جديدة لقراءة المصابيح في الضباب الكثيف ليلا",
}
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAACgAAAAUCAIAAABwJOjsAAAAJElEQVR42mPQaKoYEMQwavGoxaMWj1o8avGoxaMWj1o8ciwG"
    "AHzpim6d9zakAAAAAElFTkSuQmCC"
)


def papers(shared: Path | None) -> list[Path]:
    """Our own page, and those of `shared` where it is at hand."""
    return [OWN_PAGE, *(sorted((shared / "arxiv-html").glob("*.html")) if shared else [])]


@dataclass(frozen=True)
class Exported:
    """One paper in every form."""

    html: str
    epub: bytes
    markdown: str
    receipt: dict[str, Any]
    unverified: list[dict[str, str]]
    shown: dict[str, Any]
    """What the page shows: `text` without notes, and `notes`."""

    def files(self) -> dict[str, bytes]:
        """The files of the EPUB."""
        with zipfile.ZipFile(io.BytesIO(self.epub)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def export(
    browser: Browser,
    paper: Path,
    *,
    mode: str = "translated",
    lang: str = "zh-Hans",
    place: str = "replace",
    doubtful: int = 0,
) -> Exported:
    """Translates a page with invented words and exports it, in a hidden page of the extension."""
    arxiv_id = paper.stem.split("_")[0]
    address = f"https://arxiv.org/html/{arxiv_id}"
    setting = {
        "lang": lang,
        "dir": "rtl" if lang == "ar" else "ltr",
        "place": place,
        "doubtful": doubtful,
        "words": WORDS[lang].split(),
    }
    source = {
        "id": arxiv_id.split("v")[0],
        "version": "v" + arxiv_id.split("v")[1],
        "title": "A paper",
        "url": address,
        "licence": "CC BY 4.0",
    }
    given = ", ".join(json.dumps(each) for each in (paper.read_text("utf-8"), address, setting))
    answer = browser.extension_page.evaluate(
        f"""(async () => {{
          const load = (name) => import(`/content/export/${{name}}.js`);
          const {{ text }} = await import('/localize.js');
          const parts = ['document', 'html', 'epub', 'markdown'];
          const {{ exportDocument, toHtml, toEpub, toMarkdown }} =
            Object.assign({{}}, ...await Promise.all(parts.map(load)));
          const article = ({_TRANSLATED_PAGE})({given});
          const picture = Uint8Array.from(atob({json.dumps(PICTURE)}), (each) => each.charCodeAt(0));
          const before = article.outerHTML;
          const tree = await exportDocument(article, {{
            mode: {json.dumps(mode)}, lang: {json.dumps(lang)}, source: {json.dumps(source)}, words: text,
            model: 'a-model <1>', date: '2026-11-28',
            fetchImage: async (url) => (url.endsWith('.png') ? {{ bytes: picture, type: 'image/png' }} : null),
          }});
          if (article.outerHTML !== before) throw new Error('the page was changed');
          const bytes = await toEpub(tree);
          let epub = '';
          for (const byte of bytes) epub += String.fromCharCode(byte);
          return {{
            html: await toHtml(tree), epub: btoa(epub), markdown: await toMarkdown(tree), receipt: tree.receipt,
            unverified: tree.unverified, shown: ({_SHOWN})(article, {json.dumps(mode)}),
          }};
        }})()"""
    )
    return Exported(**{**answer, "epub": base64.b64decode(answer["epub"])})


# What a reader of the page sees, in the order of the document: originals where they are not replaced.
_SHOWN = r"""(article, mode) => {
  const copy = article.cloneNode(true);
  const take = (selector) => copy.querySelectorAll(selector).forEach((element) => element.remove());
  take('[data-paperglot="control"], [data-paperglot="reserved"], [data-state="failed"]');
  if (mode === 'translated') {
    take('[data-paperglot="replaced"], [data-paperglot="original"]');
  }
  take('.ltx_rdf, .ltx_pagination, .ltx_listing_data, .ltx_TOC, .ltx_note_type, annotation, annotation-xml');
  for (const math of copy.querySelectorAll('math')) math.replaceWith(math.getAttribute('alttext') ?? '');
  const squeezed = (element) => element.textContent.replace(/[\s\u000b]+/g, '');
  const notes = [];
  for (const note of [...copy.querySelectorAll('.ltx_note, .ltx_pubnote')].reverse()) {
    for (const mark of note.querySelectorAll('.ltx_note_content .ltx_note_mark, .ltx_tag_note')) mark.remove();
    const content = note.querySelector('.ltx_note_content') ?? note;
    // A copy in a translation: its text stands with the note's.
    const isCopy = mode === 'bilingual' && note.closest('[data-paperglot="translation"]');
    if (content.textContent.trim() && !isCopy) notes.unshift(squeezed(content));
    content.remove();
  }
  take('.ltx_note_mark');
  return { text: squeezed(copy), notes };
}"""
