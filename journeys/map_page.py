"""What the page of a map is made of: its rows as HTML, and who may change it."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cxm.access import WorkspaceRequest
from journeys import emotion, live, log, selection, undoing
from journeys.board import Board, BoardLane, BoardStep, board_of, load_board
from journeys.cells import CellWriter
from journeys.channels import channels_of, drawing
from journeys.curve import CurveReading
from journeys.emotion import EmotionLane
from journeys.followed import followed
from journeys.grid import Layout, layout_of
from journeys.models import Event, Journey, LaneKind, Persona
from journeys.selection import Choices


@dataclass(frozen=True)
class Row:
    """One lane as the template shows it; ``index`` is its row number for screen readers."""

    lane: BoardLane
    index: int
    cells: SafeString
    head: SafeString
    count: int

    @property
    def is_emotion(self) -> bool:
        return self.lane.kind == LaneKind.EMOTION

    @property
    def is_flat(self) -> bool:
        """A line, or a folded lane: nothing to put cards into."""
        return self.lane.is_line or self.lane.collapsed


ANSWERED = frozenset({LaneKind.QUOTES, LaneKind.INDICATORS})
"""Lanes with a place for what answers say."""


class MeasuredCells(Protocol):
    """Writes what answers say into a cell."""

    def inside(self, lane: BoardLane, step: BoardStep) -> SafeString: ...


@dataclass(frozen=True)
class Past:
    """The state that ``?at=`` asks for; ``changes`` is how many came after it."""

    seq: int
    at: dt.datetime
    changes: int

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class MapPage:
    """A map for one reader. ``reading`` is None until answers are asked for."""

    request: WorkspaceRequest
    journey: Journey
    board: Board
    choices: Choices
    persona: Persona | None
    past: "Past | None" = None
    measured: "MeasuredCells | None" = None
    reading: CurveReading | None = None

    @cached_property
    def layout(self) -> Layout:
        return layout_of(self.board)

    @property
    def is_past(self) -> bool:
        return self.past is not None

    @property
    def can_edit(self) -> bool:
        return "edit" in self.request.member.capabilities and not self.is_past

    @cached_property
    def rows(self) -> list[Row]:
        """The shown lanes, written; the first cell is the one that Tab comes to."""
        writer = RowWriter(self)
        rows = [writer.row(lane, index) for index, lane in enumerate(self.board.shown_lanes, 3)]
        for place, row in enumerate(rows):
            if 'tabindex="-1"' in row.cells:
                cells = mark_safe(row.cells.replace('tabindex="-1"', 'tabindex="0"', 1))
                rows[place] = Row(row.lane, row.index, cells, row.head, row.count)
                break
        return rows

    @property
    def row_count(self) -> int:
        return len(self.board.shown_lanes) + 2

    @property
    def column_count(self) -> int:
        return len(self.layout.columns) + 1

    def emotion_lanes(self) -> list[EmotionLane]:
        """The emotion lanes that are shown unfolded; usually one."""
        slug = self.request.workspace.slug
        # The id of each step takes the place of 0.
        ask = reverse("journeys:step-ask", args=[slug, self.journey.slug, 0])
        ask = ask if self.can_edit else ""
        return [
            EmotionLane(
                board=self.board, layout=self.layout, lane=lane, can_edit=self.can_edit,
                is_past=self.is_past, persona=self.persona, reading=self.reading, ask_url=ask,
            )
            for lane in self.board.shown_lanes
            if lane.kind == LaneKind.EMOTION and not lane.collapsed
        ]  # fmt: skip

    @property
    def query(self) -> str:
        """What the address chose, to be sent along with every fragment."""
        return self.request.GET.urlencode()

    @property
    def arrows_json(self) -> str:
        """Arrows between cards as JSON: tail, head, whether both ways."""
        return json.dumps([[a.tail, a.head, a.both_ways] for a in self.board.arrows])

    @property
    def curve_url(self) -> str:
        return reverse("journeys:curve", args=[self.request.workspace.slug, self.journey.slug])

    @property
    def personas_are_sample(self) -> bool:
        return any(persona.is_sample for persona in self.board.personas)

    @property
    def lane_kinds(self) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in LaneKind]

    def undo_state(self) -> tuple[bool, bool]:
        """Whether this person has something to undo and to redo: two queries."""
        if not self.can_edit:
            return False, False
        user = self.request.user
        return (
            undoing.next_undo(self.journey, user) is not None,
            undoing.next_redo(self.journey, user) is not None,
        )

    @property
    def live_url(self) -> str:
        """Where changes are streamed from; empty where nothing streams."""
        return "" if self.is_past else live.address(self.request, self.journey)


class RowWriter:
    """Writes lanes one after the other with words and drawings looked up once."""

    def __init__(self, page: MapPage) -> None:
        self.page = page
        self.writer = CellWriter(page.request.workspace.slug)
        self.emotion = {lane.lane.id: lane for lane in page.emotion_lanes()}
        self.columns = page.layout.columns
        self.measured = page.measured

    def row(self, lane: BoardLane, index: int) -> Row:
        count = sum(len(cell.cards) for cell in lane.cells)
        if lane.is_line or lane.collapsed:
            return Row(lane, index, SafeString(""), SafeString(""), count)
        if lane.id in self.emotion:
            return Row(lane, index, self.emotion[lane.id].html(), emotion.axis(), count)
        head = tracks = SafeString("")
        if lane.kind == LaneKind.CHANNELS:
            names = channels_of(self.page.board)
            head = format_html_join("", '<small class="ch">{}</small>', [(n,) for n in names])
            tracks = drawing(self.page.layout, names)
        # After the cells: reading on narrow screens counts them from the head.
        return Row(lane, index, mark_safe(self.cells(lane) + tracks), head, count)

    def cells(self, lane: BoardLane) -> SafeString:
        """All cells of a lane; a folded phase has one narrow cell without a place for cards."""
        by_step = {cell.step_id: cell for cell in lane.cells}
        head = format_html('data-lane="{}" data-name="{}" tabindex="-1"', lane.id, lane.name)
        parts: list[str] = []
        for column in self.columns:
            step = column.step
            if step is None:
                css = "fold" if column.is_fold else "blank"
                parts.append(f'<div role="gridcell" class="{css}"></div>')
                continue
            inside = self.writer.inside(lane, step, by_step[step.id])
            if self.measured and lane.kind in ANSWERED:
                inside = mark_safe(
                    inside.replace("></div>", f">{self.measured.inside(lane, step)}</div>", 1)
                )
            parts.append(
                f'<div role="gridcell" class="cell" data-cell="{lane.id}-{step.id}" '
                f'data-step="{step.id}" {head}>{inside}</div>'
            )
        return mark_safe("".join(parts))


def load_page(request: WorkspaceRequest, slug: str) -> MapPage:
    """The page for an address: ``?persona=``, ``?at=``; 404 for what is not of this map."""
    journey = get_object_or_404(Journey, workspace=request.workspace, slug=slug)
    past = _past(journey, _number(request.GET.get("at", "")))
    board = _board(journey, past) if past else load_board(journey)
    persona = _persona(board, request.GET.get("persona", ""))
    choices = selection.load_choices(request.workspace)
    return MapPage(request, journey, board, choices, persona, past)


def _past(journey: Journey, seq: int | None) -> Past | None:
    """The asked state; today's where it is the newest."""
    if seq is None or seq == journey.last_seq:
        return None
    event = get_object_or_404(Event, journey=journey, seq=seq)
    return Past(seq, event.at, journey.last_seq - seq)


def _board(journey: Journey, past: Past) -> Board:
    try:
        return board_of(journey, followed(log.state_at(journey, past.seq)), past.seq)
    except Event.DoesNotExist as error:
        raise Http404 from error


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


def _persona(board: Board, text: str) -> Persona | None:
    id = _number(text)
    if id is None:
        return None
    found = next((p for p in board.personas if p.pk == id), None)
    if found is None:
        raise Http404
    return found
