"""Counts of answers as histograms of pure numbers: from rows of the database to statistics."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Protocol, TypeVar

from cxm.statistics import Histogram, Scale
from surveys.models import Question, Status

Key = TypeVar("Key", bound=Hashable)


class Counted(Protocol):
    """How often one score of one question was given, whatever it is grouped by."""

    @property
    def question(self) -> int: ...
    @property
    def status(self) -> int: ...
    @property
    def score(self) -> int | None: ...
    @property
    def n(self) -> int: ...
    @property
    def sum_w(self) -> float: ...
    @property
    def sum_w2(self) -> float: ...


Row = TypeVar("Row", bound=Counted)


def histograms(
    counts: Iterable[Row],
    key: Callable[[Row], Key],
    value: Callable[[int, int], float] | None = None,
) -> dict[Key, Histogram]:
    """One histogram per key, e.g. ``lambda count: (count.question, count.segment)``.

    ``value`` says what a score of a question counts as, given (question, score): emotion values
    of several scales can then share a histogram without one per question being built first.
    """
    bins: dict[Key, list[tuple[float, int, float, float]]] = defaultdict(list)
    never_used: dict[Key, int] = defaultdict(int)
    no_answer: dict[Key, int] = defaultdict(int)
    # Plain numbers: thousands of comparisons with members of an enumeration take their time.
    never, unanswered = int(Status.NEVER_USED), int(Status.NO_ANSWER)
    for count in counts:
        name = key(count)
        found = bins[name]
        if count.status == never:
            never_used[name] += count.n
        elif count.status == unanswered:
            no_answer[name] += count.n
        elif count.score is not None:
            score = value(count.question, count.score) if value else count.score
            found.append((score, count.n, count.sum_w, count.sum_w2))
    return {
        name: Histogram.from_rows(
            rows, never_used=never_used.get(name, 0), no_answer=no_answer.get(name, 0)
        )
        for name, rows in bins.items()
    }


def scales(questions: Iterable[Question]) -> dict[int, Scale]:
    """The scale of each question that has one, by question id."""
    return {question.pk: scale_of(question) for question in questions if question.has_scale}


def scale_of(question: Question) -> Scale:
    """The scale as it was asked; ValueError for a question without one."""
    if question.scale_min is None or question.scale_max is None:
        raise ValueError("this question has no scale")
    return Scale(question.scale_min, question.scale_max, question.is_reversed)
