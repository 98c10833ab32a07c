"""Maps in a plain form: list, reading, creating, every edit, and who may."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys.models import Event, Journey, Phase, Step, StepQuestion
from tests.factories import JourneyFactory, PhaseFactory, QuestionFactory, TouchpointFactory
from tests.journeys.test_curve import text_of

Measured = Callable[..., Journey]
BASE = "/w/firm/journeys/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ids(measured: Measured, workspace: Any) -> dict[str, int]:
    measured()
    with scope(workspace=workspace):
        return {"phase": Phase.objects.get().pk, "step": Step.objects.get(name="Step 1").pk}


def names(workspace: Any) -> list[str]:
    with scope(workspace=workspace):
        return [step.name for step in Step.objects.order_by("phase__position", "position")]


def events(workspace: Any) -> list[str]:
    with scope(workspace=workspace):
        return list(Event.objects.order_by("id").values_list("what", flat=True))


def test_journeys_lists_maps(sign_in: Any, ids: Any) -> None:
    words = text_of(sign_in("viewer").get(BASE))
    assert "Visit" in words
    assert "New map" not in words


def test_journeys_without_maps_says_so(sign_in: Any, workspace: Any) -> None:
    assert "No map yet." in text_of(sign_in("viewer").get(BASE))


def test_journey_reads_and_downloads(sign_in: Any, ids: Any) -> None:
    client = sign_in("viewer")
    words = text_of(client.get(f"{BASE}visit/"))
    assert "team assumes +1.0" in words
    assert "Place 0" in words
    toml = client.get(f"{BASE}visit/map.toml")
    assert toml["Content-Type"].startswith("application/toml")
    assert 'title = "Visit"' in toml.content.decode()


def test_journey_create(sign_in: Any, workspace: Any) -> None:
    client = sign_in("marketer")
    assert client.get(f"{BASE}new/").status_code == 200
    assert client.post(f"{BASE}new/", {"title": " "}).status_code == 422
    made = client.post(f"{BASE}new/", {"title": "A stay"})
    assert made.headers["Location"] == f"{BASE}a-stay/edit/"
    assert len(names(workspace)) == 5
    assert events(workspace) == ["journey-created"]


def test_journey_import_round_trip_and_mistakes(sign_in: Any, ids: Any, workspace: Any) -> None:
    client = sign_in("marketer")
    toml = client.get(f"{BASE}visit/map.toml").content
    same = client.post(f"{BASE}import/", {"file": BytesIO(toml)}, follow=True)
    assert "already as the file says" in text_of(same)
    assert events(workspace) == []
    changed = toml.replace(b"Step 1", b"Queue")
    client.post(f"{BASE}import/", {"file": BytesIO(changed)})
    assert names(workspace) == ["Step 0", "Queue", "Step 2", "Step 3"]
    broken = client.post(f"{BASE}import/", {"file": BytesIO(toml.replace(b"Place 1", b"Moon"))})
    assert broken.status_code == 422
    assert "no touchpoint of this name: Moon" in text_of(broken)
    assert client.post(f"{BASE}import/").status_code == 422
    assert events(workspace) == ["journey-replaced"]


def test_journey_edit_page(sign_in: Any, ids: Any) -> None:
    words = text_of(sign_in("marketer").get(f"{BASE}visit/edit/"))
    assert "Add step" in words
    assert "Place 1" in words


def test_title_phases_and_steps(sign_in: Any, ids: Any, workspace: Any) -> None:
    client, visit = sign_in("marketer"), f"{BASE}visit/"
    phase, step = f"{visit}phases/{ids['phase']}/", f"{visit}steps/{ids['step']}/"
    for url, data in [
        (f"{visit}title/", {"title": "A visit"}),
        (f"{visit}phases/", {"name": "After"}),
        (phase, {"name": "On the way"}),
        (f"{phase}place/", {"by": "1"}),
        (f"{phase}steps/", {"name": "Pay"}),
        (f"{step}place/", {"by": "-1"}),
        (f"{step}removal/", {}),
        (f"{phase}removal/", {}),
    ]:
        assert client.post(url, data).headers["Location"] == f"{visit}edit/"
    assert events(workspace) == [
        "journey-renamed", "phase-added", "phase-renamed", "phase-moved", "step-added",
        "step-moved", "step-removed", "phase-removed",
    ]  # fmt: skip
    client.post(f"{visit}removal/")
    with scope(workspace=workspace):
        assert not Journey.objects.exists()


def test_htmx_gets_the_map_alone(sign_in: Any, ids: Any) -> None:
    client = sign_in("marketer")
    part = client.post(f"{BASE}visit/phases/", {"name": "After"}, headers=HTMX)
    assert part.status_code == 200
    assert part.content.decode().strip().startswith('<div id="map"')
    assert "After" in part.content.decode()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("title/", {"title": ""}),
        ("phases/", {"name": ""}),
        ("phases/{phase}/", {"name": "x" * 121}),
        ("phases/{phase}/place/", {"by": "99"}),
        ("phases/{phase}/steps/", {"name": "\x00"}),
        ("steps/{step}/place/", {"by": "up"}),
        ("steps/{step}/", {"name": "Wait", "assumed": "2.5"}),
        ("steps/{step}/", {"name": ""}),
        ("steps/{step}/", {"name": "Wait", "touchpoints": ["999999"]}),
    ],
)
def test_invalid_forms_change_nothing(
    sign_in: Any, ids: Any, workspace: Any, path: str, data: dict[str, Any]
) -> None:
    client = sign_in("marketer")
    url = f"{BASE}visit/{path.format(**ids)}"
    for headers in ({}, HTMX):
        assert client.post(url, data, headers=headers).status_code == 422
    assert events(workspace) == []


def test_step_edit(sign_in: Any, ids: Any, workspace: Any) -> None:
    client, url = sign_in("marketer"), f"{BASE}visit/steps/{ids['step']}/"
    with scope(workspace=workspace):
        one: Any = TouchpointFactory(workspace=workspace, name="Aisle")
        TouchpointFactory(workspace=workspace, name="Gone", lifecycle="retired")
        free: Any = QuestionFactory(workspace=workspace, text="All in all?")
        kept = Step.objects.get(pk=ids["step"]).touchpoints.get()
    page = text_of(client.get(url))
    assert "Aisle" in page
    assert "Gone" not in page
    assert "All in all?" in page
    assert "<html" not in client.get(url, headers=HTMX).content.decode()
    data = {
        "name": "Wait", "assumed": "-0.5", "touchpoints": [one.pk, kept.pk],
        "questions": [free.pk],
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    with scope(workspace=workspace):
        step = Step.objects.get(pk=ids["step"])
        assert (step.name, str(step.assumed)) == ("Wait", "-0.50")
        # What was there stays first, whatever the order of the form.
        assert [link.touchpoint for link in step.touchpoint_links.all()] == [kept, one]
        assert StepQuestion.objects.get().question == free
    assert events(workspace) == ["step-edited", "question-bound"]
    assert client.post(url, data).status_code == 302
    client.post(url, {**data, "questions": []})
    assert events(workspace) == ["step-edited", "question-bound", "question-unbound"]


def test_touchpoints_of_others_are_invalid(
    sign_in: Any, ids: Any, workspace: Any, other_workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        foreign: Any = TouchpointFactory(workspace=other_workspace)
    url = f"{BASE}visit/steps/{ids['step']}/"
    answer = sign_in("marketer").post(url, {"name": "Wait", "touchpoints": [foreign.pk]})
    assert answer.status_code == 422
    assert events(workspace) == []


GETS = ["", "new/", "visit/", "visit/edit/", "visit/map.toml", "visit/steps/{step}/"]
POSTS = [
    "new/", "import/", "visit/title/", "visit/removal/", "visit/phases/", "visit/phases/{phase}/",
    "visit/phases/{phase}/place/", "visit/phases/{phase}/removal/", "visit/phases/{phase}/steps/",
    "visit/steps/{step}/", "visit/steps/{step}/place/", "visit/steps/{step}/removal/",
]  # fmt: skip


def test_who_may_not(sign_in: Any, ids: Any, workspace: Any) -> None:
    outsider = sign_in("outsider")
    for path in GETS:
        assert outsider.get(BASE + path.format(**ids)).status_code == 404
        assert Client().get(BASE + path.format(**ids)).status_code == 302
    for path in POSTS:
        assert outsider.post(BASE + path.format(**ids)).status_code == 404
    analyst = sign_in("analyst")
    for path in POSTS:
        assert analyst.post(BASE + path.format(**ids)).status_code == 403
    assert events(workspace) == []


def test_get_changes_nothing(sign_in: Any, ids: Any, workspace: Any) -> None:
    client = sign_in("marketer")
    for path in POSTS:
        if path not in ("new/", "visit/steps/{step}/"):
            assert client.get(BASE + path.format(**ids)).status_code == 405
    assert events(workspace) == []


def test_parts_of_another_map_do_not_exist(sign_in: Any, ids: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        PhaseFactory(workspace=workspace, journey=JourneyFactory(workspace=workspace, slug="trip"))
    client = sign_in("marketer")
    for path in POSTS:
        if "{" in path:
            url = (BASE + path.format(**ids)).replace("/visit/", "/trip/")
            assert client.post(url, {"name": "x", "by": "1"}).status_code == 404
    assert events(workspace) == []


@pytest.mark.parametrize("path", ["", "visit/", "visit/edit/"])
def test_the_same_queries_for_3_and_30_steps(
    sign_in: Any, measured: Measured, workspace: Any, path: str
) -> None:
    client = sign_in("marketer")
    measured(3)
    client.get(BASE + path)
    with CaptureQueriesContext(connection) as few:
        client.get(BASE + path)
    with scope(workspace=workspace):
        phase = Phase.objects.get()
        for number in range(27):
            step = Step.objects.create(
                workspace=workspace, phase=phase, name=f"More {number}", position=number + 9
            )
            touchpoint: Any = TouchpointFactory(workspace=workspace)
            step.touchpoints.add(touchpoint, through_defaults={"workspace": workspace})
    with CaptureQueriesContext(connection) as many:
        client.get(BASE + path)
    assert len(many) == len(few)
