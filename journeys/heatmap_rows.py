"""The numbers of a heatmap as rows: ready strings for the page, plain numbers for the file."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cxm import svg
from journeys.heatmap import HeatReading, spread
from journeys.heatmap_words import Speaker
from journeys.insights.heatmap import Cell, HeatRow
from touchpoints.models import MediaType

SHADE_CLASSES = ("n4", "n3", "n2", "n1", "z0", "p1", "p2", "p3", "p4")
LOOKS = {"never_asked": "c na", "no_answers": "c none", "not_met": "c none"}
SPREAD_WIDTH = 128
NOTHING = SafeString("")

COLUMNS = (
    "touchpoint", "media_type", "dimension", "column", "emotion", "ci_low", "ci_high", "n", "n_eff",
    "never_used", "reach", "difference", "difference_ci_low", "difference_ci_high", "proven",
    "reason",
)  # fmt: skip


CellText = tuple[str, str, str, str, SafeString]
"""Classes, lines of the popover, spoken sentence, what is printed, and n below it."""

CELL = '<td class="{}" data-tip="{}" aria-label="{}">{}{}</td>'


@dataclass(frozen=True, slots=True)
class RowView:
    """One touchpoint; ``cells`` is empty where nothing asks about it.

    Cells come as finished markup: for hundreds of them a template would take half of the page's
    time.
    """

    name: str
    url: str
    cells: SafeString
    spread: SafeString


@dataclass(frozen=True, slots=True)
class GroupView:
    """The touchpoints of one media type and how many of them anybody is asked about."""

    media_type: str
    label: str
    asked: int
    total: int
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A name over some columns."""

    name: str
    width: int


def headings(reading: HeatReading) -> list[Heading]:
    """The groups of columns; none where columns have no group."""
    found = [
        Heading(name, len(list(columns)))
        for name, columns in groupby(reading.columns, key=lambda column: column.group)
    ]
    return found if any(heading.name for heading in found) else []


def firsts(reading: HeatReading) -> set[str]:
    """The columns that a group begins with; a little room stands before them."""
    return {
        next(columns).id
        for _name, columns in groupby(reading.columns, key=lambda column: column.group)
    }


def groups(reading: HeatReading, workspace: str, speaker: Speaker) -> list[GroupView]:
    """The rows of the page by media type."""
    drawer = _Drawer(reading, workspace, speaker)
    totals = [row.row for row in reading.heatmap.rows]
    return [
        GroupView(
            media_type=kind,
            label=str(MediaType(kind).label),
            asked=sum(row.asked for row in totals if row.group == kind),
            total=sum(row.group == kind for row in totals),
            rows=tuple(drawer.row(row) for row in rows),
        )
        for kind, rows in groupby(reading.rows, key=lambda row: row.row.group)
    ]


def whole(reading: HeatReading, speaker: Speaker) -> SafeString:
    """The last row: all touchpoints together."""
    drawer = _Drawer(reading, "", speaker)
    return drawer.cells(_("All touchpoints"), reading.heatmap.whole, reading.heatmap.whole_cells)


def _escaped(text: str) -> str:
    return text if isinstance(text, SafeString) else html.escape(text)


class _Drawer:
    """What all rows of one page share."""

    def __init__(self, reading: HeatReading, workspace: str, speaker: Speaker) -> None:
        self.reading = reading
        self.speak = speaker
        self.everybody = _("all")
        self.hidden = _("hidden")
        self.spread_words = _("All %(all)s, groups from %(low)s to %(high)s")
        self.names = {column.id: column.full for column in reading.columns}
        self.firsts = firsts(reading)
        self.url = reverse("touchpoints:touchpoint", args=[workspace, 0]) if workspace else ""
        means = [end for row in reading.heatmap.rows for end in self._ends(row)]
        middle = reading.heatmap.whole.estimate
        self.middle = middle.mean if middle else None
        self.span = (min(means) - 0.05, max(means) + 0.05) if means else (-2.0, 2.0)

    def row(self, row: HeatRow) -> RowView:
        asked = row.row.asked
        cells = self.cells(row.row.name, row.all, row.cells) if asked else NOTHING
        url = self.url.replace("/0/", f"/{row.row.id}/")
        return RowView(row.row.name, url, cells, self.spread(row))

    def cells(self, name: str, all: Cell, cells: tuple[Cell, ...]) -> SafeString:
        found = [self.cell(all, name, self.everybody, " allc")]
        for cell in cells:
            more = " first" if cell.column in self.firsts else ""
            found.append(self.cell(cell, name, self.names[cell.column], more))
        # Hundreds of cells: Django's own joining asks of each part whether it is lazy.
        return mark_safe("".join([CELL.format(*map(_escaped, parts)) for parts in found]))

    def cell(self, cell: Cell, row: str, column: str, more: str) -> CellText:
        said = self.speak.cell(cell, row, column)
        if cell.estimate is None:
            code = self.reading.reason(cell)
            text = "–" if code in ("no_answers", "not_met") else said.value
            if code in ("too_few", "complement"):
                text = self.hidden
            return LOOKS.get(code, "c sup") + more, said.tip, said.spoken, text, NOTHING
        css = "c cell " + SHADE_CLASSES[4 if cell.shade is None else cell.shade] + more
        if cell.proven:
            css += " pr"
        elif self.reading.selection.only_proven and " allc" not in more:
            css += " pale"
        below = NOTHING
        if self.reading.selection.with_n:
            below = format_html("<small>{}</small>", said.n)
        return css, said.tip, said.spoken, said.value, below

    def _ends(self, row: HeatRow) -> list[float]:
        ends = list(spread(row) or ())
        return [*ends, row.all.estimate.mean] if row.all.estimate else ends

    def spread(self, row: HeatRow) -> SafeString:
        """All as a point, the groups from lowest to highest as a bar, the whole as a line."""
        found, ends = row.all.estimate, spread(row)
        if found is None or ends is None:
            return NOTHING
        label = self.spread_words % {
            "all": self.speak.signed(found.mean),
            "low": self.speak.signed(ends[0]),
            "high": self.speak.signed(ends[1]),
        }
        return svg.interval(
            found.mean, ends, span=self.span, width=SPREAD_WIDTH, label=label, mark=self.middle
        )


def lines(reading: HeatReading) -> Iterator[list[str]]:
    """One row per cell in the order of the page; a hidden figure is empty, with its reason."""
    for row in reading.rows:
        yield _line(reading, row, "", "all", row.all)
        for column, cell in zip(reading.columns, row.cells, strict=True):
            yield _line(reading, row, column.group, column.full, cell)


def _line(reading: HeatReading, row: HeatRow, dimension: str, column: str, cell: Cell) -> list[str]:
    found, against = cell.estimate, cell.difference
    figures: list[str] = [""] * 6
    if found:
        figures = [
            f"{found.mean:.4f}", f"{found.ci_low:.4f}", f"{found.ci_high:.4f}", str(found.n),
            f"{found.n_eff:.1f}", str(cell.never_used or 0),
        ]  # fmt: skip
    differs = [""] * 4
    if against:
        differs = [
            f"{against.difference:.4f}", f"{against.ci_low:.4f}", f"{against.ci_high:.4f}",
            "yes" if cell.proven else "no",
        ]  # fmt: skip
    reach = "" if cell.reach is None else f"{cell.reach:.4f}"
    reason = reading.reason(cell)
    return [row.row.name, row.row.group, dimension, column, *figures, reach, *differs, reason]
