"""Merging two touchpoints: choose the other one, see what moves, do it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cxm.access import WorkspaceRequest, workspace_view
from journeys import merging
from touchpoints.models import Touchpoint


@workspace_view("catalogue")
@require_http_methods(["GET", "HEAD", "POST"])
def touchpoint_merge(request: WorkspaceRequest, touchpoint: int) -> HttpResponse:
    """``?into=`` names the one that stays: what would move is shown, and done when posted."""
    goes = get_object_or_404(Touchpoint.objects.filter(merged_into=None), pk=touchpoint)
    others = list(Touchpoint.objects.filter(merged_into=None).exclude(pk=goes.pk).order_by("name"))
    text = (request.POST if request.method == "POST" else request.GET).get("into", "")
    into = next((other for other in others if str(other.pk) == text), None)
    if request.method == "POST" and into is not None and _merged(request, goes, into):
        words = _("%(old)s is now part of %(name)s") % {"old": goes.name, "name": into.name}
        messages.success(request, words)
        slug = request.workspace.slug
        return redirect("touchpoints:touchpoint", workspace=slug, touchpoint=into.pk)
    problem = _("Choose the touchpoint that stays.") if text and into is None else ""
    if request.method == "POST" and not problem:
        problem = _("Somebody changed one of the two a moment ago. Look again.")
        if into is None:
            problem = _("Choose the touchpoint that stays.")
    context: dict[str, Any] = {"goes": goes, "others": others, "problem": problem}
    context["preview"] = merging.preview(goes=goes, into=into) if into else None
    status = 422 if problem else 200
    return render(request, "journeys/touchpoint_merge.html", context, status=status)


def _merged(request: WorkspaceRequest, goes: Touchpoint, into: Touchpoint) -> bool:
    """Somebody else may have merged one of them at this moment."""
    try:
        merging.merge(goes=goes, into=into, actor=request.user)
    except ValueError:
        return False
    return True
