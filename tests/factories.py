"""Rows for tests, with the fewest words."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cxm.models import Membership, User, Workspace
from journeys.models import Journey, Phase, Step, StepTouchpoint
from surveys.models import Answer, Question, Response, Status, Survey
from touchpoints.models import Channel, Segment, Touchpoint


class WorkspaceFactory(DjangoModelFactory[Workspace]):
    class Meta:
        model = Workspace

    slug = factory.Sequence(lambda n: f"workspace-{n}")
    name = factory.Sequence(lambda n: f"Workspace {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@firm.example")
    name = factory.Sequence(lambda n: f"Person {n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    workspace = factory.SubFactory(WorkspaceFactory)
    user = factory.SubFactory(UserFactory)
    role = "viewer"


class ChannelFactory(DjangoModelFactory[Channel]):
    class Meta:
        model = Channel

    name = factory.Sequence(lambda n: f"Channel {n}")


class TouchpointFactory(DjangoModelFactory[Touchpoint]):
    class Meta:
        model = Touchpoint

    name = factory.Sequence(lambda n: f"Touchpoint {n}")


class SegmentFactory(DjangoModelFactory[Segment]):
    class Meta:
        model = Segment

    dimension = "Purpose"
    name = factory.Sequence(lambda n: f"Segment {n}")


class SurveyFactory(DjangoModelFactory[Survey]):
    class Meta:
        model = Survey

    name = factory.Sequence(lambda n: f"Survey {n}")
    source = "interview"


class QuestionFactory(DjangoModelFactory[Question]):
    class Meta:
        model = Question

    survey = factory.SubFactory(SurveyFactory, workspace=factory.SelfAttribute("..workspace"))
    key = factory.Sequence(lambda n: f"Q{n}")
    text = factory.Sequence(lambda n: f"Question {n}?")
    kind = "rating"
    scale_min = 1
    scale_max = 5


class JourneyFactory(DjangoModelFactory[Journey]):
    class Meta:
        model = Journey

    slug = factory.Sequence(lambda n: f"journey-{n}")
    title = factory.Sequence(lambda n: f"Journey {n}")


class PhaseFactory(DjangoModelFactory[Phase]):
    class Meta:
        model = Phase

    journey = factory.SubFactory(JourneyFactory, workspace=factory.SelfAttribute("..workspace"))
    name = factory.Sequence(lambda n: f"Phase {n}")
    position = factory.Sequence(int)


class StepFactory(DjangoModelFactory[Step]):
    class Meta:
        model = Step

    phase = factory.SubFactory(PhaseFactory, workspace=factory.SelfAttribute("..workspace"))
    name = factory.Sequence(lambda n: f"Step {n}")
    position = factory.Sequence(int)


def meet(step: Step, touchpoint: Touchpoint) -> StepTouchpoint:
    """Bind a touchpoint to a step."""
    return StepTouchpoint.objects.create(
        workspace_id=step.workspace_id, step=step, touchpoint=touchpoint
    )


def answer(
    question: Question,
    *scores: int | Status,
    day: dt.date = dt.date(2026, 3, 2),
    segments: tuple[int, ...] = (),
    weight: float = 1.0,
    **response: Any,
) -> list[Response]:
    """One response per score with that one answer; a Status stands for an answer without score.

    Marks the day dirty, as every writer of answers must.
    """
    from surveys.histograms import mark_dirty

    rows = []
    for score in scores:
        status = score if isinstance(score, Status) else Status.SCORED
        row = Response.objects.create(
            workspace_id=question.workspace_id,
            survey_id=question.survey_id,
            external_id=f"r{Response.objects.count()}",
            answered_on=day,
            source=question.survey.source,
            segments=list(segments),
            weight=weight,
            **response,
        )
        Answer.objects.create(
            workspace_id=question.workspace_id,
            response_id=row.id,
            question_id=question.id,
            status=status,
            score=None if isinstance(score, Status) else score,
            raw=str(int(score)),
        )
        rows.append(row)
    mark_dirty(workspace_id=question.workspace_id, days=[day])
    return rows
