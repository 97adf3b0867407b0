"""A site on this machine that plays arxiv.org to the browsers, over TLS, at arXiv's own addresses.

The browsers are told that every name of the web leads here. So whatever the extension might ask
of any other host arrives here too, is refused and written down.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.browser.certificate import server_context

HOST = "arxiv.org"
PAGES = Path(__file__).parents[1] / "pages"
# Where Firefox looks for updates by itself, whatever it was told. (Chromium's own are refused before.)
_MAKERS = (".mozilla.org", ".mozilla.com", ".mozilla.net", ".firefox.com")
_TLS_HANDSHAKE = b"\x16"  # RFC 8446, section 5.1: the record type every TLS connection begins with
_MATHJAX = {
    "never": "",
    "gone": '<script async src="/MathJax-2.7.3/gone/MathJax.js"></script>',
    "later": '<script async src="/MathJax-2.7.3/MathJax.js"></script>',
    "soon": '<script async src="/MathJax-2.7.3/MathJax.js"'
    ' onload="setTimeout(() => typesetSlowly(5), 300)"></script>',
    "before": '<script src="/MathJax-2.7.3/MathJax.js"></script><script>typeset()</script>',
}
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}


class ArxivSite:
    """The server; a context manager that runs it on threads of its own.

    Pages are the files of tests/pages at the paths they have there, and what `add` adds. In them
    {{stamp}} becomes `stamp`, a word by which each test sees texts no test has translated before.

    `mathjax` in the query says what becomes of a page's formulas: "before" typesets them while it
    loads; "soon" a while after, one by one; "later" when a test calls typeset() in it; "gone" asks
    for a MathJax that never comes; without it the reader has switched MathJax off.

    Args:
        folder: where the certificate goes.
    """

    def __init__(self, folder: Path) -> None:
        self.stamp = "Stampless"
        self.requests: list[str] = []
        self.strays: list[str] = []
        self._added: dict[str, str] = {}
        self._tls = server_context(folder, host=HOST)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> ArxivSite:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add(self, address: str, html: str) -> None:
        """Adds a page at a path, which may carry a query."""
        self._added[address] = html

    def url(self, path: str) -> str:
        """The address of a page for the browsers."""
        return f"https://{HOST}{path}"

    def page(self, target: str) -> tuple[str, bytes] | None:
        """The media type and body at a request's target, or None."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        mathjax = query.pop("mathjax", "never")
        address = f"{parts.path}?{urlencode(query)}" if query else parts.path
        kind, text = "text/html; charset=utf-8", self._added.get(address)
        if text is None:
            file = _file(parts.path)
            if file is None:
                return None
            kind, text = _TYPES[file.suffix], file.read_text(encoding="utf-8")
        if kind.startswith("text/html"):
            text = _typeset(_included(text).replace("{{stamp}}", self.stamp), mathjax)
        return kind, text.encode()

    def secure(self, connection: socket.socket) -> socket.socket:
        """The connection with TLS on it, ours being the server's side."""
        return self._tls.wrap_socket(connection, server_side=True)


def _file(path: str) -> Path | None:
    """The file of tests/pages that stands at a path of the site."""
    name = path.strip("/") or "."
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", name) or ".." in name:
        return None
    for candidate in (PAGES / name, PAGES / f"{name}.html", PAGES / name / "index.html"):
        if candidate.is_file() and candidate.suffix in _TYPES:
            return candidate
    return None


def _included(html: str) -> str:
    """The page with its {{> file}} marks replaced by those files."""
    return re.sub(
        r"\{\{> ([\w-]+\.html)\}\}",
        lambda mark: (PAGES / mark[1]).read_text(encoding="utf-8"),
        html,
    )


def _typeset(html: str, mathjax: str) -> str:
    """The page with the script that typesets it as MathJax does."""
    script = _MATHJAX[mathjax]
    return html.replace("</body>", f"{script}</body>") if "</body>" in html else html + script


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    site: ArxivSite

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing: browsers drop connections whenever they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30  # a kept connection's thread ends
    server: _Server

    def setup(self) -> None:
        self.request.settimeout(self.timeout)
        self.plain = self.request.recv(1, socket.MSG_PEEK) not in (_TLS_HANDSHAKE, b"")
        if not self.plain:
            # Here, on the connection's own thread, a slow handshake holds up nobody else.
            self.request = self.server.site.secure(self.request)
        super().setup()

    def do_GET(self) -> None:
        site, host = self.server.site, self.headers.get("Host", "")
        if self.plain or host != HOST:
            if not host.partition(":")[0].endswith(_MAKERS):
                site.strays.append(f"{self.command} {host} {self.path}")
            self._answer(404, "text/plain", b"Nothing leads out of here.")
            return
        site.requests.append(self.path)
        found = site.page(self.path)
        if found is None:
            self._answer(404, "text/plain", b"No such page.")
        else:
            self._answer(200, *found)

    do_POST = do_HEAD = do_OPTIONS = do_PUT = do_CONNECT = do_GET

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            if isinstance(self.request, ssl.SSLSocket):
                self.request.close()  # the server closes only the socket it knows, the one below

    def log_message(self, format: str, *args: Any) -> None:
        """Writes nothing; `requests` and `strays` are the log."""
