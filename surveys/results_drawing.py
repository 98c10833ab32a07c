"""Bars and months of a results page as positions in px: templates only write them down."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from django.utils import formats

from cxm.statistics import Nps
from cxm.templatetags.ui import emotion as emotion_class
from cxm.templatetags.ui import percent, signed
from surveys.results import ScaleResult
from surveys.results_trend import Month, Months

BAR = 160
WIDTH, TOP, BOTTOM, LEFT = 560, 14, 88, 50
_LABELS = 9  # of months, before they touch each other


@dataclass(frozen=True)
class Rectangle:
    """One part of a bar in px; ``css`` is its colour class."""

    x: float
    width: float
    css: str


@dataclass(frozen=True)
class Dot:
    """One month: its point and interval, or only its n where it is hidden."""

    x: float
    y: float
    high: float
    low: float
    label: str
    month: str
    n: int
    css: str
    is_shown: bool
    has_label: bool


@dataclass(frozen=True)
class Picture:
    """The months of one question; ``grid`` are (y, label, is zero)."""

    dots: tuple[Dot, ...]
    grid: tuple[tuple[float, str, bool], ...]
    words: str
    width: int = WIDTH


def bar_of(row: ScaleResult) -> tuple[tuple[Rectangle, ...], str]:
    """The answers of a scale, worst first, as parts of a bar, and the same in words."""
    if row.estimate is None:
        return (), ""
    masses = dict(zip(row.histogram.scores, row.histogram.shares(), strict=True))
    low, high = int(row.scale.low), int(row.scale.high)
    scores = range(high, low - 1, -1) if row.scale.is_reversed else range(low, high + 1)
    bar, left = [], 0.0
    for score in scores:
        width = BAR * masses.get(score, 0)
        if width:
            css = _colour(row.scale.emotion(score))
            bar.append(Rectangle(round(left, 1), round(max(width - 0.6, 0.4), 1), css))
        left += width
    spread = ", ".join(f"{score}: {percent(masses.get(score, 0))}" for score in scores)
    return tuple(bar), spread


def axis_of(rows: Sequence[ScaleResult]) -> tuple[float, float, float | None]:
    """One axis for all intervals, in steps of a half, and where zero lies on its 140 px."""
    found = [row.emotion for row in rows if row.emotion]
    low = min([floor(2 * estimate.ci_low) / 2 for estimate in found], default=-2.0)
    high = max([ceil(2 * estimate.ci_high) / 2 for estimate in found], default=2.0)
    low, high = max(min(low, 0.0), -2.0), min(max(high, low + 0.5, 0.0), 2.0)
    zero = 4 + 132 * (0 - low) / (high - low)
    return low, high, zero if 24 < zero < 116 else None


def _colour(value: float) -> str:
    """The best class is one step lighter than the scale's end, as in every bar of answers."""
    css = emotion_class(value)
    return "f-p3" if css == "p4" else f"f-{css}"


def parts_of(found: Nps) -> list[Rectangle]:
    """Detractors, passives and promoters, 300 px wide."""
    shares = (("f-n3", found.detractors), ("f-z0", found.passives), ("f-p3", found.promoters))
    bar, left = [], 0.0
    for css, share in shares:
        if share:
            bar.append(Rectangle(round(left, 1), round(max(300 * share - 1, 0.5), 1), css))
        left += 300 * share
    return bar


def months_picture(found: Months) -> Picture | None:
    """None where fewer than two months can be shown."""
    if len(found.shown) < 2:
        return None
    low, high = _span(found.shown)
    step = (WIDTH - LEFT - 70) / max(len(found.months) - 1, 1)
    every = ceil(len(found.months) / _LABELS)
    dots = tuple(
        _dot(month, LEFT + at * step, low, high, is_labelled=at % every == 0)
        for at, month in enumerate(found.months)
    )
    half = 1.0 if high - low > 2 else 0.5
    steps = range(ceil(low / half), floor(high / half) + 1)
    grid = tuple((_y(at * half, low, high), _tick(at * half), at == 0) for at in steps)
    words = ", ".join(
        f"{_month(m.first, 'F Y')} {signed(m.estimate.mean)}" for m in found.shown if m.estimate
    )
    return Picture(dots, grid, words)


def _span(shown: Sequence[Month]) -> tuple[float, float]:
    ends = [end for m in shown if m.estimate for end in (m.estimate.ci_low, m.estimate.ci_high)]
    low, high = max(min(ends), -2.2), min(max(ends), 2.2)
    return floor(low * 2) / 2, max(ceil(high * 2) / 2, floor(low * 2) / 2 + 0.5)


def _dot(month: Month, x: float, low: float, high: float, *, is_labelled: bool) -> Dot:
    found = month.estimate
    values = (found.mean, found.ci_high, found.ci_low) if found else (low, low, low)
    ys = [_y(min(max(value, low), high), low, high) for value in values]
    return Dot(
        x=round(x, 1),
        y=ys[0],
        high=ys[1],
        low=ys[2],
        label=signed(found.mean) if found else "",
        month=_month(month.first, "M"),
        n=month.n,
        css=emotion_class(found.mean) if found else "",
        is_shown=found is not None,
        has_label=is_labelled,
    )


def _y(value: float, low: float, high: float) -> float:
    return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)


def _tick(value: float) -> str:
    return "0" if value == 0 else signed(value, 1)


def _month(day: dt.date, form: str) -> str:
    return formats.date_format(day, form)
