"""The map that a guest sees: the same rows, without anything that leads into the workspace."""

from dataclasses import dataclass, replace
from typing import Any, cast

from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cxm.access import CAPABILITIES, WorkspaceRequest
from cxm.models import Role, Workspace
from journeys import selection, sharing
from journeys.board import BoardCard, load_board
from journeys.cells import CellWriter
from journeys.emotion import EmotionLane
from journeys.map_page import MapPage, Row, RowWriter
from journeys.measured import Measured, MeasuredWriter, read_measured
from journeys.models import LaneKind, ShareLink

FIGURES = frozenset({LaneKind.EMOTION, LaneKind.INDICATORS})
"""Lanes that show what answers say, as figures that are hidden below the threshold."""


@dataclass(frozen=True)
class _Rights:
    capabilities: frozenset[str] = frozenset(CAPABILITIES[Role.VIEWER])


@dataclass(frozen=True)
class _Asking:
    """What the page of a map asks its reader for: a guest reads figures and chooses nothing."""

    workspace: Workspace
    member: _Rights
    GET: QueryDict


class GuestCells(CellWriter):
    """Pictures come by the secret address; files of the workspace are only named."""

    def __init__(self, workspace: str, token: str) -> None:
        super().__init__(workspace)
        address = reverse("shared:picture", kwargs={"token": token, "picture": 0})
        self._uploads = address.removesuffix("0/")

    def _upload(self, card: BoardCard) -> str:
        if card.upload is None or card.upload.is_picture:
            return super()._upload(card)
        return f'<span class="mfile">{escape(card.upload.name)}</span>'


@dataclass(frozen=True)
class GuestPage(MapPage):
    """A page whose board holds only what the link shows."""

    token: str = ""

    @property
    def can_edit(self) -> bool:
        return False

    def emotion_lanes(self) -> list[EmotionLane]:
        return [
            EmotionLane(
                board=self.board, layout=self.layout, lane=lane, can_edit=False,
                reading=self.reading,
            )
            for lane in self.board.shown_lanes
            if lane.kind == LaneKind.EMOTION
        ]  # fmt: skip

    @property
    def rows(self) -> list[Row]:
        writer = RowWriter(self)
        writer.writer = GuestCells(self.request.workspace.slug, self.token)
        return [writer.row(lane, index) for index, lane in enumerate(self.board.shown_lanes, 3)]


def read_shared(link: ShareLink, token: str) -> tuple[GuestPage, Measured | None]:
    """The page of a link, inside of its workspace's scope; figures only where a lane shows them."""
    asking: Any = _Asking(link.workspace, _Rights(), QueryDict(""))
    page = GuestPage(
        request=cast(WorkspaceRequest, asking),
        journey=link.journey,
        board=load_board(link.journey),
        choices=selection.load_choices(link.workspace),
        persona=None,
        token=token,
    )
    shown = sharing.shared_board(link, page.board)
    kinds = {lane.kind for lane in shown.lanes}
    if not kinds & FIGURES:
        return replace(page, board=shown), None
    # Read for the whole map, then shown for a part: what is hidden stays the same.
    measured = read_measured(page)
    page = replace(page, board=shown, reading=measured.reading)
    return replace(page, measured=MeasuredWriter(page, measured)), measured


def as_table(board: str) -> SafeString:
    """The grid as a table to read: without scripts no key would move through a grid.

    What people typed is escaped in it, so that these quotes are the templates' own.
    """
    for grid, table in (
        ('role="grid"', 'role="table"'), ('role="gridcell"', 'role="cell"'), (' tabindex="-1"', ""),
    ):  # fmt: skip
        board = board.replace(grid, table)
    return mark_safe(board)
