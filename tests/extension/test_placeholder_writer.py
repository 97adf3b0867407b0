"""A translation as it streams in becomes words, and copies of the page's own nodes; nothing else."""

from __future__ import annotations

import re

import pytest

from tests.extension.conftest import Module

MODULE = "content/view/placeholder-writer.js"

# `written(source, pieces)` is what stands there once the pieces of a translation of `source` are written,
# without the language and direction of copies, which have a test of their own.
WRITE = """async ({ Writer }, source, given) => {
  const { segment } = await import('/content/document/segmenter.js');
  const parse = (html) => new DOMParser().parseFromString(html, 'text/html');
  const written = (source, pieces, room) => {
    const document = parse(source);
    const target = document.createElement('div');
    const writer = new Writer(target, segment(document.body).originals, { limit: room });
    for (const piece of pieces) writer.write(piece);
    writer.end();
    for (const copy of target.querySelectorAll('[lang=""][dir="ltr"]')) {
      for (const name of ['lang', 'dir']) copy.removeAttribute(name);
    }
    return target;
  };
  return (%s)(source, given);
}"""
SOURCE = "A <em>loud <a href='/x'>link</a></em> with <code>code</code> and <b>more</b>"
"""Its text is `A <g1>loud <g2>link</g2></g1> with <x3/> and <g4>more</g4>`."""


def _written(module: Module, *pieces: str, source: str = SOURCE) -> str:
    shown = "(source, pieces) => written(source, pieces).innerHTML"
    return str(module.run(WRITE % shown, source, list(pieces)))


def test_placeholders_become_what_they_stand_for(module: Module) -> None:
    assert (
        _written(module, "<x3/>和<g4>更多</g4>：<g1>响亮的<g2>链接</g2></g1>")
        == '<code>code</code>和<b>更多</b>：<em>响亮的<a href="/x">链接</a></em>'
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("甲<x99/><g77>乙</g77></g3>", "甲乙"),
        ("<x3/>甲<x3/>", "<code>code</code>甲"),
        ("<g4>甲</g4><g4>乙</g4>", "<b>甲</b>乙"),
        ("<g4>甲", "<b>甲</b>"),
        ("甲</g4>乙", "甲乙"),
        ("<g1>甲<g4>乙</g1>丙</g4>丁", "<em>甲<b>乙</b></em>丙丁"),
        ("<g2>甲</g2><g1>乙</g1>", '<a href="/x">甲</a><em>乙</em>'),
        ("<g3>甲</g3><x4/>", "甲"),
        ("<x0/><x-1/>甲", "&lt;x-1/&gt;甲"),
        ("<x3 onclick='x'/><X3/><x3>", "&lt;x3 onclick='x'/&gt;&lt;X3/&gt;&lt;x3&gt;"),
        ("<x12345/>", "&lt;x12345/&gt;"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;x3/&gt; &amp;amp; &nbsp; &quot;", '&lt;x3/&gt; &amp;amp; &amp;nbsp; &amp;quot;'),
        ("<img src=x onerror=1><script>1", "&lt;img src=x onerror=1&gt;&lt;script&gt;1"),
        ("甲\u202e\u202d\u202b\u0000\u0008乙\u202c", "甲乙"),
        ("甲<g", "甲&lt;g"),
        ("甲&am", "甲&amp;am"),
        ("", ""),
    ],
)  # fmt: skip
def test_whatever_comes_nothing_else_comes_out(module: Module, text: str, html: str) -> None:
    """Strange placeholders are left out, others appear once and nest; mark-up is text."""
    assert _written(module, text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<x3/>和<g4>更多</g4>：<g1>响亮的<g2>链接</g2></g1>",
        "a &lt; b &amp; c &gt; d < e &nbsp; <x99/> <g1>x</g4>",
        "<<g1<g1>&&lt;<x3/",
    ],
)
def test_wherever_the_stream_is_cut_the_same_comes_out(module: Module, text: str) -> None:
    found = module.run(
        WRITE
        % """(source, text) => {
          const all = [written(source, [...text]).innerHTML];
          for (let cut = 0; cut <= text.length; cut += 1) {
            all.push(written(source, [text.slice(0, cut), text.slice(cut)]).innerHTML);
          }
          return [...new Set(all)];
        }""",
        SOURCE,
        text,
    )
    assert found == [_written(module, text)]


@pytest.mark.parametrize(
    "source",
    [
        SOURCE,
        "For 5 &lt; 6 &amp; <i>x<sub>1</sub></i><br>we <b>show <em>this</em></b>",
        "As <a href='/abs/1' data-arxiv-id='1'>arXiv:2401.00001</a> <q>says</q>",
    ],
)
def test_a_source_written_back_is_the_source(module: Module, source: str) -> None:
    found = module.run(
        WRITE
        % """(source) => {
          const { body } = parse(source);
          return [written(source, [segment(body).text]).innerHTML, body.innerHTML];
        }""",
        source,
        None,
    )
    assert found[0] == found[1]


def test_copies_repeat_nothing_that_must_be_unique(module: Module) -> None:
    source = (
        "Some <em id='a' class='b' tabindex='1' accesskey='k' onclick='x()' aria-labelledby='a'>words</em> and "
        "<code id='c' name='d'>code<script>1</script><i id='e' onmouseover='x()' title='f'>i</i></code>"
    )
    assert (
        _written(module, "<g1>词</g1><x2/>", source=source)
        == '<em class="b">词</em><code>code<i title="f">i</i></code>'
    )


def test_a_formulas_copy_says_its_tex(module: Module) -> None:
    source = (
        'For <span class="MathJax_Preview">x</span><span class="MathJax" id="m1">𝑥</span>'
        '<script type="math/tex"> x^2 </script> we show'
    )
    assert (
        _written(module, "甲<x1/>", source=source)
        == '甲<span class="MathJax" role="math" aria-label="x^2">𝑥</span>'
    )


@pytest.mark.parametrize(
    ("html", "lang", "dir"),
    [
        ("<div lang='en'>For all <code>x</code></div>", "en", "ltr"),
        ("<div lang='en'>For all <code lang='fr'>x</code></div>", "fr", "ltr"),
        ("<div lang='fa' dir='rtl'>For all <code>x</code></div>", "fa", "rtl"),
        ("<div lang='en'>For all <math><mi>x</mi></math></div>", "en", "ltr"),
        ("<div dir='auto'>لكل <code>x</code> عدد</div>", "", "rtl"),
    ],
)
def test_a_copy_is_set_in_its_originals_language_and_direction(
    module: Module, html: str, lang: str, dir: str
) -> None:
    shown = """(source, pieces) => {
      const { firstElementChild: copy } = written(source, pieces);
      const inside = copy.firstElementChild ?? copy;
      const lang = ['en', 'fr', 'fa'].find((each) => inside.matches(`:lang(${each})`)) ?? '';
      return [lang, copy.getAttribute('dir') ?? 'ltr', copy.textContent];
    }"""
    assert module.run(WRITE % shown, html, ["<x1/>甲"]) == [lang, dir, "x"]


def test_what_was_selected_is_set_as_the_page_is(module: Module) -> None:
    """Cut out of the page it has no ancestors of its own."""
    found = module.run(
        """async ({ Writer }) => {
          const { segment } = await import('/content/document/segmenter.js');
          const page = new DOMParser().parseFromString('<p>For <code>x</code></p>', 'text/html');
          Object.assign(page.documentElement, { lang: 'en-GB', dir: 'rtl' });
          const range = page.createRange();
          range.selectNodeContents(page.querySelector('p'));
          const target = document.createElement('div');
          new Writer(target, segment(range.cloneContents()).originals).write('<x1/>');
          const { lang, dir } = target.firstElementChild;
          return [lang, dir];
        }"""
    )
    assert found == ["en-GB", "rtl"]


def test_a_translation_has_so_much_room_and_no_more(module: Module) -> None:
    shown = "(source, pieces) => written(source, pieces, 10).textContent"
    assert module.run(WRITE % shown, SOURCE, ["甲" * 6, "乙" * 6, "丙"]) == "甲" * 6 + "乙" * 4


@pytest.mark.parametrize(
    "flood",
    [
        "() => Array(100).fill('<x1/><g2>'.repeat(5000))",
        "() => [Array.from({ length: 9999 }, (_, n) => `<g${n}>`).join('') + '甲']",
        "() => ['<g1><g2>'.repeat(200_000)]",
        "() => Array(100_000).fill('<')",
        "() => Array(20_000).fill('&lt;<x3/><g')",
    ],
    ids=["placeholders", "nested", "same", "beginnings", "cut"],
)
def test_floods_are_written_in_no_time(module: Module, flood: str) -> None:
    """And leave no more nodes than the source has, and its words in one."""
    milliseconds, elements, texts = module.run(
        WRITE
        % f"""(source) => {{
          const pieces = ({flood})();
          const began = performance.now();
          const target = written(source, pieces);
          const elements = target.querySelectorAll('*').length;
          return [performance.now() - began, elements, target.childNodes.length];
        }}""",
        SOURCE,
        None,
    )
    assert milliseconds < 2_000
    assert elements <= 4
    assert texts <= 9


def test_a_formula_keeps_its_place_among_marks(module: Module) -> None:
    """Firefox would put "3, 2" for "2, 3" into Hebrew; a displayed formula has its line for itself."""
    source = "Of <math><mn>2</mn></math>, <math><mn>3</mn></math>."
    written = _written(module, "<x1/>, <x2/>.", source=source)
    assert re.sub(r"<math [^>]*>", "<math>", written) == (
        "<bdi><math><mn>2</mn></math></bdi>, <bdi><math><mn>3</mn></math></bdi>."
    )
    displayed = 'So <math display="block"><mn>2</mn></math>.'
    assert "bdi" not in _written(module, "<x1/>.", source=displayed)
