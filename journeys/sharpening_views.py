"""Which question would sharpen the curve most: a part of the planner and of the curve's page."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import selection
from journeys.curve import read_curve
from journeys.models import Journey
from journeys.sharpening import next_steps


@workspace_view("read")
@require_safe
def next_question(request: WorkspaceRequest) -> HttpResponse:
    """``?journey=`` names the map; without, the one that was edited last, of today."""
    maps = list(Journey.objects.filter(future_of=None).order_by("-updated_at"))
    wanted = request.GET.get("journey", "")
    journey = next((row for row in maps if row.slug == wanted), maps[0] if maps else None)
    context: dict[str, object] = {"journey": journey, "journeys": maps}
    if journey is not None:
        choices = selection.load_choices(request.workspace)
        reading = read_curve(
            workspace=request.workspace,
            journey=journey,
            selected=selection.parse(QueryDict(), choices),
            choices=choices,
        )
        context |= {"steps": next_steps(reading.curve), "k": reading.k}
    template = "journeys/next_question.html" + ("#part" if request.htmx else "")
    return render(request, template, context)
