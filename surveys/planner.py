"""What the planner of one survey knows: the spread seen so far, how many answered, how fast."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cxm.statistics import Histogram, nps
from surveys import counted, histograms, planning
from surveys.models import SCALE_KINDS, Kind, Question, Survey
from surveys.planning import Spread

WEEKS: Final = 4
ENOUGH: Final = 20
"""Answers from which on a spread is taken as seen rather than assumed."""

NPS_ASSUMED: Final = (0.4, 0.2)
"""Shares of promoters and detractors taken where nobody was asked yet."""

Origin = Literal["survey", "workspace", "assumed"]


@dataclass(frozen=True)
class Asked:
    """Where a spread comes from, and how far each question of the survey has come."""

    spread: Spread
    origin: Origin
    promoters: float
    detractors: float
    nps_is_assumed: bool
    # (answers so far, answers of the last ``days``) per scale question that is asked.
    progress: tuple[tuple[int, int], ...]
    days: int
    is_open: bool


@dataclass(frozen=True)
class Reached:
    """How many questions have enough, of how many; ``days`` until all have, None where unknown."""

    done: int
    of: int
    days: int | None
    stands_still: bool


def read(survey: Survey, *, today: dt.date) -> Asked:
    """At most four queries; the whole workspace is asked only where the survey says too little."""
    questions = list(
        Question.objects.filter(survey=survey, kind__in=SCALE_KINDS).exclude(scale_min=None)
    )
    whole = _histograms(survey.workspace_id, questions)
    # Anonymous answers are stored as of their Monday: only whole weeks can be counted.
    since = today - dt.timedelta(weeks=WEEKS, days=today.weekday())
    recent = _histograms(survey.workspace_id, questions, since=since)
    spread, origin = _spread(survey, questions, whole)
    up, down, is_assumed = _nps(questions, whole)
    now = [question for question in questions if not question.is_retired]
    return Asked(
        spread=spread,
        origin=origin,
        promoters=up,
        detractors=down,
        nps_is_assumed=is_assumed,
        progress=tuple((_n(whole, question), _n(recent, question)) for question in now),
        days=(today - since).days + 1,
        is_open=survey.state == Survey.State.OPEN,
    )


def _histograms(
    workspace_id: int, questions: Sequence[Question], *, since: dt.date | None = None
) -> dict[int, Histogram]:
    """Scores per question on −2 … +2; those of an NPS question as they are."""
    scales = counted.scales(questions)
    plain = {question.pk for question in questions if question.kind == Kind.NPS}
    part = histograms.Slice(tuple(scales), since=since)
    if not scales:
        return {}
    return counted.histograms(
        histograms.read(workspace_id=workspace_id, slice=part),
        lambda count: count.question,
        lambda question, score: score if question in plain else scales[question].emotion(score),
    )


def _n(found: Mapping[int, Histogram], question: Question) -> int:
    return found.get(question.pk, Histogram()).n


def _spread(
    survey: Survey, questions: Sequence[Question], found: Mapping[int, Histogram]
) -> tuple[Spread, Origin]:
    own = planning.spread_of([found[q.pk] for q in _emotional(questions) if q.pk in found])
    if own.n >= ENOUGH:
        return own, "survey"
    others = _emotional(
        Question.objects.filter(kind__in=SCALE_KINDS).exclude(scale_min=None).exclude(survey=survey)
    )
    wide = planning.spread_of([*_histograms(survey.workspace_id, others).values()])
    return (wide, "workspace") if wide.n >= ENOUGH else (planning.spread_of([]), "assumed")


def _emotional(questions: Iterable[Question]) -> list[Question]:
    """An NPS is no mean; its own rule plans for it."""
    return [q for q in questions if q.kind != Kind.NPS]


def _nps(
    questions: Sequence[Question], found: Mapping[int, Histogram]
) -> tuple[float, float, bool]:
    for question in questions:
        histogram = found.get(question.pk, Histogram())
        if question.kind == Kind.NPS and histogram.n >= ENOUGH:
            shares = nps(histogram)
            return shares.promoters, shares.detractors, False
    return *NPS_ASSUMED, True


def reached(asked: Asked, wanted: int) -> Reached:
    """When every question has ``wanted`` answers, at the pace of the last weeks."""
    days = [
        planning.days_until(wanted=wanted, so_far=n, recent=recent, days=asked.days)
        for n, recent in asked.progress
    ]
    known = [day for day in days if day is not None]
    return Reached(
        done=sum(n >= wanted for n, _recent in asked.progress),
        of=len(days),
        days=max(known) if known and len(known) == len(days) and asked.is_open else None,
        stands_still=len(known) < len(days),
    )
