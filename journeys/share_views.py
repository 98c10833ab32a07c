"""Showing a map to others: who can see it, and read-only links to it."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cxm.access import WorkspaceRequest, workspace_view
from cxm.models import Membership
from journeys import sharing
from journeys.board import Board, load_board
from journeys.models import Journey, LaneKind, ShareLink


class ShareForm(forms.Form):
    """A new link: for whom, what it shows, how long, and behind which password."""

    name = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        help_text=gettext_lazy("Only you and your colleagues see this."),
    )
    lanes = forms.MultipleChoiceField(
        label=gettext_lazy("Lanes to show"), widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        min_length=6,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Pass it on apart from the link."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Works until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = sharing.offered_lanes(board)
        field: Any = self.fields["lanes"]
        field.choices = [(str(lane.id), lane.name) for lane in offered]
        # What customers wrote is shown to guests only when somebody decides so.
        field.initial = [str(lane.id) for lane in offered if lane.kind != LaneKind.QUOTES]

    def clean_expires_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["expires_on"]
        if day is not None and not timezone.localdate() <= day <= datetime.date(9998, 12, 31):
            raise forms.ValidationError(_("This day is over."))
        return day


@workspace_view("edit")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Who sees the map. A POST makes a link and shows its address, this once."""
    found = get_object_or_404(Journey, workspace=request.workspace, slug=journey)
    board = load_board(found)
    if request.method != "POST":
        return _page(request, found, board, ShareForm(board=board))
    form = ShareForm(request.POST, board=board)
    if not form.is_valid():
        return _page(request, found, board, form, status=422)
    created = sharing.create_link(
        journey=found,
        actor=request.user,
        name=form.cleaned_data["name"],
        lanes=[int(id) for id in form.cleaned_data["lanes"]],
        password=form.cleaned_data["password"],
        expires_on=form.cleaned_data["expires_on"],
    )
    return _page(request, found, board, ShareForm(board=board), created=created)


def _page(
    request: WorkspaceRequest,
    journey: Journey,
    board: Board,
    form: ShareForm,
    *,
    created: sharing.Created | None = None,
    status: int = 200,
) -> HttpResponse:
    links = ShareLink.objects.filter(journey=journey).select_related("actor")
    members = Membership.objects.filter(workspace=request.workspace).select_related("user")
    page = {
        "journey": journey,
        "form": form,
        "links": [(link, _lane_words(link, board)) for link in links],
        "now": timezone.now(),
        "members": sorted(members, key=lambda member: str(member.user).casefold()),
        "created": created,
        "address": reverse("shared:map", kwargs={"token": created.token}) if created else "",
    }
    if created:
        page["full_address"] = request.build_absolute_uri(str(page["address"]))
    response = render(request, "journeys/share.html", page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _lane_words(link: ShareLink, board: Board) -> str:
    return ", ".join(lane.name for lane in sharing.shown_lanes(link, board))


@workspace_view("edit")
@require_POST
def share_revocation(request: WorkspaceRequest, journey: str, link: int) -> HttpResponseBase:
    """Close a link for good."""
    found = get_object_or_404(Journey, workspace=request.workspace, slug=journey)
    row = get_object_or_404(ShareLink.objects, journey=found, pk=min(link, 2**63 - 1))
    sharing.revoke_link(link=row)
    messages.success(request, _("The link no longer works"))
    return redirect("journeys:share", workspace=request.workspace.slug, journey=found.slug)
