"""What waits for a person: who mentioned them, who answered."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys.comments import when_words
from journeys.letters import place_address
from journeys.mentions import Names, Part, members_of, spoken_name, unread
from journeys.models import Notification

SHOWN = 100
"""Notifications that the page shows, the newest first."""


@dataclass(frozen=True)
class Row:
    """One notification in words, with the address of the place it speaks of."""

    id: int
    author: str
    seed: int | None
    map: str
    parts: list[Part]
    when: str
    is_new: bool
    address: str


@workspace_view("read")
@require_safe
def notifications(request: WorkspaceRequest) -> HttpResponseBase:
    """One's own notifications of the workspace: three queries."""
    found = Notification.objects.filter(user=request.user).select_related(
        "comment__author", "comment__journey"
    )[:SHOWN]
    names = Names(members_of(request.workspace.pk))
    rows = [_row(request, row, names) for row in found]
    page = {"rows": rows, "new": sum(row.is_new for row in rows)}
    return render(request, "journeys/notifications.html", page)


def _row(request: WorkspaceRequest, row: Notification, names: Names) -> Row:
    # Saves asking for the workspace row by row.
    row.workspace = request.workspace
    comment = row.comment
    return Row(
        id=row.pk,
        author=spoken_name(comment.author) if comment.author else _("Somebody who left"),
        seed=comment.author_id,
        map=comment.journey.title,
        parts=names.parts(comment.text),
        when=when_words(row.at),
        is_new=row.read_at is None,
        address=place_address(row),
    )


@workspace_view("read")
@require_safe
def notifications_count(request: WorkspaceRequest) -> HttpResponseBase:
    """How many are new, as the bell in the frame shows it."""
    n = unread(request.workspace, request.user)
    return render(request, "journeys/_notifications_count.html", {"n": n})


@workspace_view("read")
@require_POST
def notifications_reading(request: WorkspaceRequest) -> HttpResponseBase:
    """All of one's notifications, or the one named by ``id``, count as read."""
    mine = Notification.objects.filter(user=request.user, read_at__isnull=True)
    if (id := request.POST.get("id", "")) and id.isdecimal() and len(id) < 19:
        mine = mine.filter(pk=int(id))
    mine.update(read_at=timezone.now())
    if not request.POST.get("id"):
        messages.success(request, _("All read"))
    return redirect("journeys:notifications", workspace=request.workspace.slug)
