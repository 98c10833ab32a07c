"""Two touchpoints become one, one becomes two, names change: no answer is orphaned."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from cxm.models import uuid7
from journeys import editing, merging, selection
from journeys.curve import read_curve
from journeys.log import state_at
from journeys.models import Event, Journey, StepTouchpoint
from journeys.outline import Outline
from journeys.rows import load_state
from surveys.models import Question
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    StepFactory,
    TouchpointFactory,
    UserFactory,
    answer,
    meet,
)
from touchpoints import importing
from touchpoints.merging import found_by, known_names
from touchpoints.models import Alias, Contact, Touchpoint

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


class Firm:
    """Two maps; "Bar" and "Counter" are the same place. One step meets both."""

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace
        self.bar = TouchpointFactory(workspace=workspace, name="Bar")
        self.counter = TouchpointFactory(workspace=workspace, name="Counter")
        self.old = QuestionFactory(workspace=workspace, touchpoint=self.counter)
        self.new = QuestionFactory(workspace=workspace, touchpoint=self.bar, scale_max=7)
        answer(self.old, 1, 2, 2, 3, 1)
        answer(self.new, 6, 7, 5, 6, 7, 7)
        self.journeys = [JourneyFactory(workspace=workspace) for _n in range(2)]
        self.steps = []
        for journey in self.journeys:
            phase = PhaseFactory(workspace=workspace, journey=journey)
            both = StepFactory(workspace=workspace, phase=phase)
            only = StepFactory(workspace=workspace, phase=phase)
            for place in (self.bar, self.counter):
                meet(both, place)
            meet(only, self.counter)
            self.steps += [both, only]

    def curve(self, journey: Journey) -> list[tuple[int, float, float] | None]:
        choices = selection.load_choices(self.workspace)
        reading = read_curve(
            workspace=self.workspace, journey=journey, selected=selection.Selection(),
            choices=choices,
        )  # fmt: skip
        return [
            (p.estimate.n, p.estimate.mean, p.estimate.se) if p.estimate else None
            for p in reading.curve.points
        ]


@pytest.fixture
def firm(in_scope: Any) -> Firm:
    return Firm(in_scope)


def test_everything_follows(firm: Firm) -> None:
    Contact.objects.create(
        workspace=firm.workspace, customer_id=uuid7(), touchpoint_id=firm.counter.pk,
        happened_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
    )  # fmt: skip
    before = firm.curve(firm.journeys[0])
    actor = UserFactory()
    merging.merge(goes=firm.counter, into=firm.bar, actor=actor)
    after = firm.curve(firm.journeys[0])
    assert after[0] == before[0]  # the step that had both
    assert after[1] == before[0]  # the other one has all answers now
    assert not Question.objects.filter(touchpoint=firm.counter).exists()
    assert not StepTouchpoint.objects.filter(touchpoint=firm.counter).exists()
    assert not Contact.objects.filter(touchpoint_id=firm.counter.pk).exists()
    assert StepTouchpoint.objects.filter(touchpoint=firm.bar).count() == 4
    gone = Touchpoint.objects.get(pk=firm.counter.pk)
    assert gone.is_retired
    assert gone.merged_into_id == firm.bar.pk
    assert found_by("counter") == firm.bar
    for journey in firm.journeys:
        (event,) = Event.objects.filter(journey=journey)
        assert (event.what, event.actor) == ("touchpoint-merged", actor)
        journey.refresh_from_db()


def test_the_log_says_what_the_rows_say(firm: Firm) -> None:
    journey = editing.create_journey(
        workspace=firm.workspace, actor=None, outline=Outline("Logged", ())
    )
    editing.add_phase(journey=journey, actor=None, name="One")
    phase = journey.phases.get()
    editing.add_step(phase=phase, actor=None, name="Step", touchpoints=[firm.counter, firm.bar])
    merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    journey.refresh_from_db()
    assert state_at(journey, journey.last_seq) == load_state(journey.pk)


def test_a_merger_is_no_step_of_undo(firm: Firm) -> None:
    actor = UserFactory()
    phase = firm.steps[0].phase
    editing.rename_phase(phase=phase, actor=actor, name="Before")
    merging.merge(goes=firm.counter, into=firm.bar, actor=actor)
    undone = editing.undo(journey=phase.journey, actor=actor)
    assert undone is not None
    phase.refresh_from_db()
    assert phase.name != "Before"
    assert not StepTouchpoint.objects.filter(touchpoint=firm.counter).exists()


def test_a_past_state_with_both_counts_once(firm: Firm) -> None:
    journey = editing.create_journey(
        workspace=firm.workspace, actor=None, outline=Outline("Logged", ())
    )
    editing.add_phase(journey=journey, actor=None, name="One")
    editing.add_step(
        phase=journey.phases.get(), actor=None, name="Step", touchpoints=[firm.counter, firm.bar]
    )
    journey.refresh_from_db()
    seq = journey.last_seq
    before = firm.curve(journey)
    merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    editing.restore_journey(journey=journey, actor=None, seq=seq)
    assert firm.curve(journey) == before
    assert StepTouchpoint.objects.filter(step__phase__journey=journey).count() == 1
    assert not StepTouchpoint.objects.filter(touchpoint=firm.counter).exists()


def test_chains_are_short(firm: Firm) -> None:
    third = TouchpointFactory(workspace=firm.workspace, name="Till")
    fourth = TouchpointFactory(workspace=firm.workspace, name="Kiosk", split_from=firm.counter)
    merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    merging.merge(goes=firm.bar, into=third, actor=None)
    assert found_by("Counter") == third
    assert found_by("BAR") == third
    fourth.refresh_from_db()
    assert fourth.split_from == third
    with pytest.raises(ValueError, match="once"):
        merging.merge(goes=firm.counter, into=third, actor=None)
    with pytest.raises(ValueError, match="Two"):
        merging.merge(goes=third, into=third, actor=None)


def test_files_find_old_names(firm: Firm) -> None:
    merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    known = known_names(firm.workspace.pk)
    assert known["counter"] == firm.bar.pk
    plan = importing.plan(io.BytesIO(b"name,owner\nCounter,Mia\n"), name="t.csv")
    assert [(c.name, c.is_new) for c in plan.changed] == [("Bar", False)]
    twice = importing.plan(io.BytesIO(b"name,owner\nBar,Mia\nCounter,Mia\n"), name="t.csv")
    assert [fault.line for fault in twice.faults] == [3]


def test_the_page_shows_what_moves_and_does_it(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        firm = Firm(workspace)
    url = reverse("journeys:touchpoint-merge", args=[workspace.slug, firm.counter.pk])
    client = sign_in("admin")
    assert "The one that stays" in client.get(url).content.decode()
    page = client.get(url, {"into": firm.bar.pk}).content.decode()
    assert "1 has both and keeps one" in page
    assert firm.old.text in page
    assert "Some have another scale" in page
    assert client.post(url, {"into": "x"}).status_code == 422
    done = client.post(url, {"into": firm.bar.pk}, follow=True).content.decode()
    assert "Counter is now part of Bar" in done
    assert "Former names" in done
    assert client.get(url).status_code == 404
    old = reverse("touchpoints:touchpoint", args=[workspace.slug, firm.counter.pk])
    assert "Merged into" in client.get(old).content.decode()
    history = reverse("journeys:history-read", args=[workspace.slug, firm.journeys[0].slug])
    assert "joined two touchpoints into “Bar”" in client.get(history).content.decode()


def test_marketers_do_not_merge(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        place = TouchpointFactory(workspace=workspace)
    url = reverse("journeys:touchpoint-merge", args=[workspace.slug, place.pk])
    assert sign_in("marketer").get(url).status_code == 403


def test_another_workspaces_touchpoint_cannot_stay(
    sign_in: SignIn, workspace: Any, other_workspace: Any
) -> None:
    with scope(workspace=workspace):
        place = TouchpointFactory(workspace=workspace)
    with scope(workspace=other_workspace):
        theirs = TouchpointFactory(workspace=other_workspace)
    url = reverse("journeys:touchpoint-merge", args=[workspace.slug, place.pk])
    assert sign_in("admin").post(url, {"into": theirs.pk}).status_code == 422


def form(**changed: str) -> dict[str, str]:
    return {
        "name": "Bar", "media_type": "owned", "contact": "direct", "stage": "during",
        "influence": "full", "lifecycle": "active", **changed,
    }  # fmt: skip


def test_a_renamed_touchpoint_keeps_its_old_name(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        place = TouchpointFactory(workspace=workspace, name="Bar")
        question = QuestionFactory(workspace=workspace, touchpoint=place)
    client = sign_in("admin")
    edit = reverse("touchpoints:touchpoint-edit", args=[workspace.slug, place.pk])
    client.post(edit, form(name="Coffee bar"))
    client.post(edit, form(name="Espresso bar"))
    page = client.get(reverse("touchpoints:touchpoint", args=[workspace.slug, place.pk]))
    assert "Bar, Coffee bar" in page.content.decode()
    with scope(workspace=workspace):
        assert found_by("coffee BAR") == place
        question.refresh_from_db()
        assert question.touchpoint_id == place.pk
    client.post(edit, form(name="Bar"))
    with scope(workspace=workspace):
        assert set(Alias.objects.values_list("name", flat=True)) == {"Coffee bar", "Espresso bar"}
        # Somebody else's name of today is nobody's old one.
        client.post(
            reverse("touchpoints:touchpoint-create", args=[workspace.slug]),
            form(name="Coffee Bar"),
        )
    with scope(workspace=workspace):
        assert found_by("coffee bar") != place


def test_a_new_touchpoint_is_split_off(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        place = TouchpointFactory(workspace=workspace, name="Bar", owner="Mia")
        question = QuestionFactory(workspace=workspace, touchpoint=place)
    client = sign_in("admin")
    url = reverse("touchpoints:touchpoint-split", args=[workspace.slug, place.pk])
    page = client.get(url).content.decode()
    assert "The answers given so far stay there" in page
    assert 'value="Mia"' in page
    assert client.post(url, form(name="Bar")).status_code == 422
    done = client.post(url, form(name="Take-away window"), follow=True).content.decode()
    assert "Earlier answers count there." in done
    with scope(workspace=workspace):
        new = Touchpoint.objects.get(name="Take-away window")
        assert new.split_from == place
        question.refresh_from_db()
        assert question.touchpoint_id == place.pk


def test_a_merged_touchpoint_can_stand_for_itself_again(firm: Firm, sign_in: SignIn) -> None:
    merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    url = reverse("touchpoints:touchpoint-retirement", args=["firm", firm.counter.pk])
    sign_in("admin").post(url, {"return": "1"})
    assert found_by("Counter") == firm.counter
    assert Question.objects.filter(touchpoint=firm.bar).count() == 2


def test_whatever_points_to_a_touchpoint_is_known_to_mergers() -> None:
    """A new reference to touchpoints must be moved by ``journeys.merging`` as well."""
    pointing = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and getattr(field, "related_model", None) is Touchpoint
        # A map's steps point through their links.
        if not field.many_to_many
    }
    named = {
        f"{model.__name__}.touchpoint_id"
        for model in apps.get_models()
        if any(field.name == "touchpoint_id" for field in model._meta.concrete_fields)
    }
    assert pointing | named == {
        "Alias.touchpoint", "Case.touchpoint", "Contact.touchpoint_id", "Link.touchpoint",
        "Question.touchpoint", "StepTouchpoint.touchpoint", "Touchpoint.merged_into",
        "Touchpoint.split_from",
    }  # fmt: skip


def test_what_is_brought_back_by_undo_is_the_one_that_stayed(firm: Firm) -> None:
    actor = UserFactory()
    step = firm.steps[1]
    editing.remove_touchpoint(step=step, actor=actor, touchpoint=firm.counter)
    merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    editing.undo(journey=step.phase.journey, actor=actor)
    assert [link.touchpoint for link in StepTouchpoint.objects.filter(step=step)] == [firm.bar]


def test_a_page_from_before_the_merger_still_binds(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        firm = Firm(workspace)
        bare = StepFactory(workspace=workspace, phase=firm.steps[0].phase)
        merging.merge(goes=firm.counter, into=firm.bar, actor=None)
        slug = bare.phase.journey.slug
    answer = sign_in("marketer").post(
        reverse("journeys:changes-create", args=["firm", slug]),
        {"what": "touchpoint-added", "step": bare.pk, "touchpoint": firm.counter.pk},
        content_type="application/json",
    )
    assert answer.status_code == 200
    with scope(workspace=workspace):
        assert StepTouchpoint.objects.get(step=bare).touchpoint == firm.bar


def test_the_catalogue_finds_old_names(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        firm = Firm(workspace)
        merging.merge(goes=firm.counter, into=firm.bar, actor=None)
    page = sign_in("viewer").get(reverse("touchpoints:catalogue", args=["firm"]), {"q": "count"})
    assert "Bar" in page.content.decode()
