"""The page of a map: its grid, its fragments, what they hide, and what they cost."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys import editing
from journeys.board import load_board
from journeys.cells import CellWriter
from journeys.emotion_space import path, slopes, y_of
from journeys.models import Card, Journey, Lane, Persona, Phase, Step
from journeys.outline import Outline, PhaseOutline, StepOutline
from journeys.touching import touched
from surveys.models import Answer, Question, Survey
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    SegmentFactory,
    StepFactory,
    answer,
)

URL = "/w/firm/journeys/visit/"
Measured = Callable[..., Journey]


def html_of(response: Any) -> str:
    assert response.status_code == 200
    html: str = response.content.decode()
    return html


def words_of(response: Any) -> str:
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", html_of(response), flags=re.S)
    return re.sub(r"\s+", " ", plain)


def lanes(journey: Journey, *kinds: str) -> list[Lane]:
    with scope(workspace=journey.workspace):
        return [
            Lane.objects.create(
                workspace=journey.workspace, journey=journey, kind=kind, position=number
            )
            for number, kind in enumerate(kinds, 1)
        ]


def put(lane: Lane, number: int = 0, **fields: Any) -> Card:
    with scope(workspace=lane.workspace):
        step = Step.objects.filter(phase__journey=lane.journey).order_by("position")[number]
        return Card.objects.create(
            workspace=lane.workspace, lane=lane, step=step, position=1, **fields
        )


def test_the_page_keeps_its_contract_with_the_editor(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    action, emotion = lanes(journey, "action", "emotion")
    card = put(action, text="Looks for a seat", evidence="anecdote", evidence_n=6)
    html = html_of(sign_in("marketer").get(URL))
    for part in (
        f'data-map data-journey="{journey.pk}" data-seq="0"',
        'data-changes="/w/firm/journeys/visit/changes/"',
        'data-news="/w/firm/journeys/visit/news/"',
        'data-can-edit="true"',
        'id="board" class="board" role="grid" aria-label="Visit"',
        f'data-lane="{action.pk}" data-kind="action"',
        f'data-cell="{action.pk}-{card.step_id}"',
        f'data-card="{card.pk}" data-evidence="anecdote" data-n="6"',
        '<div class="mcard-text">Looks for a seat</div>',
        f'data-lane="{emotion.pk}" data-kind="emotion"',
        'class="team-point" role="slider"',
    ):
        assert part in html
    assert html.count('role="gridcell" class="cell" ') == 4
    assert len(re.findall(r'role="gridcell"[^>]*tabindex="0"', html)) == 1


def test_readers_see_the_same_map_without_anything_to_change(
    sign_in: Any, measured: Measured
) -> None:
    journey = measured()
    action, _emotion = lanes(journey, "action", "emotion")
    put(action, text="Looks for a seat")
    html = html_of(sign_in("viewer").get(URL))
    assert "Looks for a seat" in html
    assert 'data-can-edit="false"' in html
    for part in ('role="slider"', "data-change=", 'id="undo"', "data-add-"):
        assert part not in html


@pytest.mark.parametrize("part", ["", "board/", "emotion/", "table/"])
def test_outsiders_and_strangers(sign_in: Any, measured: Measured, part: str) -> None:
    measured()
    assert Client().get(URL + part).status_code == 302
    assert sign_in("outsider").get(URL + part).status_code == 404


def test_what_is_not_of_this_map_does_not_exist(
    sign_in: Any, measured: Measured, other_workspace: Any
) -> None:
    measured()
    with scope(workspace=other_workspace):
        JourneyFactory(workspace=other_workspace, slug="theirs")
        persona = Persona.objects.create(workspace=other_workspace, name="Theirs")
    client = sign_in("marketer")
    assert client.get("/w/firm/journeys/theirs/").status_code == 404
    for query in (f"persona={persona.pk}", "persona=x", "at=99", "at=-1", "segment=999"):
        assert client.get(f"{URL}?{query}").status_code == 404


def test_everything_that_people_typed_is_text(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    with scope(workspace=journey.workspace):
        Journey.objects.filter(pk=journey.pk).update(title=evil)
        Phase.objects.update(name=evil[:120])
        Step.objects.update(name=evil[:120])
    action, pains, links = lanes(journey, "action", "pains", "links")
    with scope(workspace=journey.workspace):
        Lane.objects.update(name=evil[:80], note=evil)
    fields: dict[str, Any] = {"text": evil, "owner": evil, "evidence_source": evil}
    put(action, **fields)
    put(pains, **fields)
    put(links, url="javascript:alert(1)", text="bad link")
    client = sign_in("marketer")
    for part in ("", "board/", "emotion/", "table/", "?measured=1"):
        html = html_of(client.get(URL + part))
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html


def test_answers_come_second(sign_in: Any, measured: Measured) -> None:
    lanes(measured(), "emotion", "indicators", "quotes")
    client = sign_in("viewer")
    first = words_of(client.get(URL))
    assert "What customers say is being read." in first
    assert "−1.00" not in first
    assert "−1.00" in words_of(client.get(f"{URL}?measured=1"))
    later = words_of(client.get(f"{URL}emotion/"))
    assert "The journey is lowest at Step 0. The team assumed +1.0, customers say −1.00." in later
    assert "proven" in later
    assert "Holm, 2 tests" in later


def test_nothing_is_said_about_few(sign_in: Any, measured: Measured) -> None:
    lanes(measured(), "emotion", "indicators")
    html = html_of(sign_in("admin").get(f"{URL}emotion/"))
    plain = re.sub(r"<[^>]+>", " ", html)
    assert "hidden: fewer than 5" in plain
    assert "needs 5 answers" in plain
    assert "no data" in plain
    assert "Ask about this step" in plain
    # The line breaks: two measured steps stand side by side, nothing is drawn over the others.
    assert html.count('class="mp ') == 4  # the lane and the small curve
    assert 'fill="url(#hx)"' in html


def comments(journey: Journey, *texts: str) -> None:
    with scope(workspace=journey.workspace):
        touchpoint = Question.objects.order_by("id").first().touchpoint  # type: ignore[union-attr]
        question: Any = QuestionFactory(
            workspace=journey.workspace, survey=Survey.objects.get(), touchpoint=touchpoint,
            kind="text", scale_min=None, scale_max=None,
        )  # fmt: skip
        answer(question, *(1 for _text in texts))
        written = Answer.objects.filter(question_id=question.pk)
        for row, text in zip(written, texts, strict=True):
            Answer.objects.filter(id=row.id).update(raw=text, score=None)


@pytest.mark.parametrize(("role", "count", "seen"), [
    ("analyst", 8, True), ("analyst", 7, False), ("viewer", 8, False),
])  # fmt: skip
def test_comments_need_a_right_and_enough_of_them(
    sign_in: Any, measured: Measured, role: str, count: int, seen: bool
) -> None:
    journey = measured()
    lanes(journey, "quotes")
    comments(journey, *[f"So long a queue {number}" for number in range(count)])
    client = sign_in(role)
    for part in ("emotion/", "?measured=1", "board/?measured=1", "table/"):
        assert ("So long a queue" in html_of(client.get(URL + part))) is seen


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("part", ["", "board/", "emotion/", "?measured=1", "table/"])
def test_queries_do_not_grow_with_the_map(sign_in: Any, measured: Measured, part: str) -> None:
    journey = measured()
    action, quotes = lanes(journey, "action", "quotes")
    lanes(journey, "emotion", "touchpoints", "channels", "indicators")
    client = sign_in("marketer")
    put(action, text="one")
    few = queries(client, URL + part)
    for number in range(30):
        put(action, number % 4, text=f"Card {number}")
        put(quotes, number % 4, text=f"Quote {number}")
    with scope(workspace=journey.workspace):
        phase = PhaseFactory(workspace=journey.workspace, journey=journey, name="After")
        for number in range(8):
            StepFactory(workspace=journey.workspace, phase=phase, name=f"Later {number}")
    assert queries(client, URL + part) == few


def test_folded_phases_and_lanes_take_no_room(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    action, thin, hidden = lanes(journey, "action", "thoughts", "goals")
    put(thin, text="Folded away")
    put(hidden, text="Hidden away")
    with scope(workspace=journey.workspace):
        Lane.objects.filter(pk=thin.pk).update(collapsed=True)
        Lane.objects.filter(pk=hidden.pk).update(hidden=True)
        PhaseFactory(
            workspace=journey.workspace, journey=journey, name="Before", position=-1,
            collapsed=True,
        )  # fmt: skip
    html = html_of(sign_in("marketer").get(f"{URL}board/"))
    assert "Folded away" not in html
    assert "Hidden away" not in html
    assert "1 card" in html
    assert "Before · </span>0 steps" in html
    assert f'data-lane="{hidden.pk}"' not in html
    assert html.count('role="gridcell" class="fold"') == 1
    assert action.pk


def test_a_map_without_phases_says_how_to_begin(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        JourneyFactory(workspace=workspace, slug="visit")
    client = sign_in("marketer")
    assert "data-add-phase" in html_of(client.get(URL))
    assert "The map has no steps yet." in words_of(client.get(f"{URL}table/"))
    assert html_of(client.get(f"{URL}emotion/"))
    assert "data-add-phase" not in html_of(sign_in("viewer").get(URL))


def test_a_persona_brings_its_curve_and_its_segment(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    journey = measured()
    lanes(journey, "emotion")
    with scope(workspace=workspace):
        segment: Any = SegmentFactory(workspace=workspace)
        persona = Persona.objects.create(
            workspace=workspace, name="Amara", quote="Is this my line?", segment=segment
        )
        step = Step.objects.order_by("position")[0]
        editing.add_persona(journey=journey, actor=None, persona=persona)
        editing.assume(step=step, actor=None, value=-1, persona=persona)  # type: ignore[arg-type]
    client = sign_in("marketer")
    html = html_of(client.get(f"{URL}?persona={persona.pk}"))
    assert "Is this my line?" in html
    assert f'data-persona="{persona.pk}" data-value="-1"' in html
    assert 'data-value="1"' not in html
    assert "−1.00" not in words_of(client.get(f"{URL}emotion/?persona={persona.pk}"))


def test_a_past_state_is_only_read(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    (action,) = lanes(journey, "action")
    with scope(workspace=journey.workspace):
        made = editing.create_journey(
            workspace=journey.workspace, actor=None, outline=_outline(), is_sample=False
        )
        lane = Lane.objects.filter(journey=made, kind="action").get()
        step = Step.objects.get(phase__journey=made)
        editing.add_card(lane=lane, step=step, actor=None, text="Came later")
    address = f"/w/firm/journeys/{made.slug}/"
    client = sign_in("marketer")
    assert "Came later" in html_of(client.get(address))
    html = html_of(client.get(f"{address}?at=1"))
    assert "Came later" not in html
    assert 'data-can-edit="false"' in html
    assert 'role="slider"' not in html
    assert "Back to today" in html
    assert action.pk


def _outline() -> Outline:
    return Outline("Then", (PhaseOutline("Before", (StepOutline("See the sign"),)),))


def test_cards_say_what_they_rest_on(measured: Measured) -> None:
    journey = measured()
    pains, action = lanes(journey, "pains", "action")
    old = dt.date.today() - dt.timedelta(days=800)
    put(pains, text="Nobody answers", status="open")
    put(action, text="Calls", evidence="measured", evidence_n=1200, evidence_on=old)
    with scope(workspace=journey.workspace):
        board = load_board(journey)
    writer = CellWriter("firm")
    kinds = {lane.id: lane.kind for lane in board.lanes}
    first, second = (writer.card(card, kinds[card.lane_id]) for card in board.cards)
    assert "no owner" in first
    assert 'data-look="pain"' in first
    assert "○ Open" in first
    assert "1,200" in second
    assert "2 years old" in second


def test_lines_never_overshoot() -> None:
    assert y_of(2) < y_of(0) < y_of(-2)
    assert y_of(9) == y_of(2)
    assert slopes([0, 1, 2], [0, 1, 0])[1] == 0
    assert slopes([0], [3]) == [0]
    assert path([1], [2]) == ""
    line = path([0, 10, 40], [0, 5, 5])
    assert line.startswith("M0 0C")
    assert max(float(y) for y in re.findall(r"[\d.]+ (-?[\d.]+)", line)) <= 5


def test_a_touchpoint_changes_the_tracks_of_channels(measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        step = Step.objects.order_by("position")[0]
        other = Step.objects.order_by("position")[1].touchpoints.get()
        event = editing.add_touchpoint(step=step, actor=None, touchpoint=other)
        assert event
        assert not touched([event]).board
    lanes(journey, "channels")
    with scope(workspace=journey.workspace):
        assert touched([event]).board
