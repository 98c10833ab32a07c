"""What customers wrote, as it was written: never a list of fewer than the threshold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Window
from django.db.models.functions import RowNumber

from cxm.models import Workspace
from cxm.statistics import Scale
from journeys.selection import Selection
from surveys.models import Answer, Kind, Question, Response, Status, Survey


@dataclass(frozen=True)
class Quote:
    """One comment; ``emotion`` is how the same person scored it, where they did."""

    text: str
    emotion: float | None = None
    segments: tuple[int, ...] = ()
    question: int = 0


@dataclass(frozen=True)
class Quotes:
    """The newest comments; empty while there are fewer than ``k`` of them."""

    shown: tuple[Quote, ...] = ()
    total: int = 0
    k: int = 8

    @property
    def hidden(self) -> bool:
        return 0 < self.total < self.k


def text_questions(workspace: Workspace, surveys: Sequence[Survey]) -> list[Question]:
    """Open questions of surveys with their touchpoints: one query."""
    found = Question.objects.filter(
        workspace=workspace, kind=Kind.TEXT, survey__in=[survey.pk for survey in surveys]
    )
    return list(found.select_related("touchpoint"))


def read(
    *,
    workspace: Workspace,
    questions: Sequence[Question],
    selected: Selection,
    k: int,
    scales: Mapping[int, Scale] | None = None,
    limit: int = 5,
) -> Quotes:
    """The newest comments of a selection, scored by ``scales`` (by question): three queries."""
    if not questions:
        return Quotes(k=k)
    answers = list(
        Answer.objects.filter(
            workspace=workspace,
            question_id__in=[question.pk for question in questions],
            response_id__in=_responses(workspace, questions, selected).values("id"),
        )
        .exclude(raw="")
        .annotate(total=Window(Count("*")))
        .order_by("-response_id")[:limit]
    )
    total = answers[0].total if answers else 0
    if total < k:
        return Quotes(total=total, k=k)
    return Quotes(_quotes(workspace, answers, scales or {}), total, k)


def _responses(
    workspace: Workspace, questions: Sequence[Question], selected: Selection
) -> QuerySet[Response]:
    found = Response.objects.filter(
        workspace=workspace,
        survey_id__in={question.survey_id for question in questions},
        source__in=selected.sources,
    )
    if selected.since:
        found = found.filter(answered_on__gte=selected.since)
    if selected.until:
        found = found.filter(answered_on__lte=selected.until)
    if selected.segment:
        found = found.filter(segments__contains=[selected.segment])
    return found


def _quotes(
    workspace: Workspace, answers: Sequence[Answer], scales: Mapping[int, Scale]
) -> tuple[Quote, ...]:
    ids = [answer.response_id for answer in answers]
    people = dict(
        Response.objects.filter(workspace=workspace, id__in=ids).values_list("id", "segments")
    )
    scores: dict[UUID, list[float]] = {}
    if scales:
        scored = Answer.objects.filter(
            workspace=workspace, response_id__in=ids, question_id__in=list(scales),
            status=Status.SCORED, score__isnull=False,
        )  # fmt: skip
        for row in scored:
            scores.setdefault(row.response_id, []).append(
                scales[row.question_id].emotion(row.score or 0)
            )
    return tuple(
        Quote(
            text=answer.raw,
            emotion=_mean(scores.get(answer.response_id, [])),
            segments=tuple(people.get(answer.response_id, ())),
            question=answer.question_id,
        )
        for answer in answers
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


Newest = Mapping[int, tuple[int, tuple[Quote, ...]]]
"""By question: how many comments there are, and the newest of them."""


def newest(
    *, workspace: Workspace, questions: Sequence[Question], selected: Selection, limit: int = 2
) -> Newest:
    """The newest comments of each of many questions, and how many there are: one query.

    Who shows them must hold the threshold: ``of_questions`` does.
    """
    if not questions:
        return {}
    ranked = (
        Answer.objects.filter(
            workspace=workspace,
            question_id__in=[question.pk for question in questions],
            response_id__in=_responses(workspace, questions, selected).values("id"),
        )
        .exclude(raw="")
        .annotate(
            total=Window(Count("*"), partition_by="question_id"),
            place=Window(RowNumber(), partition_by="question_id", order_by="-response_id"),
        )
        .filter(place__lte=limit)
        .order_by("-response_id")
    )
    found: dict[int, tuple[int, tuple[Quote, ...]]] = {}
    for answer in ranked:
        quotes = found.get(answer.question_id, (0, ()))[1]
        quote = Quote(answer.raw, question=answer.question_id)
        found[answer.question_id] = (answer.total, (*quotes, quote))
    return found


def of_questions(found: Newest, questions: Collection[int], *, k: int) -> Quotes:
    """The comments on several questions as one list: nothing of it below ``k`` comments."""
    held = [found[id] for id in sorted(questions) if id in found]
    total = sum(count for count, _quotes_of in held)
    if total < k:
        return Quotes(total=total, k=k)
    return Quotes(tuple(quote for _count, quotes in held for quote in quotes), total, k)
