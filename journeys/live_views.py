"""Where somebody is on a map: told to the others, stored nowhere."""

import re

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cxm.access import WorkspaceRequest, workspace_view
from cxm.live_app import TAB
from journeys.live import say_present
from journeys.models import Journey

CELL = re.compile(r"([0-9]{1,19}-[0-9]{1,19})?")


@workspace_view("read")
@require_POST
def presence(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """A tab says which cell has the focus; 422 where tab or cell are no names of such."""
    found = get_object_or_404(Journey, workspace=request.workspace, slug=journey)
    tab, cell = request.POST.get("tab", ""), request.POST.get("cell", "")
    if not TAB.fullmatch(tab) or not CELL.fullmatch(cell):
        return HttpResponse(status=422)
    say_present(journey=found, user=request.user, tab=tab, cell=cell)
    return HttpResponse(status=204)
