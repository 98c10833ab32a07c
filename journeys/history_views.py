"""The history of a map: its panel, named versions, and bringing a past state back."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from journeys import editing, history
from journeys.followed import followed
from journeys.log import state_at
from journeys.models import Event, Journey, Version
from journeys.rows import load_state
from journeys.undoing import ClashError


class VersionForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of this state"), max_length=120)
    seq = forms.IntegerField(min_value=0, max_value=2**62)


class SeqForm(forms.Form):
    seq = forms.IntegerField(min_value=0, max_value=2**62)


def _journey(request: WorkspaceRequest, slug: str) -> Journey:
    return get_object_or_404(Journey, workspace=request.workspace, slug=slug)


def asked_seq(request: WorkspaceRequest, journey: Journey) -> int | None:
    """The past state that the address asks for by ``?at=``; None is today. Raises Http404."""
    raw = request.GET.get("at", "")
    if not raw:
        return None
    if not raw.isdecimal() or len(raw) > 18 or int(raw) > journey.last_seq:
        raise Http404
    return None if int(raw) == journey.last_seq else int(raw)


@workspace_view("read")
@require_safe
def history_read(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """What changed, day by day, with named versions; ``?at=`` is the state that is looked at."""
    return _page(request, _journey(request, journey))


def _page(
    request: WorkspaceRequest, journey: Journey, form: VersionForm | None = None
) -> HttpResponseBase:
    at = asked_seq(request, journey)
    seq = journey.last_seq if at is None else at
    try:
        state = load_state(journey.pk) if at is None else followed(state_at(journey, at))
    except Event.DoesNotExist as error:
        raise Http404 from error
    days = history.days(journey)
    now = load_state(journey.pk) if at is not None else state
    context = {
        "journey": journey,
        "at": at,
        "seq": seq,
        "days": days,
        "day": next((n for n, day in enumerate(days) if day.seq >= seq), len(days) - 1),
        "since": journey.last_seq - seq,
        "moments": history.moments(journey, state, until=seq),
        "earlier": max(0, seq - history.PAGE),
        "versions": Version.objects.filter(journey=journey).select_related("actor"),
        "event": Event.objects.filter(journey=journey, seq=seq).select_related("actor").first(),
        "differences": history.differing_cells(state, now) if at is not None else {},
        "form": form or VersionForm(initial={"seq": seq}),
    }
    template = "journeys/history.html" + ("#panel" if request.htmx else "")
    return render(request, template, context, status=422 if form else 200)


@workspace_view("edit")
@require_POST
def version_create(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Give a state a name, so that it can be found again."""
    found, form = _journey(request, journey), VersionForm(request.POST)
    if not form.is_valid() or form.cleaned_data["seq"] > found.last_seq:
        return _page(request, found, form)
    Version.objects.create(
        workspace=request.workspace,
        journey=found,
        seq=form.cleaned_data["seq"],
        name=form.cleaned_data["name"],
        actor=request.user,
    )
    messages.success(request, _("The state is named."))
    return redirect("journeys:journey", request.workspace.slug, found.slug)


@workspace_view("edit")
@require_POST
def restoration(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """Bring the map back to a past state, as a new change; it can be undone."""
    found, form = _journey(request, journey), SeqForm(request.POST)
    if not form.is_valid() or form.cleaned_data["seq"] > found.last_seq:
        raise Http404
    try:
        editing.restore_journey(journey=found, actor=request.user, seq=form.cleaned_data["seq"])
    except Event.DoesNotExist as error:
        raise Http404 from error
    except ClashError:
        words = _("Not restored: something that this state refers to has been deleted since.")
        messages.error(request, words)
    else:
        messages.success(request, _("The past state is back. Undo takes it away again."))
    return redirect("journeys:journey", request.workspace.slug, found.slug)
