"""What was found in a column, in words, given what it becomes."""

from collections.abc import Container
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, signed
from surveys.columns.choice import OUT, OWN, Choice
from surveys.columns.finding_dates import found_dates
from surveys.columns.finding_parts import found_part, found_several
from surveys.columns.finding_words import Found, counted_words
from surveys.columns.profile import Column
from surveys.columns.suggesting import is_personal
from surveys.models import Status
from surveys.scales import CodeBook, code

_MOST: Final = 1000


def found(column: Column, choice: Choice, *, rows: int, touchpoints: Container[str]) -> Found:
    """``touchpoints``: names of the catalogue in lower case."""
    if not choice.becomes:
        return Found("err", _("Choose what this column is, or leave it out."))
    if choice.becomes == OUT:
        if is_personal(column.name):
            return Found(OUT, _("Could identify people together with other columns. Not stored."))
        return Found(OUT, _("Not stored."))
    if choice.becomes == OWN:
        return Found("ok", counted_words(column.filled), scored=column.filled)
    if choice.is_question or choice.is_part:
        if choice.touchpoint and choice.touchpoint.lower() not in touchpoints:
            return Found("err", _("The catalogue has no such touchpoint."), choice.touchpoint)
        if choice.is_part:
            return found_part(column, choice, rows)
        if choice.is_joined:
            return found_several(column, choice, rows)
        return _question(column, choice, rows)
    return _PARTS[choice.becomes](column, choice, rows)


def _id(column: Column, choice: Choice, rows: int) -> Found:
    if column.filled < rows:
        left = rows - column.filled
        words = ngettext(
            "%(n)s line has none and will be left out.",
            "%(n)s lines have none and will be left out.",
            left,
        )
        return Found("warn", words % {"n": number(left)})
    if column.distinct < column.filled and not column.is_cut:
        again = column.filled - column.distinct
        words = ngettext(
            "%(n)s line repeats an earlier number and will be left out.",
            "%(n)s lines repeat an earlier number and will be left out.",
            again,
        )
        return Found("warn", words % {"n": number(again)})
    return Found("ok", _("%(n)s different, none empty") % {"n": number(column.distinct)})


def _weight(column: Column, choice: Choice, rows: int) -> Found:
    if column.numbers < column.filled or column.low is None or column.low < 0:
        return Found("warn", _("Some values are no weights; they will count as 1."))
    words = _("%(low)s to %(high)s") % {
        "low": number(column.low, 2), "high": number(column.high, 2),
    }  # fmt: skip
    if column.effective:
        words += "; " + _("worth %(n)s equal answers") % {"n": number(column.effective)}
    return Found("ok", words)


def _cluster(column: Column, choice: Choice, rows: int) -> Found:
    words = ngettext("%(n)s group", "%(n)s groups", column.distinct) % {
        "n": number(column.distinct)
    }
    return Found("ok", _("%(groups)s; intervals will allow for them") % {"groups": words})


def _customer(column: Column, choice: Choice, rows: int) -> Found:
    words = ngettext("%(n)s customer", "%(n)s customers", column.distinct)
    return Found("ok", words % {"n": number(column.distinct)})


def _values(column: Column, choice: Choice, rows: int) -> Found:
    """Codes with labels: segments, languages, sources."""
    labels = {code(item): label for item, label in choice.labels.items()}
    if not labels:
        words = ngettext(
            "%(n)s value without name.", "%(n)s values without names.", column.distinct
        )
        return Found("err", _("Name them below."), words % {"n": number(column.distinct)})
    counts: dict[str, int] = {}
    for item, label in labels.items():
        counts[label] = counts.get(label, 0) + column.codes.get(item, 0)
    words = ", ".join(f"{label} {number(n)}" for label, n in counts.items())
    others = rows - sum(counts.values())
    if others:
        words += ", " + _("%(n)s other or blank") % {"n": number(others)}
    return Found("ok" if any(counts.values()) else "warn", words)


_PARTS = {
    "id": _id,
    "date": found_dates,
    "weight": _weight,
    "cluster": _cluster,
    "customer": _customer,
    "language": _values,
    "source": _values,
    "segment": _values,
}


def _question(column: Column, choice: Choice, rows: int) -> Found:
    try:
        scale = (_whole(choice.low), _whole(choice.high)) if choice.has_scale else None
    except ValueError:
        return Found("err", _("The scale needs two whole numbers."))
    if scale and scale[0] >= scale[1]:
        return Found("err", _("The scale goes from the lower to the higher number."))
    try:
        book = _book(choice, scale)
    except ValueError:
        return Found("err", _("A score is a whole number."))
    numbers, outside = _counted(column, book, rows)
    words, effect = _special(column, choice), _effect(column, choice)
    if outside:
        strong, rest = _outside(outside)
        parts = [rest, _("Left empty."), effect, words]
        return replace(numbers, level="warn", words=" ".join(filter(None, parts)), strong=strong)
    if not words:
        words = counted_words(column.filled)
    if effect:
        return replace(numbers, level="warn", words=f"{words}. {effect}")
    return replace(numbers, words=words)


def _book(choice: Choice, scale: tuple[int, int] | None) -> CodeBook:
    return CodeBook(
        scale=scale,
        never_used=[code(item) for item in choice.never_codes],
        no_answer=[code(item) for item in choice.none_codes],
        labels=[code(item) for item in choice.labels] if choice.becomes == "choice" else [],
        scores={code(words): _whole(score) for words, score in choice.words.items()},
        times=_whole(choice.times or "1"),
    )


def _whole(text: str) -> int:
    """A number that a mapping takes; a scale to a billion would be counted up, score by score.

    Raises ValueError.
    """
    number = int(text) if len(text) < 6 else _MOST + 1
    if abs(number) > _MOST:
        raise ValueError(text[:20])
    return number


def _counted(column: Column, book: CodeBook, rows: int) -> tuple[Found, dict[str, int]]:
    """How many cells would be stored as what, and the codes that fit nowhere with their counts."""
    seen = column.codes | ({"": rows - column.filled} if rows > column.filled else {})
    counts = dict.fromkeys([*Status, None], 0)
    outside: dict[str, int] = {}
    for item, n in seen.items():
        reading = book.read(item)
        if reading is None and item:
            outside[item] = n
        elif reading is not None:
            counts[reading.status] += n
    if book.is_open:
        # Free texts are more than the profile lists; what has a code is no text.
        coded = sum(
            n
            for item, n in column.codes.items()
            if (reading := book.read(item)) and reading.status != Status.SCORED
        )
        counts[Status.SCORED] = column.filled - coded
    numbers = Found(
        "ok",
        "",
        scored=counts[Status.SCORED],
        never_used=counts[Status.NEVER_USED],
        no_answer=counts[Status.NO_ANSWER],
        left_empty=sum(outside.values()),
    )
    return numbers, outside


def _outside(codes: dict[str, int]) -> tuple[str, str]:
    """The most frequent code outside of the scale, and how many others there are."""
    worst = max(codes, key=lambda item: codes[item])
    strong = _("“%(code)s” is outside of the scale, %(n)s times.") % {
        "code": worst[:20], "n": number(codes[worst]),
    }  # fmt: skip
    more = len(codes) - 1
    rest = ngettext("And %(n)s more code.", "And %(n)s more codes.", more) % {"n": number(more)}
    return strong, rest if more else ""


def _special(column: Column, choice: Choice) -> str:
    parts = []
    if choice.times and column.high is not None:
        parts.append(
            _("%(n)s counts as %(score)s of %(top)s") % {
                "n": number(column.high, column.decimals),
                "score": number(column.high * int(choice.times)),
                "top": choice.high,
            }
        )  # fmt: skip
    for codes, word in ((choice.never_codes, _("never used")), (choice.none_codes, _("no answer"))):
        for item in codes:
            if n := column.codes.get(code(item), 0):
                parts.append(f"{item} = {word} ({number(n)})")
    return " · ".join(parts)


def _effect(column: Column, choice: Choice) -> str:
    """What a stray 11 would do to the NPS, were it counted as a 10."""
    if choice.becomes != "nps" or choice.scores:
        return ""
    scores = {int(item): n for item, n in column.codes.items() if item.isdigit()}
    over = sum(n for score, n in scores.items() if score > 10)
    n = sum(n for score, n in scores.items() if score <= 10)
    if not over or not n:
        return ""
    promoters = scores.get(9, 0) + scores.get(10, 0)
    balance = promoters - sum(n for score, n in scores.items() if score <= 6)
    right, wrong = 100 * balance / n, 100 * (balance + over) / (n + over)
    return _("Counted as a 10, NPS would read %(wrong)s, not %(right)s.") % {
        "wrong": signed(wrong, 0), "right": signed(right, 0),
    }  # fmt: skip
