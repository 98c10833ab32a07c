"""Home of a workspace: what was found, what needs attention, and the first run."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cxm.models import Membership, Workspace
from journeys.models import Journey
from surveys.models import Answer, Question, Status
from tests.factories import (
    JourneyFactory,
    QuestionFactory,
    SurveyFactory,
    TouchpointFactory,
    UserFactory,
    WorkspaceFactory,
    answer,
)
from tests.journeys.test_curve import text_of

Measured = Callable[..., Journey]


def test_the_finding_the_maps_and_what_needs_attention(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    measured()
    with scope(workspace=workspace):
        JourneyFactory(workspace=workspace, title="Nothing yet")
        TouchpointFactory(workspace=workspace, name="Orphan")
    response = sign_in("marketer").get("/w/firm/")
    words = text_of(response)
    assert response.status_code == 200
    assert "Step 0: customers say −1.00, the team assumed +1.00." in words
    assert "1 worse than assumed" in words
    assert "nothing measured" in words
    assert "Step 0: team assumed +1.0, customers say −1.0" in words
    assert "Step 3 was never asked" in words
    assert "Step 2 is hidden" in words
    assert "1 touchpoint has no owner" in words
    assert "New map" in words
    assert "gap −2.0" in words


def test_a_viewer_is_offered_nothing_that_is_not_theirs(sign_in: Any, measured: Measured) -> None:
    measured()
    words = text_of(sign_in("viewer").get("/w/firm/"))
    assert "New map" not in words
    assert "Bring in answers" not in words


def test_outsider_and_signed_out(sign_in: Any, workspace: Any) -> None:
    assert Client().get("/w/firm/").status_code == 302
    assert sign_in("outsider").get("/w/firm/").status_code == 404


def test_the_newest_wave_is_set_against_the_one_before(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    measured()
    with scope(workspace=workspace):
        first = Question.objects.select_related("touchpoint").earliest("id")
        wave: Any = SurveyFactory(workspace=workspace, name="Guests 2027")
        asked: Any = QuestionFactory(workspace=workspace, survey=wave, touchpoint=first.touchpoint)
        answer(asked, *[4, 5] * 10, day=dt.date(2027, 3, 2))
    words = text_of(sign_in("viewer").get("/w/firm/"))
    assert "What changed since" in words
    assert "1 of 1 change proven (Holm, 1 test)" in words
    assert "Step 0 is 2.50 higher in Guests 2027 than in Guests" in words


def test_comments_are_for_analysts_and_never_few(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    measured()
    with scope(workspace=workspace):
        first = Question.objects.select_related("survey").earliest("id")
        asked: Any = QuestionFactory(
            workspace=workspace, survey=first.survey, kind="text", scale_min=None, scale_max=None
        )
        for response in answer(asked, *[Status.NO_ANSWER] * 8):
            Answer.objects.filter(response_id=response.id).update(raw="Nice people")
    assert "Nice people" in text_of(sign_in("analyst").get("/w/firm/"))
    assert "Nice people" not in text_of(sign_in("viewer").get("/w/firm/"))
    with scope(workspace=workspace):
        one: Any = Answer.objects.filter(raw="Nice people").last()
        one.delete()
    assert "Nice people" not in text_of(sign_in("analyst").get("/w/firm/"))


def test_first_run(sign_in: Any, client: Any, workspace: Any, db: None) -> None:
    words = text_of(sign_in("marketer").get("/w/firm/"))
    assert "Start with one journey." in words
    assert "Create blank map" in words
    assert "finished sample" not in words
    person = UserFactory()
    sample: Any = WorkspaceFactory(slug="cafe", is_sample=True)
    for place in (workspace, sample):
        Membership.objects.create(workspace=place, user=person, role="viewer")
    client.force_login(person)
    page = client.get("/w/firm/")
    assert 'href="/w/cafe/"' in page.content.decode()
    assert "Create blank map" not in text_of(page)


def test_the_same_queries_for_1_and_8_maps(
    sign_in: Any, measured: Measured, workspace: Workspace
) -> None:
    client = sign_in("analyst")
    journey = measured()
    client.get("/w/firm/")
    with CaptureQueriesContext(connection) as few:
        client.get("/w/firm/")
    with scope(workspace=workspace):
        for _number in range(7):
            twin: Any = JourneyFactory(workspace=workspace)
            for phase in journey.phases.all():
                steps = list(phase.steps.all())
                phase.pk, phase.journey = None, twin
                phase.save()
                for step in steps:
                    links = list(step.touchpoint_links.all())
                    step.pk, step.phase = None, phase
                    step.save()
                    for link in links:
                        link.pk, link.step = None, step
                        link.save()
    with CaptureQueriesContext(connection) as many:
        assert text_of(client.get("/w/firm/")).count("1 worse than assumed") == 8
    assert len(many) == len(few)


def test_a_future_is_no_map_that_needs_attention(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    journey = measured()
    with scope(workspace=workspace):
        JourneyFactory(workspace=workspace, slug="later", title="Later", future_of=journey)
    viewer = sign_in("viewer")
    assert "Later" not in text_of(viewer.get("/w/firm/"))
    assert viewer.get("/w/firm/insights/").url == "/w/firm/journeys/visit/curve/"
    with scope(workspace=workspace):
        Journey.objects.filter(slug="visit").delete()
    assert "Later" in text_of(viewer.get("/w/firm/"))
