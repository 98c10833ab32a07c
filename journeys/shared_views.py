"""A map as guests see it, by a secret address: no account, no session, nothing to change."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from journeys import sharing
from journeys.board import load_board
from journeys.models import LaneKind, ShareLink, Upload
from journeys.shared_page import as_table, read_shared

COOKIE = "shared"


def _private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The address is a secret: not for search engines, other sites, or caches on the way."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Cache-Control"] = "no-store, private"
        # Django would write the address of a refused password into the server's log.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return wrapper


# Without a referrer browsers send no origin either, which the check against forged forms needs;
# and there is nothing to forge: whoever knows the password may as well open the page.
@csrf_exempt
@_private
@require_http_methods(["GET", "HEAD", "POST"])
def shared_map(request: HttpRequest, token: str) -> HttpResponseBase:
    """The map of a link, or the question for its password.

    Unknown, expired and revoked links answer alike, so that guessing teaches nothing.
    """
    link = sharing.open_link(token)
    if link is None:
        return render(request, "journeys/shared_over.html", status=404)
    if link.password and not _has_passed(request, link):
        return _door(request, link, token)
    with scope(workspace=link.workspace):
        return _map(request, link, token)


def _has_passed(request: HttpRequest, link: ShareLink) -> bool:
    return sharing.has_passed(link, request.COOKIES.get(COOKIE, ""))


def _door(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    """Ask for the password; of the map nothing is said before, not even its title."""
    if request.method != "POST":
        return render(request, "journeys/shared_door.html")
    right = sharing.try_password(link, request.POST.get("password", "")[:128])
    if right is None:
        page = {"error": _("Too many wrong passwords. Try again in 15 minutes.")}
        return render(request, "journeys/shared_door.html", page, status=429)
    if not right:
        page = {"error": _("This is not the password.")}
        return render(request, "journeys/shared_door.html", page, status=422)
    address = reverse("shared:map", kwargs={"token": token})
    response = HttpResponse(status=303, headers={"Location": address})
    response.set_cookie(
        COOKIE,
        sharing.passed(link),
        max_age=sharing.OPEN_FOR,
        path=address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _map(request: HttpRequest, link: ShareLink, token: str) -> HttpResponse:
    page, measured = read_shared(link, token)
    board = as_table(render_to_string("journeys/_board.html", {"map": page}))
    shows_curve = any(lane.kind == LaneKind.EMOTION for lane in page.board.lanes)
    context = {
        "board": board,
        "title": page.board.title,
        "by": link.workspace.name,
        "measured": measured if shows_curve else None,
    }
    return render(request, "journeys/shared_map.html", context)


@_private
@require_safe
def shared_picture(request: HttpRequest, token: str, picture: int) -> HttpResponseBase:
    """A picture on a card that the link shows."""
    link = sharing.open_link(token)
    if link is None or (link.password and not _has_passed(request, link)):
        raise Http404
    with scope(workspace=link.workspace):
        board = sharing.shared_board(link, load_board(link.journey))
        shown = {c.upload.id for c in board.cards if c.upload and c.upload.is_picture}
        if picture not in shown:
            raise Http404
        found = Upload.objects.get(pk=picture)
    response = HttpResponse(bytes(found.data), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(False, found.name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
