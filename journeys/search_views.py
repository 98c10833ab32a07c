"""Searching a workspace: a page, and the same for the command menu."""

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys.search import LONGEST, Found, marked
from journeys.search import search as look


@workspace_view("read")
@require_safe
def search(request: WorkspaceRequest) -> HttpResponseBase:
    """``?q=`` over maps, steps, cards, personas, touchpoints and comments.

    As JSON where that is asked for: ``hits`` with kind, title, where, url and action, and
    ``words``: what to say where there are none.
    """
    text = request.GET.get("q", "")[:LONGEST].strip()
    found = look(workspace=request.workspace, text=text)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        hits = [vars(hit) | {"group": group} for _k, group, own, _m in found.groups for hit in own]
        response: HttpResponseBase = JsonResponse({"hits": hits, "words": _said(text, found)})
    else:
        groups = [
            (kind, name, [(hit, marked(hit.title, found.words)) for hit in hits], more)
            for kind, name, hits, more in found.groups
        ]
        context = {"q": text, "found": found, "groups": groups, "said": _said(text, found)}
        response = render(request, "journeys/search.html", context)
    patch_vary_headers(response, ("Accept",))
    return response


def _said(text: str, found: Found) -> str:
    """Why there is nothing to see; empty where there are hits."""
    if found.hits:
        return ""
    if not text:
        return _("Write what you look for: a word of a map, step, card, persona or comment.")
    if not found.words:
        return _("Write at least two letters.")
    return _("Nothing in this workspace has these words.")
