"""What others said before about the place that a person rated worst: the reward for answering."""

import datetime as dt
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cxm.statistics import Estimate, Histogram, Scale, mean_estimate, merged, welch
from cxm.statistics.suppression import hidden_row
from surveys import counted, histograms
from surveys.collecting import Progress
from surveys.models import Kind, Survey
from surveys.models.words import SCALE_KINDS
from surveys.questionnaire import Item, in_language

MONTHS: Final = 6
_FRESH: Final = 30.0  # seconds; thousands of people see the same months
_cache: dict[tuple[int, int, str], tuple[float, "Earlier | None"]] = {}
_NARROWEST: Final = 0.6  # of the picture above and below neutral, so that noise looks like noise
_LEFT, _RIGHT, _TOP, _HEIGHT = 34.0, 334.0, 12.0, 68.0  # of the picture, in its own units

Months = dict[dt.date, Histogram]


@dataclass(frozen=True)
class Point:
    """A month with at least k answers; x, y, low and high are places in a picture of 368 × 106."""

    month: dt.date
    estimate: Estimate
    x: float
    span: float

    @property
    def y(self) -> float:
        return _place(self.estimate.mean / self.span)

    @property
    def low(self) -> float:
        return _place(self.estimate.ci_low / self.span)

    @property
    def high(self) -> float:
        return _place(self.estimate.ci_high / self.span)

    @property
    def label(self) -> str:
        return date_format(self.month, "M")

    @property
    def tone(self) -> str:
        mean = self.estimate.mean
        return "bad" if mean <= -0.25 else "good" if mean >= 0.25 else "mid"


def _place(value: float) -> float:
    """−1 … +1 from the bottom to the top."""
    return round(_TOP + (1 - max(-1.0, min(1.0, value))) / 2 * _HEIGHT, 1)


@dataclass(frozen=True, eq=False)
class Earlier:
    """The answers of everybody to one question, as emotion values, −2 to +2."""

    name: str
    points: tuple[Point, ...]
    months: Months

    @cached_property
    def whole(self) -> Estimate:
        """All shown months together."""
        return mean_estimate(merged(self.months[point.month] for point in self.points))

    @property
    def n(self) -> int:
        return self.whole.n

    @property
    def since(self) -> dt.date:
        return self.points[0].month

    @property
    def neutral(self) -> float:
        return _place(0)

    @property
    def label_below(self) -> bool:
        """Whether the word "neutral" stands below its line: the first point is in its way above."""
        return self.points[0].estimate.mean >= 0

    @property
    def sentence(self) -> str:
        """One thing that is true: a proven change of the last month, else how it is."""
        if len(self.points) > 1:
            before, now = self.points[-2], self.points[-1]
            change = welch(self.months[before.month], self.months[now.month])
            names = {"month": date_format(before.month, "F")}
            if change.proven and change.difference > 0:
                return _("This month it is better than in %(month)s, proven.") % names
            if change.proven:
                return _("This month it is worse than in %(month)s, proven.") % names
            return _("Since %(month)s, no change is proven.") % names
        if self.whole.ci_low > 0:
            return _("On average it is good, proven.")
        if self.whole.ci_high < 0:
            return _("On average it is bad, proven.")
        return _("On average it is neither good nor bad.")


def earlier_answers(*, survey: Survey, at: Progress, language: str) -> Earlier | None:
    """For the touchpoint that was rated worst, else the first scale; None if nothing can be said.

    Months with fewer than the survey's k answers stay hidden, and so does what would follow
    from the others. Two queries at most, none for half a minute after somebody else asked.
    """
    item = _worst(at)
    if item is None or item.scale is None:
        return None
    key = survey.pk, item.id, f"{language} {get_language()}"
    then, earlier = _cache.get(key, (0.0, None))
    if earlier is None or time.monotonic() - then > _FRESH:
        name = item.place or in_language(item.texts, language, at.questionnaire.languages)
        earlier = _read(survey, item, name)
        if len(_cache) > 500:
            _cache.clear()
        _cache[key] = time.monotonic(), earlier
    return earlier


def _read(survey: Survey, item: Item, name: str) -> Earlier | None:
    months = _months(survey, item)
    names = sorted(months)[-MONTHS:]
    hidden = hidden_row([months[name].n for name in names], k=survey.k)
    shown = [name for name, is_hidden in zip(names, hidden, strict=True) if not is_hidden]
    if not shown or min(months[name].n for name in shown) < 2:
        return None
    wide = (_RIGHT - _LEFT) / max(1, len(shown) - 1)
    estimates = [mean_estimate(months[month]) for month in shown]
    # Neutral stays in the middle; the rest is as large as the widest interval leaves room for.
    span = max(_NARROWEST, *(max(abs(e.ci_low), abs(e.ci_high)) for e in estimates))
    points = tuple(
        Point(month, estimate, round(_LEFT + wide * place, 1), span)
        for place, (month, estimate) in enumerate(zip(shown, estimates, strict=True))
    )
    return Earlier(name, points, months)


def _worst(at: Progress) -> Item | None:
    rated = [
        item
        for item in at.pages
        if item.kind in SCALE_KINDS and item.scale and "score" in at.replies.get(item.id, {})
    ]
    places = [item for item in rated if item.touchpoint]
    if places:
        return min(places, key=lambda item: _emotion(item, at.replies[item.id]["score"]))
    return next((item for item in rated if item.kind != Kind.NPS), None)


def _emotion(item: Item, score: int) -> float:
    assert item.scale is not None
    return Scale(*item.scale, item.is_reversed).emotion(score)


def _months(survey: Survey, item: Item) -> Months:
    counts = histograms.read(
        workspace_id=survey.workspace_id,
        slice=histograms.Slice(questions=(item.id,)),
        by=("question", "month"),
    )
    found = counted.histograms(
        counts, lambda count: count.month, lambda _question, score: _emotion(item, score)
    )
    return {month: made for month, made in found.items() if month and made.n}


def title(earlier: Earlier) -> str:
    """How many answers, since when."""
    return ngettext(
        "since %(month)s, %(n)d answer", "since %(month)s, %(n)d answers", earlier.n
    ) % {"month": date_format(earlier.since, "F"), "n": earlier.n}
