"""Hugging Face's daily papers and arXiv's API as local HTTP servers that can fail in every way.

They speak over real sockets, keep connections alive, note every request, and give what they were
told to. `faults` are used up one a request; `fault` holds until it is taken away.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True)
class Seen:
    """A request as it came; `at` is time.monotonic() when its head had been read."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Reply:
    """What to send, and how badly.

    Args:
        delay: seconds before the first byte.
        cut: close the connection after so many bytes of the body; -1: before the status line.
        drip: seconds between single bytes.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None
    drip: float = 0.0


HTML = Reply(200, b"<!doctype html><title>Sign in</title>", {"Content-Type": "text/html"})
GARBAGE = Reply(200, bytes(range(256)) * 20)
SERVER_ERROR = Reply(500, b"Internal Server Error")
HANG_UP = Reply(cut=-1)


def too_many(**headers: str) -> Reply:
    """HTTP 429, with headers such as Retry_After="7"."""
    return Reply(429, b"", {name.replace("_", "-"): value for name, value in headers.items()})


class UpstreamServer:
    """A server on a port of its own, while used as a context manager."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.faults: deque[Reply] = deque()
        self.fault: Reply | None = None
        self.delay = 0.0
        self.busiest = 0
        self._busy = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    def answer(self, request: Seen) -> Reply:
        """The reply when nothing is wrong."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The address, without a path."""
        assert self._server
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: Seen) -> Reply:
        """The reply to a request, right or wrong."""
        with self._lock:
            self.requests.append(request)
            fault = self.faults.popleft() if self.faults else self.fault
        return fault or self.answer(request)

    def enter(self) -> None:
        """Note that one more request is being answered."""
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)

    def leave(self) -> None:
        """Note that a request has been answered."""
        with self._lock:
            self._busy -= 1


class FakeHuggingFace(UpstreamServer):
    """Serves `/api/daily_papers` from `lists`, by date; other dates are `[]`, as on a weekend.

    `refused` are dates that are answered with 400, as future ones are; `conditional` turns on
    ETags.
    """

    def __init__(self, lists: Mapping[str, list[Any]] | None = None) -> None:
        super().__init__()
        self.lists: dict[str, list[Any]] = dict(lists or {})
        self.refused: set[str] = set()
        self.conditional = False

    def answer(self, request: Seen) -> Reply:
        if request.path != "/api/daily_papers":
            return Reply(404, b'{"error": "not found"}')
        day, limit = request.params.get("date", ""), int(request.params.get("limit", 50))
        if day in self.refused or not 1 <= limit <= 100:
            return Reply(400, b'{"error": "Invalid date"}')
        body = json.dumps(self.lists.get(day, [])[:limit]).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.conditional:
            headers["ETag"] = f'W/"{len(body):x}-{hash(body):x}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return Reply(304, b"", headers)
        return Reply(200, body, headers, delay=self.delay)

    def dates(self) -> list[str]:
        """The dates asked for, in order."""
        return [request.params["date"] for request in self.requests]


class FakeArxiv(UpstreamServer):
    """Serves the query API for `entries`: Atom entries by identifier, without a version.

    By `id_list`, or by `search_query` for a category and a span of submission; `lost` is how many
    entries answers to the latter leave out although they count them, as the real one does at times.
    `malformed` are identifiers that make the whole request fail, as at the real one.
    """

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.entries: dict[str, str] = dict(entries or {})
        self.malformed: set[str] = set()
        self.lost = 0

    @property
    def api_url(self) -> str:
        """As ARXIV_API_URL."""
        return f"{self.url}/api/query"

    def answer(self, request: Seen) -> Reply:
        ids = [id for id in request.params.get("id_list", "").split(",") if id]
        headers = {"Content-Type": "application/atom+xml; charset=utf-8"}
        for id in ids:
            if id in self.malformed:
                return Reply(400, _feed(_error(id)).encode(), headers)
        most = int(request.params.get("max_results", 10))
        if "search_query" in request.params:
            return Reply(200, self._search(request, most).encode(), headers, delay=self.delay)
        found = [self.entries[base] for id in ids if (base := _base(id)) in self.entries]
        return Reply(200, _feed("".join(found[:most])).encode(), headers, delay=self.delay)

    def _search(self, request: Seen, most: int) -> str:
        """Entries of a category that were submitted in a span, as the query says."""
        query = re.fullmatch(
            r"cat:(\S+) AND submittedDate:\[(\d{12}) TO (\d{12})\]", request.params["search_query"]
        )
        if not query or request.params.get("sortBy") != "submittedDate":
            return _feed("")
        category, first, last = query.groups()
        found = [
            (when, text)
            for text in self.entries.values()
            if (when := re.sub(r"\D", "", _PUBLISHED.findall(text)[0])[:12])
            and first <= when <= last
            and f'term="{category}"' in text
        ]
        found.sort(reverse=request.params.get("sortOrder") != "ascending")
        start = int(request.params.get("start", 0))
        page = [text for _, text in found[start : start + most]]
        return _feed("".join(page[: len(page) - self.lost]), total=len(found))

    def asked(self) -> list[list[str]]:
        """The identifiers of each request for some, in order."""
        lists = (request.params.get("id_list") for request in self.requests)
        return [ids.split(",") for ids in lists if ids]

    def searched(self) -> list[tuple[str, str, int]]:
        """The category, the day and the start of each request for a list, in order."""
        queries = [request.params for request in self.requests if "search_query" in request.params]
        return [
            (query.split()[0].removeprefix("cat:"), query.split("[")[1][:8], int(params["start"]))
            for params in queries
            if (query := params["search_query"])
        ]

    def closest(self) -> float:
        """Seconds between the two requests that came closest to each other."""
        times = [request.at for request in self.requests]
        return min((b - a for a, b in pairwise(times)), default=float("inf"))


def listed(
    id: str, *, title: str | None = None, upvotes: int = 0, comments: int = 1, **paper: Any
) -> dict[str, Any]:
    """An item of a daily list in Hugging Face's shape, about an invented paper."""
    inner = {
        "id": id,
        "authors": [{"_id": "0", "name": "Ada Example", "hidden": False}],
        "publishedAt": "2026-03-01T12:00:00.000Z",
        "title": title or f"Paper {id} as listed",
        "summary": f"The listed summary of {id}, 2.0times shorter.",
        "upvotes": upvotes,
    }
    outer = {"publishedAt": "2026-03-02T01:02:03.456Z", "title": inner["title"]}
    return {"paper": inner | paper, **outer, "numComments": comments}


def entry(
    id: str,
    *,
    title: str | None = None,
    abstract: str | None = None,
    version: int = 1,
    categories: Sequence[str] = ("cs.CL", "cs.LG"),
    authors: Sequence[str] = ("Ada Example", "Émile Exemple"),
    published: str = "2026-02-28T09:00:00Z",
) -> str:
    """An Atom entry in arXiv's shape, about an invented paper; its first category is the primary one."""
    title = title or f"Paper {id} at arXiv"
    abstract = abstract or f"The true abstract of {id}, $2.0\\times$ shorter."
    terms = "".join(
        f"<category term={quoteattr(term)} scheme='http://arxiv.org/schemas/atom'/>"
        for term in reversed(categories)
    )
    affiliation = "<arxiv:affiliation>Nowhere</arxiv:affiliation>"
    people = "".join(
        f"<author><name>{escape(name)}</name>{affiliation}</author>" for name in authors
    )
    return f"""
  <entry>
    <id>http://arxiv.org/abs/{id}v{version}</id>
    <title>{escape(title)}</title>
    <updated>2026-03-01T12:00:00Z</updated>
    <link href="https://arxiv.org/abs/{id}v{version}" rel="alternate" type="text/html"/>
    <summary>{escape(abstract)}</summary>
    {terms}
    <published>{published}</published>
    <arxiv:comment>12 pages, 3 figures</arxiv:comment>
    <arxiv:primary_category term={quoteattr(categories[0])}/>
    {people}
  </entry>"""


def _base(id: str) -> str:
    head, _, tail = id.rpartition("v")
    return head if head and tail.isdigit() else id


_PUBLISHED = re.compile("<published>(.*?)</published>")


def _feed(entries: str, *, total: int | None = None) -> str:
    total = entries.count("<entry>") if total is None else total
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
      xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/0</id>
  <title>arXiv Query</title>
  <updated>2026-03-02T00:00:00Z</updated>
  <opensearch:totalResults>{total}</opensearch:totalResults>{entries}
</feed>"""


def _error(id: str) -> str:
    link = quoteattr(f"https://arxiv.org/api/errors#incorrect_id_format_for_{id}")
    return f"""
  <entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_{escape(id)}</id>
    <title>Error</title>
    <updated>2026-03-02T00:00:00Z</updated>
    <link href={link} rel="alternate" type="text/html"/>
    <summary>incorrect id format for {escape(id)}</summary>
    <author><name>arXiv api core</name></author>
  </entry>"""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""


def _handler(upstream: UpstreamServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            upstream.enter()
            try:
                self._reply()
            finally:
                upstream.leave()

        def _reply(self) -> None:
            at, parts = time.monotonic(), urlsplit(self.path)
            params = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            reply = upstream.reply(Seen(parts.path, params, dict(self.headers), at))
            time.sleep(reply.delay)
            if reply.cut == -1:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 304:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.drip:
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(reply.drip)
                return
            self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Tests look at `requests` instead."""

    return Handler
