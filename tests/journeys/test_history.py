"""The history of a map in words, named states, and bringing a past state back."""

from typing import Any

import pytest
from django.urls import reverse
from django_scopes import scope

from journeys import editing, history
from journeys.log import state_at
from journeys.models import Card, Journey, Lane, Phase, Step, Version
from journeys.outline import Outline, PhaseOutline, StepOutline, outline_of
from journeys.rows import load_state
from tests.factories import UserFactory

PLAN = Outline("Visit", (PhaseOutline("During", (StepOutline("Order"), StepOutline("Wait"))),))


@pytest.fixture
def jana(db: None) -> Any:
    return UserFactory(name="Jana Krüger")


@pytest.fixture
def journey(workspace: Any, jana: Any) -> Journey:
    with scope(workspace=workspace):
        made = editing.create_journey(workspace=workspace, actor=jana, outline=PLAN)
        order = Step.objects.select_related("phase").get(name="Order")
        action = Lane.objects.get(kind="action")
        editing.add_card(lane=action, step=order, actor=jana, text="Reads the menu")
        return made


def url(name: str, journey: Journey) -> str:
    return reverse(
        f"journeys:{name}", kwargs={"workspace": journey.workspace.slug, "journey": journey.slug}
    )


def said(journey: Journey) -> list[tuple[str, str]]:
    last = Journey.objects.get(pk=journey.pk).last_seq
    found = history.moments(journey, load_state(journey.pk), until=last)
    return [(moment.place, moment.words) for moment in found]


def test_changes_are_told_in_words_newest_first(
    workspace: Any, journey: Journey, jana: Any
) -> None:
    with scope(workspace=workspace):
        wait = Step.objects.select_related("phase").get(name="Wait")
        editing.assume(step=wait, actor=jana, value=-1)  # type: ignore[arg-type]
        editing.remove_step(step=Step.objects.select_related("phase").get(name="Order"), actor=jana)
        editing.undo(journey=journey, actor=jana)
        assert said(journey)[:4] == [
            ("", "Took back: deleted step “Order” with 1 card"),
            ("", "deleted step “Order” with 1 card"),
            ("Wait", "the team's emotion from not assumed to −1.0"),
            ("Order, Customer action", "wrote “Reads the menu”"),
        ]


def test_every_kind_of_change_has_words() -> None:
    from journeys.changes import CHANGES

    sentences = {*history._sentences(), "step-assumed", "undone", "redone"}
    assert set(CHANGES) <= sentences


def test_a_text_shows_what_was_struck_and_added() -> None:
    parts = history.text_difference("Looks for the desk", "Looks for the right desk")
    assert "".join(text for what, text in parts if what != "ins") == "Looks for the desk"
    assert "".join(text for what, text in parts if what != "del") == "Looks for the right desk"
    assert ("ins", "right ") in parts or ("ins", " right") in parts


def test_the_panel_and_the_page(sign_in: Any, journey: Journey) -> None:
    client = sign_in("viewer")
    page = client.get(url("history-read", journey))
    assert page.status_code == 200
    assert "Reads the menu" in page.content.decode()
    assert "Restore" not in page.content.decode()
    panel = client.get(url("history-read", journey), headers={"HX-Request": "true"})
    assert panel.content.decode().count("<html") == 0
    assert client.get(url("history-read", journey) + "?at=1").status_code == 200
    for bad in ("99", "-1", "x", "9" * 30):
        assert client.get(url("history-read", journey) + f"?at={bad}").status_code == 404


def test_a_past_state_comes_back_as_a_new_change(
    sign_in: Any, workspace: Any, journey: Journey, jana: Any
) -> None:
    with scope(workspace=workspace):
        editing.remove_phase(phase=Phase.objects.get(), actor=jana)
    client = sign_in("marketer")
    answer = client.post(url("restoration", journey), {"seq": 2})
    assert answer.status_code == 302
    with scope(workspace=workspace):
        assert outline_of(journey) == PLAN
        assert Journey.objects.get().last_seq == 4
        assert load_state(journey.pk) == state_at(journey, 2)
    assert client.post(url("restoration", journey), {"seq": 400}).status_code == 404
    # Before its first event there was no map; bringing that back would remove it.
    assert client.post(url("restoration", journey), {"seq": 0}).status_code == 404
    assert client.post(url("restoration", journey), {"seq": "x"}).status_code == 404
    assert sign_in("analyst").post(url("restoration", journey), {"seq": 2}).status_code == 403


def test_a_state_gets_a_name(sign_in: Any, workspace: Any, journey: Journey) -> None:
    client = sign_in("marketer")
    assert (
        client.post(url("version-create", journey), {"seq": 1, "name": "First"}).status_code == 302
    )
    with scope(workspace=workspace):
        assert Version.objects.get().name == "First"
    assert client.post(url("version-create", journey), {"seq": 1, "name": ""}).status_code == 422
    assert client.post(url("version-create", journey), {"seq": 99, "name": "x"}).status_code == 422
    assert "First" in client.get(url("history-read", journey)).content.decode()


def test_cells_that_differ_from_a_past_state(workspace: Any, journey: Journey, jana: Any) -> None:
    with scope(workspace=workspace):
        past = load_state(journey.pk)
        card = Card.objects.select_related("lane").get()
        editing.write_card(card=card, actor=jana, text="Reads the big menu")
        found = history.differing_cells(past, load_state(journey.pk))
        (parts,) = found.values()
        assert "".join(text for what, text in parts if what == "ins").strip() == "big"
