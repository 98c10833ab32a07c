"""From replies to facts: one response, its answers, the day marked, cases opened."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from surveys import cases, histograms
from surveys.collecting.tokens import id_of_day, week_of
from surveys.models import Answer, Response
from surveys.questionnaire import Item, Questionnaire, Replies, answers, pages, segments


@dataclass(frozen=True)
class Filled:
    """One filled questionnaire. ``day`` is when; an anonymous one is stored as of its week.

    ``known_segments`` are those of the way or the letter; choices may put a person into others.
    """

    questionnaire: Questionnaire
    replies: Replies
    day: dt.date
    source: str
    language: str = ""
    rotation: Sequence[int] = ()
    link_id: int | None = None
    customer_id: uuid.UUID | None = None
    known_segments: Sequence[int] = ()
    is_complete: bool = True
    # The response that this one replaces; its day stays.
    response_id: uuid.UUID | None = None

    @cached_property
    def pages(self) -> tuple[Item, ...]:
        """What this person was asked."""
        return pages(self.questionnaire, self.replies, self.rotation)

    @cached_property
    def segments(self) -> list[int]:
        chosen = segments(self.questionnaire, self.replies, self.pages)
        return sorted({*self.known_segments, *chosen})


def store(*, workspace_id: int, filled: Filled) -> uuid.UUID:
    """Write the facts, inside the transaction of the caller; return the id of the response.

    Anonymous: no customer, the week instead of the day, ids that hold no minute.
    """
    survey = filled.questionnaire
    day = week_of(filled.day) if survey.is_anonymous else filled.day
    if filled.response_id:
        old = Response.objects.filter(id=filled.response_id).first()
        day = old.answered_on if old else day
        forget(workspace_id=workspace_id, response_ids=[filled.response_id])
    response_id = filled.response_id or id_of_day(day)
    rows = answers(survey, filled.replies, filled.pages)
    Response.objects.bulk_create(
        [
            Response(
                workspace_id=workspace_id,
                id=response_id,
                survey_id=survey.survey,
                external_id=str(response_id),
                answered_on=day,
                source=filled.source,
                language=filled.language[:8],
                customer_id=None if survey.is_anonymous else filled.customer_id,
                segments=filled.segments,
                link_id=filled.link_id,
                version=survey.number,
                is_complete=filled.is_complete,
            )
        ]
    )
    Answer.objects.bulk_create(
        [
            Answer(
                workspace_id=workspace_id,
                id=id_of_day(day),
                response_id=response_id,
                question_id=row.question_id,
                status=row.status,
                score=row.score,
                raw=row.raw,
            )
            for row in rows
        ]
    )
    histograms.mark_dirty(workspace_id=workspace_id, days=[day])
    if not survey.is_anonymous:
        cases.open_cases(
            workspace_id=workspace_id,
            survey_id=survey.survey,
            response_id=response_id,
            answers=rows,
        )
    return response_id


def forget(*, workspace_id: int, response_ids: Sequence[uuid.UUID]) -> None:
    """Remove responses with their answers and mark their days; part of the caller's transaction."""
    found = Response.objects.filter(id__in=response_ids)
    days = set(found.values_list("answered_on", flat=True))
    Answer.objects.filter(response_id__in=response_ids).delete()
    found.delete()
    if days:
        histograms.mark_dirty(workspace_id=workspace_id, days=days)
