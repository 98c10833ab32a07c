"""Sending a mailing: each letter is claimed in the database before the mail server sees it.

A letter whose sender was killed in between stays claimed: nobody knows whether it went out, so it
is not sent again by itself (``figures.UNSURE_AFTER``, ``unsure``). At most once, never twice.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from surveys.answering.letters import letter_path
from surveys.mailing import contact, marks
from surveys.mailing.figures import UNSURE_AFTER
from surveys.mailing.letters import To, letter
from surveys.mailing.post import Answer, NoServerError, Post, Said, opened
from surveys.models import Invitee, Mailing, Refusal, Survey
from surveys.refusals import hash_address, refuse

BATCH: Final = 500
ATTEMPTS: Final = 8
_S = Invitee.State
_M = Mailing.State
_GOING: Final = (_M.SENDING, _M.DONE)  # DONE still has its reminders
_LOCK: Final = 0x6D61696C  # the space of our locks among the advisory locks


def due(mailing: Mailing, now: dt.datetime | None = None) -> QuerySet[Invitee]:
    """Who is to be written to now: first letters, and reminders to those who have not answered."""
    first = Q(state=_S.WAITING)
    again = Q(state=_S.SENT, reminders_sent__lt=mailing.reminders)
    rows = Invitee.objects.filter(mailing=mailing, next_at__lte=now or timezone.now())
    return rows.filter(first | again)


def mailings_due() -> list[int]:
    """Mailings of all workspaces with something to send now."""
    now = timezone.now()
    first = Q(state=_S.WAITING)
    again = Q(state=_S.SENT, reminders_sent__lt=OuterRef("reminders"))
    people = Invitee.objects.filter(first | again, mailing=OuterRef("pk"), next_at__lte=now)
    going = Q(state=_M.PLANNED, send_at__lte=now) | Q(state__in=_GOING)
    rows = Mailing.objects.filter(going, survey__state=Survey.State.OPEN)
    return list(rows.filter(Exists(people)).values_list("pk", flat=True))


def send_batch(
    mailing: Mailing, *, at_most: int = BATCH, pause: Callable[[float], None] = time.sleep
) -> bool:
    """Send what is due of a mailing; True where more is due at once.

    One sender per mailing at a time: a second one finds the lock taken and goes away. The lock
    belongs to the connection, so that a killed sender leaves none behind.
    """
    with _alone(mailing) as is_alone:
        if not is_alone or not _begin(mailing):
            return False
        waiting = list(
            due(mailing).order_by("next_at", "id").values_list("pk", flat=True)[:at_most]
        )
        if waiting:
            try:
                with opened() as post:
                    goes_on = _all(mailing, waiting, post, pause)
            except NoServerError as error:
                _put_off(mailing, str(error))
                return False
            if not goes_on:
                return False
        _finish(mailing)
        return bool(waiting) and due(mailing).exists()


@contextmanager
def _alone(mailing: Mailing) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, mailing.pk % 2**31])
        row = cursor.fetchone()
    is_alone = bool(row and row[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, mailing.pk % 2**31])


def _begin(mailing: Mailing) -> bool:
    """Whether anything may be sent: its time has come, and people can answer."""
    Mailing.objects.filter(pk=mailing.pk, state=_M.PLANNED, send_at__lte=timezone.now()).update(
        state=_M.SENDING
    )
    mailing.refresh_from_db()
    return mailing.state in _GOING and can_be_answered(mailing.survey)


def can_be_answered(survey: Survey) -> bool:
    """Nobody is written to about a survey that is shut."""
    now = timezone.now()
    is_over = survey.closes_at is not None and survey.closes_at <= now
    is_early = survey.opens_at is not None and survey.opens_at > now
    return survey.state == Survey.State.OPEN and not is_over and not is_early


def _finish(mailing: Mailing) -> None:
    """No first letter waits any more: sent, though reminders may follow."""
    if not Invitee.objects.filter(mailing=mailing, state=_S.WAITING).exists():
        Mailing.objects.filter(pk=mailing.pk, state=_M.SENDING).update(state=_M.DONE)


def _all(mailing: Mailing, ids: list[int], post: Post, pause: Callable[[float], None]) -> bool:
    """False where the connection broke: the rest waits for the next batch."""
    gap = 60 / settings.MAIL_PER_MINUTE if settings.MAIL_PER_MINUTE > 0 else 0
    for invitee_id in ids:
        started = time.monotonic()
        claimed = _claim(mailing, invitee_id)
        if claimed is None:
            continue
        row, before = claimed
        answer = _write(mailing, row, before, post)
        _note(mailing, row, before, answer)
        if answer.said == Said.UNSURE or (answer.said == Said.LATER and _is_broken(answer)):
            return False
        if gap:
            pause(max(0.0, gap - (time.monotonic() - started)))
    return True


def _write(mailing: Mailing, row: Invitee, before: Invitee, post: Post) -> Answer:
    try:
        made = letter(mailing, _to(mailing, row, before))
        made.message()
    except ValueError as error:
        # What cannot be a head of a letter fails alone, not with all that follow.
        return Answer(Said.REFUSED, str(error))
    return post.hand_over(made)


def _is_broken(answer: Answer) -> bool:
    """421 says that the server goes; without a code the line itself failed."""
    return answer.words.startswith("421") or not answer.words[:3].isdigit()


def _claim(mailing: Mailing, invitee_id: int) -> tuple[Invitee, Invitee] | None:
    """The row, now SENDING, and as it was before; None where nothing is to be sent.

    Stopping a mailing takes effect here, before the next letter. Refusals and letters of other
    mailings are looked at under a lock of the address, so that two senders cannot both write.
    """
    with transaction.atomic():
        row = (
            due(mailing)
            .filter(pk=invitee_id, mailing__state__in=_GOING)
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if row is None:
            return None
        with connection.cursor() as cursor:
            person = f"{row.workspace_id}:{row.email}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [person])
        if state := _not_now(mailing, row):
            row.state, row.next_at = state, None
            row.save(update_fields=["state", "next_at"])
            return None
        before = Invitee(state=row.state, sent_at=row.sent_at, reminders_sent=row.reminders_sent)
        row.reminders_sent += before.state == _S.SENT
        row.state, row.sent_at, row.attempts = _S.SENDING, timezone.now(), row.attempts + 1
        row.save(update_fields=["state", "sent_at", "attempts", "reminders_sent"])
        return row, before


def _not_now(mailing: Mailing, row: Invitee) -> str:
    """The state that a person has instead of being written to; "" where nothing is against it."""
    reasons = Refusal.objects.filter(email_hash=hash_address(row.email))
    reason = reasons.values_list("reason", flat=True).first()
    if reason:
        return _S.BOUNCED if reason == Refusal.Reason.BOUNCED else _S.UNSUBSCRIBED
    days = mailing.survey.workspace.contact_days
    if row.state == _S.WAITING and contact.was_invited(row.email, mailing=mailing, days=days):
        return _S.SPARED
    return ""


def _to(mailing: Mailing, row: Invitee, before: Invitee) -> To:
    token = marks.refusal_of(row.pk)
    return To(
        email=row.email,
        name=row.name,
        language=row.language,
        link=mailing.origin + letter_path(row.pk),
        refusal=mailing.origin + reverse("mailing:refusal", kwargs={"token": token}),
        mark=marks.mark_of(row.pk),
        is_reminder=before.state == _S.SENT,
    )


def _note(mailing: Mailing, row: Invitee, before: Invitee, answer: Answer) -> None:
    """What became of a letter. Whoever answered meanwhile stays ANSWERED."""
    claimed = Invitee.objects.filter(pk=row.pk, state=_S.SENDING)
    now = timezone.now()
    if answer.said == Said.TAKEN:
        again = row.reminders_sent < mailing.reminders
        after = now + dt.timedelta(days=mailing.remind_after) if again else None
        claimed.update(state=_S.SENT, sent_at=now, next_at=after, attempts=0, error="")
    elif answer.said == Said.UNSURE:
        claimed.update(error=answer.words[:300])
    elif answer.said == Said.LATER and row.attempts < ATTEMPTS:
        claimed.update(
            state=before.state,
            sent_at=before.sent_at,
            reminders_sent=before.reminders_sent,
            next_at=now + pause_after(row.attempts),
            error=answer.words[:300],
        )
    elif answer.said == Said.UNKNOWN_PERSON:
        claimed.update(state=_S.BOUNCED, next_at=None, error=answer.words[:300])
        reason = Refusal.Reason.BOUNCED
        refuse(workspace_id=row.workspace_id, emails=[row.email], reason=reason)
    else:
        claimed.update(
            state=_S.FAILED, sent_at=before.sent_at, next_at=None, error=answer.words[:300]
        )


def pause_after(attempts: int) -> dt.timedelta:
    """5, 10, 20, 40 … minutes, at most 6 hours."""
    return min(dt.timedelta(minutes=5 * 2 ** max(0, attempts - 1)), dt.timedelta(hours=6))


def _put_off(mailing: Mailing, words: str) -> None:
    """The server was not there: everybody waits a little, and nobody loses an attempt."""
    later = timezone.now() + dt.timedelta(minutes=2)
    due(mailing).update(next_at=later, error=words[:300])


def unsure(mailing: Mailing, now: dt.datetime | None = None) -> QuerySet[Invitee]:
    """Letters that were claimed and never reported: their sender was killed, or the line broke."""
    before = (now or timezone.now()) - UNSURE_AFTER
    return Invitee.objects.filter(mailing=mailing, state=_S.SENDING, sent_at__lt=before)


@transaction.atomic
def settle(*, mailing: Mailing, send_again: bool) -> int:
    """A person decides about the unsure: take them as sent, or send once more (may be twice)."""
    rows = unsure(mailing).select_for_update(skip_locked=True)
    ids = [row.pk for row in rows]
    found = Invitee.objects.filter(pk__in=ids)
    if send_again:
        first = found.filter(reminders_sent=0)
        n = first.update(state=_S.WAITING, sent_at=None, next_at=timezone.now(), error="")
        n += found.filter(state=_S.SENDING).update(
            state=_S.SENT, reminders_sent=F("reminders_sent") - 1, next_at=timezone.now(), error=""
        )
        Mailing.objects.filter(pk=mailing.pk, state=_M.DONE).update(state=_M.SENDING)
        return n
    after = timezone.now() + dt.timedelta(days=mailing.remind_after)
    return found.update(state=_S.SENT, next_at=after, error="")
