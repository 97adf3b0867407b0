"""The first requests of a process, when many come at once."""

from __future__ import annotations

import subprocess
import sys

from tests.serving import ROOT

AT_ONCE = """
import sys, threading
import flask
from backend.api import request_body, translations

sys.setswitchinterval(1e-6)
body = {"lang": "de", "segments": [{"id": "1", "text": "x"}], "glossary": [{"source": "a", "target": "b"}]}
app, together, read = flask.Flask("first"), threading.Barrier(16), []

def ask():
    with app.test_request_context(method="POST", json=body):
        together.wait()
        read.append(request_body.decode(translations.TranslationsBody).glossary[0].target)

threads = [threading.Thread(target=ask) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(read.count("b"))
"""


def test_the_first_bodies_are_read_by_many_threads_at_once():
    """msgspec crashed in about every other process whose first bodies came together."""
    for _ in range(4):
        done = subprocess.run(
            [sys.executable, "-c", AT_ONCE], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.strip()) == (0, "16"), done.stderr
