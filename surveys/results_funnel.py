"""How far people get: who came to each question, and where those who left stood."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from surveys.models import Filling, Kind, Question
from surveys.results import SurveyResults
from surveys.results_ways import Flow

_SHOWN = 7  # questions; of longer questionnaires those where most people stop


@dataclass(frozen=True)
class Stage:
    """One question on the way: how many came to it, how many stopped there."""

    number: int
    question: Question
    seen: int
    stopped: int


@dataclass(frozen=True)
class Funnel:
    """``shown`` are the stages of the page, ``stages`` all of them."""

    started: int
    finished: int
    at_first: int
    stages: tuple[Stage, ...]
    shown: tuple[Stage, ...]
    most: Stage | None


def read_funnel(results: SurveyResults, flow: Flow) -> Funnel | None:
    """One query more; None for imports, whose files do not say who left."""
    if not results.survey.is_collected or not results.responses:
        return None
    stopped = Counter() if results.selected.is_narrow else _stopped(results)
    stages = tuple(
        Stage(number, question, results.seen.get(question.pk, 0), stopped[question.pk])
        for number, question in enumerate(asked(results.questions), start=1)
    )
    started = results.responses + sum(flow.under_way.values())
    most = max(stages, key=lambda stage: stage.stopped, default=None)
    return Funnel(
        started=started,
        finished=results.finished,
        at_first=stopped[0],
        stages=stages,
        shown=_shown(stages),
        most=most if most and most.stopped >= results.survey.k else None,
    )


def asked(questions: tuple[Question, ...]) -> list[Question]:
    """What a person meets as a page: no sections, no options of choices; parts of a matrix are."""
    without = (Kind.SECTION, Kind.OPTION, Kind.RANK)
    return [q for q in questions if q.kind not in without and not q.is_retired]


def _stopped(results: SurveyResults) -> Counter[int]:
    left = Filling.objects.filter(survey_id=results.survey.pk, state=Filling.State.LEFT)
    return Counter(dict(left.values_list("at_question").annotate(n=Count("id"))))


def _shown(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    if len(stages) <= _SHOWN:
        return stages
    kept = {stages[0].number, stages[-1].number}
    for stage in sorted(stages, key=lambda stage: -stage.stopped):
        if len(kept) == _SHOWN:
            break
        kept.add(stage.number)
    return tuple(stage for stage in stages if stage.number in kept)
