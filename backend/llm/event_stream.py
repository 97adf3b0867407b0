"""Server-Sent Events from a language model server, read as their bytes arrive.

The format is the HTML standard's event stream, read tolerantly: comments, blank lines, `\\r\\n`, a
byte order mark and a last event without its blank line are all met with in the field.
"""

from __future__ import annotations

_MAX_LINE = 1 << 20


class NotAnEventStream(ValueError):
    """The bytes are something else: a page, a JSON document, a line without an end.

    Args:
        before: the events that were whole before that.
    """

    def __init__(self, reason: str, before: list[tuple[bytes, bytes]]) -> None:
        super().__init__(reason)
        self.before = before


class EventStream:
    """Cuts bytes into events, wherever the network cut them.

    Args:
        longest: bytes that one event may have.
    """

    def __init__(self, *, longest: int = _MAX_LINE) -> None:
        self._longest = longest
        self._rest = b""
        self._data: list[bytes] = []
        self._size = 0
        self._name = b""
        self._begun = False

    def feed(self, received: bytes) -> list[tuple[bytes, bytes]]:
        """The events that these bytes complete, each as (event name or b"", data).

        Raises:
            NotAnEventStream: a line that no event stream has, or one that is too long.
        """
        lines = (self._rest + received).split(b"\n")
        self._rest = lines.pop()
        events: list[tuple[bytes, bytes]] = []
        for line in lines:
            self._line(line, events)
        if len(self._rest) + self._size > self._longest:
            raise NotAnEventStream("an event is too long", events)
        return events

    def end(self) -> list[tuple[bytes, bytes]]:
        """The event that the end of the stream completes, if one was left open.

        Raises:
            NotAnEventStream: as `feed` does.
        """
        events: list[tuple[bytes, bytes]] = []
        self._line(self._rest, events)
        self._line(b"", events)
        return events

    def _line(self, line: bytes, events: list[tuple[bytes, bytes]]) -> None:
        if line.endswith(b"\r"):
            line = line[:-1]
        if not self._begun and line:
            self._begun = True
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.startswith(b"data:"):
            data = line[6:] if line[5:6] == b" " else line[5:]
            self._size += len(data)
            if self._size > self._longest:
                raise NotAnEventStream("an event is too long", events)
            self._data.append(data)
        elif not line:
            if self._data:
                events.append((self._name, b"\n".join(self._data)))
                self._data = []
                self._size = 0
            self._name = b""
        elif line.startswith(b"event:"):
            self._name = line[6:].strip()
        elif line[:1] in (b"{", b"<", b"["):
            raise NotAnEventStream("a line that is no field", events)
