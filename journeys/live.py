"""Who may listen to a map: called on threads, for the streams that the event loop holds."""

import json
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from importlib import import_module
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from cxm.access import CAPABILITIES, WorkspaceRequest
from cxm.bridge import STREAMS
from cxm.live import RefusedError, Ticket
from cxm.live_listener import PRESENCE
from cxm.models import Membership, User
from cxm.templatetags.ui import initials, person_colour
from journeys.log import CHANNEL as CHANNEL
from journeys.models import Journey

LONGEST_NAME = 80
_READERS = [role for role, found in CAPABILITIES.items() if "read" in found]

P = ParamSpec("P")
R = TypeVar("R")


def _on_a_thread(work: Callable[P, R]) -> Callable[P, R]:
    """Treat the thread's connection as a request would: use it again, unless it broke."""

    @wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            close_old_connections()

    return wrapper


def address(request: WorkspaceRequest, journey: Journey) -> str:
    """Where the changes of a map are streamed; empty under a server of pages alone."""
    if STREAMS not in request.META:
        return ""
    return f"{get_script_prefix()}live/{request.workspace.slug}/{journey.slug}/"


@_on_a_thread
def admit(workspace: str, what: str, session: str) -> Ticket:
    """Let a signed-in member listen to the map ``what``: four queries.

    Raises RefusedError: 401 signed out, 404 outsider or no such map, 403 without the right.
    """
    user = _signed_in(session)
    if user is None:
        raise RefusedError(401)
    found = Membership.objects.select_related("workspace").filter(workspace__slug=workspace)
    membership = found.filter(user=user).first()
    if membership is None:
        raise RefusedError(404)
    if membership.role not in _READERS:
        raise RefusedError(403)
    with scope(workspace=membership.workspace):
        journey = Journey.objects.filter(slug=what).only("pk", "last_seq").first()
    if journey is None:
        raise RefusedError(404)
    return Ticket(
        topic=journey.pk,
        newest=journey.last_seq,
        user=user.pk,
        workspace=membership.workspace_id,
        session=session,
        stamp=user.get_session_auth_hash(),
    )


def _signed_in(session: str) -> User | None:
    if not session:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    user = get_user(request)
    return user if isinstance(user, User) else None


@_on_a_thread
def welcome(tickets: Collection[Ticket]) -> set[Ticket]:
    """Those that still hold: four queries, however many there are."""
    users = User.objects.filter(pk__in={ticket.user for ticket in tickets}, is_active=True)
    stamps = {user.pk: user.get_session_auth_hash() for user in users}
    keys = {ticket.session for ticket in tickets}
    sessions = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    members = set(
        Membership.objects.filter(user__in=stamps, role__in=_READERS).values_list(
            "user_id", "workspace_id"
        )
    )
    topics = _newest({ticket.topic for ticket in tickets})
    return {
        ticket
        for ticket in tickets
        if stamps.get(ticket.user) == ticket.stamp
        and ticket.session in sessions
        and (ticket.user, ticket.workspace) in members
        and ticket.topic in topics
    }


@_on_a_thread
def newest(topics: Collection[int]) -> Mapping[int, int]:
    """The number of the newest event of each map."""
    return _newest(topics)


def _newest(topics: Collection[int]) -> dict[int, int]:
    # Of every workspace at once: the numbers go to streams that were let in to these maps.
    with scopes_disabled():
        return dict(Journey.objects.filter(pk__in=topics).values_list("pk", "last_seq"))


@_on_a_thread
def announce(channel: str, payloads: Collection[str]) -> None:
    """Tell every process, in one statement."""
    tell(channel, payloads)


def tell(channel: str, payloads: Collection[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, unnest(%s::text[]))", [channel, list(payloads)])


def say_present(*, journey: Journey, user: User, tab: str, cell: str) -> None:
    """Tell everybody on the map where a person is; ``cell`` is "lane-step" or empty."""
    name = str(user)[:LONGEST_NAME]
    payload = {
        "topic": journey.pk,
        "user": user.pk,
        "tab": tab,
        "name": name,
        "initials": initials(name),
        "colour": person_colour(user.pk),
        "cell": cell,
    }
    tell(PRESENCE, [json.dumps(payload)])
