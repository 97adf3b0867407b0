"""Where a request ends, as far as that can be told from its bytes: so that no thread has to wait for them.

gunicorn's parser is who reads a request, and who refuses it. This only tells when it can do so without waiting:
the request is whole, or it is already certain that it will be refused (RFC 9112).
"""

from __future__ import annotations

import re

MAX_HEAD_BYTES = 64 * 1024
_MAX_LINE = 8190
"""Of a chunk's size: gunicorn refuses a longer one."""
_MARGIN = 4096
"""The parser asks for somewhat more of a body than it was asked for."""
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)")
_CODING = re.compile(rb"(?i)\r\ntransfer-encoding:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)")
_EXPECTS = re.compile(rb"(?i)\r\nexpect:[ \t]*100-continue[ \t]*\r\n")
_HEX = re.compile(rb"[0-9a-fA-F]{1,12}")


class RequestFraming:
    """One request's bytes as they come in, and perhaps the beginning of the next's behind them.

    Args:
        max_body: bytes of a body beyond which it is not waited for, as the app refuses it.
    """

    def __init__(self, max_body: int) -> None:
        self.received = bytearray()
        self.head_ended = False
        self.readable = False
        """The parser, given what was received, waits for nothing more."""
        self.overlong = False
        """More follows that nobody will read: the connection cannot be used again."""
        self.head_too_large = False
        self.body_too_large = False
        self._max_body = max_body
        self._expects = False
        self._searched = 0
        self._body_starts = 0
        self._chunk = -1
        """Where the next chunk's size begins; -1 when the body does not come in chunks."""
        self._trailer = -1
        self._payload = 0
        self._length = 0

    @property
    def body_received(self) -> int:
        """Bytes that came behind the head."""
        return len(self.received) - self._body_starts if self.head_ended else 0

    @property
    def awaits_continue(self) -> bool:
        """Whether the client sends its body once it is told to (RFC 9110, section 10.1.1)."""
        return self._expects and not self.readable and not self.body_received

    def feed(self, data: bytes) -> None:
        """Take in what was received."""
        if not self.head_ended and self._refusable(data):
            self.readable = True
        self.received += data
        if not self.head_ended:
            self._look_for_end_of_head()
        if self.head_ended and not self.readable:
            self._look_for_end_of_body()

    def _refusable(self, data: bytes) -> bool:
        """Whether a line of the head ends without a carriage return, which the parser refuses at once."""
        until = (self.received[-3:] + data).find(b"\r\n\r\n")
        if until >= 0:
            return False
        joint = bytes(self.received[-1:]) + data
        return data.count(b"\n") != joint.count(b"\r\n")

    def _look_for_end_of_head(self) -> None:
        end = self.received.find(b"\r\n\r\n", max(0, self._searched - 3))
        self._searched = len(self.received)
        if end < 0:
            if len(self.received) > MAX_HEAD_BYTES:
                self.readable = self.overlong = self.head_too_large = True
            return
        self.head_ended, self.readable = True, False
        self._body_starts = end + 4
        head = bytes(self.received[: end + 2])
        lengths, codings = _LENGTH.findall(head), _CODING.findall(head)
        if codings:
            if not lengths and codings[-1].lower().endswith(b"chunked"):
                self._chunk = self._body_starts
            else:
                self.readable = True
        elif lengths:
            self._expect_length(lengths)
        else:
            self.readable = True
        self._expects = bool(_EXPECTS.search(head))

    def _expect_length(self, lengths: list[bytes]) -> None:
        if len(lengths) > 1 or not re.fullmatch(rb"[0-9]+", lengths[0]):
            self.readable = True
        elif len(lengths[0]) > 15 or int(lengths[0]) > self._max_body:
            self.readable = self.overlong = True
        else:
            self._length = int(lengths[0])

    def _look_for_end_of_body(self) -> None:
        if self._chunk < 0:
            self.readable = self.body_received >= self._length
            return
        while not self.readable and self._trailer < 0 and self._pass_chunk():
            pass
        if self._trailer >= 0:
            self._look_for_end_of_trailer()
        if not self.readable and self.body_received > 2 * self._max_body:
            # Chunks of a few bytes each: nobody we know sends that.
            self.readable = self.overlong = self.body_too_large = True

    def _pass_chunk(self) -> bool:
        """Go on to the next chunk if this one is whole."""
        end = self.received.find(b"\r\n", self._chunk)
        if end < 0:
            self.readable = len(self.received) - self._chunk > _MAX_LINE + _MARGIN
            return False
        written = bytes(self.received[self._chunk : end]).split(b";", 1)[0].rstrip(b" \t")
        if not _HEX.fullmatch(written):
            # Not in hexadecimal, or larger than anything.
            self.readable = self.overlong = True
            self.body_too_large = bool(re.fullmatch(rb"[0-9a-fA-F]+", written))
            return False
        size = int(written, 16)
        if size == 0:
            self._trailer = end
            return False
        following = end + 2 + size
        if self._payload + min(size, len(self.received) - end - 2) > self._max_body + _MARGIN:
            self.readable = self.overlong = True
            return False
        if len(self.received) < following + 2:
            return False
        if self.received[following : following + 2] != b"\r\n":
            self.readable = self.overlong = True
            return False
        self._payload += size
        self._chunk = following + 2
        return True

    def _look_for_end_of_trailer(self) -> None:
        if self.received.find(b"\r\n\r\n", self._trailer) >= 0:
            self.readable = True
            return
        trailer = self.received[self._trailer + 2 :]
        if len(trailer) > _MAX_LINE:
            self.readable = self.overlong = self.body_too_large = True
        else:
            self.readable = trailer.count(b"\n") != trailer.count(b"\r\n")
