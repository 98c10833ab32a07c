"""A small measured journey that the tests of its pages share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django_scopes import scope

if TYPE_CHECKING:
    from journeys.models import Journey


@pytest.fixture
def measured(workspace: Any) -> Callable[..., "Journey"]:
    """``measured(3)`` → a journey of that many steps, each with a touchpoint and 12 answers.

    The last step is never asked, the one before has 3 answers alone; the team assumes +1.
    """

    from tests.factories import (
        JourneyFactory,
        PhaseFactory,
        QuestionFactory,
        StepFactory,
        SurveyFactory,
        TouchpointFactory,
        answer,
        meet,
    )

    def make(steps: int = 4) -> "Journey":
        with scope(workspace=workspace):
            journey: Any = JourneyFactory(workspace=workspace, slug="visit", title="Visit")
            phase = PhaseFactory(workspace=workspace, journey=journey, name="During")
            survey = SurveyFactory(workspace=workspace, name="Guests")
            for number in range(steps):
                step: Any = StepFactory(
                    workspace=workspace, phase=phase, name=f"Step {number}", position=number,
                    assumed=1,
                )  # fmt: skip
                touchpoint: Any = TouchpointFactory(
                    workspace=workspace, name=f"Place {number}", owner="Lea"
                )
                meet(step, touchpoint)
                if number < steps - 1:
                    question: Any = QuestionFactory(
                        workspace=workspace, survey=survey, touchpoint=touchpoint
                    )
                    scores = [1, 2, 2, 3] * 3 if number == 0 else [3, 4, 5, 5] * 3
                    answer(question, *(scores if number < steps - 2 else [4, 4, 5]))
        found: Journey = journey
        return found

    return make
