"""A survey on a tablet: the full screen around it, idle return, and a PIN to leave.

Guests get no cookie, and no link of the page leads anywhere but back to its start.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cxm.access import WorkspaceRequest, workspace_view
from surveys.answering.languages import choose
from surveys.answering.limits import Limit, caller
from surveys.collecting import Door, doors
from surveys.link_views import link_of
from surveys.models import Source

IDLE: Final = 60  # seconds without a touch after which it begins anew
WARNING: Final = 10  # of them it says so before
TRIES: Final = Limit(times=5, seconds=300)  # of PINs per tablet


def _kiosk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def wrapper(request: HttpRequest, code: str) -> HttpResponse:
        door = doors.find(code)
        if door is None or door.link.source != Source.KIOSK:
            raise Http404
        accepted = request.headers.get("Accept-Language", "")
        spoken = choose(door.questionnaire.languages, accepted=accepted)
        with translation.override(spoken.words):
            response = view(request, door)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapper


@require_safe
@_kiosk
def kiosk(request: HttpRequest, door: Door) -> HttpResponse:
    return _page("kiosk", door, {"idle": IDLE, "warning": WARNING})


@require_http_methods(["GET", "HEAD", "POST"])
@_kiosk
def leave(request: HttpRequest, door: Door) -> HttpResponse:
    """The right PIN leads to the sign-in page, and signs out whoever was signed in here."""
    if request.method != "POST":
        return _page("leave", door, {})
    # Per connection as well: a stranger elsewhere who guesses does not lock the tablet.
    name = door.link.code + caller(request.META.get("REMOTE_ADDR", ""))
    if not TRIES.allows(name):
        words = _("Too many tries. Wait five minutes.")
        return _page("leave", door, {"error": words}, status=429)
    pin = request.POST.get("pin", "")[:64]
    if not door.link.pin_hash:
        words = _("This tablet has no PIN. Your team sets one on the page of its link.")
        return _page("leave", door, {"error": words}, status=422)
    if not check_password(pin, door.link.pin_hash):
        return _page("leave", door, {"error": _("That is not the PIN.")}, status=422)
    TRIES.forget(name)
    logout(request)
    return redirect("account_login")


def _page(name: str, door: Door, context: dict[str, Any], status: int = 200) -> HttpResponse:
    code = door.link.code
    found = context | {
        "survey": door.survey,
        "code": code,
        "language": translation.get_language(),
        "start": reverse("answer:start", kwargs={"code": code}),
    }
    body = get_template(f"kiosk/{name}.html").render(found)
    return HttpResponse(body, status=status)


@workspace_view("edit")
@require_POST
def kiosk_begin(request: WorkspaceRequest, survey: int, link: int) -> HttpResponse:
    """Begin on this device: who is signed in is signed out, so that no guest finds a way in."""
    found = link_of(survey, link)
    if found.source != Source.KIOSK:
        raise Http404
    logout(request)
    return redirect("kiosk:kiosk", code=found.code)
