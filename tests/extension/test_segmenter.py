"""From a piece of a page to its prose, with a placeholder for what has to stay as it is."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "content/document/segmenter.js"

# The text, what each placeholder stands for in the order of their numbers, whether MathJax is at work.
SEGMENT = """({ segment }, html, skip) => {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const found = segment(body, { skip });
  const shown = (original) => original.kind === 'g'
    ? original.element.localName
    : original.nodes.map(node => node.textContent || node.localName).join('');
  return found && {
    text: found.text,
    numbers: [...found.originals.keys()],
    originals: [...found.originals.values()].map(shown),
    typesetting: found.typesetting,
  };
}"""
MATHJAX = (
    '<span class="MathJax_Preview">{tex}</span><span class="MathJax">{seen}</span>'
    '<script type="math/tex">{tex}</script>'
)


def _text(module: Module, html: str, originals: list[str], *, skip: str = "") -> str:
    """A segment's text, once it is sure what its placeholders stand for."""
    found = module.run(SEGMENT, html, skip)
    assert found["originals"] == originals
    assert found["numbers"] == list(range(1, len(originals) + 1))
    assert found["typesetting"] is False
    return str(found["text"])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("  Two\n  lines\tof&nbsp;words ", "Two lines of words"),
        ("Less &lt; more &amp; &gt; most", "Less &lt; more &amp; &gt; most"),
        ("On $x&lt;y$ and \\(z\\)", "On $x&lt;y$ and \\(z\\)"),
        ("quan<span class='search-hit'>tum</span> <mark-up>noise</mark-up>", "quantum noise"),
        ("<b>B</b>idirectional, un<em>der</em>stood", "Bidirectional, understood"),
        ("<p>One block</p><p>and another</p>", "One block and another"),
        ("<ul><li>First</li><li>second</li></ul>", "First second"),
        ("An <a id='here'></a>anchor and <em></em>nothing", "An anchor and nothing"),
        ("Words<!-- no comment --> alone", "Words alone"),
        (
            "Words<script>1</script><style>a</style><button>press</button><select><option>o</select>"
            "<textarea>t</textarea><noscript>n</noscript><span data-paperglot='notice'>ours</span>",
            "Words",
        ),
    ],
)
def test_words_are_the_text(module: Module, html: str, text: str) -> None:
    assert _text(module, html, []) == text


@pytest.mark.parametrize(
    "name", ["em", "strong", "i", "b", "u", "small", "q", "abbr", "cite", "ins"]
)
def test_emphasis_encloses_its_words(module: Module, name: str) -> None:
    assert _text(module, f"A <{name}>loud</{name}> word", [name]) == "A <g1>loud</g1> word"


def test_placeholders_are_numbered_as_they_appear(module: Module) -> None:
    html = (
        "<em>See <a href='/x'>their <b>code</b></a></em>, H<sub>2</sub>O and <i>more</i><br>words"
    )
    assert (
        _text(module, html, ["em", "a", "b", "2", "i", "br"])
        == "<g1>See <g2>their <g3>code</g3></g2></g1>, H<x4/>O and <g5>more</g5><x6/>words"
    )


@pytest.mark.parametrize("name", ["img", "svg", "math", "code", "kbd", "samp", "tt", "sup", "hr"])
def test_what_is_no_prose_is_opaque(module: Module, name: str) -> None:
    html = f"Some <{name}></{name}> words" if name not in ("img", "hr") else f"Some <{name}> words"
    assert _text(module, html, [name]) == "Some <x1/> words"


@pytest.mark.parametrize(
    "words",
    [
        *("this https URL", "this http URL", "this ftp URL", "https://example.org/a?b=c", "www.example.org"),
        *("someone@example.org", "arXiv:2401.00001", "doi:10.1000/182", "10.1000/182", "2401.00001v2"),
        *("hep-th/9901001", "math/0211159v1"),
    ],
)  # fmt: skip
def test_a_link_that_names_an_address_stays_whole(module: Module, words: str) -> None:
    assert _text(module, f"Code at <a href='/x'>{words}</a>.", [words]) == "Code at <x1/>."


def test_a_link_that_arxiv_marked_stays_whole(module: Module) -> None:
    html = "As in <a href='/abs/1' data-arxiv-id='1'>our paper</a>, <a href='/x'>our code</a>"
    assert _text(module, html, ["our paper", "a"]) == "As in <x1/>, <g2>our code</g2>"
    assert _text(module, "An <a name='x'>anchor</a>", []) == "An anchor"


def test_what_is_to_be_skipped_is_no_text(module: Module) -> None:
    html = "<span class='descriptor'>Title:</span> On lamps"
    assert _text(module, html, [], skip=".descriptor") == "On lamps"


def test_a_typeset_formula_is_one_placeholder(module: Module) -> None:
    one, two = MATHJAX.format(tex="x^2", seen="x²"), MATHJAX.format(tex="y", seen="𝑦")
    assert _text(module, f"For {one}{two} we show", ["x²", "𝑦"]) == "For <x1/><x2/> we show"
    display = one.replace("MathJax'", "MathJax_Display'").replace('"MathJax"', '"MathJax_Display"')
    assert _text(module, f"For {display} we show", ["x²"]) == "For <x1/> we show"


@pytest.mark.parametrize(
    ("html", "original"),
    [
        ('<span class="MathJax_Preview">x</span><script type="math/tex">x</script>', "$x$"),
        (
            '<span class="MathJax_Preview"></span><span class="MathJax MathJax_Processing"></span>'
            '<script type="math/tex">x</script>',
            "$x$",
        ),
        ('<script type="math/tex">x</script>', "$x$"),
    ],
    ids=["waiting", "processing", "script"],
)
def test_a_formula_that_is_being_typeset_says_so(module: Module, html: str, original: str) -> None:
    found = module.run(SEGMENT, f"For {html} we show", "")
    assert found["typesetting"]
    assert (found["text"], found["originals"]) == ("For <x1/> we show", [original])


@pytest.mark.parametrize(
    "html",
    [
        "",
        " \n ",
        "12,345 (67%) -- !",
        "A 1 b 2",
        "$E=mc^2$",
        r"\[ \mathcal{PT} \]",
        r"$\alpha$ $\beta$ 3",
        r"\(ab\) \begin{align} abc \end{align} $$\mathrm{abc}$$",
        MATHJAX.format(tex=r"\mathrm{abc}", seen="abc"),
        "<a href='/x'>https://example.org/abc</a>",
        "<code>words</code><img alt='words'>",
        "<script>words</script>",
        "x<sub>1</sub> <em>y</em>",
    ],
)
def test_where_there_are_no_words_there_is_nothing_to_translate(module: Module, html: str) -> None:
    assert module.run(SEGMENT, html, "") is None


def test_the_shortest_words_are_words(module: Module) -> None:
    for html in ("Oz", "灯火", "$x$ is", "cost \\$5 or $6"):
        assert module.run(SEGMENT, html, "")


def test_a_text_of_any_length_is_one(module: Module) -> None:
    """What is more than a request may hold is asked for in pieces; what no author wrote is left alone."""
    assert module.run(SEGMENT, "an<br>" * 9_999, "")
    assert module.run(SEGMENT, "an<br>" * 10_000, "") is None
    assert module.run(SEGMENT, "x" * 100_000, "")
    assert module.run(SEGMENT, "x" * 100_001, "") is None


@pytest.mark.parametrize(
    "tex",
    [
        "$$ a < b \\quad\\text{and}\\quad c > d $$",
        "\\begin{cases} 1 & x<0 \\\\ 2 & y \\end{cases}",
        "$<v>$",
        "\\[\n \\int_0^1 f(x)\\,dx . \\]",
        "\\(x\\)",
    ],
)
def test_formulas_of_every_kind_are_known(module: Module, tex: str) -> None:
    """Nothing but the formula, in the middle of a sentence with a price in it."""
    found = module.run(
        "({ TEX }, text) => text.match(TEX)", f"For 1\\% and \\$5 we show {tex} here."
    )
    assert found == [tex]
