"""The templates that come with the application, in both languages."""

from typing import Any

import pytest

from journeys import blueprints, editing
from journeys.board import load_board
from journeys.insights.check import is_department
from journeys.models import DERIVED, Arrow, Card, LaneKind, Mark
from journeys.outline import outline_of
from tests.factories import TouchpointFactory

BOTH = [(key, language) for key in blueprints.KEYS for language in blueprints.LANGUAGES]
CARD_LANES = {kind.value for kind in LaneKind if kind not in DERIVED} | {blueprints.ASK}


def test_there_are_ten_in_each_language() -> None:
    assert len(blueprints.KEYS) == 10
    files = {path.name for path in blueprints.FOLDER.glob("*.toml")}
    assert files == {f"{key}.{language}.toml" for key, language in BOTH}


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_each_has_substance_within_the_limits(key: str, language: str) -> None:
    plan = blueprints.blueprint(key, language)
    assert 0 < len(plan.title) <= 160
    assert len(plan.phases) >= 3
    assert 6 <= len(plan.steps) <= 12
    assert all(phase.steps for phase in plan.phases)
    names = [phase.name for phase in plan.phases] + [step.name for step in plan.steps]
    assert all(0 < len(name) <= 120 for name in names)
    assert len(set(names)) == len(names)
    assert not [phase.name for phase in plan.phases if is_department(phase.name)]
    assert any(step.is_moment for step in plan.steps)
    for step in plan.steps:
        assert step.assumed is not None
        assert -2 <= step.assumed <= 2
        assert step.touchpoints
        assert set(step.cards) <= set(plan.lanes) & CARD_LANES
        assert step.cards["action"]
        assert step.cards[blueprints.ASK][0].text.endswith("?")
        for card in (card for cards in step.cards.values() for card in cards):
            assert 0 < len(card.text) <= 200
            assert card.mark in Mark.values


@pytest.mark.parametrize("key", blueprints.KEYS)
def test_both_languages_have_the_same_structure(key: str) -> None:
    def structure(language: str) -> Any:
        plan = blueprints.blueprint(key, language)
        return plan.lanes, [
            [
                (
                    step.assumed, step.is_moment, len(step.touchpoints), step.arrows,
                    {lane: [c.mark for c in cards] for lane, cards in step.cards.items()},
                )
                for step in phase.steps
            ]
            for phase in plan.phases
        ]  # fmt: skip

    assert structure("de") == structure("en")


@pytest.mark.parametrize("key", blueprints.KEYS)
def test_nothing_is_left_in_the_other_language(key: str) -> None:
    german, english = (blueprints.blueprint(key, language) for language in ("de", "en"))
    for a, b in zip(german.steps, english.steps, strict=True):
        assert a.name != b.name
        pairs = [
            (c.text, d.text)
            for lane in a.cards
            for c, d in zip(a.cards[lane], b.cards[lane], strict=True)
        ]
        assert not [text for text, other in pairs if text == other]


@pytest.mark.parametrize(("key", "language"), BOTH)
def test_each_becomes_a_map(in_scope: Any, key: str, language: str) -> None:
    plan = blueprints.blueprint(key, language)
    first = plan.steps[0].touchpoints[0]
    touchpoint: Any = TouchpointFactory(workspace=in_scope, name=first)
    state = blueprints.state_of(plan, {first.casefold(): touchpoint.pk})
    journey = editing.copy_journey(workspace=in_scope, actor=None, title=plan.title, state=state)
    board = load_board(journey)
    assert [phase.name for phase in board.phases] == [phase.name for phase in plan.phases]
    assert [step.assumed for step in board.steps] == [float(s.assumed or 0) for s in plan.steps]
    assert [chip.name for chip in board.steps[0].touchpoints] == [first]
    said = sum(len(cards) for step in plan.steps for cards in step.cards.values())
    named = [name for step in plan.steps for name in step.touchpoints if name != first]
    assert len(board.cards) == said + len(named)
    assert board.evidence["assumption"] == len(board.cards)
    assert outline_of(journey).title == plan.title


def test_the_service_blueprint_has_its_lines_and_arrows(in_scope: Any) -> None:
    plan = blueprints.blueprint("service", "en")
    editing.copy_journey(
        workspace=in_scope, actor=None, title="Repair", state=blueprints.state_of(plan, {})
    )
    lines = {LaneKind.INTERACTION, LaneKind.VISIBILITY, LaneKind.INTERNAL}
    assert {line.value for line in lines} <= set(plan.lanes)
    assert Arrow.objects.count() == 3 * len(plan.steps)
    for arrow in Arrow.objects.select_related("tail", "head"):
        assert arrow.tail.step_id == arrow.head.step_id
    assert set(Card.objects.values_list("mark", flat=True)) >= {"wait", "fail", "pain", "idea"}


def test_a_catalogue_that_has_everything_needs_no_lane_for_the_rest() -> None:
    plan = blueprints.blueprint("cafe", "en")
    names = {name.casefold() for step in plan.steps for name in step.touchpoints}
    state = blueprints.state_of(plan, {name: n for n, name in enumerate(names, 1)})
    assert len(state["lane"]) == len(plan.lanes)
    assert len(state["touchpoint"]) == sum(len(step.touchpoints) for step in plan.steps)


def test_an_unknown_template_is_none() -> None:
    with pytest.raises(KeyError):
        blueprints.blueprint("../cafe", "en")
    with pytest.raises(KeyError):
        blueprints.blueprint("cafe", "fr")
