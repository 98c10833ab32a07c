"""Counts of answers as histograms of pure numbers: from rows of the database to statistics."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from cxm.statistics import Histogram, Scale
from surveys.histograms import Count
from surveys.models import Question, Status

Key = TypeVar("Key", bound=Hashable)


def histograms(counts: Iterable[Count], key: Callable[[Count], Key]) -> dict[Key, Histogram]:
    """One histogram per key, e.g. ``lambda count: (count.question, count.segment)``."""
    bins: dict[Key, list[tuple[int, int, float, float]]] = defaultdict(list)
    never_used: dict[Key, int] = defaultdict(int)
    no_answer: dict[Key, int] = defaultdict(int)
    for count in counts:
        name = key(count)
        found = bins[name]
        if count.status == Status.NEVER_USED:
            never_used[name] += count.n
        elif count.status == Status.NO_ANSWER:
            no_answer[name] += count.n
        elif count.score is not None:
            found.append((count.score, count.n, count.sum_w, count.sum_w2))
    return {
        name: Histogram.from_rows(rows, never_used=never_used[name], no_answer=no_answer[name])
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
