"""Comments on a map to read: all of them, those at one place, and how many there are where."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import comments as talk
from journeys.comment_places import Place, at_place, read_place, read_places
from journeys.mentions import members_of, spoken_name
from journeys.models import Comment, Journey

MAX_ID = 2**63 - 1


class CommentForm(forms.Form):
    """What a person says."""

    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        # Halves of characters, which PostgreSQL could not store, become question marks.
        return text.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def the_map(request: WorkspaceRequest, journey: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=journey)


def the_comment(request: WorkspaceRequest, journey: str, comment: int) -> Comment:
    rows = Comment.objects.select_related("journey", "thread__journey", "resolved_by")
    return get_object_or_404(rows, journey=the_map(request, journey), pk=min(comment, MAX_ID))


@workspace_view("read")
@require_safe
def comments(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """All threads of a map by a filter: a page, and for htmx the panel beside the map."""
    return list_page(request, the_map(request, journey))


def list_page(
    request: WorkspaceRequest, journey: Journey, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
    """All threads of a map as the filter says: page, fragment, or the panel beside the map."""
    show = request.GET.get("show", "open")
    show = show if show in talk.FILTERS else "open"
    page = {
        "journey": journey,
        "threads": talk.read_threads(journey, request.user, show),
        "limit": talk.SHOWN,
        "show": show,
        "filters": [
            ("open", pgettext("threads", "Open")), ("resolved", _("Resolved")),
            ("mine", _("Mine")), ("mentions", _("Mentions me")),
        ],
        "form": form,
    }  # fmt: skip
    template = "journeys/_comments.html" if request.htmx else "journeys/comments.html"
    if request.htmx and request.htmx.target == "panel":
        template = "journeys/_comments_panel.html"
    return render(request, template, page, status=status)


@workspace_view("read")
@require_safe
def comments_place(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """The open threads at one place (``?lane=&step=&card=``), or where ``?thread=`` stands."""
    found = the_map(request, journey)
    thread = id_of(request.GET.get("thread"))
    if thread is None:
        return place_page(request, found, place_of(request.GET, found))
    root = get_object_or_404(Comment.objects, journey=found, pk=thread)
    root = root.thread or root
    place = read_places(found, [root])[root.pk]
    return place_page(request, found, place, also=root)


def place_page(
    request: WorkspaceRequest,
    journey: Journey,
    place: Place,
    *,
    also: Comment | None = None,
    form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The open threads of one place, newest last; ``also`` comes first if it is none of them."""
    threads = []
    if not place.is_gone:
        threads = talk.read_threads(journey, request.user, at=at_place(place))[::-1]
    if also is not None and also.pk not in {thread.id for thread in threads}:
        threads.insert(0, talk.read_thread(also, request.user))
    page = {"journey": journey, "place": place, "threads": threads, "form": form}
    template = "journeys/_comments_place.html" if request.htmx else "journeys/comments_place.html"
    return render(request, template, page, status=status)


@workspace_view("read")
@require_safe
def comments_pins(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """How many open threads stand where, as JSON for the pins on the map."""
    pins = talk.read_pins(the_map(request, journey))
    return JsonResponse(
        {
            "cells": pins.cells,
            "steps": pins.steps,
            "lanes": pins.lanes,
            "map": pins.on_map,
            "total": pins.total,
        }
    )


@workspace_view("read")
@require_safe
def comments_people(request: WorkspaceRequest) -> HttpResponseBase:
    """Names that "@" offers: the members of the workspace, as JSON."""
    names = [spoken_name(user) for user in members_of(request.workspace.pk)]
    return JsonResponse({"people": names})


def id_of(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def place_of(values: Any, journey: Journey) -> Place:
    return read_place(
        journey,
        lane=id_of(values.get("lane")),
        step=id_of(values.get("step")),
        card=id_of(values.get("card")),
    )
