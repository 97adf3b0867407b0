"""Conditions on the tokens of a document, in the words of each database.

Pure. Tokens hold no quotation mark, white space or backslash (see `search_tokens`), so nothing a reader types
can end one here.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True)
class All:
    """Every one of these must hold; at least one is given."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Any:
    """One of these must hold; at least one is given."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Without:
    """The first must hold, and the second must not."""

    kept: Expression
    dropped: Expression


Expression = str | All | Any | Without
"""A token that a document must hold, or several so joined."""


def prefixed(expression: Expression, prefix: str) -> Expression:
    """The same condition on tokens that begin with a prefix."""
    if isinstance(expression, str):
        return prefix + expression
    if isinstance(expression, Without):
        return Without(prefixed(expression.kept, prefix), prefixed(expression.dropped, prefix))
    return type(expression)(tuple(prefixed(part, prefix) for part in expression.parts))


def fits(expression: Expression, tokens: Set[str]) -> bool:
    """Whether a document with these tokens meets a condition."""
    if isinstance(expression, str):
        return expression in tokens
    if isinstance(expression, Without):
        return fits(expression.kept, tokens) and not fits(expression.dropped, tokens)
    test = all if isinstance(expression, All) else any
    return test(fits(part, tokens) for part in expression.parts)


def fts5(expression: Expression) -> str:
    """The condition as SQLite's FTS5 writes it."""
    if isinstance(expression, str):
        return f'"{expression}"'
    if isinstance(expression, Without):
        return f"({fts5(expression.kept)} NOT {fts5(expression.dropped)})"
    word = " AND " if isinstance(expression, All) else " OR "
    return f"({word.join(map(fts5, expression.parts))})"


def tsquery(expression: Expression) -> str:
    """The condition as PostgreSQL's tsquery writes it."""
    if isinstance(expression, str):
        return f"'{expression}'"
    if isinstance(expression, Without):
        return f"({tsquery(expression.kept)} & !{tsquery(expression.dropped)})"
    sign = " & " if isinstance(expression, All) else " | "
    return f"({sign.join(map(tsquery, expression.parts))})"
