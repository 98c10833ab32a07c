"""Comments on a map: reading them, writing one's own, settling threads.

Whoever may read a map may take part in the conversation about it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import comments as talk
from journeys import editing
from journeys.mentions import members_of, spoken_name
from journeys.models import Comment, Journey, Notification

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


@contextmanager
def _or_404() -> Iterator[None]:
    """A remark that its author removed between looking it up and changing it is not there."""
    try:
        yield
    except Comment.DoesNotExist as error:
        raise Http404 from error


def _map(request: WorkspaceRequest, journey: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=journey)


def _comment(request: WorkspaceRequest, journey: str, comment: int) -> Comment:
    rows = Comment.objects.select_related("journey", "thread__journey", "resolved_by")
    return get_object_or_404(rows, journey=_map(request, journey), pk=min(comment, MAX_ID))


def _own(request: WorkspaceRequest, journey: str, comment: int) -> Comment:
    """Nobody writes or removes what somebody else said."""
    found = _comment(request, journey, comment)
    if found.author_id != request.user.pk:
        raise forms.ValidationError(_("Only who wrote a comment changes it."))
    return found


@workspace_view("read")
@require_safe
def comments(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """All threads of a map by a filter: a page, and for htmx the panel beside the map."""
    return _list(request, _map(request, journey))


def _list(
    request: WorkspaceRequest, journey: Journey, form: CommentForm | None = None, status: int = 200
) -> HttpResponse:
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
    found = _map(request, journey)
    thread = _id(request.GET.get("thread"))
    if thread is None:
        return _at(request, found, _place(request.GET, found))
    root = get_object_or_404(Comment.objects, journey=found, pk=thread)
    root = root.thread or root
    place = talk.read_places(found, [root])[root.pk]
    return _at(request, found, place, also=root)


def _at(
    request: WorkspaceRequest,
    journey: Journey,
    place: talk.Place,
    *,
    also: Comment | None = None,
    form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    threads = []
    if not place.is_gone:
        threads = talk.read_threads(journey, request.user, at=talk.at_place(place))[::-1]
    if also is not None and also.pk not in {thread.id for thread in threads}:
        threads.insert(0, talk.read_thread(also, request.user))
    page = {"journey": journey, "place": place, "threads": threads, "form": form}
    template = "journeys/_comments_place.html" if request.htmx else "journeys/comments_place.html"
    return render(request, template, page, status=status)


@workspace_view("read")
@require_safe
def comments_pins(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """How many open threads stand where, as JSON for the pins on the map."""
    pins = talk.read_pins(_map(request, journey))
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


def _id(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _place(values: Any, journey: Journey) -> talk.Place:
    return talk.read_place(
        journey,
        lane=_id(values.get("lane")),
        step=_id(values.get("step")),
        card=_id(values.get("card")),
    )


def _origin(request: WorkspaceRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


@workspace_view("read")
@require_POST
def comment_create(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Begin a thread at a place, or answer in one (``thread``)."""
    found = _map(request, journey)
    form = CommentForm(request.POST)
    if request.POST.get("thread"):
        return _answered(request, found, form)
    place = _place(request.POST, found)
    if place.is_gone:
        form.add_error(None, _("This place is not on the map any more."))
    if form.is_valid():
        editing.add_comment(
            journey=found,
            actor=request.user,
            text=form.cleaned_data["text"],
            spot=editing.Spot(lane=place.lane, step=place.step, card=place.card),
            origin=_origin(request),
        )
    return _after(request, found, place, form)


def _after(
    request: WorkspaceRequest, journey: Journey, place: talk.Place, form: CommentForm
) -> HttpResponse:
    """What the person sees next: the place or the list with the new thread, or what is wrong."""
    status, again = (200, None) if form.is_valid() else (422, form)
    if not request.htmx and again is None:
        messages.success(request, _("Comment saved"))
        return redirect(_list_address(request, journey))
    if request.POST.get("from") == "list":
        return _talked(_list(request, journey, again, status))
    return _talked(_at(request, journey, place, form=again, status=status))


def _answered(request: WorkspaceRequest, journey: Journey, form: CommentForm) -> HttpResponse:
    thread = _id(request.POST.get("thread"))
    root = get_object_or_404(
        Comment.objects.select_related("journey"), journey=journey, thread=None, pk=thread
    )
    if form.is_valid():
        with _or_404():
            editing.answer_comment(
                thread=root,
                actor=request.user,
                text=form.cleaned_data["text"],
                origin=_origin(request),
            )
    return _thread(request, root, form)


def _thread(
    request: WorkspaceRequest, root: Comment, form: CommentForm | None = None
) -> HttpResponse:
    """The thread as it is now; with a form that is wrong, what is wrong."""
    wrong = form is not None and not form.is_valid()
    if not request.htmx and not wrong:
        return redirect(_list_address(request, root.journey, f"#thread-{root.pk}"))
    page = {
        "journey": root.journey,
        "thread": talk.read_thread(root, request.user),
        "form": form if wrong else None,
    }
    template = "journeys/_thread.html" if request.htmx else "journeys/thread.html"
    return _talked(render(request, template, page, status=422 if wrong else 200))


def _list_address(request: WorkspaceRequest, journey: Journey, anchor: str = "") -> str:
    names = {"workspace": request.workspace.slug, "journey": journey.slug}
    return reverse("journeys:comments", kwargs=names) + anchor


def _talked(response: HttpResponse) -> HttpResponse:
    response["HX-Trigger"] = "map:talk"
    return response


@workspace_view("read")
@require_http_methods(["GET", "HEAD", "POST"])
def comment_edit(request: WorkspaceRequest, journey: str, comment: int) -> HttpResponseBase:
    """Write one's own comment anew."""
    try:
        found = _own(request, journey, comment)
    except forms.ValidationError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _or_404():
            editing.edit_comment(
                comment=found,
                actor=request.user,
                text=form.cleaned_data["text"],
                origin=_origin(request),
            )
        return _thread(request, found.thread or found)
    typed = form.data.get("text", "") if form.is_bound else found.text
    page = {"journey": found.journey, "comment": found, "form": form, "typed": typed}
    template = "journeys/_comment_edit.html" if request.htmx else "journeys/comment_edit.html"
    response = render(request, template, page, status=422 if form.errors else 200)
    if form.errors:
        response["HX-Retarget"] = f"#comment-{found.pk}"
        response["HX-Reswap"] = "innerHTML"
    return response


@workspace_view("read")
@require_POST
def comment_removal(request: WorkspaceRequest, journey: str, comment: int) -> HttpResponseBase:
    """Remove one's own comment, unless others have answered it."""
    try:
        found = _own(request, journey, comment)
        root = found.thread
        with _or_404():
            editing.remove_comment(comment=found, actor=request.user)
    except forms.ValidationError as error:
        return HttpResponse(error.message, status=422, content_type="text/plain; charset=utf-8")
    except editing.AnsweredError:
        return _refused(request, found)
    if root is not None:
        return _thread(request, root)
    if not request.htmx:
        messages.success(request, _("Comment removed"))
        return redirect(_list_address(request, found.journey))
    return _talked(HttpResponse(""))


def _refused(request: WorkspaceRequest, root: Comment) -> HttpResponse:
    form = CommentForm({})
    form.errors.clear()
    form.add_error(None, _("Others have answered. Resolve the thread instead."))
    return _thread(request, root, form)


@workspace_view("read")
@require_POST
def thread_resolution(request: WorkspaceRequest, journey: str, comment: int) -> HttpResponseBase:
    """Settle a thread, or open it again (``open=1``)."""
    found = _comment(request, journey, comment)
    root = found.thread or found
    change = editing.reopen_thread if request.POST.get("open") else editing.resolve_thread
    with _or_404():
        change(thread=root, actor=request.user)
    return _thread(request, root)


@workspace_view("read")
@require_POST
def thread_reading(request: WorkspaceRequest, journey: str, comment: int) -> HttpResponseBase:
    """One's own notifications about a thread count as read: it is open before one's eyes."""
    found = _comment(request, journey, comment)
    root = found.thread or found
    mine = Notification.objects.filter(user=request.user, read_at__isnull=True)
    mine = mine.filter(comment=root) | mine.filter(comment__thread=root)
    mine.update(read_at=timezone.now())
    return HttpResponse(status=204)
