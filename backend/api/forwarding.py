"""Whether a request came through a proxy: then its Host and its address say nothing about who asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# What reverse proxies, load balancers, CDNs and tunnels add, as WSGI spells header names.
_ADDED = re.compile(
    r"HTTP_(?:"
    r"VIA|CDN_LOOP|FRONT_END_HTTPS|SURROGATE_CAPABILITY|X_SCHEME|X_URL_SCHEME|X_COMING_FROM"
    r"|(?:\w+_)?FORWARD(?:ED)?(?:_\w+)?|(?:\w+_)?CLIENT_?IP|(?:\w+_)?CONNECTING_IP"
    r"|X_(?:REAL|REMOTE|ORIGINAL|ORIGINATING|PROXY|PROXYUSER|SSL|CLUSTER|ENVOY|EDGE|VARNISH|ARR"
    r"|AZURE|AMZN|AMZ|CLOUD|GOOGLE|APPENGINE|VERCEL|NF|SUCURI|AKAMAI|CDN|GATEWAY|HEROKU|REQUEST_START)"
    r"(?:_\w+)?"
    r"|(?:CF|FASTLY|FLY|AKAMAI|INCAP|CLOUDFRONT|TAILSCALE|NGROK|PROXY|WL_PROXY|ALI|EAGLEEYE)_\w+"
    r")"
)


def came_through_a_proxy(environ: Mapping[str, Any]) -> bool:
    """Whether something between the client and us shows in a request's WSGI environment.

    A proxy that adds no header still speaks HTTP/1.0 by default when it is nginx, and no browser does. One that
    adds none and speaks HTTP/1.1 cannot be told from a client.
    """
    if environ.get("SERVER_PROTOCOL") in ("HTTP/0.9", "HTTP/1.0"):
        return True
    return any(_ADDED.fullmatch(name) for name in environ)
