"""The curves of a map in small, for narrow screens: it stays on top while steps scroll below."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm.templatetags.ui import emotion as emotion_class
from journeys.emotion_space import band, path
from journeys.insights.curve import StepPoint
from journeys.map_page import MapPage

WIDTH, HEIGHT, TOP, BOTTOM = 360, 96, 8, 88


def small_curve(page: MapPage) -> SafeString:
    """Both curves in 360 × 96 px; the same values stand in words with each step."""
    steps = [step for _column, step in page.layout.steps]
    if not steps:
        return SafeString("")
    width = WIDTH / len(steps)
    xs = [round(width * (place + 0.5), 1) for place in range(len(steps))]
    points = {int(p.step.id): p for p in page.reading.curve.points} if page.reading else {}
    team = [
        (x, _y(value)) for x, step in zip(xs, steps, strict=True)
        if (value := _assumed(page, step.id)) is not None
    ]  # fmt: skip
    parts = [
        format_html_join(
            "", '<path class="{}" d="M0 {}H360"/>',
            [("gl0" if v == 0 else "gl", _y(v)) for v in (2, 1, 0, -1, -2)],
        ),
        *_measured(xs, [points.get(step.id) for step in steps]),
        format_html('<path class="ln team" d="{}"/>', path(*_both(team))),
    ]  # fmt: skip
    return format_html(
        '<p><b>{}</b> · <span class="t-acc">{}</span></p><svg viewBox="0 0 {} {}">{}</svg>',
        _("Customers solid"), _("team dashed"), WIDTH, HEIGHT, mark_safe("".join(parts)),
    )  # fmt: skip


def _both(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _v in points], [y for _x, y in points]


def _assumed(page: MapPage, step: int) -> float | None:
    found = page.board.step(step)
    if found is None:
        return None
    return found.assumptions.get(page.persona.pk) if page.persona else found.assumed


def _y(value: float) -> float:
    return round(TOP + (2 - max(-2.0, min(2.0, value))) / 4 * (BOTTOM - TOP), 1)


def _measured(xs: Sequence[float], points: Sequence[StepPoint | None]) -> list[SafeString]:
    parts: list[SafeString] = []
    run: list[tuple[float, StepPoint]] = []
    for x, point in [*zip(xs, points, strict=True), (0.0, None)]:
        if point is not None and point.estimate is not None:
            run.append((x, point))
        elif run:
            parts += _run(run)
            run = []
    return parts


def _run(run: Sequence[tuple[float, StepPoint]]) -> list[SafeString]:
    xs = [x for x, _p in run]
    found = [p.estimate for _x, p in run if p.estimate]
    area = band(xs, [_y(e.ci_high) for e in found], [_y(e.ci_low) for e in found])
    dots = format_html_join(
        "", '<circle class="mp f-{}" cx="{}" cy="{}" r="4"/>',
        [(emotion_class(e.mean), x, _y(e.mean)) for x, e in zip(xs, found, strict=True)],
    )  # fmt: skip
    line = path(xs, [_y(e.mean) for e in found])
    lines = format_html('<path class="bandf" d="{}"/><path class="ln" d="{}"/>', area, line)
    return [lines, dots]
