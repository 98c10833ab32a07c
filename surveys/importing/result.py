"""What an import did, or why it did nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from cxm.templatetags.ui import quoted
from surveys.models import Status

# Beside the statuses of answers: cells that become none.
EMPTY: Final = -1
ERROR: Final = -2
_KEPT: Final = 200


@dataclass(frozen=True)
class CellError:
    """One cell that was not stored; ``line`` counts from 1 as in the file."""

    line: int
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.line}, {self.column}" if self.column else str(self.line)
        return f"{place}: {quoted(self.value[:60])} {self.problem}"


@dataclass
class QuestionCount:
    """Cells of one question: n per status, ``empty`` and ``errors`` are not stored."""

    column: str
    scored: int = 0
    never_used: int = 0
    no_answer: int = 0
    empty: int = 0
    errors: int = 0


class Met(Protocol):
    """What a raw value means (a Status, EMPTY or ERROR), and how often it came."""

    status: int
    n: int


def counted(column: str, forgotten: Mapping[int, int], met: Iterable[Met]) -> QuestionCount:
    """Cells of a column by what they are; ``forgotten``: of values that were not remembered."""
    totals = dict(forgotten)
    for found in met:
        totals[found.status] = totals.get(found.status, 0) + found.n
    return QuestionCount(
        column,
        scored=totals.get(Status.SCORED, 0),
        never_used=totals.get(Status.NEVER_USED, 0),
        no_answer=totals.get(Status.NO_ANSWER, 0),
        empty=totals.get(EMPTY, 0),
        errors=totals.get(ERROR, 0),
    )


@dataclass
class Result:
    """Counts of one import. ``errors`` keeps the first ones, ``errors_total`` counts all."""

    survey_id: int | None = None
    survey: str = ""
    rows: int = 0
    responses_new: int = 0
    responses_known: int = 0
    rows_left_out: int = 0
    answers_new: int = 0
    never_used: int = 0
    no_answer: int = 0
    empty: int = 0
    touchpoints: int = 0
    days: int = 0
    dates_unread: int = 0
    first_date: str = ""
    errors_total: int = 0
    errors: list[CellError] = field(default_factory=list)
    questions: list[QuestionCount] = field(default_factory=list)
    sink: Callable[[CellError], None] | None = field(default=None, repr=False, compare=False)

    def report(self, line: int, column: str, value: str, problem: str) -> None:
        """Count an error, keep it if it is among the first, and pass it on."""
        error = CellError(line, column, value[:200], problem)
        self.errors_total += 1
        if len(self.errors) < _KEPT:
            self.errors.append(error)
        if self.sink:
            self.sink(error)

    def report_date(self, line: int, column: str, value: str, problem: str) -> None:
        """A date that cannot be read: the import as a whole ends without storing."""
        self.report(line, column, value, problem)
        self.dates_unread += 1
        self.first_date = self.first_date or str(CellError(line, column, value, problem))

    @property
    def scored(self) -> int:
        return self.answers_new - self.never_used - self.no_answer

    def as_json(self) -> dict[str, Any]:
        """Plain values for the row of the import."""
        plain = {
            name: value
            for name, value in vars(self).items()
            if name not in {"sink", "errors", "questions"}
        }
        return plain | {
            "scored": self.scored,
            "errors": [vars(error) for error in self.errors],
            "questions": [vars(count) for count in self.questions],
        }


class ImportRefusedError(Exception):
    """Nothing was stored; ``problems`` are sentences, ``result`` what was counted until then."""

    def __init__(self, problems: list[str], result: Result | None = None) -> None:
        self.problems = problems
        self.result = result or Result()
        super().__init__("\n".join(problems))


class ImportStoppedError(Exception):
    """A person stopped the import; nothing was stored."""
