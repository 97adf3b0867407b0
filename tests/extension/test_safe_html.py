"""HTML from a server on its way into an extension page."""

from __future__ import annotations

from tests.extension.conftest import Module

MODULE = "popup/safe-html.js"


def test_a_formula_is_set_alike_in_every_language(module: Module) -> None:
    """Fonts are chosen by language and brackets turn with the direction: the formula is the paper's."""
    found = module.run(
        """({ fill }) => {
          const text = document.createElement('p');
          Object.assign(text, { lang: 'ar', dir: 'rtl' });
          fill(text, 'كلمات <math><mi>O</mi><mo>(</mo><mi>n</mi><mo>)</mo></math>', '');
          const formula = text.querySelector('math');
          const isEnglish = [formula, ...formula.children].every((each) => each.matches(':lang(en)'));
          return [isEnglish, formula.getAttribute('dir'), text.textContent];
        }"""
    )
    assert found == [True, "ltr", "كلمات O(n)"]


def test_a_formula_keeps_its_marks_and_nothing_else_a_class(module: Module) -> None:
    found = module.run(
        """({ fill }) => {
          const text = document.createElement('p');
          const formula = '<span class="formula"><bdi><math><mi>n</mi></math></bdi>,</span>';
          fill(text, `${formula} <span class="votes">a</span>`, '');
          const left = [...text.querySelectorAll('span, bdi')];
          return [...left.map(({ localName, className }) => localName + className), text.textContent];
        }"""
    )
    assert found == ["spanformula", "bdi", "n, a"]
