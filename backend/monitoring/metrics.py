"""The metrics of this process, with prometheus-client; in its multiprocess mode where a server has a folder.

Every label's values are ours and few: rules of addresses, languages of our list, the configured model, names of
checks and of errors. What a client writes never becomes a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from ..observer import OK, Observer
from .metrics_folder import MetricsFolder

CONTENT_TYPE = prometheus_client.CONTENT_TYPE_PLAIN_0_0_4

MOST_SERIES = 1_000
"""Combinations of label values of one metric. More would be a fault of ours: they are counted as `other`."""

_REQUEST_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)
_WORD_BUCKETS = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0, 60.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})

Watched = Literal["texts_awaited", "model_waiting", "model_running"]
"""What is sampled now and then, because it is somebody else's number."""

_WATCHED: dict[Watched, str] = {
    "texts_awaited": "Texts that readers wait for, each counted for each of its readers",
    "model_waiting": "Questions that wait for their turn at the model",
    "model_running": "Questions to the model that have not ended, those that wait for their turn among them",
}


class Metrics(Observer):
    """Counts what happens.

    Args:
        folder: where the processes of one server put their counters together; None: this one counts alone.
        prices: money per million prompt and completion tokens, where they are known.
    """

    def __init__(
        self, folder: MetricsFolder | None = None, *, prices: tuple[float, float] | None = None
    ) -> None:
        # The library decides once for a process, when it is imported; here it is known better.
        values.ValueClass = values.MultiProcessValue() if folder else values.MutexValue  # type: ignore[no-untyped-call] # the library's own
        self._folder = folder
        self._prices = prices
        self._registry = CollectorRegistry()
        self._series: dict[Any, dict[tuple[str, ...], Any]] = {}
        self._requests = self._counter(
            "http_requests", "Requests by their address's rule", "route", "method", "status"
        )
        self._seconds = self._histogram(
            "http_request_seconds", "Seconds to a request's end", _REQUEST_BUCKETS, "route"
        )
        self._texts = self._counter("texts", "Texts asked for, by who knew them", "lang", "answer")
        self._first_word = self._histogram(
            "first_word_seconds", "Seconds to the first word from the model", _WORD_BUCKETS
        )
        self._questions = self._counter("model_questions", "Questions to the model", "outcome")
        self._calls = self._counter("model_calls", "Requests to the model's provider")
        self._answers = self._counter("model_answers", "Answers of the provider", "state")
        self._tokens = self._counter("model_tokens", "Tokens that the provider counted", "kind")
        self._cost = self._counter("model_cost", "Money at PRICE_IN and PRICE_OUT")
        self._judged = self._counter(
            "judged_answers",
            "Answers of the model for one text, as the checks found them",
            "lang",
            "verdict",
        )
        self._issues = self._counter("issues", "What checks found in answers", "lang", "issue")
        self._translations = self._counter(
            "translations", "Texts translated, repairs done", "lang", "model", "outcome"
        )
        self._failures = self._counter(
            "translation_failures", "Texts that could not be translated", "lang", "problem"
        )
        self._upstreams = self._counter(
            "upstream_answers", "Answers of sources of lists and papers", "upstream", "state"
        )
        self._bodies = self._counter("bodies_built", "Lists and papers made into bytes anew")
        self._errors = self._counter("errors", "Errors by name", "name")
        self._wrong_tokens = self._counter("wrong_tokens", "Wrong access tokens")
        self._watched = {
            name: Gauge(
                f"paperglot_{name}", text, registry=self._registry, multiprocess_mode="livesum"
            )
            for name, text in _WATCHED.items()
        }

    def exposition(self, more: Iterable[GaugeMetricFamily] = ()) -> bytes:
        """Everything in Prometheus's text format, of all processes that share the folder.

        Args:
            more: what is known otherwise, the same in every process.
        """
        registry = CollectorRegistry()
        if self._folder is None:
            return prometheus_client.generate_latest(_Both(self._registry, more))
        with self._folder.reading():
            MultiProcessCollector(registry, path=str(self._folder.path))  # type: ignore[no-untyped-call] # the library's own
            return prometheus_client.generate_latest(_Both(registry, more))

    def sample(self, name: Watched, value: float) -> None:
        """Note how much of something there is in this process now."""
        self._watched[name].set(value)

    def request_served(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request came to its end.

        Args:
            route: the rule of its address, never the address itself.
        """
        known = method if method in _METHODS else "other"
        self._of(self._requests, route, known, str(status)).inc()
        self._of(self._seconds, route).observe(seconds)

    def texts_looked_up(self, language: str, *, remembered: int, missing: int) -> None:
        if remembered:
            self._of(self._texts, language, "memory").inc(remembered)
        if missing:
            self._of(self._texts, language, "model").inc(missing)

    def first_word(self, seconds: float) -> None:
        self._first_word.observe(seconds)

    def model_asked(
        self, outcome: str, prompt_tokens: int, completion_tokens: int, requests: int
    ) -> None:
        self._of(self._questions, outcome).inc()
        self._calls.inc(requests)
        self._of(self._tokens, "prompt").inc(prompt_tokens)
        self._of(self._tokens, "completion").inc(completion_tokens)
        if self._prices:
            price_in, price_out = self._prices
            self._cost.inc((prompt_tokens * price_in + completion_tokens * price_out) / 1_000_000)

    def model_answered(self, state: str) -> None:
        self._of(self._answers, state).inc()

    def answer_judged(self, language: str, verified: bool, issues: Sequence[str]) -> None:
        self._of(self._judged, language, "verified" if verified else "refused").inc()
        for issue in issues:
            self._of(self._issues, language, issue).inc()

    def text_translated(self, language: str, model: str, *, verified: bool) -> None:
        outcome = "verified" if verified else "unverified"
        self._of(self._translations, language, model, outcome).inc()

    def text_failed(self, language: str, problem: str) -> None:
        self._of(self._failures, language, problem).inc()

    def upstream_answered(self, upstream: str, state: str) -> None:
        self._of(self._upstreams, upstream, state).inc()

    def body_built(self) -> None:
        self._bodies.inc()

    def failed(self, name: str, place: str) -> None:
        self._of(self._errors, name).inc()

    def wrong_token(self, address: str) -> None:
        self._wrong_tokens.inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"paperglot_{name}", text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(
            f"paperglot_{name}", text, labels, buckets=buckets, registry=self._registry
        )

    def _of(self, metric: Any, *labels: str) -> Any:
        """The series of these label values; kept here too, as the library takes its time to find it."""
        series = self._series.setdefault(metric, {})
        found = series.get(labels)
        if found is None:
            if len(series) >= MOST_SERIES:
                labels = ("other",) * len(labels)
            found = series[labels] = metric.labels(*labels)
        return found


class _Both(CollectorRegistry):
    """A registry's metrics, and some that were collected already."""

    def __init__(self, registry: CollectorRegistry, more: Iterable[GaugeMetricFamily]) -> None:
        super().__init__()
        self._inner = registry
        self._more = more

    def collect(self) -> Iterable[Any]:
        yield from self._inner.collect()
        yield from self._more


def gauge(
    name: str, text: str, samples: Iterable[tuple[dict[str, str], float]]
) -> GaugeMetricFamily:
    """A gauge that is known at this moment, for `Metrics.exposition`."""
    rows = list(samples)
    names = list(rows[0][0]) if rows else []
    family = GaugeMetricFamily(f"paperglot_{name}", text, labels=names)
    for labels, value in rows:
        family.add_metric([labels[each] for each in names], value)
    return family


def state_value(state: str) -> float:
    """1 for a service that answered as it should the last time, else 0."""
    return float(state == OK)
