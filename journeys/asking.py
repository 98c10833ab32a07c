"""Asking about a step: what asks already, and one more question made from the map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from cxm.models import User, Workspace
from journeys import editing
from journeys.models import Step, StepQuestion, StepTouchpoint
from surveys import building
from surveys.models import PART_KINDS, SCALE_KINDS, Kind, Question, Survey
from touchpoints.models import Touchpoint

ASKABLE = (Kind.FACES, Kind.RATING, Kind.CSAT, Kind.TEXT)
"""The kinds that ask about one moment; NPS and effort ask about more than a step."""

# Data in the language of the answering people, not of the person at the map.
_WORDING = {
    "en": "How was: %s?",
    "de": "Wie war: %s?",
    "fr": "Comment avez-vous trouvé : %s ?",
    "es": "¿Qué tal fue: %s?",
    "it": "Come è stato: %s?",
    "nl": "Hoe was: %s?",
}


@dataclass(frozen=True)
class Asking:
    """One question that asks about a step: itself, or through ``touchpoint``."""

    question: Question
    is_own: bool
    touchpoint: Touchpoint | None

    @property
    def survey(self) -> Survey:
        return self.question.survey

    @property
    def is_builder(self) -> bool:
        """Whether it stands in a draft that can be built on."""
        return self.survey.is_collected and not self.question.is_retired


def wording(step: str, languages: Iterable[str]) -> dict[str, str]:
    """The question in all languages of a survey that it is known in."""
    return {
        code: _WORDING[base] % step
        for code in languages
        if (base := code.partition("-")[0]) in _WORDING
    }


def open_surveys(workspace: Workspace) -> list[Survey]:
    """The surveys that can take one more question: drafts and open ones."""
    states = (Survey.State.DRAFT, Survey.State.OPEN)
    return list(Survey.objects.filter(workspace=workspace, state__in=states).order_by("name"))


def touchpoints_of(step: Step) -> list[Touchpoint]:
    """What the step meets, in its order."""
    links = StepTouchpoint.objects.filter(step=step).select_related("touchpoint")
    return [link.touchpoint for link in links]


def asking(step: Step) -> list[Asking]:
    """What asks about a step, in surveys by name; retired questions with answers stay listed."""
    own = set(StepQuestion.objects.filter(step=step).values_list("question", flat=True))
    met = {touchpoint.pk: touchpoint for touchpoint in touchpoints_of(step)}
    found = (
        Question.objects.filter(Q(pk__in=own) | Q(touchpoint__in=met))
        .exclude(kind__in=[Kind.SECTION, *PART_KINDS.values()])
        .select_related("survey")
        .order_by("survey__name", "is_retired", "position", "pk")
    )
    return [Asking(q, q.pk in own, met.get(q.touchpoint_id or 0)) for q in found]


def bindable(step: Step, workspace: Workspace) -> list[Question]:
    """Questions of any survey that could ask about the step and do not yet: one query."""
    bound = StepQuestion.objects.filter(step=step).values("question")
    return list(
        Question.objects.filter(workspace=workspace, is_retired=False)
        .filter(Q(kind__in=SCALE_KINDS, scale_min__isnull=False) | Q(kind=Kind.TEXT))
        .exclude(pk__in=bound)
        .select_related("survey")
        .order_by("survey__name", "position", "pk")
    )


@transaction.atomic
def ask(
    *,
    step: Step,
    survey: Survey,
    kind: str,
    texts: Mapping[str, str],
    touchpoint: Touchpoint | None,
    actor: User | None,
) -> Question:
    """One more question in the draft of a survey, bound to the step by one event of its map.

    Raises ``surveys.building.BuildError`` with words where the draft cannot take it.
    """
    question = building.add_question(survey=survey, kind=kind, texts=texts, touchpoint=touchpoint)
    editing.bind_question(step=step, actor=actor, question=question)
    return question


def begin_survey(*, workspace: Workspace, name: str, by: User | None) -> Survey:
    """A draft in the language of the workspace. Raises BuildError, as where the name is taken."""
    return building.create_survey(
        workspace=workspace, name=name, language=workspace.language, by=by
    )


def languages_of(survey: Survey | None, workspace: Workspace) -> Sequence[str]:
    """The languages to write the question in."""
    return survey.all_languages if survey else [workspace.language]
