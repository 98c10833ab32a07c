"""The curve of a presentation: large, with the phase tinted and the one gap that is spoken of.

Drawn from the same shapes as the files, but in the colours of the reader's theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm.templatetags.ui import signed
from journeys.board import Board, BoardPhase, BoardStep
from journeys.curve import CurveReading
from journeys.formats import svg_shapes
from journeys.formats.drawing_svg import element, escaped
from journeys.formats.svg_curve import Lane, level_words, star
from journeys.formats.svg_fonts import clean, wrap
from journeys.formats.svg_shapes import (
    EDGE,
    EMOTION,
    INK,
    INK_2,
    INK_3,
    LINE,
    LINE_2,
    SUNKEN,
    SURFACE,
    Box,
    Path,
    Shape,
    Words,
    text_lines,
)
from journeys.present_words import Claim

WIDTH, HEIGHT, LEFT, NAMES = 1296.0, 330.0, 70.0, 74.0
MOST_STEPS = 12
SMALLEST = 15.0

_SCALE = ("neg-4", "neg-3", "neg-2", "neg-1", "mid", "pos-1", "pos-2", "pos-3", "pos-4")
TOKENS = {
    INK: "ink", INK_2: "ink-2", INK_3: "ink-3", LINE: "line", LINE_2: "line-2", EDGE: "edge",
    SURFACE: "surface", SUNKEN: "sunken", svg_shapes.BAND: "band",
    **dict(zip(EMOTION, _SCALE, strict=True)),
}  # fmt: skip


def _element(shape: Shape) -> str:
    """A shape as SVG; words by classes, because the pages' CSS wins over attributes."""
    if not isinstance(shape, Words):
        return element(shape)
    css = f"t{shape.size:g} {TOKENS[shape.fill]}" + (" bold" if "600" in shape.face else "")
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" text-anchor="{shape.anchor}" '
        f'class="{css}">{escaped(shape.text)}</text>'
    )


@dataclass(frozen=True)
class Picture:
    """One drawing of some steps; ``now`` is the phase that is spoken of."""

    steps: Sequence[BoardStep]
    reading: CurveReading
    now: BoardPhase
    claim: Claim
    width: float = WIDTH

    @property
    def lane(self) -> Lane:
        column = (self.width - LEFT) / max(1, len(self.steps))
        return Lane(self.steps, self.reading, LEFT, 0, column, HEIGHT, SMALLEST, 1.6)

    def html(self) -> SafeString:
        """An inline SVG with a sentence for who does not see it."""
        lane, high = self.lane, HEIGHT + NAMES
        name = f"never-{self.width:.0f}"
        drawn = "".join(map(_element, self._shapes(lane)))
        for colour, token in TOKENS.items():
            drawn = drawn.replace(f'"{colour}"', f'"var(--{token})"')
        drawn = drawn.replace('"url(#never)"', f'"url(#{name})"')
        # Every text in ``drawn`` was escaped.
        return format_html(
            '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><defs>'
            '<pattern id="{}" width="7" height="7" patternTransform="rotate(45)" '
            'patternUnits="userSpaceOnUse"><path d="M0 0V7" stroke="var(--line-2)"/></pattern>'
            "</defs>{}</svg>",
            f"{self.width:.0f}", f"{high:.0f}", f"{self.width:.0f}", f"{high:.0f}",
            self._sentence(), name, mark_safe(drawn),
        )  # fmt: skip

    def _sentence(self) -> str:
        return _("Emotion curve of %(n)s steps. %(claim)s") % {
            "n": len(self.steps), "claim": self.claim.sentence
        }  # fmt: skip

    def _shapes(self, lane: Lane) -> list[Shape]:
        return [*self._tint(lane), *lane.ground(), *self._axis(lane), *lane.lines(),
                *self._gap(lane), *self._names(lane), *self._voices(lane)]  # fmt: skip

    def _tint(self, lane: Lane) -> list[Shape]:
        inside = [n for n, step in enumerate(self.steps) if step.phase_id == self.now.id]
        if not inside or len(inside) == len(self.steps):
            return []
        x = lane.x + inside[0] * lane.column
        return [Box(x, 0, len(inside) * lane.column, HEIGHT, SUNKEN)]

    def _axis(self, lane: Lane) -> list[Shape]:
        shapes: list[Shape] = []
        for value, _word in level_words():
            label = signed(value, 0) if value else "0"
            y = lane.at(0, value)[1] + 5
            shapes.append(Words(LEFT - 12, y, label, SMALLEST, INK_2, anchor="end"))
        return shapes

    def _gap(self, lane: Lane) -> list[Shape]:
        """The proven gap as a bar with its size in large figures."""
        point = self.claim.point
        if not self.claim.proven or point is None or point.gap is None or point.estimate is None:
            return []
        place = next((n for n, s in enumerate(self.steps) if s.id == point.step.id), None)
        if place is None:
            return []
        x, a = lane.at(place, point.gap.a)
        _x, b = lane.at(place, point.estimate.mean)
        words = Words(
            x + 16, a + (b - a) * 0.3 + 9, signed(point.gap.difference, 1), 26, INK, "sans-600"
        )
        return [
            Path(((x, a), (x, b)), INK, line=2),
            Path(((x - 8, a), (x + 8, a)), INK, line=2),
            Path(((x - 8, b), (x + 8, b)), INK, line=2),
            words,
        ]

    def _names(self, lane: Lane) -> list[Shape]:
        """The steps below; of very many only the one that is spoken of has a name."""
        shapes: list[Shape] = []
        for place, step in enumerate(self.steps):
            x = lane.at(place, 0)[0]
            chosen = step.id == self.claim.step
            name = f"{step.number} {clean(step.name)}" if lane.column > 84 else str(step.number)
            lines = wrap(name, lane.column - 6, SMALLEST, "sans-600")[:3]
            shapes += text_lines(
                lines, x, HEIGHT + 12, size=SMALLEST, height=20, anchor="middle",
                fill=INK if chosen else INK_3, face="sans-600" if chosen else "sans",
            )  # fmt: skip
            if step.is_moment:
                shapes.append(star(x, 14, 8))
        return shapes

    def _voices(self, lane: Lane) -> list[Shape]:
        """Both lines by name, each where it begins."""
        shapes: list[Shape] = []
        for values, name, colour, other in (
            (lane.means, _("Customers"), INK, lane.assumed),
            (lane.assumed, _("Team, assumed"), INK_3, lane.means),
        ):
            known = [(n, v) for n, v in enumerate(values) if v is not None]
            if not known:
                continue
            # Not where words say why a step has no figure.
            clear = [entry for entry in known if lane.means[entry[0]] is not None]
            place, value = (clear or known)[-1]
            beside = other[place]
            x, y = lane.at(place, value)
            shift = 42 if beside is not None and beside > value else -18
            anchor: svg_shapes.Anchor = "end" if place else "start"
            edge = x + 20 if place else x - 20
            shapes.append(Words(edge, y + shift, name, 17, colour, "sans-600", anchor))
        return shapes


def window(board: Board, phase: BoardPhase) -> Sequence[BoardStep]:
    """The steps to draw: all where they fit, else the phase and its neighbours."""
    steps = board.steps
    if len(steps) <= MOST_STEPS or not phase.steps:
        return steps[:MOST_STEPS] if len(steps) > MOST_STEPS else steps
    room = max(0, MOST_STEPS - len(phase.steps))
    first = max(0, phase.steps[0].number - 1 - room // 2)
    last = min(len(steps), max(first + MOST_STEPS, phase.steps[-1].number))
    return steps[max(0, min(first, last - MOST_STEPS)) : last]


def pictures(
    board: Board, reading: CurveReading, phase: BoardPhase, claim: Claim
) -> tuple[SafeString, SafeString]:
    """The drawing for a wide screen, and the phase alone for a narrow one."""
    wide = Picture(window(board, phase), reading, phase, claim)
    column = max(104.0, 280.0 / max(1, len(phase.steps)))
    steps = phase.steps or wide.steps[:2]
    narrow = Picture(steps, reading, phase, claim, LEFT + column * max(1, len(steps)))
    return wide.html(), narrow.html()
