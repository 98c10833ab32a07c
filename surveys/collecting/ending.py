"""The end of a filling: finished, left, held back, withdrawn. Each happens once."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from surveys.collecting import doors, fillings, storing
from surveys.collecting.storing import Filled
from surveys.collecting.tokens import hash_word, week_of
from surveys.erasing import erase_responses
from surveys.models import Erasure, Filling, Invitee, Link, Quota, Response, Source, Version
from surveys.questionnaire import Replies, open_page, says_something

IDLE = dt.timedelta(hours=1)  # who has not gone on for so long has left
_OPEN = Filling.State.OPEN
# What has a response, or had one.
_STORED = (Filling.State.FINISHED, Filling.State.LEFT)


@transaction.atomic
def finish(
    *, filling: Filling, word: str = "", hold: bool = False, suspicions: Sequence[str] = ()
) -> Filling:
    """Turn what was said into a response. Twice is once; the row that comes back says the state.

    ``word`` is the code word that the person keeps. ``hold``: too much speaks against a person;
    nothing is stored as an answer until somebody releases it. ``suspicions`` are noted.
    """
    filling = _locked(filling)
    if filling.state != _OPEN:
        return filling
    filling.suspicions = [*dict.fromkeys([*filling.suspicions, *suspicions])]
    if not _claim(filling):
        return _end(filling, Filling.State.WITHDRAWN)
    if word:
        filling.word_hash = hash_word(word)
    if hold:
        return _end(filling, Filling.State.HELD)
    filled = _filled(filling, is_complete=True)
    if filling.response_id is None and _is_full(filling, filled):
        return _end(filling, Filling.State.FULL)
    _store(filling, filled)
    return _end(filling, Filling.State.FINISHED)


def _locked(filling: Filling) -> Filling:
    found = doors.locked(filling)
    if found is None:
        raise Filling.DoesNotExist
    return found


def _claim(filling: Filling) -> bool:
    """One response per letter: False if the same letter was answered elsewhere meanwhile."""
    if filling.invitee_id is None:
        return True
    claimed = (
        Invitee.objects.filter(pk=filling.invitee_id)
        .exclude(state=Invitee.State.ANSWERED)
        .update(state=Invitee.State.ANSWERED, next_at=None)
    )
    # Who left, and came back to finish, has a response already; so has who changes one.
    return bool(claimed) or filling.response_id is not None


def _is_full(filling: Filling, filled: Filled) -> bool:
    """Whether a segment of this person has what its quota asks for."""
    limits = Quota.objects.filter(survey_id=filling.survey_id).order_by("id").select_for_update()
    quotas = dict(limits.values_list("segment_id", "limit")) if _has_quotas(filling) else {}
    if not quotas:
        return False
    mine = set(filled.segments) & set(quotas)
    return any(
        Response.objects.filter(
            survey_id=filling.survey_id, is_complete=True, segments__contains=[segment]
        ).count()
        >= quotas[segment]
        for segment in mine
    )


def _has_quotas(filling: Filling) -> bool:
    """The usual answer is no, so it is asked in the plainest way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS(SELECT 1 FROM surveys_quota WHERE survey_id = %s)", [filling.survey_id]
        )
        return bool(cursor.fetchone()[0])


def _filled(filling: Filling, *, is_complete: bool) -> Filled:
    progress = fillings.progress(filling)
    link = Link.objects.filter(pk=filling.link_id).values_list("source", "segment_id").first()
    source, segment = link or (Source.LINK, None)
    invitee = Invitee.objects.filter(pk=filling.invitee_id).first() if filling.invitee_id else None
    known = [*(invitee.segments if invitee else ())]
    if segment:
        known.append(segment)
    return Filled(
        questionnaire=progress.questionnaire,
        replies=progress.replies,
        day=timezone.localdate(filling.started_at),
        source=source,
        language=filling.language,
        rotation=filling.rotation,
        link_id=filling.link_id,
        customer_id=invitee.customer_id if invitee else None,
        known_segments=known,
        is_complete=is_complete,
        response_id=filling.response_id,
    )


def _store(filling: Filling, filled: Filled) -> None:
    filling.response_id = storing.store(workspace_id=filling.workspace_id, filled=filled)


def _end(filling: Filling, state: Filling.State) -> Filling:
    """Of an anonymous filling the minute and the letter it came by are forgotten."""
    filling.state = state
    if doors.questionnaire(filling.version_id).is_anonymous:
        filling.started_at = filling.touched_at = _week(filling)
        filling.invitee_id = None
    if state == Filling.State.WITHDRAWN:
        filling.answers, filling.response_id, filling.word_hash = {}, None, ""
    filling.save(
        update_fields=[
            *("state", "started_at", "touched_at", "invitee_id", "answers", "response_id"),
            *("word_hash", "suspicions"),
        ]
    )
    return filling


def _week(filling: Filling) -> dt.datetime:
    monday = week_of(timezone.localdate(filling.started_at))
    return dt.datetime.combine(monday, dt.time(), dt.UTC)


@transaction.atomic
def reopen(*, filling: Filling) -> Filling:
    """Let a person change what they said; the response stays until they finish again."""
    filling = _locked(filling)
    if filling.state in (*_STORED, Filling.State.FULL):
        filling.state, filling.touched_at = _OPEN, timezone.now()
        filling.save(update_fields=["state", "touched_at"])
    return filling


@transaction.atomic
def withdraw(*, filling: Filling) -> Filling:
    """The person takes everything back; proof stays, without the person."""
    filling = _locked(filling)
    if filling.state == Filling.State.WITHDRAWN:
        return filling
    counts = {"responses": int(filling.response_id is not None), "answers": len(filling.answers)}
    if filling.response_id:
        cases = _erase(filling)["cases"]
        counts |= {"cases": cases} if cases else {}
    Erasure.objects.create(
        workspace_id=filling.workspace_id, reason=Erasure.Reason.PERSON, counts=counts
    )
    return _end(filling, Filling.State.WITHDRAWN)


@transaction.atomic
def release(*, filling: Filling) -> Filling:
    """A filling that was held back was a person after all: it counts."""
    filling = _locked(filling)
    if filling.state == Filling.State.HELD:
        _store(filling, _filled(filling, is_complete=True))
        return _end(filling, Filling.State.FINISHED)
    return filling


@transaction.atomic
def hold(*, filling: Filling) -> Filling:
    """A response that no person gave: its answers go, and can come back by ``release``."""
    filling = _locked(filling)
    if filling.state in _STORED and filling.response_id:
        _erase(filling)
        filling.response_id = None
        return _end(filling, Filling.State.HELD)
    return filling


def _erase(filling: Filling) -> Counter[str]:
    """The response with its answers, tags and cases; the filling stays. How much went."""
    response_ids = [filling.response_id] if filling.response_id else []
    return erase_responses(
        workspace_id=filling.workspace_id, response_ids=response_ids, with_fillings=False
    )


def sweep(*, before: dt.datetime | None = None, at_most: int = 500) -> int:
    """Store what people said who left before the end; return how many were looked at.

    For the workspace in scope. The page at which they stopped counts as seen.
    """
    before = before or timezone.now() - IDLE
    idle = Filling.objects.filter(state=_OPEN, touched_at__lt=before).order_by("touched_at")
    found = list(idle[:at_most])
    for filling in found:
        try:
            _leave(filling, before)
        except Version.DoesNotExist:
            # Its survey was deleted meanwhile: nobody can read what was said.
            filling.delete()
    return len(found)


@transaction.atomic
def _leave(filling: Filling, before: dt.datetime) -> None:
    row = (
        Filling.objects.select_for_update(skip_locked=True)
        .filter(id=filling.id, state=_OPEN, touched_at__lt=before)
        .first()
    )
    if row is None:
        return
    at = fillings.progress(row)
    if _said_anything(at.replies):
        complete = was_finished(row)
        stopped_at = open_page(at.pages, at.replies)
        said = row.answers
        if stopped_at is not None:
            row.answers = said | {str(stopped_at.id): {"skipped": True}}
        _store(row, _filled(row, is_complete=complete))
        row.answers = said  # whoever comes back goes on at the page where they stopped
        _end(row, Filling.State.FINISHED if complete else Filling.State.LEFT)
    else:
        _end(row, Filling.State.LEFT)


def was_finished(filling: Filling) -> bool:
    """Whether it is open only to change something; not: left before the end, and gone on."""
    if filling.response_id is None:
        return False
    return Response.objects.filter(id=filling.response_id, is_complete=True).exists()


def _said_anything(replies: Replies) -> bool:
    return any(says_something(reply) for reply in replies.values())
