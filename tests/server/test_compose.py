"""compose.yaml and its Caddyfile name what there is."""

from __future__ import annotations

import re

from backend.config import Config
from tests.serving import ROOT


def test_compose_sets_what_the_server_knows():
    """Every variable is a setting, no secret is written down, and Docker waits longer than the server takes."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    backend = text[text.index("x-backend:") : text.index("services:")]
    named = dict(re.findall(r"(?m)^    ([A-Z_]+): (.*)$", backend))
    assert set(named) <= set(Config.variables())
    grace = re.search(r"stop_grace_period: (\d+)s", backend)
    assert grace
    assert int(grace[1]) > int(named["STOP_SECONDS"].strip('"')) + 1
    assert all(named[name].startswith("${") for name in ("ACCESS_TOKEN", "OPENAI_API_KEY"))
    proxied = re.findall(r"backend-\d", (ROOT / "Caddyfile").read_text("utf-8"))
    assert proxied == re.findall(r"(?m)^  (backend-\d):$", text)
