"""arXiv's metadata: true titles and abstracts (https://info.arxiv.org/help/api/user-manual.html).

How often it may be asked is not decided here: `arxiv_throttle.ArxivThrottle` does, for all processes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import httpx

from ..observer import Observer
from . import atom
from .identifiers import ArxivId
from .records import Metadata
from .upstream import Upstream

MAX_IDS = 200
"""In one request: some 2,500 characters of address, which every proxy lets pass."""


class MalformedIdentifier(Exception):
    """arXiv refuses the whole request because of one identifier.

    Args:
        id: the one it names, if it is one of those asked for.
    """

    def __init__(self, id: str | None) -> None:
        super().__init__("arXiv refuses an identifier of the request")
        self.id = id


class ArxivClient:
    """Asks for the metadata of papers by identifier.

    Args:
        api_url: as in ARXIV_API_URL.
        observer: told how arXiv answers.
    """

    def __init__(
        self, client: httpx.Client, *, api_url: str, observer: Observer | None = None
    ) -> None:
        self._upstream = Upstream(client, name="arXiv", observer=observer)
        self._url = api_url

    def metadata(self, ids: Sequence[str]) -> Mapping[str, Metadata]:
        """What arXiv knows of these papers, by the identifier asked for, in one request.

        Args:
            ids: canonical identifiers, 1 to MAX_IDS; unknown ones are missing in the answer.

        Raises:
            UpstreamUnavailable: no answer, or none that is arXiv's Atom.
            MalformedIdentifier: nothing is known of any, because of one.
        """
        answer = self._upstream.get(
            self._url,
            params={"id_list": ",".join(ids), "start": 0, "max_results": len(ids)},
            headers={"Accept": "application/atom+xml"},
            accepted=(200, 400),
        )
        try:
            feed = atom.parse(answer.body)
        except atom.NotAFeed:
            raise self._upstream.unavailable("did not answer with an Atom feed") from None
        if feed.error is not None:
            raise MalformedIdentifier(_named(feed.error, ids))
        if answer.status != 200:
            raise self._upstream.unavailable("refused the request")
        return {id: found for id in ids if (found := _match(id, feed.entries))}


def _match(id: str, entries: Sequence[Metadata]) -> Metadata | None:
    wanted = ArxivId.parse(id)
    versions = [entry for entry in entries if entry.id == wanted.base]
    if wanted.version is not None:
        versions = [entry for entry in versions if entry.version == wanted.version]
    return max(versions, key=lambda entry: entry.version, default=None)


def _named(error: str, ids: Sequence[str]) -> str | None:
    found = re.search(r"incorrect id format for (\S+)", error)
    return found[1] if found and found[1] in ids else None
