r"""TeX's ways to type what a keyboard does not have, outside commands: quotes, dashes, ties."""

from __future__ import annotations


class Quotes:
    """Reads quotation marks; remembers which are open, as a closing `''` alone may be seconds of arc."""

    def __init__(self) -> None:
        self._double = 0
        self._single = 0

    def read(self, sign: str, *, before: str, after: str) -> str | None:
        """The quotation mark that `sign` stands for between these characters, or None."""
        if sign == "``":
            self._double += 1
            return "“"
        if sign in ("''", '"') and self._double:
            self._double -= 1
            return "”"
        if sign == "`" and not before.isalnum() and not after.isspace():
            self._single += 1
            return "‘"
        if sign == "'" and self._single and not after.isalnum() and not before.isspace():
            self._single -= 1
            return "’"
        return None


def read_dashes(dashes: str, *, before: str, after: str) -> str | None:
    """The dash that two or three hyphens stand for, or None for a line or a command's option."""
    if len(dashes) > 3 or (before.isspace() and not after.isspace()):
        return None
    return "–" if len(dashes) == 2 else "—"


def read_tie(*, before: str, after: str) -> str | None:
    """The space that a tilde between these characters stands for, or None where it means 'about'."""
    about = before.isspace() or before in "(["
    a_range = before.isdigit() and after.isdigit()
    return None if about or a_range or after.isspace() else " "
