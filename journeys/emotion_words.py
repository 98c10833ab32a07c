"""The words in the emotion lane: gaps, reasons, peak and low, and which line is whose.

Words keep clear of the lines: each is put where the column has most room.
"""

from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm import hyphens
from cxm.templatetags.ui import number, signed
from journeys import curve_words
from journeys.emotion_space import BOTTOM, HEIGHT, TOP, y_of
from journeys.insights.curve import NEVER_ASKED, StepPoint

if TYPE_CHECKING:
    from journeys.emotion import EmotionLane

STAR = "M0-7 2.1-2.3 7-1.8 3.3 1.6 4.4 6.5 0 4-4.4 6.5-3.3 1.6-7-1.8-2.1-2.3Z"
TICK = (
    '<circle class="f-ink" r="6.5"/><path class="tick" d="m-3 .2 2.1 2.1L3.2-2" fill="none" '
    'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/>'
)


def labels(lane: "EmotionLane") -> SafeString:
    """Everything that is written over the curves."""
    writer = _Words(lane)
    parts = [*writer.reasons(), *writer.extremes(), *writer.gaps(), *writer.stars()]
    return mark_safe("".join([*parts, *writer.names()]))


class _Words:
    def __init__(self, lane: "EmotionLane") -> None:
        self.lane = lane
        # Nothing is written over a folded phase.
        self.taken: list[tuple[float, float, float, float]] = [
            (c.x, 0.0, c.width, HEIGHT) for c in lane.layout.columns if c.step is None
        ]
        self.ends = {s.id: self._ends(s.id, lane.assumed(s)) for _c, s in lane.placed}

    def _ends(self, step: int, team: float | None) -> tuple[float, float]:
        """Highest and lowest y that is drawn at a step."""
        ys = [] if team is None else [y_of(team) - 8, y_of(team) + 8]
        point = self.lane.points.get(step)
        if point and point.estimate:
            ys += [y_of(point.estimate.ci_high) - 4, y_of(point.estimate.ci_low) + 4]
            ys += [y_of(point.estimate.mean) - 8, y_of(point.estimate.mean) + 8]
        return (min(ys), max(ys)) if ys else (HEIGHT / 2, HEIGHT / 2)

    def _around(self, x: float, half: float) -> tuple[float, float]:
        """Highest and lowest y within some px of a place."""
        near = [
            self.ends[step.id]
            for column, step in self.lane.placed
            if abs(column.centre - x) <= half + column.width / 2
        ]
        if not near:  # beyond the last step
            return HEIGHT / 2, HEIGHT / 2
        return min(top for top, _b in near), max(bottom for _t, bottom in near)

    def _free(self, left: float, top: float, width: float, height: float) -> bool:
        return all(
            left + width < x or x + w < left or top + height < y or y + h < top
            for x, y, w, h in self.taken
        )

    def _text(
        self, x: float, y: float, words: str, css: str = "", anchor: str = "middle"
    ) -> SafeString:
        width = 6.2 * len(words)
        left = x - width / 2 if anchor == "middle" else x if anchor == "start" else x - width
        self.taken.append((left, y - 11, width, 14))
        return format_html(
            '<text class="halo {}" x="{}" y="{}" text-anchor="{}">{}</text>',
            css, x, y, anchor, words,
        )  # fmt: skip

    def reasons(self) -> list[SafeString]:
        """Why there is no figure, in words, never a point on the line."""
        parts = []
        for column, step in self.lane.placed:
            point = self.lane.points.get(step.id)
            if point is None or point.estimate is not None:
                continue
            parts += self._reason(column.centre, column.width, step.id, point)
        return parts

    def _reason(self, x: float, width: float, step: int, point: StepPoint) -> list[SafeString]:
        assert self.lane.reading is not None
        text = curve_words.reason(point.reason, self.lane.reading.k)
        lines = hyphens.lines(text, int(width / 6.4))[:3] or [text]
        top, bottom = self.ends[step]
        below = BOTTOM - bottom >= top - TOP
        y = (bottom + BOTTOM + 8) / 2 if below else (top + TOP) / 2
        y -= 7 * (len(lines) - 1)
        parts = []
        if point.reason != NEVER_ASKED:
            parts.append(format_html('<circle class="ring" cx="{}" cy="{}" r="5.5"/>', x, y - 12))
            y += 8
        css = "t-ink" if point.reason == NEVER_ASKED else ""
        return parts + [self._text(x, y + 14 * n, line, css) for n, line in enumerate(lines)]

    def gaps(self) -> list[SafeString]:
        """The widest proven gap below and above what the team assumed, with its proof mark."""
        if self.lane.reading is None:
            return []
        proven = self.lane.reading.curve.proven_gaps
        worse = next((p for p in proven if p.gap and p.gap.difference < 0), None)
        better = next((p for p in proven if p.gap and p.gap.difference > 0), None)
        return [part for p in (worse, better) if p for part in self._gap(p)]

    def _gap(self, point: StepPoint) -> list[SafeString]:
        place = next((c for c, s in self.lane.placed if s.id == point.step.id), None)
        if place is None or point.gap is None or point.estimate is None:
            return []
        title = _("Gap %(by)s") % {"by": signed(point.gap.difference, 1)}
        says = _("Team assumed %(team)s, customers say %(mean)s. n = %(n)s") % {
            "team": signed(point.gap.a, 1), "mean": signed(point.estimate.mean),
            "n": number(point.n),
        }  # fmt: skip
        spot = self._room(place.centre, 6.0 * len(says), 32)
        if spot is None:
            return []
        left, y = spot
        self.taken.append((left, y, 6.0 * len(says), 34))
        mark = mark_safe(TICK)
        return [
            format_html(
                '<g class="call"><text class="halo t-ink t-b big" x="{}" y="{}">{}</text>'
                '<g transform="translate({} {})">{}</g>'
                '<text class="halo t-ink t-b" x="{}" y="{}">{}</text>'
                '<text class="halo" x="{}" y="{}">{}</text></g>',
                left, y + 12, title, left + 7.8 * len(title) + 10, y + 8, mark,
                left + 7.8 * len(title) + 20, y + 12, _("proven"), left, y + 28, says,
            )
        ]  # fmt: skip

    def _room(self, x: float, width: float, height: float) -> tuple[float, float] | None:
        """Where a text of this size fits near a column, above or below everything drawn there."""
        most = self.lane.layout.width - width - 6
        for left in (x - width / 2, x - width + 20, x - 20):
            left = max(6, min(most, left))
            high, low = self._around(left + width / 2, width / 2 - 20)
            spots = [(BOTTOM + 14 - low, low + 4), (high - 2, max(2.0, high - height - 6))]
            for room, y in sorted(spots, reverse=True):
                if room >= height and self._free(left, y, width, height):
                    return left, y
        return None

    def extremes(self) -> list[SafeString]:
        """Peak and low of what customers say."""
        if self.lane.reading is None:
            return []
        curve = self.lane.reading.curve
        found = ((curve.peak, _("peak"), -1), (curve.trough, _("low"), 1))
        return [
            part
            for point, word, side in found
            if point
            for part in self._extreme(point, word, side)
        ]

    def _extreme(self, point: StepPoint, word: str, side: int) -> list[SafeString]:
        place = next((c for c, s in self.lane.placed if s.id == point.step.id), None)
        if place is None or point.estimate is None:
            return []
        end = point.estimate.ci_high if side < 0 else point.estimate.ci_low
        y = y_of(end) + (17 if side > 0 else -9)
        step = next(s for _c, s in self.lane.placed if s.id == point.step.id)
        team = self.lane.assumed(step)
        if team is not None and abs(y_of(team) - y + 4) < 15:
            y = y_of(team) + (22 if side > 0 else -12)
        y = max(11.0, min(HEIGHT - 4.0, y))
        return [self._text(place.centre, y, f"{word} {signed(point.estimate.mean)}", "t-ink t-b")]

    def stars(self) -> list[SafeString]:
        """Moments of truth, beside what is drawn at the step."""
        parts = []
        for column, step in self.lane.placed:
            if not step.is_moment:
                continue
            top, bottom = self.ends[step.id]
            for y in (bottom + 13, bottom + 28, top - 12, top - 28):
                if 8 < y < HEIGHT - 8 and self._free(column.centre - 8, y - 8, 16, 16):
                    break
            self.taken.append((column.centre - 8, y - 8, 16, 16))
            parts.append(
                format_html(
                    '<path class="mot" transform="translate({} {})" d="{}"/>',
                    column.centre,
                    y,
                    STAR,
                )
            )
            words = _("moment of truth")
            if self._free(column.centre + 12, y - 7, 6.2 * len(words), 14) and self._is_clear(
                column.centre + column.width * 0.75, y
            ):
                parts.append(self._text(column.centre + 12, y + 4, words, "t-ink t-b", "start"))
        return parts

    def _is_clear(self, x: float, y: float) -> bool:
        high, low = self._around(x, 0)
        return y < high - 8 or y > low + 8

    def names(self) -> list[SafeString]:
        """Which line is whose, once each, where both are far apart."""
        team, customers = self._name_places()
        parts = []
        if team:
            parts.append(
                self._text(
                    team[0],
                    team[1],
                    _("Team, assumed"),
                    "t-b " + ("" if self.lane.is_past else "t-acc"),
                )
            )
        if customers:
            parts.append(
                self._text(customers[0], customers[1], _("Customers, measured"), "t-ink t-b")
            )
        return parts

    def _name_places(self) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
        team: list[tuple[float, float, float]] = []
        customers: list[tuple[float, float, float]] = []
        for column, step in self.lane.placed:
            value, point = self.lane.assumed(step), self.lane.points.get(step.id)
            mean = point.estimate.mean if point and point.estimate else None
            apart = abs(value - mean) if value is not None and mean is not None else 1.0
            if value is not None:
                up = mean is None or value >= mean
                team.append((apart, column.centre, y_of(value) + (-13 if up else 22)))
            if point and point.estimate and mean is not None:
                up = value is None or mean >= value
                y = y_of(point.estimate.ci_high) - 9 if up else y_of(point.estimate.ci_low) + 17
                customers.append((apart, column.centre, y))
        first = self._best(team, 80)
        if first:
            self.taken.append((first[0] - 40, first[1] - 11, 80, 14))
        return first, self._best(customers, 120)

    def _best(
        self, places: list[tuple[float, float, float]], width: float
    ) -> tuple[float, float] | None:
        for _apart, x, y in sorted(places, reverse=True):
            inside = width / 2 < x < self.lane.layout.width - width / 2 and 10 < y < HEIGHT - 3
            if inside and self._free(x - width / 2, y - 11, width, 14):
                return x, y
        return None
