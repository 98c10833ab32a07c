"""One answer as one cell, and back, without loss.

    4               score 4, given as "4"
    4=vier          score 4, given as "vier"
    other=Tea       score 0: something else, in the person's own words
    never           never used; "never=6" where the file it came from said "6"
    unknown         "don't know"
    skipped         seen, not answered; "skipped=0" as above
    (empty)         not asked, or not reached
    anything else   a text; a backslash before it says that it is one whatever it looks like,
                    and is always there among scores

A column is of scores or of texts, so that a text "4" stays a text without further marks.
"""

import re
from typing import Final, NamedTuple

from surveys.models.words import Status

_SCORE: Final = re.compile(r"(-?\d{1,5})(?:=(.*))?\Z", re.ASCII | re.DOTALL)
_SILENT: Final = re.compile(r"(never|unknown|skipped)(?:=(.*))?\Z", re.DOTALL)
_OTHER: Final = "other="
_SCORED: Final = int(Status.SCORED)
_NEVER: Final = int(Status.NEVER_USED)


class Given(NamedTuple):
    """An answer as it is stored."""

    status: int
    score: int | None
    raw: str


def write(status: int, score: int | None, raw: str, *, scores: bool) -> str:
    """The cell of one answer; ``scores`` says what kind of column it stands in."""
    if status != _SCORED:
        return _silent(status, raw)
    if score is None:
        return "\\" + raw if _needs_mark(raw, scores=scores) else raw
    text = str(score)
    if raw == text:
        return text
    return raw if score == 0 and raw.startswith(_OTHER) else f"{text}={raw}"


def _silent(status: int, raw: str) -> str:
    if status == _NEVER:
        return "never" if raw == "never" else f"never={raw}"
    if raw == "unknown":
        return raw
    return f"skipped={raw}" if raw else "skipped"


def _needs_mark(raw: str, *, scores: bool) -> bool:
    """Whether a text would be taken for something else, or for nothing."""
    return scores or not raw or raw[0] == "\\" or _SILENT.match(raw) is not None


def read(cell: str, *, scores: bool) -> Given | None:
    """The answer of a cell; None for an empty one, and where a column of scores holds a text."""
    if not cell:
        return None
    if cell[0] == "\\":
        return Given(_SCORED, None, cell[1:])
    if match := _SILENT.match(cell):
        word, given = match.groups()
        if word == "unknown" and given is None:
            return Given(int(Status.NO_ANSWER), None, word)
        if word == "never":
            return Given(_NEVER, None, word if given is None else given)
        if word == "skipped":
            return Given(int(Status.NO_ANSWER), None, given or "")
    if not scores:
        return Given(_SCORED, None, cell)
    if cell.startswith(_OTHER):
        return Given(_SCORED, 0, cell)
    if match := _SCORE.match(cell):
        score = int(match[1])
        return Given(_SCORED, score, match[1] if match[2] is None else match[2])
    return None
