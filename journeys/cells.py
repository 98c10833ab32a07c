"""Single cells of a map as HTML: what an edit and a live update send instead of the whole page."""

from collections.abc import Collection

from django.template.loader import render_to_string

from cxm.access import WorkspaceRequest
from journeys.board import load_cells
from journeys.models import Journey


def render_cells(
    request: WorkspaceRequest, journey: Journey, places: Collection[tuple[int, int]]
) -> dict[str, str]:
    """The inside of each cell (lane, step) by its key; cells of no step or lane are left out."""
    if not places:
        return {}
    found: dict[str, str] = {}
    for lane, step, cell in load_cells(journey, places):
        context = {"lane": lane, "cell": cell, "step": step, "request": request}
        found[cell.key] = render_to_string("journeys/_cell.html", context)
    return found
