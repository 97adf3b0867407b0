"""One for a process: hears what happens and hands it to the metrics and to the owner's history."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import logging
import threading
import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from ..config import OPENAI_URL, Config
from ..observer import Observer
from ..papers.periodic_worker import PeriodicWorker
from .history import History, State
from .metrics import Metrics, Watched
from .metrics_folder import MetricsFolder

log = logging.getLogger(__name__)

SAMPLE_SECONDS = 5.0
WRITE_SECONDS = 20.0
"""Between two writings of the history; a state that is news is written at once."""
ERROR, WRONG_TOKEN = "error", "wrong-token"
_STATES_SECONDS = 2.0


class Monitor(Observer):
    """Counts, and knows how the services behind this server answered the last time."""

    def __init__(self, config: Config, engine: sa.Engine) -> None:
        self._prices = (
            (config.price_in, config.price_out)
            if config.price_in is not None and config.price_out is not None
            else None
        )
        self.model_service = _model_service(config)
        self.history = History(engine)
        self._metrics = Metrics(prices=self._prices)
        self._watched: dict[Watched, Callable[[], float]] = {}
        self._running = 0
        self._running_lock = threading.Lock()
        self.watch("model_running", lambda: self._running)
        self._worker = PeriodicWorker("monitor", self._pass)
        self._started = False
        self._written = 0.0
        self._known: tuple[float, dict[str, State]] = (0.0, {})

    def share(self, folder: MetricsFolder) -> None:
        """Count together with the other processes of this server, from now on."""
        self._metrics = Metrics(folder, prices=self._prices)

    def watch(self, name: Watched, read: Callable[[], float]) -> None:
        """Have a number of this process sampled.

        Args:
            read: must be quick; called now and then, from a thread of its own.
        """
        self._watched[name] = read

    def start(self) -> None:
        """Begin to sample and write, on a thread of its own."""
        self._started = True
        self._worker.ensure_running()

    def close(self) -> None:
        """End the thread and write what is left."""
        self._worker.close()
        self.write()

    def write(self) -> None:
        """Write the history now; while the database is away it is kept for later."""
        self._written = time.monotonic()
        try:
            self.history.write()
        except sa.exc.SQLAlchemyError as error:
            log.warning("the owner's history is written later: %s", type(error).__name__)

    def metrics(self) -> Metrics:
        """The metrics, with the numbers of this process as they are now."""
        self._sample()
        return self._metrics

    def state(self, service: str) -> State | None:
        """How a service answered the last time; what this process knows, while the database is away."""
        return self.states().get(service)

    def states(self) -> dict[str, State]:
        """How all services answered the last time."""
        read_at, known = self._known
        if time.monotonic() - read_at > _STATES_SECONDS or not read_at:
            try:
                known = self.history.states()
            except sa.exc.SQLAlchemyError:
                return self.history.own_states()
            self._known = (time.monotonic(), known)
        newest = dict(known)
        for service, state in self.history.own_states().items():
            if service not in known or known[service].answered_at < state.answered_at:
                newest[service] = state
        return newest

    # What it hears

    def request_served(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request came to its end; `route` is the rule of its address."""
        self._metrics.request_served(route, method, status, seconds)
        self.history.count("requests")
        if status >= 500:
            self.history.count("server-errors")

    def texts_looked_up(self, language: str, *, remembered: int, missing: int) -> None:
        self._metrics.texts_looked_up(language, remembered=remembered, missing=missing)
        self.history.count("texts", remembered + missing)
        self.history.count("texts.remembered", remembered)

    def first_word(self, seconds: float) -> None:
        self._metrics.first_word(seconds)
        self.history.count("first-words")
        self.history.count("first-words.seconds", seconds)

    def model_asking(self) -> None:
        with self._running_lock:
            self._running += 1

    def model_asked(
        self, outcome: str, *, prompt_tokens: int, completion_tokens: int, requests: int
    ) -> None:
        with self._running_lock:
            self._running -= 1
        self._metrics.model_asked(
            outcome,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            requests=requests,
        )
        self.history.count("tokens", prompt_tokens + completion_tokens)

    def model_answered(self, state: str) -> None:
        self._metrics.model_answered(state)
        self._note_state(self.model_service, state)

    def answer_judged(self, language: str, *, verified: bool, issues: Sequence[str]) -> None:
        self._metrics.answer_judged(language, verified=verified, issues=issues)

    def text_translated(self, language: str, model: str, *, verified: bool) -> None:
        self._metrics.text_translated(language, model, verified=verified)
        self.history.count(f"{'verified' if verified else 'unverified'}.{language}")

    def text_failed(self, language: str, problem: str) -> None:
        self._metrics.text_failed(language, problem)
        self.failed(problem, f"translation into {language}")
        self.history.count(f"failed.{language}")

    def upstream_answered(self, upstream: str, state: str) -> None:
        self._metrics.upstream_answered(upstream, state)
        self._note_state(upstream, state)

    def body_built(self) -> None:
        self._metrics.body_built()

    def failed(self, name: str, place: str) -> None:
        self._metrics.failed(name, place)
        self.history.note_event(ERROR, name, place)

    def wrong_token(self, address: str) -> None:
        self._metrics.wrong_token(address)
        self.history.count("wrong-tokens")
        self.history.note_event(WRONG_TOKEN, "", shortened(address))

    def _note_state(self, service: str, state: str) -> None:
        if self.history.note_state(service, state) and self._started:
            self._written = 0.0
            self._worker.wake()

    def _sample(self) -> None:
        for name, read in self._watched.items():
            with contextlib.suppress(RuntimeError):  # what it counts changed under its hands
                self._metrics.sample(name, read())

    def _pass(self) -> float:
        self._sample()
        if self.history.pending and time.monotonic() - self._written >= WRITE_SECONDS:
            self.write()
        return SAMPLE_SECONDS


def shortened(address: str) -> str:
    """An address without what names one household: the first three numbers, or the first 48 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return shortened(str(parsed.ipv4_mapped))
        network = ipaddress.ip_network(f"{parsed}/48", strict=False)
        return f"{network.network_address}/48"
    return address.rpartition(".")[0] + ".x"


def _model_service(config: Config) -> str:
    """Names the model with its address and key, so that a changed key begins without a past."""
    origin = (
        f"{config.openai_base_url or OPENAI_URL}\0{config.openai_api_key or ''}\0{config.model}"
    )
    return f"model {hashlib.sha256(origin.encode()).hexdigest()[:16]}"
