"""Answers from the database in batches: memory does not grow with their number."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from surveys import results_counts as counts
from surveys.exporting.book import Book

BATCH: Final = 1000


class Filled(NamedTuple):
    """A response as the export knows it: no customer, no address, no time of day."""

    id: UUID
    external_id: str
    day: str
    source: str
    link: int | None
    language: str
    version: int | None
    is_complete: bool
    weight: float
    cluster: str
    segments: list[int]


class Cell(NamedTuple):
    """One answer; ``person`` is the place of its response in the batch."""

    person: int
    question: int
    status: int
    score: int | None
    raw: str


def batches(book: Book) -> Iterator[tuple[list[Filled], list[Cell]]]:
    """Responses in the order of their ids with all their answers, person by person.

    The responses come through a cursor of the server; the answers of each batch by its ids, which
    lie beside each other in the index.
    """
    where, params = counts.conditions(book.survey, book.selected)
    with connection.chunked_cursor() as people:
        people.execute(
            "SELECT r.id, r.external_id, r.answered_on::text, r.source, r.link_id, r.language,"
            " r.version, r.is_complete, r.weight, r.cluster, r.segments"
            f" FROM surveys_response r WHERE {where} AND r.source = ANY(%(sources)s)"
            " ORDER BY r.workspace_id, r.id",
            params | {"sources": list(book.sources)},
        )
        while rows := people.fetchmany(BATCH):
            found = list(map(Filled._make, rows))
            yield found, _answers(book.survey.workspace_id, [person.id for person in found])


def _answers(workspace: int, ids: list[UUID]) -> list[Cell]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.place - 1, a.question_id, a.status, a.score, a.raw"
            " FROM unnest(%s::uuid[]) WITH ORDINALITY AS w(id, place)"
            " JOIN surveys_answer a ON a.workspace_id = %s AND a.response_id = w.id"
            " ORDER BY w.place, a.id",
            [ids, workspace],
        )
        rows: list[Any] = cursor.fetchall()
    return list(map(Cell._make, rows))
