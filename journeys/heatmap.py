"""From a workspace and an address to the numbers of its heatmap: touchpoints × columns.

Page, picture and CSV all show what ``read_heatmap`` returns. It asks a constant number of queries,
whatever the catalogue and however many answers there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from django.http import Http404
from django.utils.translation import gettext as _

from cxm.models import Workspace
from cxm.statistics import Histogram
from journeys import heatmap_columns, selection
from journeys.heatmap_columns import HeatColumn, Questions, Table
from journeys.insights.heatmap import Cell, Heatmap, HeatRow, Row, heatmap
from journeys.maps import load_map
from journeys.models import Journey
from journeys.selection import Choices, Parameters, Selection
from surveys import histograms
from surveys.histograms import Count, Dimension
from surveys.models import Survey
from touchpoints.models import MediaType, Touchpoint

By = Literal["segments", "phases", "surveys", "months"]
Sort = Literal["score", "worst", "name", "spread"]
BY: tuple[By, ...] = ("segments", "phases", "surveys", "months")
SORTS: tuple[Sort, ...] = ("score", "worst", "name", "spread")
GROUPED: Mapping[By, Dimension] = {"segments": "segment", "surveys": "month", "months": "month"}
"""What answers are counted by for each kind of column; surveys are put in order by their months."""


@dataclass(frozen=True)
class HeatSelection(Selection):
    """The selection of every chart, and what only a heatmap is asked for."""

    by: By = "segments"
    journey: str = ""
    sort: Sort = "score"
    only_proven: bool = False
    with_n: bool = False

    def _pairs(self) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = [] if self.by == "segments" else [("by", self.by)]
        if self.journey:
            pairs.append(("journey", self.journey))
        if self.sort != "score":
            pairs.append(("sort", self.sort))
        if self.only_proven:
            pairs.append(("proven", "1"))
        if self.with_n:
            pairs.append(("show", "n"))
        return pairs + super()._pairs()


def parse(parameters: Parameters, choices: Choices) -> HeatSelection:
    """The view that an address names; segments stand side by side, so none is chosen.

    Raises ``Http404`` for surveys and segments that are not of this workspace.
    """
    plain = selection.parse(parameters, choices)
    problems = list(plain.problems)
    if plain.segment or plain.compare:
        problems.append(_("A heatmap shows all groups side by side; none is chosen here."))
    by = _one(parameters, "by", BY, problems)
    sort = _one(parameters, "sort", SORTS, problems)
    names = parameters.getlist("journey")
    return HeatSelection(
        surveys=plain.surveys,
        sources=plain.sources,
        since=plain.since,
        until=plain.until,
        weighted=plain.weighted,
        scheme=plain.scheme,
        problems=tuple(problems),
        by=next(name for name in BY if name == by),
        journey=names[-1] if names else "",
        sort=next(name for name in SORTS if name == sort),
        only_proven="1" in parameters.getlist("proven"),
        with_n="n" in parameters.getlist("show"),
    )


def _one(parameters: Parameters, name: str, known: Sequence[str], problems: list[str]) -> str:
    """One word of a fixed list, its first where the address says nothing or nonsense."""
    values = [value for value in parameters.getlist(name) if value]
    if values and values[-1] in known:
        return values[-1]
    if values:
        problems.append(_("“%(text)s” is not something to show here.") % {"text": values[-1]})
    return known[0]


@dataclass(frozen=True)
class HeatReading:
    """Everything that page, picture and file are made of."""

    selection: HeatSelection
    choices: Choices
    surveys: tuple[Survey, ...]
    touchpoints: Mapping[int, Touchpoint]
    table: Table
    heatmap: Heatmap
    journeys: tuple[Journey, ...]
    journey: Journey | None
    has_weights: bool

    @cached_property
    def rows(self) -> tuple[HeatRow, ...]:
        """The rows shown, in the order shown: by media type, then as sorted."""
        shown = [
            row
            for row in self.heatmap.rows
            if not self.selection.only_proven or any(cell.proven for cell in row.cells)
        ]
        kinds = list(MediaType.values)
        return tuple(sorted(shown, key=lambda row: (kinds.index(row.row.group), self._rank(row))))

    def _rank(self, row: HeatRow) -> tuple[bool, float, str]:
        name, found = row.row.name.casefold(), row.all.estimate
        if self.selection.sort == "name":
            return False, 0.0, name
        if self.selection.sort == "spread":
            ends = spread(row)
            return ends is None, ends[0] - ends[1] if ends else 0.0, name
        if found is None:
            return True, 0.0, name
        return False, found.mean if self.selection.sort == "worst" else -found.mean, name

    @property
    def columns(self) -> tuple[HeatColumn, ...]:
        return self.table.columns

    def reason(self, cell: Cell) -> str:
        """Why a cell has no figure; to those of the insights comes "not_met" in a phase."""
        if (cell.row, cell.column) in self.table.unmet and cell.reason == "no_answers":
            return "not_met"
        if (cell.row, cell.column) in self.table.unasked and cell.reason == "no_answers":
            return "never_asked"
        return cell.reason

    @property
    def k(self) -> int:
        return self.heatmap.k

    @property
    def has_figures(self) -> bool:
        return any(row.all.estimate for row in self.heatmap.rows)


def spread(row: HeatRow) -> tuple[float, float] | None:
    """Lowest and highest mean of the groups of one row; None below two figures."""
    means = [cell.estimate.mean for cell in row.cells if cell.estimate]
    return (min(means), max(means)) if len(means) > 1 else None


def read_heatmap(*, workspace: Workspace, selected: HeatSelection, choices: Choices) -> HeatReading:
    """The numbers of a workspace's heatmap: at most nine queries.

    Raises ``Http404`` where the address names a journey that is not of this workspace.
    """
    surveys = selected.surveys_of(choices)
    touchpoints = {t.pk: t for t in Touchpoint.objects.in_use().order_by("name")}
    questions = Questions.of(
        q for q in selection.scale_questions(workspace, surveys) if q.touchpoint_id in touchpoints
    )
    journeys = tuple(Journey.objects.order_by("-updated_at"))
    journey = _journey(selected, journeys)
    counts = histograms.read(
        workspace_id=workspace.pk,
        # Waves of one question come apart only where surveys are the columns.
        slice=replace(
            selected.slice(questions.ids), alike=() if selected.by == "surveys" else questions.alike
        ),
        by=("question", GROUPED[selected.by]) if selected.by in GROUPED else ("question",),
    )
    whole = questions.whole(counts)
    table = _table(selected, choices, journey, questions, counts, whole)
    return HeatReading(
        selection=selected,
        choices=choices,
        surveys=surveys,
        touchpoints=touchpoints,
        table=table,
        heatmap=heatmap(
            _rows(touchpoints.values(), questions),
            [column.insight for column in table.columns],
            table.answers,
            whole if table.whole is None else table.whole,
            k=selection.strictest_k(workspace, surveys),
            weighted=selected.weighted,
        ),
        journeys=journeys,
        journey=journey,
        has_weights=any(c.sum_w != c.n or c.sum_w2 != c.n for c in counts),
    )


def _rows(touchpoints: Iterable[Touchpoint], questions: Questions) -> list[Row]:
    asked = questions.of_touchpoint
    return [Row(t.pk, t.name, t.media_type, asked=t.pk in asked) for t in touchpoints]


def _journey(selected: HeatSelection, journeys: Sequence[Journey]) -> Journey | None:
    """The named map, else the one that was edited last."""
    if not selected.journey:
        return next(iter(journeys), None)
    found = next((one for one in journeys if one.slug == selected.journey), None)
    if found is None:
        raise Http404
    return found


def _table(
    selected: HeatSelection,
    choices: Choices,
    journey: Journey | None,
    questions: Questions,
    counts: Sequence[Count],
    whole: Mapping[int, Histogram],
) -> Table:
    if selected.by == "segments":
        return heatmap_columns.by_segment(choices, questions, counts)
    if selected.by == "surveys":
        return heatmap_columns.by_survey(selected.surveys_of(choices), questions, counts)
    if selected.by == "months":
        return heatmap_columns.by_month(questions, counts)
    rows = load_map(journey) if journey else None
    return heatmap_columns.by_phase(rows, questions, whole)
