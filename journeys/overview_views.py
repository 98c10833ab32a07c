"""The overview of all maps: which open into which, and how deep."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import hierarchy


@workspace_view("read")
@require_safe
def overview(request: WorkspaceRequest) -> HttpResponseBase:
    return render(request, "journeys/overview.html", {"overview": hierarchy.overview()})
