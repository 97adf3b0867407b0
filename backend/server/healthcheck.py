"""Whether the server on this machine answers: exit code 0 or 1, for Docker's HEALTHCHECK.

Run as a file, not as a module: it is called every half minute, and the package takes a second to load.
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_SECONDS = 4.0


def healthy(port: int, host: str) -> bool:
    """Whether /healthz says yes.

    Args:
        host: a name that the server answers to.
    """
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    hosts = os.environ.get("ALLOWED_HOSTS", "").split(",")
    named = [name.strip() for name in hosts if name.strip() not in {"", "*"}]
    port = os.environ.get("PORT", "").strip() or "8000"
    sys.exit(0 if healthy(int(port), named[0] if named else "127.0.0.1") else 1)
