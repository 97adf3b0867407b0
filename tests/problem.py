"""One assertion for the error format, used on every endpoint."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse


def assert_problem(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    """The response is a problem of this kind (RFC 9457) with a sentence; returns its members."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    problem: dict[str, Any] = response.get_json(force=True)
    assert problem["type"].endswith(kind), problem
    assert problem["status"] == status
    assert len(problem["title"]) > 5
    assert problem["detail"].endswith("."), problem
    if status in {429, 503}:
        assert int(response.headers["Retry-After"]) >= 1
    return problem
