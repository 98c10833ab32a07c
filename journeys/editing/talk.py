"""What people say about a map: remarks are rows of their own and no part of the map's state.

Each is one event of the map, so that colleagues see it at once; the words themselves stay out of
the log, so that a remark that its author removes is gone. Undo leaves remarks alone.

All raise Comment.DoesNotExist where the remark was removed a moment ago.
"""

from dataclasses import dataclass

from django.utils import timezone

from cxm.models import User
from journeys.log import Draft, changing
from journeys.mentions import notify
from journeys.models import Comment, Event, Journey
from journeys.rows import Values


@dataclass(frozen=True)
class Spot:
    """Where a remark stands: on a card, a cell (lane and step), a step, or on the whole map."""

    lane: int | None = None
    step: int | None = None
    card: int | None = None


class AnsweredError(Exception):
    """A remark that others have answered is not taken from under their answers."""


def add_comment(
    *, journey: Journey, actor: User, text: str, spot: Spot, origin: str = ""
) -> Comment:
    """A remark that begins a thread. Who is mentioned is told; ``origin`` is for links in mails."""
    comment = Comment(
        journey=journey,
        author=actor,
        text=text,
        lane_ref=spot.lane,
        step_ref=spot.step,
        card_ref=spot.card,
    )
    return _added(comment, actor, "comment-added", origin)


def answer_comment(*, thread: Comment, actor: User, text: str, origin: str = "") -> Comment:
    """An answer in a thread, at the thread's place; it opens a resolved thread again."""
    comment = Comment(
        journey=thread.journey,
        thread=thread,
        author=actor,
        text=text,
        lane_ref=thread.lane_ref,
        step_ref=thread.step_ref,
        card_ref=thread.card_ref,
    )
    return _added(comment, actor, "comment-answered", origin)


def _added(comment: Comment, actor: User, what: str, origin: str) -> Comment:
    with changing(comment.journey_id, actor=actor, what=what) as draft:
        thread = comment.thread
        if thread is not None:
            thread.refresh_from_db(fields=["resolved_at"])
        comment.workspace_id = draft.journey.workspace_id
        comment.save()
        draft.note("comment", comment.pk, None, _place(comment))
        if thread is not None and thread.resolved_at is not None:
            _resolve(draft, thread, None)
        notify(comment, origin=origin)
    return comment


def edit_comment(*, comment: Comment, actor: User, text: str, origin: str = "") -> Event | None:
    """Write one's own remark anew; who is mentioned only now is told."""
    with changing(comment.journey_id, actor=actor, what="comment-edited") as draft:
        comment.refresh_from_db(fields=["text"])
        if text != comment.text:
            comment.text = text
            comment.save(update_fields=["text"])
            draft.note("comment", comment.pk, _place(comment), _place(comment))
            notify(comment, origin=origin, participants=False)
    return draft.event


def remove_comment(*, comment: Comment, actor: User) -> Event | None:
    """Remove one's own remark. Raises AnsweredError where others have answered it."""
    with changing(comment.journey_id, actor=actor, what="comment-removed") as draft:
        comment.refresh_from_db(fields=["text"])
        if comment.answers.exists():
            raise AnsweredError
        draft.note("comment", comment.pk, _place(comment), None)
        comment.delete()
    return draft.event


def resolve_thread(*, thread: Comment, actor: User) -> Event | None:
    """Say that a thread is settled; None where it is already."""
    with changing(thread.journey_id, actor=actor, what="thread-resolved") as draft:
        thread.refresh_from_db(fields=["resolved_at"])
        if thread.resolved_at is None:
            _resolve(draft, thread, actor)
    return draft.event


def reopen_thread(*, thread: Comment, actor: User) -> Event | None:
    """Say that a thread is not settled after all; None where it is open."""
    with changing(thread.journey_id, actor=actor, what="thread-reopened") as draft:
        thread.refresh_from_db(fields=["resolved_at"])
        if thread.resolved_at is not None:
            _resolve(draft, thread, None)
    return draft.event


def _resolve(draft: Draft, thread: Comment, by: User | None) -> None:
    was = thread.resolved_at is not None
    thread.resolved_at = timezone.now() if by else None
    thread.resolved_by = by
    thread.save(update_fields=["resolved_at", "resolved_by"])
    place = _place(thread)
    resolved = by is not None
    draft.note("comment", thread.pk, place | {"resolved": was}, place | {"resolved": resolved})


def _place(comment: Comment) -> Values:
    return {
        "thread": comment.thread_id,
        "lane_ref": comment.lane_ref,
        "step_ref": comment.step_ref,
        "card_ref": comment.card_ref,
    }
