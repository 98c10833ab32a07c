"""Home of a workspace, list of maps."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.models import Workspace
from journeys import home as home_numbers
from journeys import listing
from journeys.models import Journey
from surveys import cases


@workspace_view("read")
@require_safe
def home(request: WorkspaceRequest) -> HttpResponseBase:
    """What was found, every map at a glance, what needs attention; or how to begin."""
    if not Journey.objects.exists():
        sample = Workspace.objects.of(request.user).filter(is_sample=True).first()
        return render(request, "journeys/home_first.html", {"sample": sample})
    may_see = "verbatims" in request.member.capabilities
    page = home_numbers.read_home(workspace=request.workspace, with_verbatims=may_see)
    waiting = cases.waiting(request.user) if may_see else None
    return render(request, "journeys/home.html", {"page": page, "cases": waiting})


@workspace_view("read")
@require_safe
def journeys(request: WorkspaceRequest) -> HttpResponseBase:
    """The maps of the workspace; ``?q=`` looks in titles and steps."""
    search = request.GET.get("q", "").replace("\x00", "")[:200]
    context = {"rows": listing.list_maps(search), "search": search}
    return render(request, "journeys/journeys.html", context)
