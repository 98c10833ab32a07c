"""The emotion curve: page, panel of a step, file of its numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import csv_attachment
from journeys import curve_figures, curve_rows, curve_words, filters, selection
from journeys.curve import CurveReading, read_curve
from journeys.curve_panel import StepPanel, read_panel
from journeys.insights.changes import StepChange
from journeys.insights.curve import StepPoint
from journeys.models import Journey
from journeys.sharpening import next_steps
from surveys.models import Question


@dataclass(frozen=True)
class TableRow:
    """One step of the table twin."""

    point: StepPoint
    change: StepChange | None
    reason: str
    query: str
    phase: str
    is_first: bool


@workspace_view("read")
@require_safe
def insights(request: WorkspaceRequest) -> HttpResponseBase:
    """The curve of the map that was edited last; of a future only where there is no today."""
    newest = Journey.objects.order_by("-updated_at")
    journey = newest.filter(future_of=None).first() or newest.first()
    if journey is None:
        return render(request, "journeys/insights.html")
    return redirect("journeys:curve", request.workspace.slug, journey.slug)


@workspace_view("read")
@require_safe
def curve(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    journeys = list(Journey.objects.order_by("title"))
    reading = _reading(request, journey, journeys)
    finding = curve_words.finding(reading)
    panel = _panel(request, reading, finding.step)
    context = {
        "reading": reading,
        "journey": reading.journey,
        "panel": panel,
        "asked": _asked(panel),
        "query": reading.selection.query(),
        **_numbers(reading),
        **filters.context(reading.selection, reading.choices, has_weights=reading.has_weights),
    }
    if request.htmx and request.htmx.target == "step-panel":
        return render(request, "journeys/curve.html#panel", context)
    step = panel.point.step.id if panel else None
    context["step_query"] = reading.selection.query(step=step)
    context |= {
        "finding": finding,
        "rows": _rows(reading),
        "chart": curve_figures.payload(reading, step=step if isinstance(step, int) else None),
        "chart_size": curve_figures.size(reading),
        "csv": _csv_url(request, reading),
        "journeys": journeys,
        "steps": next_steps(reading.curve),
    }
    return render(request, "journeys/curve.html", context)


@workspace_view("export")
@require_safe
def curve_csv(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The numbers of the page with the same query string."""
    reading = _reading(request, journey)
    name = f"{reading.journey.slug}-curve.csv"
    return csv_attachment(name, curve_rows.heads(reading), curve_rows.rows(reading))


def _reading(
    request: WorkspaceRequest, slug: str, journeys: Iterable[Journey] | None = None
) -> CurveReading:
    found = journeys if journeys is not None else Journey.objects.filter(slug=slug)
    journey = next((one for one in found if one.slug == slug), None)
    if journey is None:
        raise Http404
    choices = selection.load_choices(request.workspace, with_schemes=True)
    return read_curve(
        workspace=request.workspace,
        journey=journey,
        selected=selection.parse(request.GET, choices),
        choices=choices,
    )


def _panel(request: WorkspaceRequest, reading: CurveReading, step: int | None) -> StepPanel | None:
    """The chosen step, else the one that the headline is about. 404 for a step of another map."""
    chosen = reading.selection.step
    point = reading.point(chosen or step)
    if point is None:
        if chosen:
            raise Http404
        return None
    return read_panel(
        workspace=request.workspace,
        reading=reading,
        point=point,
        with_verbatims="verbatims" in request.member.capabilities,
        # Nobody has asked for a step yet: the curve need not wait for its breakdowns.
        is_short=chosen is None,
    )


def _asked(panel: StepPanel | None) -> list[Question]:
    """The questions behind the chosen step, with their surveys: one query."""
    if panel is None or panel.is_short or not panel.point.step.questions:
        return []
    found = Question.objects.filter(pk__in=panel.point.step.questions).select_related("survey")
    return list(found.order_by("survey__name", "is_retired", "position", "pk"))


def _numbers(reading: CurveReading) -> dict[str, Any]:
    return {
        "group": curve_words.group(reading),
        "other_group": curve_words.other_group(reading),
        "joined": curve_words.surveys(reading.surveys),
        "tests": sum(1 for point in reading.curve.points if point.gap),
        "step_words": {
            code: curve_words.reason(code, reading.k)
            for code in ("too_few", "complement", "never_asked", "no_answers")
        },
    }


def _rows(reading: CurveReading) -> list[TableRow]:
    changes = reading.changes.changes if reading.changes else [None] * len(reading.curve.points)
    rows: list[TableRow] = []
    phase: object = None
    for point, change in zip(reading.curve.points, changes, strict=True):
        rows.append(
            TableRow(
                point=point,
                change=change,
                reason=curve_words.reason(point.reason, reading.k),
                query=reading.selection.query(step=point.step.id),
                phase=point.step.phase,
                is_first=point.step.phase_id != phase,
            )
        )
        phase = point.step.phase_id
    return rows


def _csv_url(request: WorkspaceRequest, reading: CurveReading) -> str:
    """Where the numbers can be had as a file; empty for who may not export."""
    if "export" not in request.member.capabilities:
        return ""
    url = reverse("journeys:curve-csv", args=[request.workspace.slug, reading.journey.slug])
    query = reading.selection.query(step=None)
    return f"{url}?{query}" if query else url
