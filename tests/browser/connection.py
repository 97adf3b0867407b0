"""JSON commands, answers and events over one WebSocket: what CDP and WebDriver BiDi have in common."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Json = dict[str, Any]


class ProtocolError(RuntimeError):
    """The browser refused a command; the text is its reason."""


class Connection:
    """A browser's control channel. For one thread; events are handed over while a command waits.

    Args:
        url: the ws:// address the browser printed.
        on_event: gets every message that answers no command.
    """

    def __init__(self, url: str, *, on_event: Callable[[Json], None]) -> None:
        self._open = ExitStack()
        # Screenshots and whole documents exceed the default message size.
        opening = connect(url, max_size=None, ping_interval=None, compression=None)
        self._socket = self._open.enter_context(opening)
        self._on_event = on_event
        self._last = 0

    def send(self, method: str, params: Json, *, seconds: float = 30.0, session: str = "") -> Json:
        """Sends a command and waits for its result.

        Args:
            method: the command's name.
            params: its parameters.
            seconds: how long to wait.
            session: CDP's name of the target it is for, if not the browser itself.

        Raises:
            ProtocolError: the browser refused, went away or did not answer in time.
        """
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        deadline = time.monotonic() + seconds
        try:
            self._socket.send(json.dumps(message))
            while True:
                answer = json.loads(self._socket.recv(max(0.01, deadline - time.monotonic())))
                if answer.get("id") == number:
                    return _result(method, answer)
                if "method" in answer:
                    self._on_event(answer)
        except TimeoutError:
            raise ProtocolError(f"{method}: no answer in {seconds:.0f} s") from None
        except ConnectionClosed as error:
            raise ProtocolError(f"{method}: the browser has gone ({error})") from None

    def close(self) -> None:
        self._open.close()


def _result(method: str, answer: Json) -> Json:
    error = answer.get("error")
    if error is None:
        result: Json = answer["result"]
        return result
    # CDP puts an object here, BiDi a name with the text beside it.
    text = error["message"] if isinstance(error, dict) else f"{error}: {answer.get('message')}"
    raise ProtocolError(f"{method}: {text}")
