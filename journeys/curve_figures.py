"""The emotion curve as a plotly figure: it draws what ``CurveReading`` says and computes nothing.

Above, both curves on −2 … +2; below, how the answers of each step are spread. Line and band break
at hidden and never-asked steps, where words stand instead.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cxm import charts
from cxm.templatetags.ui import number, percent, signed
from journeys import curve_marks, curve_words, pchip
from journeys.curve import CurveReading
from journeys.insights.curve import Curve, StepPoint

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
        "height": curve_marks.HEIGHT,
        "margin": {"l": 66, "r": 92, "t": curve_marks.TOP, "b": curve_marks.BOTTOM},
        "barmode": "relative",
        "bargap": 0.62,
        "hovermode": "closest",
        "xaxis": {"range": [-0.5, len(points) - 0.5], "showticklabels": False},
        "yaxis": _axis(low, high),
        "yaxis2": {
            "domain": list(LOWER), "range": [-0.72, 1.22], "showgrid": False,
            "zeroline": False, "showticklabels": False, "ticks": "", "fixedrange": True,
        },
        "shapes": curve_marks.shapes(reading, step),
        "annotations": curve_marks.words(reading, low, high),
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
    values = curve_marks.means(reading.curve)
    places = list(range(len(values)))
    base = charts.mean_line(places, values, name=curve_words.group(reading))
    hover = [_hover(p, reading.k) for p in reading.curve.points]
    ids = [p.step.id for p in reading.curve.points]
    return [*_line(values, base), _dots(values, base, hovertext=hover, customdata=ids)]


def _hover(point: StepPoint, k: int) -> str:
    if point.estimate is None:
        return (
            f"<b>{curve_marks.safe(point.step.name)}</b><br>{curve_words.reason(point.reason, k)}"
        )
    found = point.estimate
    lines = [
        f"<b>{curve_marks.safe(point.step.name)}</b>",
        f"{signed(found.mean)} ({signed(found.ci_low)} … {signed(found.ci_high)})",
        f"n = {number(point.n)}",
    ]
    if point.step.assumed is not None:
        lines.append(_("team assumed %(value)s") % {"value": signed(point.step.assumed)})
    return "<br>".join(lines)


def _compared(reading: CurveReading) -> list[dict[str, Any]]:
    if reading.other is None:
        return []
    values = curve_marks.means(reading.other)
    name = curve_words.other_group(reading)
    base = charts.comparison_line(list(range(len(values))), values, name=name)
    hover = [f"{curve_marks.safe(name)}<br>{_hover(p, reading.k)}" for p in reading.other.points]
    ids = [p.step.id for p in reading.other.points]
    return [*_line(values, base), _dots(values, base, hovertext=hover, customdata=ids)]


def _team(points: Sequence[StepPoint]) -> list[dict[str, Any]]:
    values = [point.step.assumed for point in points]
    base = charts.team_line(list(range(len(values))), values, name=_("team assumed"))
    hover = [
        f"<b>{curve_marks.safe(p.step.name)}</b><br>"
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
