"""Everything that can go wrong and has a name.

PaperglotError
├── RequestError                the client can mend it (4xx)
│   ├── InvalidRequest          400  invalid-request
│   ├── UnsupportedLanguage     400  unsupported-language
│   ├── Unauthorized            401  unauthorized
│   ├── ForbiddenOrigin         403  forbidden-origin
│   ├── NotFound                404  not-found
│   ├── PayloadTooLarge         413  payload-too-large
│   ├── RateLimited             429  rate-limited
│   └── BudgetExhausted         429  budget-exhausted
└── ServiceError                a fault beyond the client (503)
    ├── TranslatorNotConfigured 503  translator-not-configured
    ├── TranslatorUnavailable   503  translator-unavailable
    ├── UpstreamUnavailable     503  upstream-unavailable
    └── DatabaseUnavailable     503  database-unavailable

ConfigError                     a setting that cannot be used; stops the start
BackupFailed                    a backup that cannot be written or restored; ends the command

The last word of a line is the end of the problem's `type` (RFC 9457, section 3.1.1). This module imports
nothing of ours, so that everything may import it.
"""

from __future__ import annotations

from typing import ClassVar


class PaperglotError(Exception):
    """An error with a stable type that the API can answer as a problem.

    Args:
        detail: one sentence for a reader: what happened and what to change.
        retry_after: whole seconds after which asking again makes sense, if known.
    """

    type: ClassVar[str] = "internal-error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong here"

    def __init__(self, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class RequestError(PaperglotError):
    """The request cannot be answered as it is; the detail says what to change."""

    type = "invalid-request"
    status = 400
    title = "The request needs a change"


class InvalidRequest(RequestError):
    """A body, parameter or path that does not have the documented shape."""


class UnsupportedLanguage(RequestError):
    """A language tag that is malformed or not among ours."""

    type = "unsupported-language"
    title = "This language is not supported"


class Unauthorized(RequestError):
    """The access token is missing or wrong, or the server needs one and has none."""

    type = "unauthorized"
    status = 401
    title = "An access token is needed"


class ForbiddenOrigin(RequestError):
    """A Host or Origin header that this server does not accept."""

    type = "forbidden-origin"
    status = 403
    title = "Requests from there are not accepted"


class NotFound(RequestError):
    """No such address, edition or paper."""

    type = "not-found"
    status = 404
    title = "Not found"


class PayloadTooLarge(RequestError):
    """The request, a segment or their number is over the limit."""

    type = "payload-too-large"
    status = 413
    title = "The request is too large"


class RateLimited(RequestError):
    """Too many requests from one token or address."""

    type = "rate-limited"
    status = 429
    title = "Too many requests"


class BudgetExhausted(RequestError):
    """The owner's token budget of this UTC day is used up."""

    type = "budget-exhausted"
    status = 429
    title = "Today's translation budget is used up"


class ServiceError(PaperglotError):
    """Something this server depends on does not answer as it should."""

    status = 503
    title = "A service behind this server is not available"


class TranslatorNotConfigured(ServiceError):
    """No key and no base URL: there is no model to ask."""

    type = "translator-not-configured"
    title = "No language model is configured"


class TranslatorUnavailable(ServiceError):
    """The model's provider refuses, fails or does not answer."""

    type = "translator-unavailable"
    title = "The language model is not available"


class UpstreamUnavailable(ServiceError):
    """Neither the store nor the upstream can give the list or paper now."""

    type = "upstream-unavailable"
    title = "The source of this list is not available"


class DatabaseUnavailable(ServiceError):
    """This server's own database does not answer: what is stored cannot be read, nothing can be kept."""

    type = "database-unavailable"
    title = "The database of this server does not answer"

    def __init__(
        self,
        detail: str = "The database of this server does not answer. Try again in a while.",
        *,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail, retry_after=retry_after)


class SearchTooSlow(DatabaseUnavailable):
    """A search that this server's database did not answer in the time one reader may take."""

    def __init__(self) -> None:
        super().__init__(
            "This search took too long. Look for rarer words or fewer days, or try again in a moment.",
            retry_after=2,
        )


class ConfigError(Exception):
    """A setting has a value that cannot be used.

    Args:
        variable: the environment variable's name.
        reason: what is wrong with it, and what it may be.
    """

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable


class BackupFailed(Exception):
    """A backup cannot be written or restored; the text is a sentence for the owner that says why."""
