"""Rows of an export: one per answer, or one per response with a column for every question."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cxm.tabular.inert import defuse
from surveys import answer_cells as cells
from surveys.exporting.book import META, Book, Column
from surveys.exporting.stream import Cell, Filled, batches
from surveys.models import Kind, Status

LONG: Final = (
    "response", "answered_on", "source", "place", "language", "version", "complete", "weight",
    "segments", "question", "kind", "touchpoint", "status", "score", "answer", "label",
)  # fmt: skip
_REMEMBERED: Final = 20_000
_STATUS: Final = {
    int(Status.SCORED): "answered",
    int(Status.NEVER_USED): "never used",
    int(Status.NO_ANSWER): "no answer",
}


def long_lines(book: Book) -> Iterator[str]:
    """CSV with one line per answer in the order of ``LONG``; a score stands apart from its words.

    What a person and a question say on every line is put into CSV once, and so is every answer
    that is a score: a line is then three texts joined.
    """
    yield "\ufeff" + ",".join(LONG) + "\r\n"
    text = _csv()
    columns = {column.question.pk: column for column in book.answered}
    fixed = {pk: text(_fixed(column)) for pk, column in columns.items()}
    labels = {pk: dict(column.labels) for pk, column in columns.items()}
    known: dict[tuple[int, int, int | None, str], str] = {}
    for people, answers in batches(book):
        heads = [text(_head(book, person)) for person in people]
        for answer in answers:
            person, question, status, score, raw = answer
            if question not in fixed:
                continue
            key = (question, status, score, raw)
            if (end := known.get(key)) is None:
                given = _given(answer, columns[question], labels[question])
                end = f"{fixed[question]},{text(given)}\r\n"
                # Texts hardly come twice.
                if score is not None or status:
                    known[key] = end
            yield f"{heads[person]},{end}"
        if len(known) > _REMEMBERED:
            known.clear()


def _csv() -> Callable[[Sequence[object]], str]:
    """Cells as a piece of a line of CSV, formulas made inert."""
    file = io.StringIO(newline="")
    write = csv.writer(file).writerow

    def text(cells: Sequence[object]) -> str:
        file.seek(0)
        file.truncate()
        write([defuse(cell) for cell in cells])
        return file.getvalue().removesuffix("\r\n")

    return text


def _head(book: Book, person: Filled) -> list[object]:
    segments = book.segments
    names = "; ".join(segments[pk].name for pk in person.segments if pk in segments)
    return [*meta(book, person)[:-1], names]


def meta(book: Book, person: Filled) -> list[object]:
    """In the order of ``META``."""
    return [
        person.external_id,
        person.day,
        person.source,
        book.places.get(person.link or 0, ""),
        person.language,
        person.version or "",
        int(person.is_complete),
        1 if person.weight == 1 else person.weight,
        person.cluster,
    ]


def _fixed(column: Column) -> list[str]:
    question = column.question
    return [
        question.key,
        str(question.kind),
        question.touchpoint.name if question.touchpoint else "",
    ]


def _given(answer: Cell, column: Column, labels: dict[str, str]) -> list[object]:
    raw = answer.raw
    if column.hides_raw and answer.status == Status.SCORED:
        raw = str(answer.score)
    elif answer.status == Status.NO_ANSWER and not raw:
        raw = "skipped"
    word = "" if answer.score is None and raw not in labels else labels.get(
        raw if answer.score is None else str(answer.score), ""
    )  # fmt: skip
    if column.question.kind == Kind.CHOICE and raw.startswith("other="):
        word = raw.removeprefix("other=")
    score = "" if answer.score is None else answer.score
    return [_STATUS[answer.status], score, raw, word]


def wide_header(book: Book) -> list[str]:
    """What stands before the answers, then every question by its key."""
    return [*book.meta.values(), *(column.key for column in book.answered)]


def wide_rows(book: Book) -> Iterator[list[object]]:
    """One row per response, each answer as ``cells.write`` puts it."""
    places = {column.question.pk: at for at, column in enumerate(book.answered)}
    scores = [column.scores for column in book.answered]
    hidden = [column.hides_raw for column in book.answered]
    before, width = len(META) + len(book.dimensions), len(book.answered)
    for people, answers in batches(book):
        rows = [[*meta(book, person), *groups(book, person), *[""] * width] for person in people]
        for person, question, status, score, raw in answers:
            at = places.get(question)
            if at is not None:
                if hidden[at] and status == 0 and score is not None:
                    raw = str(score)
                rows[person][before + at] = cells.write(status, score, raw, scores=scores[at])
        yield from rows


def groups(book: Book, person: Filled) -> list[object]:
    """The segment of each dimension; the first where a person belongs to several of one."""
    found: dict[str, str] = {}
    for pk in person.segments:
        if segment := book.segments.get(pk):
            found.setdefault(segment.dimension, segment.name)
    return [found.get(dimension, "") for dimension in book.dimensions]
