"""The import itself: one transaction from the first look-up to the last answer."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

import uuid_utils
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from cxm.models import Workspace
from cxm.tabular import Table
from surveys.histograms import mark_dirty
from surveys.importing import storing
from surveys.importing.plan import Plan, plan
from surveys.importing.result import CellError, ImportRefusedError, ImportStoppedError, Result
from surveys.importing.rows import Person, RowReader
from surveys.mapping import Mapping
from surveys.models import Import

_BATCH: Final = 1000
_LARGE: Final = 500  # new responses


def import_responses(
    *,
    workspace: Workspace,
    table: Table,
    mapping: Mapping,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    on_error: Callable[[CellError], None] | None = None,
    import_id: int | None = None,
) -> Result:
    """Store the responses of a table that are not known yet, all of them or none.

    ``progress`` is told the number of rows read so far and may raise ImportStoppedError.
    ``on_error`` gets every cell that is not stored. A dry run counts the same and stores nothing.
    A response is known when the survey has its id already: importing twice changes nothing.

    Raises ImportRefusedError (unknown column or touchpoint, unreadable date, changed scale) and
    TableError; then nothing is stored. Histograms of the new days are dirty until the next fold.
    """
    result = Result(sink=on_error)
    with scope(workspace=workspace), transaction.atomic():
        ready = plan(workspace=workspace, mapping=mapping, header=table.header)
        result.survey, result.survey_id = ready.survey.name, ready.survey.pk
        result.touchpoints = ready.touchpoints
        work = _Work(ready, result, dry_run, import_id)
        work.run(table, progress)
        _refuse_unread(result)
        if dry_run:
            result.survey_id = None
            transaction.set_rollback(True)
        else:
            mark_dirty(workspace_id=workspace.pk, days=work.days)
            _finish(import_id, result)
            if result.responses_new >= _LARGE:
                # Last, because its lock makes other large imports wait for the commit.
                with connection.cursor() as cursor:
                    storing.refresh_statistics(cursor)
    return result


def _refuse_unread(result: Result) -> None:
    """Raises ImportRefusedError where no line, or no day of a line, could be read."""
    if not result.rows:
        raise ImportRefusedError([_("The file has no lines below the heading.")])
    if result.dates_unread:
        raise ImportRefusedError([_dates_unread(result)], result)
    if not result.responses_new and not result.responses_known:
        raise ImportRefusedError([_("No line could be stored.")], result)


def _dates_unread(result: Result) -> str:
    return ngettext(
        "%(n)d date cannot be read, so nothing was stored: line %(error)s.",
        "%(n)d dates cannot be read, so nothing was stored. The first: line %(error)s.",
        result.dates_unread,
    ) % {"n": result.dates_unread, "error": result.first_date}


def _finish(import_id: int | None, result: Result) -> None:
    """Part of the transaction: an import is done exactly when its answers are there."""
    if import_id is not None:
        stored = Import.objects.filter(pk=import_id).exclude(state=Import.State.STOPPED)
        changed = stored.update(
            state=Import.State.DONE,
            survey_id=result.survey_id,
            rows_done=result.rows,
            rows_total=result.rows,
            result=result.as_json(),
            finished_at=timezone.now(),
        )
        if not changed:
            raise ImportStoppedError


class _Work:
    """The rows of one import on their way, a batch at a time."""

    def __init__(self, ready: Plan, result: Result, dry_run: bool, import_id: int | None) -> None:
        self.plan = ready
        self.result = result
        self.dry_run = dry_run
        self.import_id = import_id
        self.reader = RowReader(ready, result)
        self.days: set[dt.date] = set()

    def run(self, table: Table, progress: Callable[[int], None] | None) -> None:
        with connection.cursor() as cursor:
            storing.begin(cursor)
            for batch in _batches(table):
                self.result.rows += len(batch)
                people = [
                    person
                    for line, cells in batch
                    if (person := self.reader.person(line, cells)) is not None
                ]
                self._store(cursor, people)
                if progress:
                    progress(self.result.rows)
        self._count()

    def _store(self, cursor: Any, people: list[Person]) -> None:
        column = self.plan.mapping.response.id
        people = (
            storing.once(cursor, people, column, self.result)
            if column
            else storing.numbered(cursor, people)
        )
        new = storing.unknown(cursor, people, self.plan.workspace_id, self.plan.survey.pk)
        self.result.responses_known += len(people) - len(new)
        self.result.responses_new += len(new)
        names = {person.external_id: self.reader.customer(person) for person in new}
        known = storing.customers(cursor, list(names.values()), self.plan.workspace_id)
        responses: list[str] = []
        answers: list[str] = []
        start = f"{self.plan.workspace_id}\t"
        for person in new:
            day = self.reader.day(person)
            if day is None:
                continue
            self.days.add(day)
            uuid = str(uuid_utils.uuid7())
            customer = known.get(names[person.external_id], "")
            line = self.reader.response(person, day, customer, self.import_id)
            responses.append(f"{start}{uuid}\t{line}")
            self.reader.answers(person, start, uuid, answers)
        if not self.dry_run and not self.result.dates_unread:
            storing.copy(cursor, storing.COPY_RESPONSES, responses)
            storing.copy(cursor, storing.COPY_ANSWERS, answers)

    def _count(self) -> None:
        result = self.result
        counts = {cells.column: cells.count() for _at, cells in self.reader.questions}
        counts |= {parts.column: parts.count() for _places, parts in self.reader.groups}
        # In the order of the mapping.
        rules = self.plan.mapping.questions
        result.questions = [counts[rule.column] for rule in rules if rule.column in counts]
        for count in result.questions:
            result.answers_new += count.scored + count.never_used + count.no_answer
            result.never_used += count.never_used
            result.no_answer += count.no_answer
            result.empty += count.empty
        result.days = len(self.days)


def _batches(table: Table) -> Iterator[list[tuple[int, list[str]]]]:
    while batch := list(islice(table.rows, _BATCH)):
        yield batch
