"""Photograph every surface of the extension in both browsers: python -m scripts.screenshots FOLDER

The real extension and the real backend, with an invented day's list (`invented_day`), a fake language
model that knows its translations, and a site that plays arXiv. Nothing is asked of the network.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts import invented_day
from tests.browser.arxiv_site import ArxivSite
from tests.browser.backend_process import NOWHERE, Backend
from tests.browser.chromium import Chromium
from tests.browser.driver import Browser, ColorScheme, Page
from tests.browser.firefox import Firefox
from tests.fakes.llm import MODEL, FakeLLM
from tests.fakes.llm_scenario import Scenario

ROOT = Path(__file__).parent.parent
BROWSERS: dict[str, type[Chromium] | type[Firefox]] = {"chromium": Chromium, "firefox": Firefox}
WIDTHS = (320, 400, 1200)
SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
PAPER = f"/abs/{invented_day.PAGE}"
TRANSLATED = """(all => all.length && all.every(each => ['done', 'unverified'].includes(each.dataset.state)))(
  [...document.querySelectorAll('[data-paperglot="translation"]')])"""
LANGUAGES = ("zh-Hans", "ja", "ar")


@dataclass(frozen=True)
class Studio:
    """A browser and everything before and behind it."""

    browser: Browser
    site: ArxivSite
    backend: Backend
    llm: FakeLLM
    folder: Path
    locale: str = "en-US"
    translated: set[str] = field(default_factory=set)
    """The languages in which the day's list is stored."""

    @property
    def suffix(self) -> str:
        """Names the language of the interface where it is not English."""
        return "" if self.locale == "en-US" else f"-{self.locale}"

    def settle(
        self,
        *,
        stamp: str = invented_day.STAMP,
        targetLanguage: str = "zh-Hans",
        **settings: object,
    ) -> None:
        """A fresh reader with these settings; another stamp makes texts nobody has translated yet."""
        self.browser.reset()
        self.site.stamp = stamp
        self.llm.reset()
        if targetLanguage in invented_day.LANGUAGES:
            self.llm.scenario = knowing(targetLanguage)
            self._translate_day(targetLanguage)
        reader = {"version": 1, "backendUrl": self.backend.url, "targetLanguage": targetLanguage}
        self.browser.store({"settings": {**reader, **settings}})

    def _translate_day(self, language: str) -> None:
        if language not in self.translated:
            self.backend.run("prefetch", "--date", invented_day.DATE, "--lang", language)
            self.translated.add(language)

    def shoot(self, page: Page, name: str) -> None:
        """Writes the picture, once fonts are there and nothing moves."""
        page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done, 350)))")
        path = self.folder / f"{name}-{self.browser.name}.png"
        page.screenshot(path)
        sys.stdout.write(f"{path}\n")


def abstract_pages(studio: Studio) -> None:
    """A translated abstract page: languages, schemes, widths, ways of reading."""
    for language in LANGUAGES:
        for width in (320, 400, 1200):
            for scheme in SCHEMES:
                _abstract_page(studio, f"abs-{language}-{width}-{scheme}", language, width, scheme)
    for display in ("replace", "side"):
        for language in ("zh-Hans", "ar"):
            name = f"abs-{language}-1200-light-{display}"
            _abstract_page(studio, name, language, 1200, "light", display=display)


def _abstract_page(
    studio: Studio,
    name: str,
    language: str,
    width: int,
    scheme: ColorScheme,
    **settings: object,
) -> None:
    studio.settle(targetLanguage=language, **settings)
    page = open_page(studio, f"{PAPER}?mathjax=before", width, scheme)
    page.wait_for(TRANSLATED)
    studio.shoot(page, name)


def states(studio: Studio) -> None:
    """Waiting, streaming, not verified with its card, failed, and the open menu."""
    for scheme in SCHEMES:
        studio.settle(targetLanguage="fr", stamp=f"cubic{scheme}")
        studio.llm.scenario = Scenario(first_token_delay=60)
        page = open_page(studio, f"{PAPER}?mathjax=before", 800, scheme)
        page.wait_for("document.querySelector('[data-state=\"waiting\"]')")
        studio.shoot(page, f"state-waiting-{scheme}")

        studio.settle(targetLanguage="fr", stamp=f"sparse{scheme}")
        studio.llm.scenario = Scenario(chunk_delay=0.05)
        page = open_page(studio, f"{PAPER}?mathjax=before", 800, scheme)
        page.wait_for("document.querySelector('blockquote + [data-state=\"streaming\"]')")
        studio.shoot(page, f"state-streaming-{scheme}")

        studio.settle(backendUrl=NOWHERE)
        page = open_page(studio, PAPER, 800, scheme)
        page.wait_for("document.querySelector('[data-state=\"failed\"] button')", seconds=30)
        studio.shoot(page, f"state-failed-{scheme}")

        studio.settle(targetLanguage="es", stamp=f"dense{scheme}")
        studio.llm.scenario = Scenario(damage=("drop",))
        page = open_page(studio, f"{PAPER}?mathjax=before", 800, scheme)
        page.wait_for(TRANSLATED)
        page.click("[data-paperglot='mark']")
        studio.shoot(page, f"state-unverified-{scheme}")

        studio.settle()
        page = open_page(studio, f"{PAPER}?mathjax=before", 800, scheme)
        page.wait_for(TRANSLATED)
        page.click("[data-paperglot='control'] button")
        studio.shoot(page, f"state-menu-{scheme}")


def lists(studio: Studio) -> None:
    """A day's listing and a page of search results."""
    for path, name in (("/list/cs.CL/new", "list"), ("/search/", "search")):
        for language in ("ja", "ar"):
            studio.settle(targetLanguage=language)
            page = open_page(studio, f"{path}?mathjax=before", 1000, "light")
            page.wait_for(TRANSLATED)
            studio.shoot(page, f"{name}-{language}")


def popups(studio: Studio) -> None:
    """The popup: languages, schemes, an unfolded paper, the real one, trouble."""
    for language in ("zh-Hans", "ja", "de", "ar"):
        for scheme in SCHEMES:
            studio.settle(targetLanguage=language)
            popup = open_popup(studio, scheme)
            studio.shoot(popup, f"popup-{language}-{scheme}")
            popup.click("[data-paper-id] button.title")
            studio.shoot(popup, f"popup-{language}-{scheme}-unfolded")
    studio.settle(targetLanguage="it")
    studio.shoot(open_popup(studio, "light"), "popup-untranslated")

    studio.settle()
    page = studio.browser.new_page()
    page.goto(studio.site.url(PAPER))
    real = studio.browser.open_popup(page)
    real.wait_for("document.querySelectorAll('[data-paper-id]').length")
    real.evaluate("new Promise(done => setTimeout(done, 800))")
    real.screenshot(studio.folder / f"popup-real-{studio.browser.name}.png")
    real.close()

    studio.settle(backendUrl=NOWHERE)
    popup = studio.browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.wait_for("document.body.dataset.state === 'problem'")
    studio.shoot(popup, "popup-trouble")


def open_popup(studio: Studio, scheme: ColorScheme) -> Page:
    """The popup in a tab, its list shown."""
    popup = studio.browser.open_extension_page("popup/popup.html")
    popup.set_viewport(400, 600)
    popup.set_color_scheme(scheme)
    popup.wait_for("document.querySelectorAll('[data-paper-id]').length")
    return popup


def options(studio: Studio) -> None:
    """The options page, the whole of it, with own terms: widths and schemes."""
    terms = [{"source": "token", "target": "词元"}, {"source": "planar flow", "target": "平面流"}]
    for width in WIDTHS:
        for scheme in SCHEMES:
            studio.settle(glossary=terms)
            page = studio.browser.open_extension_page("options/options.html")
            page.set_viewport(width, 900)
            page.set_color_scheme(scheme)
            page.wait_for(
                "['good', 'limited'].includes(document.querySelector('[data-result]').dataset.light)"
            )
            page.set_viewport(width, page.evaluate("document.documentElement.scrollHeight"))
            studio.shoot(page, f"options-{width}-{scheme}{studio.suffix}")


def popup_widths(studio: Studio) -> None:
    """The popup, its first paper unfolded and one saved, in windows of each width; also in Arabic."""
    interface = {"en-US": "de", "zh-CN": "zh-Hans"}.get(studio.locale, studio.locale)
    for language in (interface, "ar"):
        for width in WIDTHS:
            for scheme in SCHEMES:
                studio.settle(targetLanguage=language)
                popup = open_popup(studio, scheme)
                popup.set_viewport(width, 600)
                popup.click("[data-paper-id] button.title")
                popup.click("[data-action='save']")
                popup.evaluate("scrollTo(0, 0)")
                studio.shoot(popup, f"popup-{width}-{scheme}-{language}{studio.suffix}")


def open_page(
    studio: Studio, path: str, width: int, scheme: ColorScheme, *, height: int = 900
) -> Page:
    """A page of arXiv's in a new tab."""
    page = studio.browser.new_page()
    page.set_viewport(width, height)
    page.set_color_scheme(scheme)
    page.goto(studio.site.url(path))
    return page


def knowing(language: str) -> Scenario:
    """A model that knows the day's translations and invents those of other texts."""
    return Scenario(known=invented_day.translations(language), chunk_chars=40)


SURFACES = {
    "abs": abstract_pages,
    "states": states,
    "lists": lists,
    "popup": popups,
    "popup-widths": popup_widths,
    "options": options,
}


@contextmanager
def open_studio(
    browser: str, folder: Path, extension: Path = ROOT / "extension", *, locale: str = "en-US"
) -> Iterator[Studio]:
    """Opens everything and closes it again."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "backend").mkdir()
        with ArxivSite(scratch) as site, FakeLLM() as llm, invented_day.upstreams() as upstreams:
            site.add(PAPER, invented_day.page())
            model = {"OPENAI_BASE_URL": llm.base_url, "OPENAI_MODEL": MODEL}
            with Backend(scratch / "backend", **model, **upstreams) as backend:
                window = BROWSERS[browser](
                    extension, site_port=site.port, folder=scratch / "browser", locale=locale
                )
                try:
                    yield Studio(window, site, backend, llm, folder, locale)
                finally:
                    window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the PNG files go")
    parser.add_argument("--browser", choices=BROWSERS, action="append", help="default: both")
    parser.add_argument("--only", choices=SURFACES, action="append", help="default: every surface")
    parser.add_argument("--locale", default="en-US", help="of the extension's own words (Chromium)")
    parser.add_argument("--extension", type=Path, default=ROOT / "extension")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for browser in chosen.browser or BROWSERS:
        with open_studio(browser, chosen.folder, chosen.extension, locale=chosen.locale) as studio:
            for surface in chosen.only or SURFACES:
                SURFACES[surface](studio)


if __name__ == "__main__":
    main()
