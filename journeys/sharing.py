"""Read-only addresses of a map for people without an account.

The secret in the address is shown once and kept as a hash, so that neither the database nor a
copy of it opens a map. A password is kept as Django keeps those of accounts.
"""

import datetime
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from cxm.models import User
from journeys.board import Board, BoardLane, BoardStep
from journeys.models import Journey, LaneKind, ShareLink

TRIES = 10
WITHIN = datetime.timedelta(minutes=15)
OPEN_FOR = datetime.timedelta(hours=12)
"""How long a browser that gave the password is not asked again."""


@dataclass(frozen=True)
class Created:
    """A new link with the secret of its address, which is never known again."""

    link: ShareLink
    token: str


def create_link(
    *,
    journey: Journey,
    actor: User,
    name: str,
    lanes: Collection[int],
    password: str = "",
    expires_on: datetime.date | None = None,
) -> Created:
    """A link that shows the given lanes until the end of the day ``expires_on``."""
    token = secrets.token_urlsafe(32)
    link = ShareLink.objects.create(
        workspace_id=journey.workspace_id,
        journey=journey,
        token_hash=_hash(token),
        hint=token[-4:],
        name=name,
        password=make_password(password) if password else "",
        expires_at=_end_of(expires_on) if expires_on else None,
        lanes=sorted(lanes),
        actor=actor,
    )
    return Created(link, token)


def _end_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))


def revoke_link(*, link: ShareLink) -> None:
    """From now on the address shows nothing, also to who has it open."""
    ShareLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_link(token: str) -> ShareLink | None:
    """The link of an address, if it still holds; the secret stands in for a workspace's scope.

    Found by the hash of the secret, so that how long it takes says nothing about the secret.
    """
    with scopes_disabled():
        link = (
            ShareLink.objects.select_related("workspace", "journey")
            .filter(token_hash=_hash(token), revoked_at__isnull=True)
            .first()
        )
    if link is None or (link.expires_at is not None and link.expires_at <= timezone.now()):
        return None
    return link


# ---------- the password ----------


def try_password(link: ShareLink, password: str) -> bool | None:
    """Whether a password opens the link; None after too many wrong ones, whatever it says.

    Counted in the database before it is checked, so that guesses at the same time count too.
    """
    with scopes_disabled():
        if not _may_try(link.pk):
            return None
        if not check_password(password, link.password):
            return False
        ShareLink.objects.filter(pk=link.pk).update(tries=0, tries_since=None)
    return True


@transaction.atomic
def _may_try(pk: int) -> bool:
    link = ShareLink.objects.select_for_update().get(pk=pk)
    now = timezone.now()
    if link.tries_since is None or now - link.tries_since >= WITHIN:
        link.tries, link.tries_since = 0, now
    if link.tries >= TRIES:
        return False
    link.tries += 1
    link.save(update_fields=["tries", "tries_since"])
    return True


def passed(link: ShareLink) -> str:
    """What a browser keeps to show that it gave the password of just this link."""
    return signing.TimestampSigner(salt=_salt(link)).sign(str(link.pk))


def has_passed(link: ShareLink, kept: str) -> bool:
    try:
        value = signing.TimestampSigner(salt=_salt(link)).unsign(kept, max_age=OPEN_FOR)
    except signing.BadSignature:
        return False
    return value == str(link.pk)


def _salt(link: ShareLink) -> str:
    # With the hash of the password in it, a new password asks everybody again.
    return f"journeys.share.{link.token_hash}.{link.password}"


# ---------- what it shows ----------


def offered_lanes(board: Board) -> tuple[BoardLane, ...]:
    """The lanes that a link may show: hidden ones are not for guests."""
    return board.shown_lanes


def shown_lanes(link: ShareLink, board: Board) -> tuple[BoardLane, ...]:
    """The lanes of a link that are on the map and not hidden meanwhile."""
    if link.lanes is None:
        return tuple(lane for lane in board.shown_lanes if lane.kind != LaneKind.QUOTES)
    return tuple(lane for lane in board.shown_lanes if lane.id in link.lanes)


def shared_board(link: ShareLink, board: Board) -> Board:
    """The map as guests see it: nothing that hangs on lanes, people or maps they do not see."""
    lanes = shown_lanes(link, board)
    kinds = {lane.kind for lane in lanes}
    phases = tuple(
        replace(phase, collapsed=False, steps=tuple(_for_guests(s, kinds) for s in phase.steps))
        for phase in board.phases
    )
    lanes = tuple(replace(lane, collapsed=False) for lane in lanes)
    seen = {card.id for lane in lanes for cell in lane.cells for card in cell.cards}
    arrows = tuple(a for a in board.arrows if a.tail in seen and a.head in seen)
    return replace(board, phases=phases, lanes=lanes, personas=(), arrows=arrows)


def _for_guests(step: BoardStep, kinds: Collection[str]) -> BoardStep:
    touched = LaneKind.TOUCHPOINTS in kinds or LaneKind.CHANNELS in kinds
    return replace(
        step,
        assumed=step.assumed if LaneKind.EMOTION in kinds else None,
        touchpoints=step.touchpoints if touched else (),
        opens=None,
        questions=(),
        assumptions={},
    )
