"""The check of a map: what makes it hard to trust, to read or to act on."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import check_words, checking
from journeys.models import Journey


@workspace_view("read")
@require_safe
def check(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    found = get_object_or_404(Journey, workspace=request.workspace, slug=journey)
    groups = check_words.groups(checking.check_map(workspace=request.workspace, journey=found))
    context = {"journey": found, "groups": groups, "count": sum(group.count for group in groups)}
    return render(request, "journeys/check.html", context)
