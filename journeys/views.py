"""Home of a workspace, list of maps, a map to read."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.models import Workspace
from journeys import home as home_numbers
from journeys import listing
from journeys.models import Journey, Phase


def map_rows(journey: Journey) -> list[Phase]:
    """Phases with steps, touchpoints and own questions: five queries."""
    return list(
        Phase.objects.filter(journey=journey).prefetch_related(
            "steps__touchpoint_links__touchpoint", "steps__question_links"
        )
    )


@workspace_view("read")
@require_safe
def home(request: WorkspaceRequest) -> HttpResponseBase:
    """What was found, every map at a glance, what needs attention; or how to begin."""
    if not Journey.objects.exists():
        sample = Workspace.objects.of(request.user).filter(is_sample=True).first()
        return render(request, "journeys/home_first.html", {"sample": sample})
    page = home_numbers.read_home(
        workspace=request.workspace,
        with_verbatims="verbatims" in request.member.capabilities,
    )
    return render(request, "journeys/home.html", {"page": page})


@workspace_view("read")
@require_safe
def journeys(request: WorkspaceRequest) -> HttpResponseBase:
    """The maps of the workspace; ``?q=`` looks in titles and steps."""
    search = request.GET.get("q", "")[:200]
    context = {"rows": listing.list_maps(search), "search": search}
    return render(request, "journeys/journeys.html", context)


@workspace_view("read")
@require_safe
def journey(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The map to read: phases, steps, touchpoints, what the team assumes."""
    found = get_object_or_404(Journey, workspace=request.workspace, slug=journey)
    context = {"journey": found, "phases": map_rows(found)}
    return render(request, "journeys/journey.html", context)
