"""The whole map as a plain table: a row per step, a column per lane, figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cxm.templatetags.ui import number, percent, quoted, signed
from journeys import curve_words
from journeys.board import BoardCard, BoardLane, BoardStep
from journeys.insights.curve import StepPoint
from journeys.map_page import MapPage
from journeys.measured import Measured
from journeys.models import CardStatus, Evidence, LaneKind, Mark


@dataclass(frozen=True)
class TableRow:
    """One step; ``phase`` is empty but for the first step of a phase, which spans ``span`` rows."""

    phase: str
    span: int
    number: int
    name: str
    is_moment: bool
    cells: Sequence[Sequence[str]]


@dataclass(frozen=True)
class MapTable:
    heads: Sequence[str]
    rows: Sequence[TableRow]


def table_of(page: MapPage, measured: Measured) -> MapTable:
    """Every shown lane but the lines; hidden figures stay hidden."""
    lanes = [lane for lane in page.board.shown_lanes if not lane.is_line]
    words = _Words(measured)
    cards = {(c.lane_id, c.step_id): c.cards for lane in lanes for c in lane.cells}
    rows = [
        TableRow(
            phase=phase.name if place == 0 else "",
            span=len(phase.steps),
            number=step.number,
            name=step.name,
            is_moment=step.is_moment,
            cells=[words.cell(lane, step, cards.get((lane.id, step.id), ())) for lane in lanes],
        )
        for phase in page.board.phases
        for place, step in enumerate(phase.steps)
    ]
    return MapTable([lane.name for lane in lanes], rows)


class _Words:
    def __init__(self, measured: Measured) -> None:
        self.measured = measured
        self.points = {int(p.step.id): p for p in measured.reading.curve.points}
        self.marks = {mark.value: str(mark.label) for mark in Mark}
        self.status = {status.value: str(status.label) for status in CardStatus}
        self.evidence = {kind.value: str(kind.label) for kind in Evidence}

    def cell(self, lane: BoardLane, step: BoardStep, cards: Sequence[BoardCard]) -> list[str]:
        found = [self._card(card) for card in cards]
        if lane.kind == LaneKind.TOUCHPOINTS:
            return [chip.name for chip in step.touchpoints]
        if lane.kind == LaneKind.CHANNELS:
            return list(dict.fromkeys(c.channel for c in step.touchpoints if c.channel))
        if lane.kind == LaneKind.EMOTION:
            return self._emotion(self.points.get(step.id))
        if lane.kind == LaneKind.INDICATORS:
            return self._numbers(self.points.get(step.id))
        if lane.kind == LaneKind.QUOTES:
            quotes = self.measured.quotes.get(step.id)
            return [*(quoted(q.text) for q in (quotes.shown[:1] if quotes else ())), *found]
        return found

    def _card(self, card: BoardCard) -> str:
        n = f"n = {number(card.evidence_n)}" if card.evidence_n is not None else ""
        more = (
            self.marks[card.mark] if card.mark else "",
            card.owner,
            self.status[card.status] if card.status else "",
            self.evidence[card.evidence] if card.evidence != Evidence.ASSUMPTION else "",
            n,
        )
        said = ", ".join(filter(None, more))
        text = card.text or (card.upload.name if card.upload else "") or card.url
        return f"{text} ({said})" if said else text

    def _emotion(self, point: StepPoint | None) -> list[str]:
        if point is None:
            return []
        lines = []
        if point.estimate:
            values = {
                "mean": signed(point.estimate.mean),
                "by": number((point.estimate.ci_high - point.estimate.ci_low) / 2, 2),
                "n": number(point.n),
            }
            lines.append(_("Customers say %(mean)s ± %(by)s, n = %(n)s") % values)
        else:
            lines.append(curve_words.reason(point.reason, self.measured.reading.k))
        if point.step.assumed is not None:
            lines.append(_("Team assumed %(value)s") % {"value": signed(point.step.assumed, 1)})
        if point.gap:
            proof = _("proven") if point.gap.proven else _("not proven")
            gap = _("gap %(by)s") % {"by": signed(point.gap.difference, 1)}
            lines.append(f"{gap}, {proof}")
        return lines

    def _numbers(self, point: StepPoint | None) -> list[str]:
        if point is None or point.estimate is None:
            return [curve_words.reason(point.reason, self.measured.reading.k)] if point else []
        lines = [_("Mean %(mean)s, n = %(n)s") % {
            "mean": signed(point.estimate.mean), "n": number(point.n),
        }]  # fmt: skip
        if point.reach is not None:
            lines.append(_("Reach %(share)s") % {"share": percent(point.reach)})
        return lines
