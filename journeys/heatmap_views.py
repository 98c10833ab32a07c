"""The heatmap of a workspace's touchpoints: page and file of its numbers."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.downloads import csv_attachment
from journeys import (
    curve_words,
    filters,
    heatmap_figures,
    heatmap_rows,
    heatmap_words,
    selection,
)
from journeys.filters import Option
from journeys.heatmap import BY, SORTS, HeatReading, parse, read_heatmap


@dataclass(frozen=True)
class Head:
    """The head of one column."""

    name: str
    is_first: bool


@workspace_view("read")
@require_safe
def heatmap(request: WorkspaceRequest) -> HttpResponseBase:
    reading = _reading(request)
    context = {
        "reading": reading,
        "finding": heatmap_words.finding(reading),
        **_table(request, reading),
        **_choices(reading),
        **_method(reading),
        "csv": _csv_url(request, reading),
    }
    return render(request, "journeys/heatmap.html", context)


@workspace_view("export")
@require_safe
def heatmap_csv(request: WorkspaceRequest) -> HttpResponseBase:
    """The numbers of the page with the same query string."""
    reading = _reading(request)
    return csv_attachment("heatmap.csv", heatmap_rows.COLUMNS, heatmap_rows.lines(reading))


def _reading(request: WorkspaceRequest) -> HeatReading:
    choices = selection.load_choices(request.workspace, with_schemes=True)
    return read_heatmap(
        workspace=request.workspace,
        selected=parse(request.GET, choices),
        choices=choices,
    )


def _table(request: WorkspaceRequest, reading: HeatReading) -> dict[str, Any]:
    speaker = heatmap_words.Speaker(reading)
    firsts = heatmap_rows.firsts(reading)
    return {
        "groups": heatmap_rows.groups(reading, request.workspace.slug, speaker),
        "headings": heatmap_rows.headings(reading),
        "heads": [Head(c.name, c.id in firsts) for c in reading.columns],
        "width": len(reading.columns) + 1,
        "whole": heatmap_rows.whole(reading, speaker),
        "chart": heatmap_figures.payload(reading, speaker, everybody=_("All")),
    }


def _choices(reading: HeatReading) -> dict[str, Any]:
    """The filter bar; columns and order beside what every chart offers."""
    selected = reading.selection
    # Groups stand side by side here, so the bar offers no single one.
    choices = selection.Choices(reading.choices.surveys, (), reading.choices.schemes)
    shared = filters.context(selected, choices, has_weights=reading.has_weights, compares=False)
    return shared | {
        "by_options": [
            Option(heatmap_words.by_words(by), selected.query(by=by), selected.by == by)
            for by in BY
        ],
        "sort_options": [
            Option(heatmap_words.sort_words(s), selected.query(sort=s), selected.sort == s)
            for s in SORTS
        ],
        "sort_words": heatmap_words.sort_words(selected.sort),
        "journey_options": [
            Option(one.title, selected.query(journey=one.slug), one == reading.journey)
            for one in reading.journeys
        ],
        "proven_query": selected.query(only_proven=not selected.only_proven),
        "n_query": selected.query(with_n=not selected.with_n),
        "name_query": selected.query(sort="name"),
        "score_query": selected.query(sort="worst" if selected.sort == "score" else "score"),
        "spread_query": selected.query(sort="spread"),
    }


def _method(reading: HeatReading) -> dict[str, Any]:
    reasons = {reading.reason(c) for row in reading.heatmap.rows for c in (row.all, *row.cells)}
    return {
        "legend": heatmap_words.legend(reading),
        "ramp": heatmap_rows.SHADE_CLASSES,
        "joined": curve_words.surveys(reading.surveys),
        "hidden_words": heatmap_words.reason("too_few", reading.k),
        "has_hidden": bool(reasons & {"too_few", "complement"}),
        "has_never_asked": "never_asked" in reasons,
        "by_words": heatmap_words.by_words(reading.selection.by),
    }


def _csv_url(request: WorkspaceRequest, reading: HeatReading) -> str:
    """Where the numbers can be had as a file; empty for who may not export."""
    if "export" not in request.member.capabilities:
        return ""
    url = reverse("journeys:heatmap-csv", args=[request.workspace.slug])
    query = reading.selection.query()
    return f"{url}?{query}" if query else url
