"""A server that speaks the backend's language and means harm."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Segment = dict[str, str]
Stream = Callable[[list[Segment]], Iterator[bytes]]

# Each would set globalThis.harmed if it ran, or change what the reader sees or where a click leads.
MARKUP = (
    '<img src="x" onerror="globalThis.harmed = 1"><script>globalThis.harmed = 1</script>'
    '<a href="javascript:globalThis.harmed=1">one</a><a href="data:text/html,harm">two</a>'
    '<iframe srcdoc="<script>parent.harmed = 1</script>"></iframe><style>* { display: none }</style>'
    '<svg onload="globalThis.harmed = 1"><foreignObject><form action="https://example.com/harm">'
    '<input name="harm" autofocus onfocus="globalThis.harmed = 1"></form></foreignObject></svg>'
    '<math><mi href="javascript:globalThis.harmed=1">x</mi>'
    '<annotation-xml encoding="text/html"><script>globalThis.harmed = 1</script></annotation-xml></math>'
    '<div id="abs" name="harmed" style="position: fixed; inset: 0">all over</div>'
    '<meta http-equiv="refresh" content="0; url=https://example.com/harm"><base href="//example.com/">'
)


def event(name: str, data: object) -> bytes:
    """One Server-Sent Event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def whole(segment: Segment, text: str) -> bytes:
    """The event of a segment that is translated."""
    answer = {"id": segment["id"], "text": text, "verified": True, "cached": False, "issues": []}
    return event("segment", answer)


DONE = event("done", {"usage": {}, "translated": 1, "cached": 0, "failed": 0})


class HostileBackend:
    """The server; a context manager that runs it on threads of its own.

    Args:
        stream: what it answers to a request for translations, piece by piece.
        edition: the day's list it serves.
        status: of its answers to GETs.
    """

    def __init__(
        self,
        *,
        stream: Stream = lambda _: iter(()),
        edition: dict[str, Any] | None = None,
        status: int = 200,
    ) -> None:
        self.stream = stream
        self.edition = edition or {}
        self.status = status
        self.left = threading.Event()
        """Set when the client has gone away from a stream."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def document(self, path: str) -> dict[str, Any]:
        """What it answers to a GET."""
        if path.startswith("/api/v1/daily"):
            return self.edition
        if path.startswith("/api/v1/status"):
            return {
                "name": MARKUP,
                "version": MARKUP,
                "translator": {
                    "configured": True,
                    "model": MARKUP,
                    "allowed": True,
                    "reason": MARKUP,
                },
                "token": {"needed": False, "valid": None},
                "daily": {"date": MARKUP, "state": MARKUP},
                "budget": {"limit": MARKUP, "used": MARKUP, "left": MARKUP},
            }
        return {"type": MARKUP, "title": MARKUP, "detail": MARKUP}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: HostileBackend

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: that clients flee is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        body = json.dumps(self.server.owner.document(self.path)).encode()
        self.send_response(self.server.owner.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            for piece in self.server.owner.stream(request.get("segments", [])):
                self.wfile.write(piece)
        except OSError:
            self.server.owner.left.set()

    def log_message(self, format: str, *args: Any) -> None:
        """Writes nothing."""
