"""axe-core's judgement of a document (from the package axe-core-python, which carries its script)."""

from __future__ import annotations

import json
from importlib.resources import files

from tests.browser.driver import View

_AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(view: View, *, within: str = "html") -> list[str]:
    """What axe objects to in the elements that match a selector, one line for each rule and place."""
    view.evaluate(f"void (() => {{ {_AXE} }}).call(globalThis)")
    found = view.evaluate(
        f"""axe.run({{ include: [{json.dumps(within)}] }}, {{ resultTypes: ['violations'] }})
          .then(({{ violations }}) => violations.flatMap(({{ id, help, nodes }}) =>
            nodes.map(({{ target, any }}) => `${{id}}: ${{help}}: ${{target}} ${{any[0]?.message ?? ''}}`)))"""
    )
    return list(found)
