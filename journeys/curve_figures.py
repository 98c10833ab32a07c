"""The emotion curve as a plotly figure: it draws what ``CurveReading`` says and computes nothing.

Above, both curves on −2 … +2; below, how the answers of each step are spread. Line and band break
at hidden and never-asked steps, where words stand instead.
"""

import textwrap
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

from django.utils.translation import gettext as _

from cxm import charts, hyphens
from cxm.templatetags.ui import number, percent, signed
from journeys import curve_words, pchip
from journeys.curve import CurveReading
from journeys.insights.curve import Curve, StepPoint

HEIGHT, TOP, BOTTOM = 520, 104, 14
PLOT = HEIGHT - TOP - BOTTOM
UPPER, LOWER = (0.33, 1.0), (0.0, 0.23)
SHARES = ("neg-4", "neg-2", "line-2", "pos-2", "pos-3")
SIZES = ((6, "steps-s"), (9, "steps-m"), (14, "steps-l"), (20, "steps-xl"))


def payload(reading: CurveReading, *, step: int | None = None) -> dict[str, Any]:
    """The figure as ``_chart.html`` takes it, one step marked as selected."""
    traces, layout = parts(reading, step=step)
    return charts.plain_payload(traces, layout, name=f"{reading.journey.slug}-curve")


def parts(
    reading: CurveReading, *, step: int | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Traces and layout of the figure."""
    points = reading.curve.points
    low, high = _range(reading)
    traces = [
        *_gaps(points, low, high),
        *_band(reading.curve),
        *_compared(reading),
        *_team(points),
        *_customers(reading),
        *_spread(points),
    ]
    layout = {
        "height": HEIGHT,
        "margin": {"l": 66, "r": 92, "t": TOP, "b": BOTTOM},
        "barmode": "relative",
        "bargap": 0.62,
        "hovermode": "closest",
        "xaxis": {"range": [-0.5, len(points) - 0.5], "showticklabels": False},
        "yaxis": _axis(low, high),
        "yaxis2": {
            "domain": list(LOWER), "range": [-0.72, 1.22], "showgrid": False,
            "zeroline": False, "showticklabels": False, "ticks": "", "fixedrange": True,
        },
        "shapes": [*_phase_lines(points), *_selected(points, step), *_gap_bar(reading)],
        "annotations": [
            *_phase_names(points),
            *_step_names(points),
            *_reasons(reading, low, high),
            *_values(reading),
            *_line_names(reading, low, high),
            *_spread_words(),
        ],
    }  # fmt: skip
    return traces, layout


def size(reading: CurveReading) -> str:
    """The class that gives a long map room to be read."""
    steps = len(reading.curve.points)
    return next((name for most, name in SIZES if steps <= most), "steps-xxl")


def _range(reading: CurveReading) -> tuple[float, float]:
    """The part of −2 … +2 that is shown: all values, 0, and half a unit of room."""
    values = [0.0, 1.0]
    for curve in (reading.curve, reading.other):
        for point in curve.shown if curve else ():
            assert point.estimate is not None
            values += [point.estimate.ci_low, point.estimate.ci_high]
    values += [p.step.assumed for p in reading.curve.points if p.step.assumed is not None]
    low = max(-2.0, min(values) - 0.35) if min(values) < 0 else -0.2
    return low - (0.15 if low == -2.0 else 0), min(2.15, max(values) + 0.4)


def _axis(low: float, high: float) -> dict[str, Any]:
    words = {
        -2: _("angry"), -1: _("annoyed"), 0: _("neutral"), 1: _("good"), 2: _("great"),
    }  # fmt: skip
    shown = [value for value in words if low <= value <= high]
    return {
        "domain": list(UPPER),
        "range": [low, high],
        "tickvals": shown,
        "ticktext": [f"{words[value]}  {signed(value, 0) if value else '0'}" for value in shown],
        "tickfont": {"size": 11},
    }


def _means(curve: Curve) -> list[float | None]:
    return [p.estimate.mean if p.estimate else None for p in curve.points]


def _line(values: Sequence[float | None], base: dict[str, Any]) -> list[dict[str, Any]]:
    """A smooth line per unbroken piece, without points of its own."""
    return [
        {**base, "x": (xy := pchip.sampled(run, start=start))[0], "y": xy[1], "mode": "lines",
         "hoverinfo": "skip"}
        for start, run in pchip.pieces(values)
        if len(run) > 1
    ]  # fmt: skip


def _dots(values: Sequence[float | None], base: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**base, "mode": "markers", "hoverinfo": "text", "cliponaxis": False, **more}


def _band(curve: Curve) -> list[dict[str, Any]]:
    traces: list[dict[str, Any]] = []
    lows = [p.estimate.ci_low if p.estimate else None for p in curve.points]
    highs = [p.estimate.ci_high if p.estimate else None for p in curve.points]
    for (start, low), (_start, high) in zip(pchip.pieces(lows), pchip.pieces(highs), strict=True):
        if len(low) == 1:
            # A lone step keeps its interval as a bar.
            traces.append(
                {"type": "scatter", "mode": "lines", "x": [start, start], "y": [low[0], high[0]],
                 "line": {"color": charts.BAND, "width": 14}, "hoverinfo": "skip"}
            )  # fmt: skip
            continue
        xs, lower = pchip.sampled(low, start=start)
        traces += charts.band(xs, lower, pchip.sampled(high, start=start)[1])
    return traces


def _customers(reading: CurveReading) -> list[dict[str, Any]]:
    values = _means(reading.curve)
    places = list(range(len(values)))
    base = charts.mean_line(places, values, name=curve_words.group(reading))
    hover = [_hover(p, reading.k) for p in reading.curve.points]
    ids = [p.step.id for p in reading.curve.points]
    return [*_line(values, base), _dots(values, base, hovertext=hover, customdata=ids)]


def _hover(point: StepPoint, k: int) -> str:
    if point.estimate is None:
        return f"<b>{_safe(point.step.name)}</b><br>{curve_words.reason(point.reason, k)}"
    found = point.estimate
    lines = [
        f"<b>{_safe(point.step.name)}</b>",
        f"{signed(found.mean)} ({signed(found.ci_low)} … {signed(found.ci_high)})",
        f"n = {number(point.n)}",
    ]
    if point.step.assumed is not None:
        lines.append(_("team assumed %(value)s") % {"value": signed(point.step.assumed)})
    return "<br>".join(lines)


def _compared(reading: CurveReading) -> list[dict[str, Any]]:
    if reading.other is None:
        return []
    values = _means(reading.other)
    name = curve_words.other_group(reading)
    base = charts.comparison_line(list(range(len(values))), values, name=name)
    hover = [f"{_safe(name)}<br>{_hover(p, reading.k)}" for p in reading.other.points]
    ids = [p.step.id for p in reading.other.points]
    return [*_line(values, base), _dots(values, base, hovertext=hover, customdata=ids)]


def _team(points: Sequence[StepPoint]) -> list[dict[str, Any]]:
    values = [point.step.assumed for point in points]
    base = charts.team_line(list(range(len(values))), values, name=_("team assumed"))
    hover = [
        f"<b>{_safe(p.step.name)}</b><br>"
        + (_("team assumed %(value)s") % {"value": signed(p.step.assumed)})
        for p in points
    ]
    ids = [point.step.id for point in points]
    if not any(value is not None for value in values):
        return []
    return [*_line(values, base), _dots(values, base, hovertext=hover, customdata=ids)]


def _gaps(points: Sequence[StepPoint], low: float, high: float) -> list[dict[str, Any]]:
    """Never-asked steps are hatched over the whole height."""
    places = [n for n, point in enumerate(points) if point.reason == "never_asked"]
    if not places:
        return []
    return [
        {
            "type": "bar", "x": places, "y": [high - low] * len(places), "base": low, "width": 0.86,
            "hoverinfo": "skip", "marker": {
                "color": charts.SURFACE, "line": {"width": 0},
                "pattern": {"shape": "/", "size": 7, "solidity": 0.12, "fgcolor": charts.EDGE,
                            "bgcolor": charts.SURFACE},
            },
        }
    ]  # fmt: skip


def _spread(points: Sequence[StepPoint]) -> list[dict[str, Any]]:
    """Shares of answers per step: the good ones upwards from the middle, the bad ones down."""
    shown = [(place, point) for place, point in enumerate(points) if point.distribution]
    places = [place for place, _point in shown]
    ids = [point.step.id for _place, point in shown]
    traces = []
    for level in (2, 3, 4, 1, 0):
        shares = [point.distribution[level] for _place, point in shown]
        traces.append(
            {
                "type": "bar", "x": places, "yaxis": "y2", "customdata": ids,
                "y": [-share if level < 2 else share for share in shares],
                "marker": {"color": f"var(--{SHARES[level]})", "line": {"width": 0}},
                "hoverinfo": "text",
                "hovertext": [f"{signed(level - 2, 0)}: {percent(share)}" for share in shares],
            }
        )  # fmt: skip
    good = [(point.distribution[3] + point.distribution[4]) for _p, point in shown]
    bad = [(point.distribution[0] + point.distribution[1]) for _p, point in shown]
    top = [1 - share for share in bad]
    return [
        *traces,
        _labels(places, top, good, 1, charts.INK),
        _labels(places, bad, bad, -1, "var(--neg-text)"),
    ]


def _labels(
    places: list[int], ends: list[float], shares: list[float], sign: int, colour: str
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "text", "x": places, "yaxis": "y2", "hoverinfo": "skip",
        "y": [end + 0.02 if sign > 0 else -end - 0.1 for end in ends],
        "text": [percent(share) for share in shares],
        "textposition": "top center" if sign > 0 else "bottom center",
        "textfont": {"size": 11, "color": colour}, "cliponaxis": False,
    }  # fmt: skip


# ---------- what stands around the lines ----------


def _note(x: float, y: float, text: str, **more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "x": x, "y": y, "text": text, "showarrow": False, "xref": "x", "yref": "y",
        "font": {"size": 11, "color": charts.INK_2},
    }  # fmt: skip
    return base | more


def _safe(text: str) -> str:
    """Plotly reads a little HTML; a name must not."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(text: str, width: int, lines: int = 3) -> str:
    """A name in a few short lines."""
    found = hyphens.lines(text, width + 1) or [""]
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1].rstrip() + "…"]
    return "<br>".join(_safe(line) for line in found)


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
            _note((first + last) / 2, 1 + (TOP - 26) / PLOT, f"<b>{_safe(text or name[:room])}</b>",
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
        (_means(reading.curve), curve_words.group(reading), charts.INK),
        ([p.step.assumed for p in reading.curve.points], _("team assumed"), charts.TEAM),
    ]
    if reading.other:
        lines.append((_means(reading.other), curve_words.other_group(reading), charts.INK_3))
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
