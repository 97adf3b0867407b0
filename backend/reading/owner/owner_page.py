"""GET /owner: a page without anything secret in it; its script asks for the numbers, with the owner's token."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import jinja2
from flask import Blueprint, Response, request
from markupsafe import Markup

from ... import languages
from ...api.response_cache import Body
from ...errors import UnsupportedLanguage
from ...languages import Language
from .. import assets, negotiation
from ..catalogue import TAGS
from ..pages import page

bp = Blueprint("owner_page", __name__)


@bp.get("/owner")
def show_owner_page() -> Response:
    """How the server does, in the first of the browser's languages that this page has."""
    response = page(_body(_language().tag))
    # Beside the style sheet of all pages, which stands in the page, it loads one of its own.
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("style-src ", "style-src 'self' ")
    response.headers.add("Vary", "Accept-Language")
    return response


def words(tag: str) -> dict[str, str]:
    """The page's own words in one of the interface's languages."""
    text = (resources.files(__package__) / "words" / f"{tag}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _language() -> Language:
    """The one that `?lang=` names, else the browser's; English for those in which there is no page."""
    named = request.args.get("lang")
    try:
        language = languages.find(named) if named else None
    except UnsupportedLanguage:
        language = None
    language = language or negotiation.preferred(request.headers.get("Accept-Language", ""))
    return language if language.tag in TAGS else languages.find("en")


@cache
def _body(tag: str) -> Body:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__ or ""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("owner.html").render(
        language=languages.find(tag),
        languages=[languages.find(each) for each in TAGS],
        words=words(tag),
        asset=assets.load().path,
        style=Markup(assets.load().style),
    )
    return Body(text.encode())
