"""Taking part in the conversation about a map: whoever may read it may speak.

Each action answers with the thread, the place or the list as it is now; without htmx it leads back
to the list.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cxm.access import WorkspaceRequest, workspace_view
from journeys import comments as talk
from journeys import editing
from journeys.comment_places import Place
from journeys.comment_views import (
    CommentForm,
    id_of,
    list_page,
    place_of,
    place_page,
    the_comment,
    the_map,
)
from journeys.models import Comment, Journey, Notification


@contextmanager
def _or_404() -> Iterator[None]:
    """A remark that its author removed between looking it up and changing it is not there."""
    try:
        yield
    except Comment.DoesNotExist as error:
        raise Http404 from error


def _own(request: WorkspaceRequest, journey: str, comment: int) -> Comment:
    """Nobody writes or removes what somebody else said."""
    found = the_comment(request, journey, comment)
    if found.author_id != request.user.pk:
        raise forms.ValidationError(_("Only who wrote a comment changes it."))
    return found


def _origin(request: WorkspaceRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


@workspace_view("read")
@require_POST
def comment_create(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Begin a thread at a place, or answer in one (``thread``)."""
    found = the_map(request, journey)
    form = CommentForm(request.POST)
    if request.POST.get("thread"):
        return _answered(request, found, form)
    place = place_of(request.POST, found)
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
    request: WorkspaceRequest, journey: Journey, place: Place, form: CommentForm
) -> HttpResponse:
    """What the person sees next: the place or the list with the new thread, or what is wrong."""
    status, again = (200, None) if form.is_valid() else (422, form)
    if not request.htmx and again is None:
        messages.success(request, _("Comment saved"))
        return redirect(_list_address(request, journey))
    if request.POST.get("from") == "list":
        return _talked(list_page(request, journey, again, status))
    return _talked(place_page(request, journey, place, form=again, status=status))


def _answered(request: WorkspaceRequest, journey: Journey, form: CommentForm) -> HttpResponse:
    thread = id_of(request.POST.get("thread"))
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
    found = the_comment(request, journey, comment)
    root = found.thread or found
    change = editing.reopen_thread if request.POST.get("open") else editing.resolve_thread
    with _or_404():
        change(thread=root, actor=request.user)
    return _thread(request, root)


@workspace_view("read")
@require_POST
def thread_reading(request: WorkspaceRequest, journey: str, comment: int) -> HttpResponseBase:
    """One's own notifications about a thread count as read: it is open before one's eyes."""
    found = the_comment(request, journey, comment)
    root = found.thread or found
    mine = Notification.objects.filter(user=request.user, read_at__isnull=True)
    mine = mine.filter(comment=root) | mine.filter(comment__thread=root)
    mine.update(read_at=timezone.now())
    return HttpResponse(status=204)
