"""What browsers may ask of a map: done once, answered with what is new, refused in words."""

import json
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from journeys import changes, editing
from journeys.changes import CHANGES
from journeys.models import Card, Journey, Lane, Step
from journeys.outline import Outline, PhaseOutline, StepOutline
from journeys.rows import load_state
from tests.factories import MembershipFactory, TouchpointFactory, UserFactory

PLAN = Outline("Visit", (PhaseOutline("During", (StepOutline("Order"), StepOutline("Wait"))),))


@pytest.fixture
def journey(workspace: Any) -> Journey:
    with scope(workspace=workspace):
        return editing.create_journey(workspace=workspace, actor=None, outline=PLAN)


@pytest.fixture
def ids(workspace: Any, journey: Journey) -> dict[str, int]:
    with scope(workspace=workspace):
        lane, step = Lane.objects.get(kind="action"), Step.objects.get(name="Order")
        editing.add_card(lane=lane, step=step, actor=None, text="Asks")
        return {
            "lane": lane.pk,
            "step": step.pk,
            "wait": Step.objects.get(name="Wait").pk,
            "phase": step.phase_id,
            "card": Card.objects.get().pk,
            "emotion": Lane.objects.get(kind="emotion").pk,
        }


@pytest.fixture
def foreign(other_workspace: Any) -> dict[str, int]:
    """The same kinds of ids, of another workspace."""
    with scope(workspace=other_workspace):
        made = editing.create_journey(workspace=other_workspace, actor=None, outline=PLAN)
        step, lane = Step.objects.get(name="Order"), Lane.objects.get(kind="action")
        editing.add_card(lane=lane, step=step, actor=None, text="Secret")
        return {
            "lane": lane.pk, "step": step.pk, "phase": step.phase_id, "map": made.pk,
            "card": Card.objects.get().pk, "to": step.pk, "before": step.pk,
            "touchpoint": TouchpointFactory(workspace=other_workspace).pk,
        }  # fmt: skip


class Editor:
    def __init__(self, client: Any, journey: Journey) -> None:
        self.client = client
        self.url = reverse(
            "journeys:changes-create",
            kwargs={"workspace": journey.workspace.slug, "journey": journey.slug},
        )

    def post(self, what: str, **values: Any) -> tuple[int, dict[str, Any]]:
        answer = self.client.post(
            self.url, json.dumps({"what": what, **values}), content_type="application/json"
        )
        return answer.status_code, answer.json()


@pytest.fixture
def editor(sign_in: Any, journey: Journey) -> Editor:
    return Editor(sign_in("marketer"), journey)


def seq(workspace: Any) -> int:
    with scope(workspace=workspace):
        return Journey.objects.get().last_seq


def test_an_edit_answers_with_its_cell(editor: Editor, ids: dict[str, int]) -> None:
    status, answer = editor.post(
        "card-written", card=ids["card"], text="<b>Asks</b> & waits", seen="Asks", since=2
    )
    assert status == 200
    assert (answer["seq"], answer["board"]) == (3, False)
    (html,) = answer["cells"].values()
    assert list(answer["cells"]) == [f"{ids['lane']}-{ids['step']}"]
    assert "&lt;b&gt;Asks&lt;/b&gt; &amp; waits" in html
    assert answer["events"][0]["mine"] is True


def test_a_change_sent_twice_happens_once(
    editor: Editor, ids: dict[str, int], workspace: Any
) -> None:
    key = str(uuid.uuid4())
    args = {"lane": ids["lane"], "step": ids["step"], "text": "Pays", "key": key, "since": 2}
    first, second = editor.post("card-added", **args), editor.post("card-added", **args)
    assert first[0] == second[0] == 200
    assert first[1]["made"] == second[1]["made"]
    assert seq(workspace) == 3


def test_a_text_changed_meanwhile_is_shown_and_not_lost(
    editor: Editor, ids: dict[str, int], workspace: Any
) -> None:
    editor.post("card-written", card=ids["card"], text="Jana's", seen="Asks")
    status, answer = editor.post("card-written", card=ids["card"], text="Omar's", seen="Asks")
    assert status == 409
    assert answer["conflict"]["text"] == "Jana's"
    assert answer["conflict"]["who"]
    with scope(workspace=workspace):
        assert Card.objects.get().text == "Jana's"


def test_what_is_gone_is_said(editor: Editor, ids: dict[str, int]) -> None:
    assert editor.post("card-removed", cards=[ids["card"]])[0] == 200
    status, answer = editor.post("card-written", card=ids["card"], text="x", seen="Asks")
    assert (status, answer["gone"]) == (410, True)


def test_moving_a_card_names_both_cells(editor: Editor, ids: dict[str, int]) -> None:
    _status, answer = editor.post(
        "card-moved", card=ids["card"], lane=ids["lane"], step=ids["wait"], since=2
    )
    assert set(answer["cells"]) == {
        f"{ids['lane']}-{ids['step']}", f"{ids['lane']}-{ids['wait']}",
    }  # fmt: skip


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_ids_of_other_workspaces_are_not_there(
    what: str, editor: Editor, foreign: dict[str, int], workspace: Any
) -> None:
    before = seq(workspace)
    with scope(workspace=workspace):
        state = load_state(Journey.objects.get().pk)
    ids = {
        **foreign, "persona": 2**40, "tail": foreign["card"], "head": foreign["card"],
        "cards": [foreign["card"]], "name": "x", "title": "Visit", "text": "x",
        "kind": "nonsense", "evidence": "measured", "block": [["x"]], "value": 1,
    }  # fmt: skip
    status, answer = editor.post(what, **ids)
    harmless = ("journey-renamed", "undone", "redone", "phase-added")
    assert status in ((200, 410) if what in harmless else (410, 422)), answer
    assert seq(workspace) == before
    with scope(workspace=workspace):
        assert load_state(Journey.objects.get().pk) == state


BAD = [-1, 2**70, 1.5, "x", None, True, [], {}, "\x00"]

NAMES = (
    "card", "step", "lane", "phase", "before", "to", "map", "touchpoint", "persona", "cards",
    "tail", "head", "name", "title", "text", "kind", "evidence", "block", "value", "n", "on",
    "seen", "mark", "url", "due", "upload",
)  # fmt: skip


@pytest.mark.parametrize("what", sorted(set(CHANGES) - {"undone", "redone"}))
def test_crafted_values_are_refused_in_words(
    what: str, ids: dict[str, int], journey: Journey, workspace: Any
) -> None:
    actor = UserFactory()
    for place, name in enumerate(NAMES):
        for bad in BAD[place % 3 :: 3]:
            values = {"what": what, "name": "x", "text": "x", **ids, "cards": [ids["card"]]}
            with scope(workspace=workspace), transaction.atomic():
                # What a crafted value may raise is exactly what the view puts into words.
                with suppress(changes.ChangeError, editing.TextConflictError):
                    changes.make({**values, name: bad}, journey=journey, actor=actor)
                transaction.set_rollback(True)


@pytest.mark.parametrize("bad", [*BAD, "1" * 5000, 2**62], ids=str)
def test_crafted_frames_are_refused(bad: Any, editor: Editor, ids: dict[str, int]) -> None:
    for name in ("key", "since", "what"):
        status, _answer = editor.post(**{"what": "step-renamed", "step": 1, "name": "x", name: bad})
        assert status in (410, 422)


def test_values_out_of_range_are_refused_in_words(editor: Editor, ids: dict[str, int]) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"what": "step-assumed", "step": ids["step"], "value": 2.01},
        {"what": "step-assumed", "step": ids["step"], "value": "1e999"},
        {"what": "step-assumed", "step": ids["step"], "value": "NaN"},
        {"what": "card-written", "card": ids["card"], "text": "x" * 4001},
        {"what": "card-set", "card": ids["card"], "url": "javascript:alert(1)"},
        {"what": "card-set", "card": ids["card"], "url": "http://["},
        {"what": "card-set", "card": ids["card"], "url": "http://℀.example"},
        *(
            {"what": "card-evidence", "cards": [ids["card"]], "evidence": "measured", "n": n}
            for n in (-1, True, 10**9 + 1, "0" * 12 + "9" * 12, "9" * 5000, "²")
        ),
        {"what": "card-added", "lane": ids["emotion"], "step": ids["step"], "text": "x"},
        {
            "what": "block-pasted",
            "lane": ids["lane"],
            "step": ids["step"],
            "block": [["x"] * 10_000],
        },
        {"what": "step-renamed", "step": ids["step"], "name": "  "},
        {"what": "lane-added", "kind": "unknown"},
        {"what": "nothing-known"},
    )
    for change in changes:
        status, answer = editor.post(**change)
        assert status == 422
        assert answer["error"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 100_000, b"1" * 10_000]
)
def test_what_is_no_change_is_refused(editor: Editor, body: bytes) -> None:
    answer = editor.client.post(editor.url, body, content_type="application/json")
    assert answer.status_code == 422


def test_a_megabyte_is_too_much(editor: Editor, ids: dict[str, int]) -> None:
    assert editor.post("card-written", card=ids["card"], text="x" * 1_100_000)[0] in (413, 422)


def test_undo_says_who_changed_it_since(
    editor: Editor, journey: Journey, ids: dict[str, int]
) -> None:
    editor.post("step-renamed", step=ids["wait"], name="Queue")
    other = Editor(Client(), journey)
    jana = UserFactory(name="Jana")
    MembershipFactory(workspace=journey.workspace, user=jana, role="admin")
    other.client.force_login(jana)
    other.post("step-renamed", step=ids["wait"], name="Stand in line")
    status, answer = editor.post("undone")
    assert (status, answer["clash"]) == (409, True)
    assert "Jana changed the same since" in answer["error"]


def test_news_only_say_what_is_new(
    editor: Editor, ids: dict[str, int], journey: Journey, sign_in: Any
) -> None:
    editor.post("card-written", card=ids["card"], text="New", seen="Asks")
    url = editor.url.replace("/changes/", "/news/")
    viewer = sign_in("viewer")
    assert viewer.get(url + "?since=3").json()["cells"] == {}
    news = viewer.get(url + "?since=2").json()
    assert (news["seq"], len(news["cells"]), news["events"][0]["mine"]) == (3, 1, False)
    for bad in ("", "x", "-1", "9" * 40):
        assert viewer.get(url + f"?since={bad}").json()["board"] is True


def test_an_edit_asks_few_questions_however_large_the_map(
    editor: Editor, ids: dict[str, int], workspace: Any, journey: Journey
) -> None:
    def queries(text: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            editor.post("card-written", card=ids["card"], text=text, since=seq_now)
        found = [q["sql"] for q in caught if "SAVEPOINT" not in q["sql"]]
        return len([sql for sql in found if 'cxm_membership" SET' not in sql])

    seq_now = seq(workspace)
    small = queries("One")
    with scope(workspace=workspace):
        lane, step = Lane.objects.get(kind="pains"), Step.objects.get(name="Wait")
        for n in range(30):
            editing.add_card(lane=lane, step=step, actor=None, text=str(n))
        editing.paste_block(
            journey=journey, lane=lane, step=step, actor=None, block=[["x"] * 30] * 10
        )
    seq_now = seq(workspace)
    assert queries("Two") == small
    assert small <= 12
