"""The extension's own words, as an English reader sees them."""

from __future__ import annotations

import json

from tests.browser.backend_process import ROOT

_MESSAGES = json.loads((ROOT / "extension/_locales/en/messages.json").read_text(encoding="utf-8"))


def words(key: str) -> str:
    """A message up to the first value that is put into it."""
    message: str = _MESSAGES[key]["message"]
    return message.partition("$")[0]
