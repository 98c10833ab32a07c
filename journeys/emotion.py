"""The emotion lane of a map: what the team assumes to drag, what customers say with its interval.

One drawing lies under all steps; each step has a cell with the team's point as a slider and, below
it, the figure in words. The geometry is told in ``data-`` attributes for who moves a point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm.templatetags.ui import emotion as emotion_class
from cxm.templatetags.ui import number, proof, signed
from journeys.board import Board, BoardLane, BoardStep, cell_key
from journeys.curve import CurveReading
from journeys.emotion_space import BOTTOM, HEIGHT, TOP, band, path, y_of
from journeys.grid import Column, Layout
from journeys.insights.curve import NEVER_ASKED, StepPoint
from journeys.models import Persona

Placed = tuple[Column, BoardStep]

_HATCH = mark_safe(
    '<defs><pattern id="hx" width="6" height="6" patternTransform="rotate(45)" '
    'patternUnits="userSpaceOnUse"><path class="hx" d="M0 0V6"/></pattern></defs>'
)

STAR = "M0-7 2.1-2.3 7-1.8 3.3 1.6 4.4 6.5 0 4-4.4 6.5-3.3 1.6-7-1.8-2.1-2.3Z"


@dataclass(frozen=True)
class EmotionLane:
    """What one drawing of the lane is made of; ``reading`` is None while answers are not read."""

    board: Board
    layout: Layout
    lane: BoardLane
    can_edit: bool
    is_past: bool = False
    persona: Persona | None = None
    reading: CurveReading | None = None
    ask_url: str = ""

    @cached_property
    def points(self) -> dict[int, StepPoint]:
        """What answers say, by step."""
        if self.reading is None:
            return {}
        return {int(p.step.id): p for p in self.reading.curve.points}

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        return self.layout.steps

    def assumed(self, step: BoardStep) -> float | None:
        """What the team assumes: for the chosen persona, else for everybody."""
        if self.persona is None:
            return step.assumed
        return step.assumptions.get(self.persona.pk)

    def html(self) -> SafeString:
        """The ``data-emotion`` element."""
        cells = format_html_join(
            "", "{}", [(self._column(column),) for column in self.layout.columns]
        )
        return format_html(
            '<div class="emotion{}" data-emotion role="presentation" data-top="{}" '
            'data-bottom="{}" data-measured-layer="{}">{}{}</div>',
            " past" if self.is_past else "", TOP, BOTTOM,
            "false" if self.reading is None else "true", self._drawing(), cells,
        )  # fmt: skip

    def _column(self, column: Column) -> SafeString:
        if column.step is None:
            css = "fold" if column.is_fold else "blank"
            return format_html('<div role="gridcell" class="{}"></div>', css)
        return self._cell(column, column.step)

    def _cell(self, column: Column, step: BoardStep) -> SafeString:
        return format_html(
            '<div role="gridcell" class="cell emo-cell" data-cell="{}" data-lane="{}" '
            'data-step="{}" data-name="{}" tabindex="-1">'
            '<svg class="team-room" width="{}" height="{}">{}</svg>'
            '<div class="emov">{}</div></div>',
            cell_key(self.lane.id, step.id), self.lane.id, step.id, self.lane.name,
            column.width, HEIGHT, self._team_point(column, step), self._words(step),
        )  # fmt: skip

    def _team_point(self, column: Column, step: BoardStep) -> SafeString:
        """The diamond; for who may edit a slider, which a step without a value has as well."""
        value = self.assumed(step)
        if value is None and not self.can_edit:
            return SafeString("")
        shape = mark_safe(
            '<circle class="hit" r="13"/><rect class="hd" x="-4.5" y="-4.5" width="9" height="9" '
            'rx="1.5" transform="rotate(45)"/>'
        )
        place = format_html("translate({} {})", f"{column.width / 2:g}", y_of(value or 0))
        css = "team-point" if value is not None else "team-point unset"
        if not self.can_edit:
            return format_html(
                '<g class="{}" data-step="{}" transform="{}" aria-hidden="true">{}</g>',
                css, step.id, place, shape,
            )  # fmt: skip
        said = _("not assumed yet") if value is None else signed(value, 1)
        return format_html(
            '<g class="{}" role="slider" tabindex="-1" data-step="{}" data-persona="{}" '
            'data-value="{}" aria-label="{}" aria-orientation="vertical" aria-valuemin="-2" '
            'aria-valuemax="2" aria-valuenow="{}" aria-valuetext="{}" transform="{}">{}</g>',
            css, step.id, self.persona.pk if self.persona else "",
            "" if value is None else f"{value:g}",
            _("The team assumes: %(step)s") % {"step": step.name},
            f"{value or 0:g}", said, place, shape,
        )  # fmt: skip

    def _words(self, step: BoardStep) -> SafeString:
        """The figure below the curve: value ± half the interval, n, and whether a gap is proven."""
        value = self.assumed(step)
        team = ""
        if value is not None:
            team = _("The team assumes %(value)s.") % {"value": signed(value, 1)}
        spoken = format_html('<span class="vh">{} </span>', team) if team else SafeString("")
        if self.reading is None:
            return format_html('{}<p class="d">&nbsp;</p>', spoken)
        point = self.points.get(step.id)
        if point is None:
            return format_html('{}<p class="v muted">{}</p>', spoken, _("not measured"))
        return format_html("{}{}", spoken, self._figure(step, point))

    def _figure(self, step: BoardStep, point: StepPoint) -> SafeString:
        assert self.reading is not None
        found = point.estimate
        if found is None:
            return self._no_figure(point)
        tone = "neg" if found.ci_high < 0 else "pos" if found.ci_low > 0 else ""
        return format_html(
            '<p class="v"><b class="num {}">{}</b> <span class="num muted">±{}</span> {}</p>'
            '<p class="d">{}</p>',
            tone, signed(found.mean), number((found.ci_high - found.ci_low) / 2, 2),
            measured_badge(number(point.n)), self._gap_words(step, point),
        )  # fmt: skip

    def _no_figure(self, point: StepPoint) -> SafeString:
        assert self.reading is not None
        if point.reason == NEVER_ASKED:
            if not self.ask_url:
                return format_html(
                    '<p class="v"><b>{}</b></p><p class="d muted">{}</p>',
                    _("no data"), _("never asked"),
                )  # fmt: skip
            url = self.ask_url.replace("/0/", f"/{point.step.id}/")
            ask = format_html('<a href="{}">{}</a>', url, _("Ask about this step"))
            return format_html('<p class="v"><b>{}</b></p><p class="d">{}</p>', _("no data"), ask)
        if point.reason == "no_answers":
            return format_html(
                '<p class="v"><b>{}</b></p><p class="d muted">{}</p>',
                _("no data"), _("asked, no answers yet"),
            )  # fmt: skip
        words = _("needs %(k)s answers") % {"k": self.reading.k}
        if point.reason == "complement":
            words = _("protects a small group")
        return format_html(
            '<p class="v"><b>{}</b></p><p class="d muted">{}</p>', _("hidden"), words
        )

    def _gap_words(self, step: BoardStep, point: StepPoint) -> SafeString:
        """The gap against what the team assumes, of this persona or of everybody."""
        assert point.estimate is not None
        value = self.assumed(step)
        if value is None:
            return format_html('<span class="muted">{}</span>', _("no assumption"))
        if point.gap is None:
            by = _("gap %(by)s") % {"by": signed(point.estimate.mean - value, 1)}
            return format_html('<span class="muted num">{}</span>', by)
        if not point.gap.proven:
            return format_html('<span class="muted">{}</span>', _("no proven gap"))
        by = _("gap %(by)s") % {"by": signed(point.gap.difference, 1)}
        return format_html('<span class="num">{}</span> {}', by, proof(True))

    def _drawing(self) -> SafeString:
        parts = [self._hatch(), _grid_lines(self.layout.width), *self._measured(), self._team()]
        if self.reading is not None:
            from journeys.emotion_words import labels

            parts.append(labels(self))
        else:
            parts.append(self._stars())
        return format_html(
            '<svg class="emo" width="{}" height="{}" aria-hidden="true">{}</svg>',
            self.layout.width, HEIGHT, mark_safe("".join(parts)),
        )  # fmt: skip

    def _hatch(self) -> SafeString:
        """Only where nothing was ever asked."""
        never = [
            (column.x, column.width, HEIGHT)
            for column, step in self.placed
            if (point := self.points.get(step.id)) and point.reason == NEVER_ASKED
        ]
        rooms = format_html_join("", '<rect fill="url(#hx)" x="{}" width="{}" height="{}"/>', never)
        return format_html("{}{}", _HATCH, rooms) if never else rooms

    def _team(self) -> SafeString:
        known = [(c.centre, y_of(v)) for c, s in self.placed if (v := self.assumed(s)) is not None]
        line = path([x for x, _y in known], [y for _x, y in known])
        return format_html('<path class="ln team" data-team d="{}"/>', line)

    def _measured(self) -> list[SafeString]:
        """Band, line and points; broken wherever there is no figure."""
        parts: list[SafeString] = []
        for run in self.runs():
            xs = [column.centre for column, _s, _p in run]
            found = [point.estimate for _c, _s, point in run if point.estimate]
            area = band(xs, [y_of(e.ci_high) for e in found], [y_of(e.ci_low) for e in found])
            line = path(xs, [y_of(e.mean) for e in found])
            parts.append(format_html('<path class="bandf" d="{}"/>', area))
            parts.append(format_html('<path class="ln" d="{}"/>', line) if line else SafeString(""))
            parts += [
                format_html(
                    '<circle class="mp f-{}" cx="{}" cy="{}" r="6"/>',
                    emotion_class(e.mean), x, y_of(e.mean),
                )
                for x, e in zip(xs, found, strict=True)
            ]  # fmt: skip
        return [*self._gap_lines(), *parts]

    def _gap_lines(self) -> list[SafeString]:
        """A thin dotted line between both points where the gap is proven."""
        lines = []
        for column, step in self.placed:
            point, value = self.points.get(step.id), self.assumed(step)
            if value is None or point is None or point.estimate is None:
                continue
            if point.gap and point.gap.proven:
                x, team, mean = column.centre, y_of(value), y_of(point.estimate.mean)
                d = f"M{x:g} {team}V{mean}"
                lines.append(format_html('<path class="gap" d="{}"/>', d))
        return lines

    def runs(self) -> list[list[tuple[Column, BoardStep, StepPoint]]]:
        """Measured steps side by side, without a gap between them."""
        found: list[list[tuple[Column, BoardStep, StepPoint]]] = [[]]
        for run in self.layout.runs():
            found.append([])
            for column, step in run:
                point = self.points.get(step.id)
                if point and point.estimate:
                    found[-1].append((column, step, point))
                elif found[-1]:
                    found.append([])
        return [run for run in found if run]

    def _stars(self) -> SafeString:
        """Moments of truth while nothing is measured: above the team's point."""
        return format_html_join(
            "", '<path class="mot" transform="translate({} {})" d="{}"/>',
            [
                (f"{c.centre:g}", f"{y_of(self.assumed(s) or 0) - 20:g}", STAR)
                for c, s in self.placed if s.is_moment
            ],
        )  # fmt: skip


def measured_badge(n: str) -> SafeString:
    """The full circle with the number of answers."""
    return format_html(
        '<span class="ev" title="{} n = {}"><svg viewBox="0 0 12 12" aria-hidden="true">'
        '<use href="#ev-measured"/></svg><span class="vh">n = </span>{}</span>',
        _("Measured"), n, n,
    )  # fmt: skip


def _grid_lines(width: int) -> SafeString:
    return format_html_join(
        "", '<path class="{}" d="M0 {}H{}"/>',
        [("gl0" if value == 0 else "gl", y_of(value), width) for value in (2, 1, 0, -1, -2)],
    )  # fmt: skip


def axis() -> SafeString:
    """The words of the axis, for the head of the lane."""
    words: Sequence[tuple[int, str]] = (
        (2, _("great")), (1, _("good")), (0, _("neutral")), (-1, _("annoyed")), (-2, _("angry")),
    )  # fmt: skip
    texts = format_html_join(
        "", '<text x="100" y="{}" text-anchor="end"><tspan class="t-ink t-b">{}</tspan> {}</text>',
        [(y_of(v) + 4, signed(v, 0) if v else "0", word) for v, word in words],
    )  # fmt: skip
    return format_html(
        '<svg class="yax" width="108" height="{}" aria-hidden="true">{}</svg>', HEIGHT, texts
    )
