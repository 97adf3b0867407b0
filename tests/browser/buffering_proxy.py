"""A proxy that passes an answer on once it is complete, as nginx does before nginx."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import httpx

_NOT_PASSED_ON = {"connection", "content-encoding", "content-length", "host", "transfer-encoding"}


class BufferingProxy:
    """The proxy; a context manager that runs it on threads of its own.

    Args:
        behind: the address of the server behind it.

    Attributes:
        accepted: what each POST said it accepts, in the order they came.
    """

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.accepted: list[str] = []
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
    owner: BufferingProxy

    def handle_error(self, *_: object) -> None:
        """A client that has left is none."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass_on(self) -> None:
        owner = self.server.owner
        if self.command == "POST":
            owner.accepted.append(self.headers["Accept"])
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in _NOT_PASSED_ON}
        answer = httpx.request(
            self.command, owner.behind + self.path, headers=headers, content=body, timeout=60
        )
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_OPTIONS = _pass_on  # names that http.server looks for

    def log_message(self, *_: object) -> None:
        """No noise."""
