"""Questions to one model server over HTTP: what is the same for all of them is built once.

It is made on the event loop's thread, when the first question is asked: importing aiohttp takes a moment.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import msgspec

from ..version import VERSION
from .provider_faults import Fault, from_status, unreachable

if TYPE_CHECKING:
    import aiohttp

_MAX_REFUSAL = 1 << 16
_IDLE_SECONDS = 30.0


class HttpClient:
    """A client for one server, which neither retries nor times out but while it connects.

    Args:
        base_url: up to, not including, `/chat/completions`.
        connect_seconds: until a connection stands, with TLS.
    """

    def __init__(self, *, api_key: str | None, base_url: str, connect_seconds: float) -> None:
        import aiohttp
        from yarl import URL

        headers = {
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": f"paperglot/{VERSION}",
        }
        if api_key:
            # Whatever is no ASCII would go out as something that no server knows.
            headers["Authorization"] = f"Bearer {api_key}".encode("ascii").decode()
        self._url = URL(f"{base_url}/chat/completions")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # questions wait for their turn before they come here
                keepalive_timeout=_IDLE_SECONDS,
                ssl=_trusted() if self._url.scheme == "https" else True,
            ),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=True,
        )

    async def ask(self, body: dict[str, Any]) -> aiohttp.ClientResponse:
        """Send a question; returns with the headers of its answer.

        Raises:
            Fault: no connection, or an HTTP error.
        """
        import aiohttp

        try:
            response = await self._session.post(self._url, data=msgspec.json.encode(body))
        except (aiohttp.ClientError, OSError) as error:
            raise unreachable(error) from None
        if response.status < 400:
            return response
        try:
            raise from_status(response.status, response.headers, await _beginning(response))
        finally:
            response.release()

    async def close(self) -> None:
        """End all connections."""
        await self._session.close()


async def _beginning(response: aiohttp.ClientResponse) -> str:
    """No more of an error's body than its beginning, however long it is."""
    import aiohttp

    body = b""
    try:
        while len(body) < _MAX_REFUSAL and (piece := await response.content.readany()):
            body += piece
    except (aiohttp.ClientError, OSError) as error:
        raise Fault(
            from_status(response.status, response.headers, "").detail,
            retried=True,
            trips_breaker=True,
        ) from error
    return body[:_MAX_REFUSAL].decode("utf-8", "replace")


def _trusted() -> ssl.SSLContext:
    """Certificates of the system, or of SSL_CERT_FILE and SSL_CERT_DIR; Mozilla's where it has none."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        import certifi

        context.load_verify_locations(certifi.where())
    return context
