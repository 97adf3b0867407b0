"""A TCP port that leads to another server, and can be cut off from it as a network is."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from types import TracebackType

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: closing a socket resets its connection."""


class TcpForwarder:
    """Forwards connections while the block runs.

    Args:
        to: host and port of the server behind it.
    """

    def __init__(self, to: tuple[str, int]) -> None:
        self._to = to
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._flowing = threading.Event()
        self._flowing.set()
        self._dropped_after: bytes | None = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> TcpForwarder:
        self._accept()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.cut()
        self._flowing.set()

    def cut(self) -> None:
        """Reset all connections; new ones are refused."""
        self._listener.close()
        self.reset()

    def reset(self) -> None:
        """Reset all connections; new ones are taken."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _close(*pair)

    def hang(self) -> None:
        """Let nothing through any more; connections stay, and new ones are taken."""
        self._flowing.clear()

    def drop_after(self, words: bytes) -> None:
        """Once: pass on what holds these words to the server, and its answer to nobody."""
        self._dropped_after = words

    @property
    def has_dropped(self) -> bool:
        """Whether that has happened."""
        return self._dropped_after is None

    def restore(self) -> None:
        """Work again. What hung is lost."""
        if not self._flowing.is_set():
            self.reset()
            self._flowing.set()
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._accept()

    def _accept(self) -> None:
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _serve(self, listener: socket.socket) -> None:
        # A blocked accept() would hold the port after close().
        listener.settimeout(0.05)
        while listener.fileno() >= 0:
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            client.settimeout(None)
            threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        self._flowing.wait()
        try:
            server = socket.create_connection(self._to)
        except OSError:
            _close(client)
            return
        with self._lock:
            self._pairs.append((client, server))
        threading.Thread(target=self._pump, args=(server, client, False), daemon=True).start()
        self._pump(client, server, True)

    def _pump(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._flowing.wait()
                words = self._dropped_after
                if to_server and words and words in data:
                    self._dropped_after = None
                    target.sendall(data)
                    _close(source)
                    # The server does what it was asked before it sees that nobody listens.
                    target.shutdown(socket.SHUT_WR)
                    while target.recv(65536):
                        pass
                    break
                target.sendall(data)
        _close(source, target)


def _close(*sockets: socket.socket) -> None:
    for each in sockets:
        with contextlib.suppress(OSError):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            each.shutdown(socket.SHUT_RDWR)
        each.close()
