"""The panel of one step: its figure, and the same by touchpoint, segment and source."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cxm.models import Workspace
from cxm.statistics import Estimate, Histogram, mean_estimate, pooled_sd
from journeys import verbatims
from journeys.curve import CurveReading
from journeys.insights.changes import StepChange
from journeys.insights.curve import StepPoint, reason_of
from journeys.insights.suppression import hidden_row
from journeys.verbatims import Quotes
from surveys import counted, histograms
from surveys.models import Source


@dataclass(frozen=True)
class Group:
    """One row of a breakdown: a figure, or the reason why there is none."""

    name: str
    estimate: Estimate | None
    reason: str
    chosen: bool = False


@dataclass(frozen=True)
class Breakdown:
    """One way to divide the answers of a step; its groups hide each other where they must."""

    name: str
    groups: tuple[Group, ...]

    @property
    def span(self) -> tuple[float, float]:
        return span(self.groups)


def span(groups: Sequence[Group]) -> tuple[float, float]:
    """The part of the scale that bars of these groups share: all intervals, and some room."""
    shown = [group.estimate for group in groups if group.estimate]
    if not shown:
        return -2.0, 2.0
    low, high = min(e.ci_low for e in shown), max(e.ci_high for e in shown)
    room = max(0.08, (0.5 - (high - low)) / 2)
    return low - room, high + room


@dataclass(frozen=True)
class StepPanel:
    point: StepPoint
    change: StepChange | None
    by_touchpoint: tuple[Group, ...]
    by_segment: tuple[Breakdown, ...]
    by_source: Breakdown | None
    quotes: Quotes
    # The breakdowns were left out and can be asked for.
    is_short: bool = False

    @property
    def touchpoint_span(self) -> tuple[float, float]:
        return span(self.by_touchpoint)


def read_panel(
    *,
    workspace: Workspace,
    reading: CurveReading,
    point: StepPoint,
    with_verbatims: bool,
    is_short: bool = False,
) -> StepPanel:
    """At most six queries more; nothing is divided of a step that has no figure itself.

    ``is_short`` leaves out all that needs a query.
    """
    change = None
    if reading.changes:
        change = reading.changes.changes[reading.curve.points.index(point)]
    if point.estimate is None:
        return StepPanel(point, change, (), (), None, Quotes(k=reading.k_verbatims))
    if is_short:
        return StepPanel(point, change, (), (), None, Quotes(k=reading.k_verbatims), True)
    parts = point.parts if len(point.parts) > 1 else ()
    by_segment, by_source = _divided(workspace, reading, point)
    quotes = Quotes(k=reading.k_verbatims)
    if with_verbatims:
        quotes = quotes_of(workspace, reading, point)
    return StepPanel(
        point=point,
        change=change,
        by_touchpoint=tuple(Group(p.name, p.estimate, p.reason) for p in parts),
        by_segment=by_segment,
        by_source=by_source,
        quotes=quotes,
    )


def _divided(
    workspace: Workspace, reading: CurveReading, point: StepPoint
) -> tuple[tuple[Breakdown, ...], Breakdown | None]:
    """By segment over everybody, by source within the chosen segment: one read."""
    whole = replace(reading.selection.slice(_questions(point)), segments=())
    counts = histograms.read(
        workspace_id=workspace.pk, slice=whole, by=("question", "segment", "source")
    )
    scales = counted.scales(reading.questions)
    bins: dict[tuple[int, str], list[tuple[float, int, float, float]]] = defaultdict(list)
    for count in counts:
        if count.score is not None:
            value = scales[count.question].emotion(count.score)
            row = (value, count.n, count.sum_w, count.sum_w2)
            bins[count.segment, ""].append(row)
            bins[count.segment, count.source or ""].append(row)

    def sum_of(segment: int, source: str = "") -> Histogram:
        return Histogram.from_rows(bins.get((segment, source), ()))

    divided = _Divided(reading, pooled_sd([point.answers]) if point.answers else None)
    segments = tuple(
        divided.breakdown(
            name,
            [(s.name, sum_of(s.pk), s.pk == reading.selection.segment) for s in members],
            sum_of(0).n,
        )
        for name, members in reading.choices.dimensions.items()
    )
    chosen = reading.selection.segment or 0
    labels = [(source, str(label)) for source, label in Source.choices]
    sources = divided.breakdown(
        "", [(label, sum_of(chosen, source), False) for source, label in labels], sum_of(chosen).n
    )
    return tuple(b for b in segments if b.groups), sources if len(sources.groups) > 1 else None


@dataclass(frozen=True)
class _Divided:
    reading: CurveReading
    spread: float | None

    def breakdown(
        self, name: str, groups: Sequence[tuple[str, Histogram, bool]], total: int
    ) -> Breakdown:
        """Groups with answers; those of fewer than k, and who gives them away, are hidden."""
        held = [group for group in groups if group[1].n]
        hidden = hidden_row([found.n for _n, found, _c in held], k=self.reading.k, total=total)
        return Breakdown(
            name,
            tuple(
                self._group(label, found, hide, chosen)
                for (label, found, chosen), hide in zip(held, hidden, strict=True)
            ),
        )

    def _group(self, name: str, found: Histogram, hide: bool, chosen: bool) -> Group:
        weighted = self.reading.curve.weighted
        reason = reason_of(found, asked=True, k=self.reading.k, weighted=weighted, hidden=hide)
        estimate = None
        if not reason:
            estimate = mean_estimate(found, weighted=weighted, pooled_sd=self.spread)
        return Group(name, estimate, reason, chosen)


def _questions(point: StepPoint) -> list[int]:
    return [question for question in point.step.questions if isinstance(question, int)]


def quotes_of(workspace: Workspace, reading: CurveReading, point: StepPoint) -> Quotes:
    """Comments on the touchpoints of the step, in the surveys that the curve shows."""
    touchpoints = {part.id for part in point.step.parts if isinstance(part.id, int)}
    surveys = {survey.pk for survey in reading.selection.surveys_of(reading.choices)}
    texts = [q for q in reading.texts if q.touchpoint_id in touchpoints and q.survey_id in surveys]
    scales = counted.scales(q for q in reading.questions if q.pk in _questions(point))
    return verbatims.read(
        workspace=workspace,
        questions=texts,
        selected=reading.selection,
        k=reading.k_verbatims,
        scales=scales,
    )
