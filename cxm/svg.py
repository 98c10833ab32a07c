"""Small drawings as inline SVG: no script, no style attributes, one sentence for screen readers."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FIVE_CLASSES = ("n4", "n2", "z0", "p2", "p3")


def _at(value: float, low: float, high: float, width: float, pad: float = 4) -> float:
    """Position of a value on a horizontal axis, cropped to the axis; units: px."""
    share = (value - low) / (high - low)
    return round(pad + min(1.0, max(0.0, share)) * (width - 2 * pad), 1)


def interval(
    mean: float,
    ends: tuple[float, float] | None,
    *,
    span: tuple[float, float],
    width: int,
    label: str,
    mark: float | None = 0,
) -> SafeString:
    """A point with its interval on a shared axis ``span``; ``mark`` is the reference line."""
    low, high = span
    band = line = SafeString("")
    if ends:
        band = format_html(
            '<path class="ci" d="M{} 8H{}"/>',
            _at(ends[0], low, high, width),
            _at(ends[1], low, high, width),
        )
    if mark is not None and low <= mark <= high:
        line = format_html('<path class="gl0" d="M{} 0V16"/>', _at(mark, low, high, width))
    return format_html(
        '<svg class="iv" width="{}" height="16" viewBox="0 0 {} 16" role="img" aria-label="{}">'
        '{}{}<circle class="f-ink" cx="{}" cy="8" r="3.5"/></svg>',
        width, width, label, line, band, _at(mean, low, high, width),
    )  # fmt: skip


def stacked(counts: Sequence[int], *, width: int, label: str) -> SafeString:
    """Five answer classes, worst first, as shares of one bar; nothing is drawn for no answers."""
    total, left = sum(counts), 0.0
    parts = []
    for count, name in zip(counts, FIVE_CLASSES, strict=True):
        span = width * count / total if total else 0
        if span:
            parts.append((round(left, 1), round(max(span - 0.6, 0.4), 1), name))
        left += span
    bars = format_html_join("", '<rect x="{}" y="0" width="{}" height="10" class="f-{}"/>', parts)
    return format_html(
        '<svg class="dist" width="{}" height="10" viewBox="0 0 {} 10" role="img" aria-label="{}">'
        "{}</svg>",
        width, width, label, bars,
    )  # fmt: skip


def sparkline(
    values: Sequence[float | None], *, width: int, height: int, label: str, ends: bool = True
) -> SafeString:
    """A line through the known values; an unknown one breaks it, the last known gets a point."""
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("")
    low, high = min(known), max(known)
    scale = (height - 6) / (high - low) if high > low else 0
    step = (width - 6) / max(1, len(values) - 1)
    points = [
        None
        if value is None
        else (round(3 + i * step, 1), round(height - 3 - (value - low) * scale, 1))
        for i, value in enumerate(values)
    ]
    return format_html(
        '<svg class="spark" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<path class="ln thin" d="{}"/>{}</svg>',
        width, height, width, height, label, _path(points), _last(points) if ends else "",
    )  # fmt: skip


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    commands = []
    for before, point in pairwise([None, *points]):
        if point:
            commands.append(f"{'L' if before else 'M'}{point[0]} {point[1]}")
    return "".join(commands)


def _last(points: Sequence[tuple[float, float] | None]) -> SafeString:
    x, y = next(point for point in reversed(points) if point)
    return format_html('<circle class="f-ink" cx="{}" cy="{}" r="2.4"/>', x, y)


def evidence_bar(measured: int, anecdote: int, assumption: int, *, label: str) -> SafeString:
    """How much of a map is measured (ink), told (grey) and assumed (dashed); 120 px wide."""
    total = measured + anecdote + assumption
    parts, left = [], 0.0
    for count, name in ((measured, "f-ink"), (anecdote, "f-edge"), (assumption, "open")):
        span = 120 * count / total if total else 0
        if span:
            parts.append((round(left + 0.5, 1), round(max(span - 1, 0.5), 1), name))
        left += span
    bars = format_html_join("", '<rect x="{}" y="0.5" width="{}" height="6" class="{}"/>', parts)
    return format_html(
        '<svg class="evb" width="120" height="7" viewBox="0 0 120 7" role="img" aria-label="{}">'
        "{}</svg>",
        label, bars,
    )  # fmt: skip


def progress(done: int, total: int, *, label: str) -> SafeString:
    """A bar of ``done`` out of ``total``; the words beside it are the page's own."""
    share = min(100.0, 100 * done / total) if total else 0.0
    return format_html(
        '<svg class="progress" viewBox="0 0 100 6" preserveAspectRatio="none" role="progressbar" '
        'aria-label="{}" aria-valuemin="0" aria-valuemax="{}" aria-valuenow="{}">'
        '<rect width="{}" height="6"/></svg>',
        label, total, done, round(share, 1),
    )  # fmt: skip
