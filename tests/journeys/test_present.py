"""The presentation: one claim per phase, from the numbers alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys.models import Card, Journey, Lane, Step
from surveys.models import Answer, Kind, Question, Response, Status
from tests.factories import JourneyFactory, PhaseFactory, QuestionFactory, StepFactory
from touchpoints.models import Touchpoint

Measured = Callable[..., Journey]
URL = "/w/firm/journeys/visit/present/"


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", plain)


def heading(response: Any) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    assert found
    return found[1]


def lane(journey: Journey, kind: str, *texts: str, hidden: bool = False) -> None:
    found = Lane.objects.create(
        workspace_id=journey.workspace_id, journey=journey, kind=kind, hidden=hidden,
        position=Lane.objects.count(),
    )  # fmt: skip
    steps = Step.objects.filter(phase__journey=journey).order_by("position")
    for step, text in zip(steps, texts, strict=False):
        Card.objects.create(
            workspace_id=journey.workspace_id, lane=found, step=step, text=text, position=0
        )


def test_a_claim_with_its_proof(sign_in: Any, measured: Measured) -> None:
    measured()
    response = sign_in("viewer").get(URL)
    words = text_of(response)
    assert heading(response) == "Step 0 feels 2.0 worse to customers than the team assumed."
    assert "1 of 1 During" in words
    assert "+1.0 → customers say −1.00" in words
    assert "Gap proven (Holm, 2 tests)" in words
    assert re.search(r"−1\.\d\d to −0\.\d\d excludes \+1\.0 · n = 12", words)
    assert "24 shown answers" in words
    assert "hidden: fewer than 5" in words
    assert "never asked" in words


def test_a_hidden_number_is_not_on_the_screen(sign_in: Any, measured: Measured) -> None:
    measured()
    page = sign_in("admin").get(URL).content.decode()
    assert "1.33" not in page
    assert "n = 3<" not in page
    wide = page.split('class="narrow"')[0]
    assert wide.count("<circle") - wide.split("</header>")[0].count("<circle") == 2


def test_without_a_proven_gap_the_lowest_step(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        Step.objects.filter(phase__journey=journey).update(assumed=None)
    response = sign_in("viewer").get(URL)
    assert heading(response) == "Step 0 is the lowest point of the journey, at −1.00."
    assert "proven" not in text_of(response)
    with scope(workspace=journey.workspace):
        Step.objects.filter(phase__journey=journey, name="Step 0").update(assumed=-1)
        Step.objects.filter(phase__journey=journey, name="Step 1").update(assumed=1.25)
    assert "No gap is proven" in text_of(sign_in("viewer").get(URL))


def test_phases_without_figures_say_why(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        last = PhaseFactory(
            workspace=journey.workspace, journey=journey, name="After", position=9_000
        )
        Step.objects.filter(name="Step 3").update(phase=last)
        small = PhaseFactory(
            workspace=journey.workspace, journey=journey, name="Sm", position=9_100
        )
        Step.objects.filter(name="Step 2").update(phase=small)
        PhaseFactory(workspace=journey.workspace, journey=journey, name="None", position=9_200)
    client = sign_in("viewer")
    assert heading(client.get(URL + "?phase=2")) == "Nobody was ever asked about this phase."
    assert heading(client.get(URL + "?phase=3")) == "Too few answers to show this phase."
    assert heading(client.get(URL + "?phase=4")) == "This phase has no steps yet."
    page = client.get(URL + "?phase=2&since=2026-01-01").content.decode()
    assert 'href="?phase=3&amp;since=2026-01-01"' in page
    assert page.count('aria-current="step"') == 1


@pytest.mark.parametrize("phase", ["0", "2", "-1", "x", "99999999", "١"])
def test_no_such_phase(phase: str, sign_in: Any, measured: Measured) -> None:
    measured()
    assert sign_in("viewer").get(URL, {"phase": phase}).status_code == 404


def test_who_may_see_it(sign_in: Any, measured: Measured) -> None:
    measured()
    assert Client().get(URL).status_code == 302
    assert sign_in("outsider").get(URL).status_code == 404
    client = sign_in("viewer")
    assert client.post(URL).status_code == 405
    assert client.get(URL + "?persona=7").status_code == 404
    assert client.get(URL + "?at=7").status_code == 404


def test_an_empty_map(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        JourneyFactory(workspace=workspace, slug="visit", title="Visit")
    assert "The map has no phases yet." in text_of(sign_in("viewer").get(URL))


def test_hidden_lanes_stay_hidden(sign_in: Any, measured: Measured) -> None:
    """Neither the quotes nor, with the emotion lane, any number."""
    journey = measured()
    with scope(workspace=journey.workspace):
        lane(journey, "quotes", "Nobody may read this", hidden=True)
    client = sign_in("admin")
    assert "Nobody may read this" not in client.get(URL).content.decode()
    with scope(workspace=journey.workspace):
        lane(journey, "emotion", hidden=True)
        lane(journey, "action", "Looks for a table <b>")
    words = text_of(client.get(URL))
    assert "−1.00" not in words
    assert "shown answers" not in words
    assert "Looks for a table &lt;b&gt;" in words


def comments(journey: Journey, count: int) -> None:
    """So many people wrote about the first step."""
    survey = Question.objects.order_by("pk")[0].survey
    touchpoint = Touchpoint.objects.get(name="Place 0")
    question: Any = QuestionFactory(
        workspace=journey.workspace, survey=survey, touchpoint=touchpoint, kind=Kind.TEXT,
        scale_min=None, scale_max=None,
    )  # fmt: skip
    for number, response in enumerate(Response.objects.order_by("id")[:count]):
        Answer.objects.create(
            workspace_id=journey.workspace_id, response_id=response.id, question_id=question.pk,
            status=Status.NO_ANSWER, raw=f"Too slow <i>{number}</i> " + "very " * 60,
        )  # fmt: skip


def test_comments_only_for_who_may_read_them(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        lane(journey, "quotes", "What the team noted")
        comments(journey, 8)
    viewer = text_of(sign_in("viewer").get(URL))
    assert "Too slow" not in viewer
    assert "What the team noted" in viewer
    analyst = text_of(sign_in("analyst").get(URL))
    assert analyst.count("Too slow &lt;i&gt;") == 2
    assert "very…" in analyst
    assert "gave −" in analyst


def test_fewer_comments_than_the_threshold_are_none(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        comments(journey, 7)
    assert "Too slow" not in text_of(sign_in("analyst").get(URL))


def test_names_are_text(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        Step.objects.filter(name="Step 0").update(name="<script>alert(1)</script>")
    page = sign_in("viewer").get(URL).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_sixty_steps_show_the_phase_and_its_neighbours(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        journey: Any = JourneyFactory(workspace=workspace, slug="visit", title="Visit")
        for number in range(10):
            phase = PhaseFactory(
                workspace=workspace, journey=journey, name=f"Phase {number}", position=number
            )
            for place in range(6):
                StepFactory(
                    workspace=workspace, phase=phase, name=f"S{number}-{place}", position=place
                )
    client = sign_in("viewer")
    for at, inside, outside in ((1, "S0-0", "S3-0"), (5, "S4-5", "S0-0"), (10, "S9-5", "S7-5")):
        words = text_of(client.get(f"{URL}?phase={at}"))
        assert inside in words
        assert outside not in words


def test_queries_do_not_grow(sign_in: Any, measured: Measured) -> None:
    journey = measured(4)
    client = sign_in("analyst")
    client.get(URL)
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    with scope(workspace=journey.workspace):
        phase: Any = journey.phases.get()
        for number in range(20):
            StepFactory(workspace=journey.workspace, phase=phase, name=f"More {number}")
        lane(journey, "action", *(["Card"] * 24))
        lane(journey, "quotes", *(["Quote"] * 24))
    with CaptureQueriesContext(connection) as many:
        client.get(URL)
    assert len(many) == len(few)
