"""Parts of the map page that are asked for again: the whole grid, and what answers say."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys.map_page import MapPage, load_page
from journeys.map_table import table_of
from journeys.map_tools import tools
from journeys.measured import Measured, MeasuredWriter, measured_cells, read_measured
from journeys.small_curve import small_curve


def with_answers(page: MapPage) -> tuple[MapPage, Measured]:
    """The page with what answers say in its cells."""
    measured = read_measured(page)
    page = replace(page, measured=MeasuredWriter(page, measured), reading=measured.reading)
    return page, measured


@workspace_view("read")
@require_safe
def journey(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The map: to edit for who may, to read for everybody else. ``?measured=1`` reads answers."""
    page, measured = load_page(request, journey), None
    if request.GET.get("measured") == "1":
        page, measured = with_answers(page)
    return render(request, "journeys/journey.html", _context(page, measured) | tools(page))


@workspace_view("read")
@require_safe
def board(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The grid afresh: lanes, steps or phases changed."""
    page = load_page(request, journey)
    if request.GET.get("measured") == "1":
        page, _measured = with_answers(page)
    return render(request, "journeys/_board.html", {"map": page})


@workspace_view("read")
@require_safe
def emotion(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """What answers say: the emotion lane, the cells of other lanes that show it, the finding."""
    page, measured = with_answers(load_page(request, journey))
    context = _context(page, measured)
    context |= {
        "lanes": [lane.html() for lane in page.emotion_lanes()],
        "cells": measured_cells(page, measured),
    }
    return render(request, "journeys/_emotion.html", context)


@workspace_view("read")
@require_safe
def table(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The whole map as one plain table, with what answers say."""
    page, measured = with_answers(load_page(request, journey))
    context = _context(page, measured) | {"table": table_of(page, measured)}
    return render(request, "journeys/table.html", context)


def _context(page: MapPage, measured: Measured | None) -> dict[str, Any]:
    return {
        "map": page,
        "journey": page.journey,
        "past": page.past,
        "measured": measured,
        "curve_url": page.curve_url,
        "small_curve": small_curve(page),
    }
