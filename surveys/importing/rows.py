"""Rows of cells → lines of COPY, at the speed of a dictionary look-up per cell."""

import datetime as dt
import hashlib
import math
from dataclasses import dataclass
from typing import Final

import uuid_utils
from django.utils.translation import gettext as _

from surveys import answer_cells
from surveys.importing.escaping import escape
from surveys.importing.plan import Plan
from surveys.importing.result import EMPTY, ERROR, QuestionCount, Result, counted
from surveys.importing.several import Parts
from surveys.mapping import DateRule, QuestionRule
from surveys.scales import CodeBook, code

_REMEMBERED: Final = 5000
_LIMIT: Final = 200


class Found:
    """What one raw value of one question means, and how often it came."""

    __slots__ = ("n", "status", "tail")

    def __init__(self, status: int, tail: str) -> None:
        self.status = status
        self.tail = tail
        self.n = 0


class Cells(dict[str, Found]):
    """Raw value → Found for one question; each spelling is worked out once."""

    def __init__(self, rule: QuestionRule, question_id: int) -> None:
        self.column = rule.column
        self.question_id = question_id
        self.rule = rule
        self.book = CodeBook(
            scale=rule.scale,
            never_used=rule.never_used,
            no_answer=rule.no_answer,
            labels=rule.labels,
            scores=rule.scores,
            times=rule.times,
        )
        self.forgotten: dict[int, int] = {}

    def __missing__(self, raw: str) -> Found:
        found = self._work_out(raw)
        if len(self) < _REMEMBERED and len(raw) < 80:
            self[raw] = found
        else:
            # Free texts differ on every line: only their number is kept.
            self.forgotten[found.status] = self.forgotten.get(found.status, 0) + 1
        return found

    def _work_out(self, raw: str) -> Found:
        if self.rule.exact:
            return self._as_exported(raw)
        reading = self.book.read(raw)
        if reading is None:
            return Found(ERROR if raw.strip() else EMPTY, "")
        score = "\\N" if reading.score is None else reading.score
        status = int(reading.status)
        return Found(status, f"\t{self.question_id}\t{status}\t{score}\t{escape(raw)}\n")

    def _as_exported(self, cell: str) -> Found:
        """A cell that our own export wrote, to the very answer that it was."""
        given = answer_cells.read(cell, scores=self.rule.exact == "scores")
        if given is None:
            return Found(ERROR if cell else EMPTY, "")
        low, high = self.rule.scale or (-1000, 1000)
        if given.score is not None and not low <= given.score <= high:
            return Found(ERROR, "")
        score = "\\N" if given.score is None else given.score
        tail = f"\t{self.question_id}\t{given.status}\t{score}\t{escape(given.raw)}\n"
        return Found(given.status, tail)

    def problem(self) -> str:
        if self.rule.scores:
            return _("is none of the words for scores, left empty")
        if self.rule.scale:
            low, high = self.rule.scale
            return _("is not in %(low)d to %(high)d and no code, left empty") % {
                "low": low, "high": high,
            }  # fmt: skip
        return _("is none of the codes, left empty")

    def count(self) -> QuestionCount:
        return counted(self.column, self.forgotten, self.values())


@dataclass(frozen=True)
class Person:
    """The part of a row that is not answers."""

    line: int
    external_id: str
    cells: list[str]


class RowReader:
    """Reads the rows of one import; errors go to the result."""

    def __init__(self, plan: Plan, result: Result) -> None:
        self.plan = plan
        self.result = result
        rules, at = plan.mapping, plan.positions
        self.questions = [
            (at[rule.column], Cells(rule, plan.questions[rule.column]))
            for rule in rules.questions
            if not rule.options and rule.columns
        ]
        self.groups = [
            (tuple(at[name] for name in rule.columns), Parts(rule, plan.parts[rule.column]))
            for rule in rules.questions
            if rule.options
        ]
        self.segments = [
            (at[rule.column], ids) for rule, ids in zip(rules.segments, plan.segments, strict=True)
        ]
        self.days: dict[str, dt.date | None] = {}
        response = rules.response
        self.id_at = at[response.id] if response.id else None
        self.in_order = sorted(at.items())
        self.key = f"{plan.workspace_id}:{plan.survey.pk}".encode()
        self.optional = {
            name: at[column] if column else None
            for name, column in (
                ("weight", response.weight),
                ("cluster", response.cluster),
                ("customer", response.customer),
                ("language", response.language.column if response.language else ""),
                ("source", response.source.column if response.source else ""),
            )
        }

    def person(self, line: int, cells: list[str]) -> Person | None:
        """None when the row has no usable id: then nothing of it can be stored."""
        if self.id_at is None:
            return Person(line, self._content(cells), cells)
        external_id = cells[self.id_at].strip()
        if external_id and len(external_id) <= _LIMIT:
            return Person(line, external_id, cells)
        words = _("is too long for an id") if external_id else _("is no id, the line is left out")
        self.result.report(line, self.plan.mapping.response.id, external_id, words)
        self.result.rows_left_out += 1
        return None

    def _content(self, cells: list[str]) -> str:
        """A hash of all that stands in a line, whatever the order of the columns.

        Empty cells do not count: a column that is added later changes no earlier line.
        """
        content = "\x1e".join(
            f"{name}\x1f{cells[at]}" for name, at in self.in_order if cells[at].strip()
        )
        return hashlib.blake2b(content.encode(), key=self.key[:64], digest_size=16).hexdigest()

    def day(self, person: Person) -> dt.date | None:
        """The day of the response; None was reported and ends the import."""
        rule = self.plan.mapping.response.answered_on
        if not isinstance(rule, DateRule):
            return rule
        raw = person.cells[self.plan.positions[rule.column]]
        if raw not in self.days:
            if len(self.days) > _REMEMBERED:
                self.days.clear()
            try:
                self.days[raw] = rule.read(raw)
            except ValueError:
                self.days[raw] = None
        day = self.days[raw]
        if day is None:
            words = _("is no date of the form %(form)s") % {"form": rule.prefix + rule.format}
            self.result.report_date(person.line, rule.column, raw, words)
        return day

    def cell(self, person: Person, name: str) -> str:
        index = self.optional[name]
        return "" if index is None else person.cells[index].strip()

    def response(self, person: Person, day: dt.date, customer: str, import_id: int | None) -> str:
        """One line of COPY without workspace and id, which come first."""
        segments = ",".join(
            str(ids[found]) for at, ids in self.segments if (found := code(person.cells[at])) in ids
        )
        parts = (
            str(self.plan.survey.pk),
            escape(person.external_id),
            day.isoformat(),
            self._source(person),
            self._language(person),
            repr(self._weight(person)),
            escape(self._cluster(person)),
            customer or "\\N",
            f"{{{segments}}}",
            "\\N" if import_id is None else str(import_id),
        )
        return "\t".join(parts) + "\n"

    def answers(self, person: Person, start: str, response_id: str, into: list[str]) -> None:
        """Append one line of COPY per answer."""
        cells, uuid7 = person.cells, uuid_utils.uuid7
        for at, meanings in self.questions:
            found = meanings[cells[at]]
            found.n += 1
            if found.tail:
                into.append(f"{start}{uuid7()}\t{response_id}{found.tail}")
            elif found.status == ERROR:
                self.result.report(person.line, meanings.column, cells[at], meanings.problem())
        for places, parts in self.groups:
            several = parts[tuple([cells[at] for at in places])]
            several.n += 1
            into.extend(f"{start}{uuid7()}\t{response_id}{tail}" for tail in several.tails)
            if several.problem:
                column, raw, words = several.problem
                self.result.report(person.line, column, raw, words)

    def _source(self, person: Person) -> str:
        rule, survey = self.plan.mapping.response.source, self.plan.mapping.survey
        raw = self.cell(person, "source")
        if rule is None or not raw:
            return str(survey.source)
        found = rule.values.get(code(raw))
        if found is None:
            words = _("is no known source, taken as the survey's")
            self.result.report(person.line, rule.column, raw, words)
        return str(found or survey.source)

    def _language(self, person: Person) -> str:
        rule = self.plan.mapping.response.language
        if rule is None:
            return escape(self.plan.mapping.survey.language)
        return escape(rule.values.get(code(self.cell(person, "language")), ""))

    def _weight(self, person: Person) -> float:
        raw = self.cell(person, "weight")
        if not raw:
            return 1.0
        try:
            # Spreadsheets of many countries write a comma for the point.
            weight = float(raw.replace(",", ".") if raw.count(",") == 1 else raw)
        except ValueError:
            weight = math.nan
        if math.isfinite(weight) and weight >= 0:
            return weight
        words = _("is no weight, taken as 1")
        self.result.report(person.line, self.plan.mapping.response.weight, raw, words)
        return 1.0

    def _cluster(self, person: Person) -> str:
        return self._short(person, "cluster", self.plan.mapping.response.cluster)

    def customer(self, person: Person) -> str:
        """The external id of the customer, empty when there is none."""
        return self._short(person, "customer", self.plan.mapping.response.customer)

    def _short(self, person: Person, name: str, column: str) -> str:
        raw = self.cell(person, name)
        if len(raw) <= _LIMIT:
            return raw
        self.result.report(person.line, column, raw, _("is too long, left empty"))
        return ""
