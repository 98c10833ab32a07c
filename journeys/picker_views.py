"""What the map's pickers ask for: touchpoints to put on a step, maps that a step can open."""

from django.db import IntegrityError, transaction
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys.models import Journey
from touchpoints import catalogue, merging, words
from touchpoints.models import MediaType, Touchpoint

MOST = 30
"""Rows of one answer: nobody reads more, the next letter narrows it."""


@workspace_view("read")
@require_safe
def touchpoint_options(request: WorkspaceRequest) -> HttpResponseBase:
    """Touchpoints in use whose name has ``?q=``, as rows with id, name, kind and channel."""
    rows = Touchpoint.objects.in_use().select_related("channel").order_by("name")
    text = request.GET.get("q", "").strip()[:120]
    if text:
        rows = rows.filter(name__icontains=text.replace("\x00", ""))
    return render(request, "journeys/touchpoint_options.html", {"rows": rows[:MOST]})


@workspace_view("read")
@require_safe
def map_options(request: WorkspaceRequest) -> HttpResponseBase:
    """Maps of the workspace whose title has ``?q=``; templates are left out."""
    rows = Journey.objects.filter(workspace=request.workspace, is_template=False).order_by("title")
    text = request.GET.get("q", "").strip()[:160]
    if text:
        rows = rows.filter(title__icontains=text.replace("\x00", ""))
    return render(request, "journeys/map_options.html", {"rows": rows[:MOST]})


@workspace_view("catalogue")
@require_POST
def touchpoint_quick(request: WorkspaceRequest) -> HttpResponseBase:
    """A touchpoint by its name and media type, as JSON ``id``; one of that name is found.

    422 with the reason in words.
    """
    name = words.tidied(request.POST.get("name", "").replace("\x00", ""))
    media_type = request.POST.get("media_type", MediaType.OWNED)
    if not name or len(name) > 120:
        return JsonResponse({"error": _("A name has 1 to 120 characters.")}, status=422)
    if media_type not in MediaType.values:
        return JsonResponse({"error": _("Paid, owned or earned?")}, status=422)
    found = merging.found_by(name) or _made(request, name, media_type)
    return JsonResponse({"id": found.pk, "name": found.name})


def _made(request: WorkspaceRequest, name: str, media_type: str) -> Touchpoint:
    try:
        with transaction.atomic():
            return catalogue.keep_touchpoint(
                workspace=request.workspace,
                touchpoint=Touchpoint(name=name, media_type=media_type),
                channel="",
            )
    except IntegrityError:
        # Somebody made the same at this moment.
        return Touchpoint.objects.get(name__iexact=name)
