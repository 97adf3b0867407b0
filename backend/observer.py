"""What parts of the product tell of, for whoever counts it: names and numbers, never a text.

The parts know only `Observer`, which does nothing; `monitoring` counts. Called from any thread, often, so that
it must be quick, and must not raise.
"""

from __future__ import annotations

from collections.abc import Sequence

OK = "ok"
"""The state of a service that answered as it should. Every other state is the name of a fault."""


class Observer:
    """Hears what happens and keeps nothing of it."""

    def texts_looked_up(self, language: str, *, remembered: int, missing: int) -> None:
        """A reader asked for texts; the memory knew some, the model has to be asked for the others."""

    def first_word(self, seconds: float) -> None:
        """A reader waited so long for the first word that the memory did not have."""

    def model_asking(self) -> None:
        """A request to the model begins; `model_asked` follows."""

    def model_asked(
        self, outcome: str, *, prompt_tokens: int, completion_tokens: int, requests: int
    ) -> None:
        """It is over.

        Args:
            outcome: `ok`, `cut`, `cancelled`, or the type of an error of ours.
            requests: how often the provider was asked for it.
        """

    def model_answered(self, state: str) -> None:
        """The model's provider answered, with `ok` or the name of its fault."""

    def answer_judged(self, language: str, *, verified: bool, issues: Sequence[str]) -> None:
        """An answer of the model for one text passed the checks, or did not."""

    def text_translated(self, language: str, model: str, *, verified: bool) -> None:
        """A text is translated: as good as it will be this time."""

    def text_failed(self, language: str, problem: str) -> None:
        """A text could not be translated; the type of an error of ours says why."""

    def upstream_answered(self, upstream: str, state: str) -> None:
        """A source of lists and papers answered, with `ok` or the name of its fault."""

    def body_built(self) -> None:
        """A list or a paper was made into bytes anew, because something in it had changed."""

    def failed(self, name: str, place: str) -> None:
        """Something went wrong that its owner may want to know.

        Args:
            name: the type of an error of ours, or an exception's class.
            place: where, in our own words: an address's rule, a part's name.
        """

    def wrong_token(self, address: str) -> None:
        """Somebody sent an access token that is none of ours, from this address."""
