"""Dates as clients write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from ..errors import InvalidRequest

DAY_REFUSED: Final = "A date is written like 2023-06-06, and must exist; or use `latest`."
"""What who asked for the list of no day is told."""


def read_date(text: str, refusal: str = DAY_REFUSED) -> date:
    """The date of a text like 2023-06-06: ISO 8601's extended form alone, of four digits, two and two.

    Raises:
        InvalidRequest: it is written otherwise or does not exist; in the words of `refusal`.
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidRequest(refusal)
