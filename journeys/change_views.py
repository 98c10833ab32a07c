"""Changing a map, and asking what changed since: what the editor and live updates talk to."""

import json
import uuid
from typing import Any

from django.db import IntegrityError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from cxm.templatetags.ui import number
from journeys import changes, editing
from journeys.cells import render_cells
from journeys.log import sent_change
from journeys.models import Card, Event, Evidence, Journey
from journeys.recent import Recent
from journeys.touching import MANY, touched
from journeys.undoing import ClashError

MAX_BODY = 1_000_000


@workspace_view("edit")
@require_POST
def changes_create(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """One change, as JSON. The answer says what is new since ``since``, own change included.

    Sent twice with the same key it happens once. 409: somebody else changed the same meanwhile;
    410: it is not on the map any more; 422: it cannot be done, with the reason in words.
    """
    rows = Journey.objects.filter(workspace=request.workspace, slug=journey)
    try:
        values = _body(request)
        key = _key(values)
    except changes.ChangeError as error:
        get_object_or_404(rows)
        return JsonResponse({"error": str(error)}, status=422)
    try:
        with sent_change(rows, key) as found:
            event = changes.make(values, journey=found, actor=request.user)
    except Journey.DoesNotExist as error:
        raise Http404 from error
    except (IntegrityError, changes.ChangeError, editing.TextConflictError, ClashError) as error:
        # A change that was made before, and is sent again, is no mistake but done.
        found = get_object_or_404(rows)
        event = Event.objects.filter(journey=found, key=key).first() if key else None
        if event is None:
            return _refused(error)
    answer = news(request, found, _since(values.get("since")))
    answer["made"] = {"seq": event.seq, "changes": _named(event)} if event else None
    return JsonResponse(answer)


def _refused(error: Exception) -> HttpResponseBase:
    """Why a change was not made, for the page and for the person."""
    if isinstance(error, editing.TextConflictError):
        return JsonResponse(_conflict(error), status=409)
    if isinstance(error, ClashError):
        return JsonResponse({"error": _clash(error), "clash": True}, status=409)
    if isinstance(error, IntegrityError):
        # What it refers to vanished between the look and the change.
        return JsonResponse(
            {"error": _("This is not on the map any more."), "gone": True}, status=410
        )
    if isinstance(error, changes.GoneError):
        return JsonResponse({"error": str(error), "gone": True}, status=410)
    return JsonResponse({"error": str(error)}, status=422)


def _named(event: Event) -> list[list[Any]]:
    """Kind and id of each changed row, at most the first fifty: where to go after it."""
    return [change[:2] for change in event.changes[:50]]


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MAX_BODY:
        raise changes.ChangeError(_("This is more than one change can hold (1 MB)."))
    try:
        values = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise changes.ChangeError(_("The change could not be read.")) from error
    if not isinstance(values, dict):
        raise changes.ChangeError(_("The change could not be read."))
    return values


def _key(values: dict[str, Any]) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(values["key"])) if values.get("key") else None
    except ValueError as error:
        raise changes.ChangeError(_("The change could not be read.")) from error


def _since(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**62 else None


def _conflict(error: editing.TextConflictError) -> dict[str, Any]:
    event = error.event
    return {
        "error": _("Somebody has written here meanwhile."),
        "conflict": {
            "card": error.card.pk,
            "text": error.card.text,
            "who": event.actor.name if event and event.actor else "",
            "at": timezone.localtime(event.at).strftime("%H:%M") if event else "",
        },
    }


def _clash(error: ClashError) -> str:
    names = {r.event.actor.name for r in error.rows if r.event and r.event.actor}
    if not names:
        return _("This cannot be taken back: it has changed since.")
    return _("This cannot be taken back: %(names)s changed the same since.") % {
        "names": ", ".join(sorted(names))
    }


@workspace_view("read")
@require_safe
def news_read(request: WorkspaceRequest, journey: str) -> HttpResponseBase:
    """What is new on the map since event ``?since=``, with the cells as they are now."""
    found = get_object_or_404(Journey, workspace=request.workspace, slug=journey)
    raw = request.GET.get("since", "")
    since = int(raw) if raw.isdecimal() and len(raw) < 19 else None
    # Everybody on the map asks this at once.
    key = (found.pk, since, found.last_seq, get_language())
    told = recent.get(key, lambda: _told(request, found, since))
    return JsonResponse(_as_read_by(request, told))


recent: Recent[dict[str, Any]] = Recent(most=200, seconds=2)


def news(request: WorkspaceRequest, journey: Journey, since: int | None) -> dict[str, Any]:
    """What is new since ``since``, and which of it is one's own."""
    return _as_read_by(request, _told(request, journey, since))


def _as_read_by(request: WorkspaceRequest, told: dict[str, Any]) -> dict[str, Any]:
    me = request.user.pk
    events = [
        {"seq": seq, "what": what, "who": who, "mine": by == me}
        for seq, what, who, by in told["events"]
    ]
    return told | {"events": events}


def _rests(journey: Journey) -> dict[str, str]:
    """How many cards of the map rest on what, those of folded and hidden lanes included."""
    cards = Card.objects.filter(lane__journey=journey)
    counted = dict(cards.values_list("evidence").annotate(n=Count("pk")).order_by())
    return {kind: number(counted.get(kind, 0)) for kind in Evidence.values}


def _told(request: WorkspaceRequest, journey: Journey, since: int | None) -> dict[str, Any]:
    """Everything after ``since``: cells by key as HTML, and what else to ask for again.

    ``board``: rows or columns changed, take the whole map; ``emotion``, ``arrows``, ``talk``: take
    that layer again; ``evidence``: how many cards rest on what, as words, where that changed.
    Without ``since``, or after many events, only these numbers and ``board`` are said.
    """
    seq = journey.last_seq
    answer: dict[str, Any] = {"seq": seq, "board": True, "events": []}
    if since is None or seq - since > MANY:
        return answer | {"evidence": _rests(journey)}
    events = list(
        Event.objects.filter(journey=journey, seq__gt=since, seq__lte=seq)
        .select_related("actor")
        .order_by("seq")
    )
    found = touched(events)
    answer.update(
        board=found.board or len(found.cells) > MANY,
        emotion=found.emotion,
        arrows=found.arrows,
        talk=found.talk,
        events=[(e.seq, e.what, e.actor.name if e.actor else "", e.actor_id) for e in events],
    )
    if found.evidence:
        answer["evidence"] = _rests(journey)
    if not answer["board"]:
        answer["cells"] = render_cells(request, journey, found.cells)
    return answer
