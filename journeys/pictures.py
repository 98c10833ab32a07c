"""A map at a glance: both curves as a small inline SVG, drawn on the server."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cxm.templatetags.ui import number, signed
from journeys import pchip
from journeys.insights.curve import Curve, StepPoint

WIDTH, HEIGHT, FOOT, SIDE = 280, 156, 36, 8


class _Space:
    """Where steps and emotion values lie, px."""

    def __init__(self, curve: Curve) -> None:
        values = [0.0, 1.0]
        for point in curve.points:
            if point.estimate:
                values += [point.estimate.ci_low, point.estimate.ci_high]
            if point.step.assumed is not None:
                values.append(point.step.assumed)
        self.low, self.high = max(-2.0, min(values) - 0.25), min(2.0, max(values) + 0.25)
        self.step = (WIDTH - 2 * SIDE) / max(1, len(curve.points))

    def x(self, place: float) -> float:
        return round(SIDE + (place + 0.5) * self.step, 1)

    def y(self, value: float) -> float:
        share = (self.high - value) / (self.high - self.low)
        return round(6 + share * (HEIGHT - FOOT - 12), 1)

    def path(self, xs: Sequence[float], ys: Sequence[float], first: str = "M") -> str:
        points = (f"{self.x(x)} {self.y(y)}" for x, y in zip(xs, ys, strict=True))
        return first + "L".join(points)


def curve_picture(curve: Curve) -> SafeString:
    """Customers in ink with their interval, the team dashed; broken where nothing is known."""
    space = _Space(curve)
    means = [point.estimate.mean if point.estimate else None for point in curve.points]
    parts = format_html_join(
        "",
        "{}",
        [
            (_grid(space),),
            (_band(space, curve.points),),
            (_line(space, [point.step.assumed for point in curve.points], "ln team"),),
            (_line(space, means, "ln"),),
            (_blind_spot(space, curve),),
            (_phases(space, curve.points),),
        ],
    )
    return format_html(
        '<svg class="mini-curve" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDTH, HEIGHT, _label(curve), parts,
    )  # fmt: skip


def _label(curve: Curve) -> str:
    if curve.peak is None or curve.trough is None:
        return _("Nothing is measured yet; the dashed line is what the team assumes.")
    assert curve.peak.estimate is not None
    assert curve.trough.estimate is not None
    return _("Customers between %(low)s (%(trough)s) and %(high)s (%(peak)s), n = %(n)s.") % {
        "low": signed(curve.trough.estimate.mean), "trough": curve.trough.step.name,
        "high": signed(curve.peak.estimate.mean), "peak": curve.peak.step.name,
        "n": number(curve.n),
    }  # fmt: skip


def _grid(space: _Space) -> SafeString:
    lines = [(value, "gl0" if value == 0 else "gl") for value in (-1, 0, 1)]
    return format_html_join(
        "",
        '<path class="{}" d="M{} {}H{}"/>',
        [
            (name, SIDE, space.y(value), WIDTH - SIDE)
            for value, name in lines
            if space.low <= value <= space.high
        ],
    )


def _line(space: _Space, values: Sequence[float | None], css: str) -> SafeString:
    return format_html_join("", '<path class="{}" d="{}"/>', [
        (css, space.path(line[0], line[1]))
        for start, run in pchip.pieces(values)
        for line in [pchip.sampled(run, start=start, per_unit=6)]
    ])  # fmt: skip


def _band(space: _Space, points: Sequence[StepPoint]) -> SafeString:
    lows = pchip.pieces([p.estimate.ci_low if p.estimate else None for p in points])
    highs = pchip.pieces([p.estimate.ci_high if p.estimate else None for p in points])
    paths = []
    for (start, low), (_start, high) in zip(lows, highs, strict=True):
        xs, upper = pchip.sampled(high, start=start, per_unit=6)
        lower = pchip.sampled(low, start=start, per_unit=6)[1]
        paths.append((space.path(xs, upper) + space.path(xs[::-1], lower[::-1], "L") + "Z",))
    return format_html_join("", '<path class="bandf" d="{}"/>', paths)


def _blind_spot(space: _Space, curve: Curve) -> SafeString:
    """Where customers are proven to feel worst beside the team's belief."""
    point = curve.blind_spot
    if point is None or point.gap is None or point.estimate is None:
        return SafeString("")
    place = curve.points.index(point)
    x, y = space.x(place), space.y(point.estimate.mean)
    side = -1 if place > len(curve.points) / 2 else 1
    return format_html(
        '<circle class="spot {}" cx="{}" cy="{}" r="4.5"/>'
        '<text class="t-ink t-b halo" x="{}" y="{}" text-anchor="{}">{}</text>',
        "deep" if point.gap.difference < -1 else "", x, y, x + 9 * side, y + 4,
        "start" if side > 0 else "end",
        _("gap %(by)s") % {"by": signed(point.gap.difference, 1)},
    )  # fmt: skip


def _phases(space: _Space, points: Sequence[StepPoint]) -> SafeString:
    """Phase names, cut to the room that their steps have."""
    names: list[tuple[float, int, str]] = []
    place = 0
    for _id, found in groupby(points, key=lambda point: point.step.phase_id):
        group = list(found)
        room = int(2 * len(group) * space.step / 5.6)
        name = group[0].step.phase
        text = name if len(name) <= room else name[: max(1, room - 1)].rstrip() + "…"
        # Every other name stands a line lower, so that each has twice the room.
        y = HEIGHT - (6 if len(names) % 2 else 18)
        names.append((space.x(place + (len(group) - 1) / 2), y, text))
        place += len(group)
    return format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', names)
