"""How far people get: who came to each question, and where those who left stood."""

from collections.abc import Sequence
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
    """``shown`` are the stages of the page, ``stages`` all of them.

    ``at_end``: who answered everything and still did not finish.
    """

    started: int
    finished: int
    stages: tuple[Stage, ...]
    shown: tuple[Stage, ...]
    most: Stage | None
    at_end: int


def read_funnel(results: SurveyResults, flow: Flow) -> Funnel | None:
    """One query more; None for imports, whose files do not say who left."""
    if not results.survey.is_collected or not results.responses:
        return None
    pages = asked(results.questions)
    stopped = [0] * (len(pages) + 1) if results.selected.is_narrow else _stopped(results, pages)
    stages = tuple(
        Stage(number, question, results.seen.get(question.pk, 0), stopped[number - 1])
        for number, question in enumerate(pages, start=1)
    )
    most = max(stages, key=lambda stage: stage.stopped, default=None)
    return Funnel(
        started=results.responses + sum(flow.under_way.values()),
        finished=results.finished,
        stages=stages,
        shown=_shown(stages),
        most=most if most and most.stopped >= results.survey.k else None,
        at_end=stopped[-1],
    )


def asked(questions: tuple[Question, ...]) -> list[Question]:
    """What a person meets as a page: no sections, no options of choices; parts of a matrix are."""
    without = (Kind.SECTION, Kind.OPTION, Kind.RANK)
    return [q for q in questions if q.kind not in without and not q.is_retired]


def _stopped(results: SurveyResults, pages: Sequence[Question]) -> list[int]:
    """How many stopped at each page, and after the last: at the one after their last answer."""
    left = Filling.objects.filter(survey_id=results.survey.pk, state=Filling.State.LEFT)
    after = {0: 0} | {question.pk: place for place, question in enumerate(pages, start=1)}
    found = [0] * (len(pages) + 1)
    for question, n in left.values_list("at_question").annotate(n=Count("id")):
        if question in after:
            found[after[question]] += n
    return found


def _shown(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    if len(stages) <= _SHOWN:
        return stages
    kept = {stages[0].number, stages[-1].number}
    for stage in sorted(stages, key=lambda stage: -stage.stopped):
        if len(kept) == _SHOWN:
            break
        kept.add(stage.number)
    return tuple(stage for stage in stages if stage.number in kept)
