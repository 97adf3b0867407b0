"""A server in front of the backend that gives pages and nothing that pages load."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import httpx

_NOT_PASSED_ON = {"connection", "content-encoding", "content-length", "transfer-encoding"}


class PagesAlone:
    """The server; a context manager that runs it on threads of its own.

    Args:
        behind: the address of the backend.

    Attributes:
        refused: paths of what was not given, in the order they were asked for.
    """

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.refused: list[str] = []
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: PagesAlone

    def handle_error(self, *_: object) -> None:
        """A client that has left is none."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        owner = self.server.owner
        answer = httpx.get(owner.behind + self.path, timeout=60)
        if not answer.headers["Content-Type"].startswith("text/html"):
            owner.refused.append(self.path)
            return  # the connection ends without an answer
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """No noise."""
