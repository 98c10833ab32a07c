"""What a column of a known tool's export is: there every column that is not its own is asked."""

import re
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from surveys.columns.choice import OUT, Choice, join
from surveys.columns.profile import Column
from surveys.columns.wording import (
    is_never_used,
    is_no_answer,
    scale_of_numbers,
    scale_of_words,
)

_NPS: Final = re.compile(r"nps\b|recommend|netpro|weiterempf|empfehlen|recomend")
_EFFORT: Final = re.compile(r"\beffort\b|how easy|made it easy|wie einfach|wie leicht|aufwand")
_SATISFIED: Final = re.compile(r"satisf|zufrieden")
_OPEN: Final = re.compile(
    r"comment|kommentar|verbatim|bemerkung|anything else|what else|\bwhy\b|warum"
    r"|please (tell|explain)|- text\Z|sonst noch|freitext|could be better|improve"
)
_MOST_CHOICES: Final = 30
_NUMBERS: Final = re.compile(r"-?\d+\Z")
_LABEL: Final = 40


def guessed(
    column: Column, text: str, *, touchpoint: str = "", is_personal: bool = False
) -> Choice:
    """The kind that fits the cells; a text where nothing else does, left out where it is empty."""
    if not column.filled or is_personal:
        return Choice(OUT)
    base = Choice("text", touchpoint=touchpoint, text=text)
    never, none = _special(column)
    values = [value for value in column.codes if value not in never and value not in none]
    coded = replace(base, never=join(never), none=join(none))
    if values and not column.is_cut and (found := _scored(column, values, coded)):
        return found
    if column.joined:
        return _joined(column, base)
    if column.numbers >= 0.8 * column.filled and column.longest <= 16 and not column.joined:
        # Numbers that are no scores: an age, a sum, a time that something took.
        return Choice(OUT)
    if values and _is_choice(column) and not _OPEN.search(text.casefold()):
        return replace(coded, becomes="choice")
    return base


def _special(column: Column) -> tuple[list[str], list[str]]:
    """Words for "never used" and "no answer" among the values of a column with few of them."""
    if column.distinct > _MOST_CHOICES:
        return [], []
    short = [value for value in column.codes if len(value) <= _LABEL and "," not in value]
    never = [value for value in short if is_never_used(value)]
    return never, [value for value in short if value not in never and is_no_answer(value)]


def _scored(column: Column, values: list[str], base: Choice) -> Choice | None:
    name = base.text.casefold()
    if column.distinct <= _MOST_CHOICES and all(_NUMBERS.match(value) for value in values):
        return _numbered(sorted(map(int, values)), name, base)
    if column.distinct > 12:
        return None
    if scores := scale_of_numbers(values):
        found = _numbered(sorted(scores.values()), name, base)
        if found is None:
            return None
        # Also the scores that nobody gave so far.
        plain = {str(score): score for score in range(int(found.low), int(found.high) + 1)}
        return replace(found, scores=_lines(plain | scores))
    # Without its own never-used words: "trifft nicht zu" is the low end of another scale.
    if worded := scale_of_words(list(column.codes)) or scale_of_words(values):
        kind, scores = worded
        whole = len(scores) == len(column.codes)
        free = replace(base, never="", none="") if whole else base
        return replace(free, becomes=kind, low="1", high="5", scores=_lines(scores))
    return None


def _numbered(scores: list[int], name: str, base: Choice) -> Choice | None:
    low, high = scores[0], scores[-1]
    if low < 0 or high > 10 or len(scores) < 2 or scores == [0, 1]:
        return None
    if _NPS.search(name):
        return replace(base, becomes="nps", low="0", high="10")
    top = next(end for end in (5, 7, 10) if high <= end)
    bottom = 0 if low == 0 else 1
    kind = kind_of_scale(name, bottom, top)
    return replace(base, becomes=kind, low=str(bottom), high=str(top))


def kind_of_scale(text: str, low: int, high: int) -> str:
    """What a question with this text and scale is called: the words decide, the scale agrees."""
    name = text.casefold()
    if _NPS.search(name) and (low, high) == (0, 10):
        return "nps"
    if _EFFORT.search(name) and (low, high) == (1, 7):
        return "ces"
    return "csat" if _SATISFIED.search(name) and (low, high) == (1, 5) else "rating"


def _lines(scores: dict[str, int]) -> str:
    return "\n".join(f"{words} = {score}" for words, score in scores.items())


def _joined(column: Column, base: Choice) -> Choice:
    together = column.joined
    assert together is not None
    kind = "ranking" if together.is_ranking else "several"
    other = str(_("Other")) if together.has_others and kind == "several" else ""
    options = [option for option in together.options if option != other]
    return replace(
        base, becomes=kind, values="\n".join(options), separator=together.separator, other=other
    )


def _is_choice(column: Column) -> bool:
    """Few short values that come again, rather than texts."""
    return (
        not column.is_cut
        and column.distinct <= _MOST_CHOICES
        and column.longest <= 120
        and column.filled >= max(4, 2 * column.distinct)
    )


def rated(column: Column, base: Choice) -> Choice:
    """Stars, also halves and tenths of them, and scores between -1 and 1."""
    low, high = column.low, column.high
    if low is None or high is None:
        return Choice(OUT)
    if column.decimals and low >= -1 and high <= 1:
        return replace(base, becomes="rating", low="-100", high="100", times="100")
    top = 5 if high <= 5 else 10
    times = 1 if not column.decimals else 2 if _are_halves(column) else 10
    bottom = 0 if low < 1 else 1
    return replace(
        base,
        becomes="rating",
        low=str(bottom * times),
        high=str(top * times),
        times="" if times == 1 else str(times),
    )


def _are_halves(column: Column) -> bool:
    return all(
        value.replace(",", ".").rpartition(".")[2] in ("5", "0") or value.isdigit()
        for value in column.codes
    )
