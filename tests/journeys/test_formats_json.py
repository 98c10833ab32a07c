"""The own format: everything comes back; what is wrong is named by its path."""

import base64
import io
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from journeys import editing, uploads
from journeys.formats.content import Content, FormatError
from journeys.formats.json_map import read_json, write_json
from journeys.formats.loading import load_content
from journeys.formats.storing import match, store
from journeys.models import Arrow, Card, Event, Journey, Lane, Persona, Step, StepQuestion, Upload
from journeys.outline import Outline, PhaseOutline, StepOutline
from journeys.rows import load_state
from tests.factories import (
    ChannelFactory,
    QuestionFactory,
    SegmentFactory,
    TouchpointFactory,
    UserFactory,
)
from tests.journeys.format_maps import contents, same


@given(contents())
@settings(max_examples=150)
def test_a_map_comes_back_from_json(content: Content) -> None:
    again = read_json(write_json(content))
    assert same(again) == same(content)
    assert not [note for note in again.notes if note.kind == "lost"]
    assert write_json(again) == write_json(read_json(write_json(again)))


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "phases", "steps", "lanes", "cards", "step", "x"]), inner
        )
    ),
    max_leaves=20,
)


KEYS = (
    "title", "template", "future_of", "phases", "lanes", "arrows", "personas", "touchpoints",
    "questions", "maps", "files", "other",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), JSONS))
@settings(max_examples=200)
def test_any_json_is_a_map_or_an_error_of_ours(document: dict[str, Any]) -> None:
    with suppress(FormatError):
        read_json(json.dumps({"format": "cxm-map", "version": 1, **document}))


@given(st.text())
def test_any_text_is_an_error_of_ours(text: str) -> None:
    with pytest.raises(FormatError):
        read_json(text)


def problems(**document: Any) -> str:
    with pytest.raises(FormatError) as caught:
        read_json(json.dumps({"format": "cxm-map", "version": 1, **document}))
    return str(caught.value)


def test_what_is_wrong_is_named_by_its_path() -> None:
    step = {"id": "s1", "name": "Order", "assumed": 3, "touchpoints": ["t9"]}
    words = problems(
        phases=[{"name": "During", "steps": [step]}],
        lanes=[{"kind": "poem", "cards": [{"step": "s2", "url": "javascript:alert(1)"}]}],
        arrows=[{"from": "c1", "to": 5}],
        files=[{"id": "f1", "data": "%%%"}],
    )
    for path in (
        "phases[0].steps[0].assumed: ", "phases[0].steps[0].touchpoints[0]: ", "lanes[0].kind: ",
        "lanes[0].cards[0].step: ", "lanes[0].cards[0].url: ", "arrows[0].from: ", "arrows[0].to: ",
        "files[0].data: ",
    ):  # fmt: skip
        assert path in words


def test_newer_versions_and_other_json_are_refused_in_words() -> None:
    assert "version 2" in problems(version=2)
    assert "version" in problems(version="1")
    with pytest.raises(FormatError, match="not a map of CXM"):
        read_json('{"kind": "cjm"}')
    with pytest.raises(FormatError, match="nested"):
        read_json("[" * 100_000)
    with pytest.raises(FormatError, match="line 1, column 2"):
        read_json("{,}")


def test_unknown_keys_and_shortened_texts_are_told() -> None:
    content = read_json(
        json.dumps(
            {
                "format": "cxm-map", "version": 1, "title": "T" * 300, "mood": 1,
                "phases": [{"name": "P\u0000", "colour": "red"}],
            }
        )
    )  # fmt: skip
    told = {(note.kind, note.where) for note in content.notes}
    assert told == {
        ("lost", "mood"), ("lost", "title"), ("lost", "phases[0].colour"),
        ("changed", "phases[0].name"),
    }  # fmt: skip
    assert len(content.title) == 160


def test_sizes_are_bounded() -> None:
    many = [{"name": "P"}] * 201
    assert "200 phases" in problems(phases=many)
    steps = [{"id": f"s{n}", "name": "S"} for n in range(501)]
    assert "500 steps" in problems(phases=[{"name": "P", "steps": steps}])


@pytest.fixture
def full(in_scope: Any) -> Journey:
    """A map with one of everything, made the way people make it."""
    actor: Any = UserFactory()
    channel: Any = ChannelFactory(workspace=in_scope, name="In store")
    TouchpointFactory(workspace=in_scope, name="Counter", channel=channel, media_type="owned")
    plan = (PhaseOutline("During", (StepOutline("Order", ("Counter",), Decimal("0.50")),)),)
    today = editing.create_journey(workspace=in_scope, actor=actor, outline=Outline("Visit", plan))
    journey = editing.copy_journey(
        workspace=in_scope, actor=actor, title="Visit, better", state=load_state(today.pk),
        future_of=today,
    )  # fmt: skip
    step: Any = Step.objects.get(phase__journey=journey)
    lane: Any = Lane.objects.get(journey=journey, kind="action")
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(target, "PNG")
    picture = uploads.keep(
        workspace=in_scope, file=io.BytesIO(target.getvalue()), name="counter.png"
    )
    editing.add_card(
        lane=lane, step=step, actor=actor, text="Asks\nfor cake", evidence="measured",
        evidence_n=12, upload_id=picture.pk, url="https://cafe.example/",
    )  # fmt: skip
    editing.add_card(lane=lane, step=step, actor=actor, text="Pays")
    first, second = Card.objects.filter(lane=lane)
    editing.join_cards(tail=first, head=second, actor=actor, both_ways=False)
    segment: Any = SegmentFactory(workspace=in_scope)
    persona = Persona.objects.create(
        workspace=in_scope, name="Mia", quote="Quick", segment=segment, picture=picture
    )
    editing.add_persona(journey=journey, persona=persona, actor=actor)
    editing.assume(step=step, persona=persona, value=Decimal("-1.50"), actor=actor)
    question: Any = QuestionFactory(workspace=in_scope)
    editing.bind_question(step=step, question=question, actor=actor)
    editing.open_map(step=step, opens=today, actor=actor)
    return journey


def test_export_and_import_give_the_same_map(full: Journey, in_scope: Any) -> None:
    written = write_json(load_content(full))
    content = read_json(written)
    assert match(content, in_scope).notes == []
    actor: Any = UserFactory()
    before = (Persona.objects.count(), Upload.objects.count())
    copy = store(content, workspace=in_scope, actor=actor, title=content.title)
    assert same(load_content(copy)) == same(load_content(full))
    assert (Persona.objects.count(), Upload.objects.count()) == before
    assert Event.objects.filter(journey=copy).count() == 1
    assert copy.future_of == full.future_of
    assert Arrow.objects.filter(tail__lane__journey=copy).count() == 1
    assert str(full.pk) not in [key for key in json.loads(written) if key == "id"]


def test_another_workspace_gets_what_it_has(
    full: Journey, in_scope: Any, other_workspace: Any
) -> None:
    content = read_json(write_json(load_content(full)))
    actor: Any = UserFactory()
    with scope(workspace=other_workspace):
        found = match(content, other_workspace)
        assert len(found.missing) == 1
        assert len(found.notes) == 3
        copy = store(content, workspace=other_workspace, actor=actor, title="Copy")
        lane: Any = Lane.objects.get(journey=copy, name="Touchpoints missing in the catalogue")
        assert [card.text for card in lane.cards.all()] == ["Counter"]
        assert Persona.objects.get().name == "Mia"
        assert not StepQuestion.objects.exists()
        left = store(
            content, workspace=other_workspace, actor=actor, title="Copy", missing="nothing"
        )
        assert left.lanes.count() == copy.lanes.count() - 1
        assert Persona.objects.count() == 1


def test_a_picture_that_is_none_stores_nothing(in_scope: Any) -> None:
    svg = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
    content = read_json(
        json.dumps(
            {
                "format": "cxm-map", "version": 1,
                "files": [{"id": "f1", "name": "a.svg", "data": svg}],
                "personas": [{"id": "p1", "name": "Mia", "picture": "f1"}],
            }
        )
    )  # fmt: skip
    actor: Any = UserFactory()
    with pytest.raises(FormatError, match=r"a\.svg"):
        store(content, workspace=in_scope, actor=actor, title="Map")
    assert not Journey.objects.exists()
    assert not Persona.objects.exists()
