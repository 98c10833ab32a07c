"""Answers for SPSS: labels and codes, and "never used", "don't know" and "skipped" kept apart.

All three are missing values with a reason; what was not asked is missing without one.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from django.db import connection
from django.utils.translation import gettext as _

from surveys import results_counts as counts
from surveys.exporting.book import META, Book, Column
from surveys.exporting.rows import groups, meta
from surveys.exporting.sav import LONGEST, Variable, Writer, names, seconds
from surveys.exporting.stream import batches
from surveys.models import Kind, Status

_WORDS: Final = ("#never", "#unknown", "#skipped")
_CODES: Final = ((97, 98, 99), (9997, 9998, 9999), (-9997, -9998, -9999))
Value = float | str | None


@dataclass(frozen=True)
class Place:
    """Where a question's answers go: a number or a text, and the words beside numbers."""

    column: Column
    at: int
    words_at: int | None
    codes: tuple[float, float, float]


def write_sav(target: BinaryIO, book: Book) -> None:
    """Memory stays flat. Texts of more than 32,767 bytes are cut, which is all that SPSS takes."""
    variables, places = _layout(book)
    writer = Writer(target, variables, label=book.survey.name)
    for case in _cases(book, places, len(variables)):
        writer.case(case)
    writer.close()


def _layout(book: Book) -> tuple[list[Variable], dict[int, Place]]:
    widths, beside = _widths(book)
    made = list(_before(book))
    places: dict[int, Place] = {}
    for column in book.answered:
        pk, at = column.question.pk, len(made)
        codes = _codes(column)
        made.append(_variable(column, codes, widths.get(pk, 1)))
        words_at = None
        if column.scores and beside.get(pk) and not column.hides_raw:
            words_at = len(made)
            made.append(_words(column, beside[pk]))
        places[pk] = Place(column, at, words_at, codes)
    short = names([variable.name for variable in made])
    return [replace(v, name=name) for v, name in zip(made, short, strict=True)], places


def _before(book: Book) -> Iterator[Variable]:
    """What stands before the answers, named as in other exports."""
    for name, key in book.meta.items():
        if name == "answered_on":
            yield Variable(key, _("Day"), form="SDATE", measure="scale")
        elif name == "complete":
            yield Variable(key, _("Finished"), values={1.0: _("Yes"), 0.0: _("No")})
        elif name in ("version", "weight"):
            yield Variable(key, decimals=4 if name == "weight" else 0, measure="scale")
        else:
            yield Variable(key, key, width=_head_width(book, name))


def _head_width(book: Book, name: str) -> int:
    known = {
        "source": 12,
        "language": 12,
        "place": _longest(book.places.values()),
        # Numbers of responses and clusters have at most 200 letters.
        "response": 800,
        "cluster": 800,
    }
    return known.get(name) or _longest(
        s.name for s in book.segments.values() if s.dimension == name
    )


def _longest(texts: Iterable[str]) -> int:
    return max((len(text.encode()) for text in texts), default=1) or 1


def _codes(column: Column) -> tuple[float, float, float]:
    """Codes of "never used", "don't know" and "skipped" that are no answer of the question."""
    question = column.question
    given = {int(code) for code, _label in column.labels if _is_number(code)}
    high = max(given | {question.scale_max or 0, len(column.labels)})
    low = min(given | {question.scale_min or 0})
    if high < 97:
        return _CODES[0]
    return _CODES[1] if high < 9997 else _CODES[2] if low > -9997 else (-1e6, -1e6 - 1, -1e6 - 2)


def _variable(column: Column, codes: tuple[float, float, float], width: int) -> Variable:
    if not column.scores:
        wide = min(max(width, 9), LONGEST)
        return Variable(column.key, column.title, width=wide, missing=_WORDS)
    question = column.question
    values = {float(code): words for code, words in column.labels if _is_number(code)}
    if question.kind in (Kind.OPTION, Kind.CONSENT) and not values:
        values = {1.0: _("Yes"), 0.0: _("No")}
    if question.has_other and question.kind == Kind.CHOICE:
        values.setdefault(0.0, _("Something else"))
    reasons = (_("Never used"), _("Don’t know"), _("Seen, not answered"))
    values |= dict(zip(codes, reasons, strict=True))
    measure = "ordinal" if question.has_scale else "nominal"
    return Variable(column.key, column.title, values=values, missing=codes, measure=measure)


def _is_number(code: str) -> bool:
    return re.fullmatch(r"-?\d{1,15}", code, re.ASCII) is not None


def _words(column: Column, width: int) -> Variable:
    """The text beside a score: what "something else" was."""
    label = _("%(question)s: in their own words") % {"question": column.title}
    return Variable(f"{column.key}_words", label, width=min(width, LONGEST))


def _widths(book: Book) -> tuple[dict[int, int], dict[int, int]]:
    """Bytes of the longest text per question, and of the longest words beside a score."""
    where, params = counts.conditions(book.survey, book.selected)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.question_id, max(octet_length(a.raw)) FILTER (WHERE a.score IS NULL),"
            " max(octet_length(a.raw)) FILTER (WHERE a.score IS NULL OR a.raw <> a.score::text)"
            " FROM surveys_answer a JOIN surveys_response r"
            " ON r.workspace_id = a.workspace_id AND r.id = a.response_id"
            f" WHERE {where} AND a.status = 0 GROUP BY 1",
            params,
        )
        rows = cursor.fetchall()
    return {pk: n or 1 for pk, n, _words in rows}, {pk: n for pk, _n, n in rows if n}


def _cases(book: Book, places: dict[int, Place], width: int) -> Iterator[Sequence[Value]]:
    before = len(META) + len(book.dimensions)
    day_at, version_at = META.index("answered_on"), META.index("version")
    for people, answers in batches(book):
        rows: list[list[Value]] = []
        for person in people:
            head: list[Value] = [*meta(book, person), *groups(book, person)]  # type: ignore[list-item]
            head[day_at] = seconds(dt.date.fromisoformat(person.day))
            head[version_at] = person.version
            empty: list[Value] = [None] * (width - before)
            rows.append(head + empty)
        for person_at, question, status, score, raw in answers:
            if place := places.get(question):
                _put(rows[person_at], place, status, score, raw)
        yield from rows


def _put(row: list[Value], place: Place, status: int, score: int | None, raw: str) -> None:
    if status != Status.SCORED:
        reason = 0 if status == Status.NEVER_USED else 1 if raw == "unknown" else 2
        row[place.at] = place.codes[reason] if place.column.scores else _WORDS[reason]
    elif not place.column.scores:
        row[place.at] = raw
    else:
        row[place.at] = score
        if place.words_at is not None and raw != str(score):
            row[place.words_at] = raw.removeprefix("other=")
