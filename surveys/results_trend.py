"""One question month by month: means with intervals, n, and whether one month differs."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cxm.statistics import Difference, Estimate, Histogram, mann_kendall, mean_estimate, welch
from cxm.statistics.many import Trend, with_holm
from cxm.statistics.suppression import hidden_row
from surveys import counted
from surveys import results_counts as counts
from surveys.models import Question
from surveys.results import SurveyResults


@dataclass(frozen=True)
class Month:
    """``estimate`` on −2 … +2, None where hidden; ``change`` against the month shown before."""

    first: dt.date
    n: int
    estimate: Estimate | None
    change: Difference | None = None


@dataclass(frozen=True)
class Months:
    """``trend`` only over eight months and more (Mann 1945)."""

    question: Question
    months: tuple[Month, ...]
    trend: Trend | None

    @property
    def shown(self) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month.estimate)

    @property
    def proven(self) -> tuple[Month, ...]:
        return tuple(month for month in self.months if month.change and month.change.proven)


def read_months(results: SurveyResults, question: Question) -> Months:
    """Two queries. A month of fewer than k answers shows n alone, and takes another along."""
    found = counts.tallies(
        results.survey, [question.pk], results.selected, results.asked, by="month"
    )
    made = counted.histograms(found, lambda tally: tally.key)
    scale = counted.scale_of(question)
    by_month = {month: made[month].to_emotion(scale) for month in sorted(made)}
    return months_of(question, by_month, k=results.survey.k)


def months_of(question: Question, by_month: dict[dt.date, Histogram], *, k: int) -> Months:
    """From one histogram of emotion values per month, the earliest first."""
    firsts, found = list(by_month), list(by_month.values())
    ns = [histogram.n for histogram in found]
    gone = hidden_row(ns, k=k, total=sum(ns))
    kept = [h if not hide and h.n >= k else None for h, hide in zip(found, gone, strict=True)]
    changes = _changes(kept)
    months = tuple(
        Month(first, n, mean_estimate(h) if h else None, change)
        for first, n, h, change in zip(firsts, ns, kept, changes, strict=True)
    )
    means = [month.estimate.mean for month in months if month.estimate]
    return Months(question, months, mann_kendall(means))


def _changes(kept: Sequence[Histogram | None]) -> tuple[Difference | None, ...]:
    """Each month against the one shown before (Welch 1947), Holm over all of them."""
    found: list[Difference | None] = []
    before: Histogram | None = None
    for histogram in kept:
        found.append(welch(before, histogram) if before and histogram else None)
        before = histogram or before
    return with_holm(found)
