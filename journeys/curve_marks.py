"""What stands around the lines of an emotion curve: phases, names of steps, words and marks.

Words keep clear of what is drawn; a hidden or never-asked step has its reason instead of a point.
"""

import textwrap
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

from django.utils.translation import gettext as _

from cxm import charts, hyphens
from cxm.templatetags.ui import signed
from journeys import curve_words
from journeys.curve import CurveReading
from journeys.insights.curve import Curve, StepPoint

HEIGHT, TOP, BOTTOM = 520, 104, 14
PLOT = HEIGHT - TOP - BOTTOM


def means(curve: Curve) -> list[float | None]:
    """The value of each step, None where there is no figure."""
    return [p.estimate.mean if p.estimate else None for p in curve.points]


def safe(text: str) -> str:
    """Plotly reads a little HTML; a name must not."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shapes(reading: CurveReading, step: int | None) -> list[dict[str, Any]]:
    """Lines below the phases, the selected step, the widest proven gap."""
    points = reading.curve.points
    return [*_phase_lines(points), *_selected(points, step), *_gap_bar(reading)]


def words(reading: CurveReading, low: float, high: float) -> list[dict[str, Any]]:
    """Every word in the picture; ``low`` and ``high`` are the ends of the value axis."""
    points = reading.curve.points
    return [
        *_phase_names(points),
        *_step_names(points),
        *_reasons(reading, low, high),
        *_values(reading),
        *_line_names(reading, low, high),
        *_spread_words(),
    ]


def _note(x: float, y: float, text: str, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "x": x, "y": y, "text": text, "showarrow": False, "xref": "x", "yref": "y",
        "font": {"size": 11, "color": charts.INK_2},
    }  # fmt: skip
    return base | more


def wrapped(text: str, width: int, lines: int = 3) -> str:
    """A name in a few short lines."""
    found = hyphens.lines(text, width + 1) or [""]
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1].rstrip() + "…"]
    return "<br>".join(safe(line) for line in found)


def _phase_spans(points: Sequence[StepPoint]) -> list[tuple[str, int, int]]:
    spans, place = [], 0
    for _id, found in groupby(points, key=lambda point: point.step.phase_id):
        group = list(found)
        spans.append((group[0].step.phase, place, place + len(group) - 1))
        place += len(group)
    return spans


def _phase_lines(points: Sequence[StepPoint]) -> list[dict[str, Any]]:
    y = 1 + (TOP - 30) / PLOT
    return [
        {"type": "line", "xref": "x", "yref": "paper", "x0": first - 0.44, "x1": last + 0.44,
         "y0": y, "y1": y, "line": {"color": charts.INK, "width": 2}}
        for _name, first, last in _phase_spans(points)
    ]  # fmt: skip


def _phase_names(points: Sequence[StepPoint]) -> list[dict[str, Any]]:
    notes = []
    for name, first, last in _phase_spans(points):
        room = 13 * (last - first + 1)
        text = textwrap.shorten(name, room, placeholder="…") if " " in name else name[: room + 2]
        notes.append(
            _note((first + last) / 2, 1 + (TOP - 26) / PLOT, f"<b>{safe(text or name[:room])}</b>",
                  yref="paper", yanchor="bottom", font={"size": 12, "color": charts.INK})
        )  # fmt: skip
    return notes


def _step_names(points: Sequence[StepPoint]) -> list[dict[str, Any]]:
    return [
        _note(place, 1 + (TOP - 36) / PLOT, wrapped(point.step.name, _letters(points)),
              yref="paper", yanchor="top", font={"size": 11, "color": charts.INK})
        for place, point in enumerate(points)
    ]  # fmt: skip


def _selected(points: Sequence[StepPoint], step: int | None) -> list[dict[str, Any]]:
    """The mark of the selected step; curve.js finds it by name and moves it."""
    place = next((n for n, point in enumerate(points) if point.step.id == step), -9)
    return [
        {"type": "rect", "name": "selected", "xref": "x", "yref": "paper", "x0": place - 0.48,
         "x1": place + 0.48, "y0": -0.01, "y1": 1 + (TOP - 34) / PLOT, "layer": "below",
         "fillcolor": "var(--accent-soft)", "line": {"color": charts.TEAM, "width": 1}}
    ]  # fmt: skip


def _letters(points: Sequence[StepPoint]) -> int:
    """How many letters fit above one step."""
    return min(18, max(10, 132 // max(1, len(points))))


def _reasons(reading: CurveReading, low: float, high: float) -> list[dict[str, Any]]:
    """Words in the gap, never a point; they keep clear of what the team assumed."""
    notes = []
    for place, point in enumerate(reading.curve.points):
        if point.estimate is None:
            belief = (low + high) / 2 if point.step.assumed is None else point.step.assumed
            y = (low + belief) / 2 if belief - low >= high - belief else (high + belief) / 2
            text = curve_words.reason(point.reason, reading.k)
            notes.append(
                _note(place, y, wrapped(text, 11, 4), bgcolor=charts.SURFACE,
                      borderpad=3, font={"size": 11, "color": charts.INK_2})
            )  # fmt: skip
    return notes


def _values(reading: CurveReading) -> list[dict[str, Any]]:
    """Peak, low and end in words, each step once."""
    curve, notes = reading.curve, []
    named = [(curve.peak, _("peak"), 1), (curve.trough, _("low"), -1)]
    if curve.end is not None and curve.end is curve.peak:
        named[0] = (curve.peak, _("peak and end"), 1)
    elif curve.end is not None and curve.end is curve.trough:
        named[1] = (curve.trough, _("low and end"), -1)
    else:
        named.append((curve.end, _("end"), 1))
    for point, word, side in named:
        if point is None or point.estimate is None:
            continue
        place = curve.points.index(point)
        edge = _edge(reading, place, side)
        notes.append(
            _note(place, edge, f"<b>{word} {signed(point.estimate.mean)}</b>",
                  yshift=side * 16, font={"size": 12, "color": charts.INK},
                  xanchor=_anchor(place, len(curve.points)))
        )  # fmt: skip
    return notes


def _edge(reading: CurveReading, place: int, side: int) -> float:
    """Where words about one point keep clear of its interval and of the compared point."""
    point, other = reading.curve.points[place], reading.other
    ends = [point.estimate.ci_high if side > 0 else point.estimate.ci_low] if point.estimate else []
    beside = other.points[place].estimate if other else None
    if beside:
        ends.append(beside.mean)
    return max(ends) if side > 0 else min(ends)


def _anchor(place: int, steps: int) -> str:
    """Words at the ends of the line stay inside of the picture."""
    return "left" if place == 0 else "right" if place == steps - 1 else "center"


def _gap_bar(reading: CurveReading) -> list[dict[str, Any]]:
    """The widest proven gap to what the team assumed, as a bar between both curves."""
    point = reading.curve.blind_spot
    if reading.changes or point is None or point.gap is None:
        return []
    place = reading.curve.points.index(point)
    return [
        {"type": "line", "xref": "x", "yref": "y", "x0": place, "x1": place, "y0": point.gap.a,
         "y1": point.gap.b, "line": {"color": charts.INK_2, "width": 1, "dash": "1px,2px"}}
    ]  # fmt: skip


def _line_names(reading: CurveReading, low: float, high: float) -> list[dict[str, Any]]:
    """The name of each line at its right end, moved apart where ends meet."""
    ends: list[list[Any]] = []
    lines = [
        (means(reading.curve), curve_words.group(reading), charts.INK),
        ([p.step.assumed for p in reading.curve.points], _("team assumed"), charts.TEAM),
    ]
    if reading.other:
        lines.append((means(reading.other), curve_words.other_group(reading), charts.INK_3))
    for values, name, colour in lines:
        known = [value for value in values if value is not None]
        if known:
            ends.append([known[-1], name, colour])
    apart = (high - low) * 0.085
    ends.sort(key=lambda end: end[0])
    for before, after in pairwise(ends):
        lines_before = wrapped(before[1], 14).count("<br>") + 1
        after[0] = max(after[0], before[0] + apart * lines_before)
    x = len(reading.curve.points) - 0.5
    return [
        _note(x, y, wrapped(name, 14), xanchor="left", xshift=6, align="left",
              font={"size": 11, "color": colour})
        for y, name, colour in ends
    ]  # fmt: skip


def _spread_words() -> list[dict[str, Any]]:
    words = ((0.62, _("good"), "var(--pos-text)"), (-0.22, _("annoyed"), "var(--neg-text)"))
    return [
        _note(0, y, text, xref="paper", yref="y2", xanchor="right", xshift=-8,
              font={"size": 11, "color": colour})
        for y, text, colour in words
    ]  # fmt: skip
