"""A persona's segment and everybody else along a map, as one inline SVG."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cxm import hyphens
from cxm.templatetags.ui import emotion, number, signed
from journeys import pchip
from journeys.insights.curve import Curve, StepPoint
from journeys.persona_page import PersonaCurve

SIDE, TOP, PLOT, FOOT = 44, 10, 168, 48
STEP = 54
"""Least width of one step, px."""
FITTING = 12
"""So many steps are drawn as wide as the page; more of them scroll."""


class _Space:
    """Where steps and emotion values lie, px."""

    def __init__(self, curve: PersonaCurve) -> None:
        self.steps = len(curve.mine.points)
        values = [0.0, 1.0]
        for point in (*curve.mine.shown, *curve.others.shown):
            assert point.estimate is not None
            values += [point.estimate.ci_low, point.estimate.ci_high]
        self.low, self.high = max(-2.1, min(values) - 0.3), min(2.1, max(values) + 0.2)
        self.step = max(STEP, 568 / max(1, self.steps))
        self.width = round(SIDE + self.steps * self.step)

    def x(self, place: float) -> float:
        return round(SIDE + (place + 0.5) * self.step, 1)

    def y(self, value: float) -> float:
        return round(TOP + (self.high - value) / (self.high - self.low) * PLOT, 1)

    def path(self, xs: Sequence[float], ys: Sequence[float], first: str = "M") -> str:
        points = (f"{self.x(x)} {self.y(y)}" for x, y in zip(xs, ys, strict=True))
        return first + "L".join(points)


def segment_picture(curve: PersonaCurve) -> SafeString:
    """The segment in ink with its interval, everybody else dashed; gaps say why in words."""
    space = _Space(curve)
    parts = (
        _holes(space, curve.mine.points),
        _grid(space),
        _band(space, curve.mine.points),
        _line(space, curve.others, "ln b"),
        _line(space, curve.mine, "ln"),
        _dots(space, curve.mine.points),
        _reasons(space, curve),
        _names(space, curve.mine.points),
    )
    return format_html(
        '<svg class="persona-curve{}" viewBox="0 0 {} {}" width="{}" role="img" aria-label="{}">'
        "{}</svg>",
        " fits" if space.steps <= FITTING else "", space.width, TOP + PLOT + FOOT, space.width,
        _label(curve),
        format_html_join("", "{}", [(part,) for part in parts]),
    )  # fmt: skip


def _label(curve: PersonaCurve) -> str:
    return _("%(finding)s Customers of the segment: %(n)s answers. The table has the figures.") % {
        "finding": curve.finding.sentence, "n": number(curve.mine.n),
    }  # fmt: skip


def _holes(space: _Space, points: Sequence[StepPoint]) -> SafeString:
    return format_html_join(
        "",
        '<rect class="hole" x="{}" y="{}" width="{}" height="{}"/>',
        [
            (round(space.x(place) - space.step / 2, 1), TOP, round(space.step, 1), PLOT)
            for place, point in enumerate(points)
            if point.reason == "never_asked"
        ],
    )


def _grid(space: _Space) -> SafeString:
    return format_html_join(
        "",
        '<path class="{}" d="M{} {}H{}"/><text class="t-ink t-b" x="{}" y="{}"'
        ' text-anchor="end">{}</text>',
        [
            ("gl" if value else "gl0", SIDE, space.y(value), space.width, SIDE - 8,
             space.y(value) + 4, signed(value, 0) if value else "0")
            for value in (-2, -1, 0, 1, 2)
            if space.low <= value <= space.high
        ],
    )  # fmt: skip


def _means(curve: Curve) -> list[float | None]:
    return [point.estimate.mean if point.estimate else None for point in curve.points]


def _line(space: _Space, curve: Curve, css: str) -> SafeString:
    paths = []
    for start, run in pchip.pieces(_means(curve)):
        if len(run) > 1:
            xs, ys = pchip.sampled(run, start=start)
            paths.append((css, space.path(xs, ys)))
        elif css != "ln":
            # Alone between two gaps: a short dash where the others stand.
            paths.append((css, space.path([start - 0.2, start + 0.2], [run[0], run[0]])))
    return format_html_join("", '<path class="{}" d="{}"/>', paths)


def _band(space: _Space, points: Sequence[StepPoint]) -> SafeString:
    lows = pchip.pieces([p.estimate.ci_low if p.estimate else None for p in points])
    highs = pchip.pieces([p.estimate.ci_high if p.estimate else None for p in points])
    paths = []
    for (start, low), (_start, high) in zip(lows, highs, strict=True):
        if len(low) == 1:
            xs, upper, lower = [start - 0.1, start + 0.1], high * 2, low * 2
        else:
            xs, upper = pchip.sampled(high, start=start)
            lower = pchip.sampled(low, start=start)[1]
        paths.append((space.path(xs, upper) + space.path(xs[::-1], lower[::-1], "L") + "Z",))
    return format_html_join("", '<path class="bandf" d="{}"/>', paths)


def _dots(space: _Space, points: Sequence[StepPoint]) -> SafeString:
    return format_html_join(
        "",
        '<circle class="dot {}" cx="{}" cy="{}" r="5.5"><title>{}: {}, n = {}</title></circle>',
        [
            (emotion(p.estimate.mean), space.x(place), space.y(p.estimate.mean), p.step.name,
             signed(p.estimate.mean), number(p.n))
            for place, p in enumerate(points)
            if p.estimate
        ],
    )  # fmt: skip


def _reasons(space: _Space, curve: PersonaCurve) -> SafeString:
    words = {
        "too_few": _("hidden"), "complement": _("hidden"),
        "never_asked": _("never asked"), "no_answers": _("no answers"),
    }  # fmt: skip
    return format_html_join(
        "",
        '<text class="halo" x="{}" y="{}" text-anchor="middle">{}</text>',
        [
            (space.x(place), space.y(0) - 6, words[point.reason])
            for place, point in enumerate(curve.mine.points)
            if point.estimate is None
        ],
    )


def _names(space: _Space, points: Sequence[StepPoint]) -> SafeString:
    found = []
    for place, point in enumerate(points):
        lines = hyphens.lines(point.step.name, max(9, int(space.step / 5.4))) or [""]
        lines = lines if len(lines) < 4 else [*lines[:2], lines[2].rstrip() + "…"]
        for row, line in enumerate(lines):
            found.append((space.x(place), TOP + PLOT + 16 + 13 * row, line))
    return format_html_join(
        "", '<text class="t-ink name" x="{}" y="{}" text-anchor="middle">{}</text>', found
    )
