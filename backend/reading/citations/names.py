"""Authors' names as reference managers need them: what is given, what is family, what is no person."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The same words as in the extension's popup/bibtex.js; a test holds that both write the same.
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|teams?|groups?|project|initiative|community|network|alliance"
    r"|institutes?|laborator(?:y|ies)|labs?|university)\b|\sand\s|,(?! *(?:jr|sr|ii|iii|iv)\b)",
    re.ASCII | re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?P<name>.*[^\s,])(?:,\s*|\s+)(?P<suffix>[JS]r\.?|II|III|IV)", re.DOTALL)
# Particles a name may begin with; any other small first word is a given name (bell hooks).
_PARTICLES = re.compile(
    "af|al|av|bin|da|das|de|del|della|dem|den|der|di|do|dos|du|el|ibn|la|le|ten|ter|van|von|zu|zum|zur"
)


@dataclass(frozen=True, slots=True)
class Name:
    """One author.

    Args:
        family: the family name; of a group, or of someone with one name, all of it.
        given: given names and initials.
        particle: `van der`, `de la`; sorted by the family name, never left out of it.
        suffix: `Jr.`, `III`.
        is_group: a collaboration or an institute, never to be taken apart.
    """

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    is_group: bool = False

    @property
    def whole_family(self) -> str:
        """The family name with its particle."""
        return f"{self.particle} {self.family}".strip()

    @property
    def inverted(self) -> str:
        """`van der Waals, Johannes, Jr.`: the form of RIS and of Highwire's metadata."""
        parts = [self.whole_family, self.given, self.suffix]
        return ", ".join(part for part in parts if part)


def parse(name: str) -> Name:
    """Read a name as arXiv writes it: given names first, never `Family, Given`.

    Small words before the last one begin the family name, as BibTeX has it. Which of several capitalised
    names belong to the family nobody can tell; the last one does.
    """
    words = " ".join(name.split())
    if is_group(words):
        return Name(words, is_group=True)
    suffix = ""
    if found := _SUFFIX.fullmatch(words):
        words, suffix = found["name"], found["suffix"]
    tokens = words.split(" ")
    small = [n for n, token in enumerate(tokens[:-1]) if _is_particle(token, first=n == 0)]
    start = small[0] if small else len(tokens) - 1
    end = small[-1] + 1 if small else start
    return Name(
        " ".join(tokens[end:]), " ".join(tokens[:start]), " ".join(tokens[start:end]), suffix
    )


def is_group(name: str) -> bool:
    """Whether this is a collaboration, an institute or several names in one, no person."""
    return _GROUP.search(name) is not None


def _is_particle(token: str, *, first: bool) -> bool:
    return _PARTICLES.fullmatch(token) is not None if first else token[:1].islower()
