"""The rules of a survey as sentences."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys.models import Rule
from tests.factories import MembershipFactory, QuestionFactory
from tests.surveys.asking import Asking, asking


@pytest.fixture
def here(in_scope: Any) -> Asking:
    return asking(in_scope)


def url(name: str, here: Asking, **more: Any) -> str:
    kwargs = {"workspace": here.survey.workspace.slug, "survey": here.survey.pk, **more}
    return reverse(f"care:{name}", kwargs=kwargs)


def sent(prefix: str = "new", **fields: Any) -> dict[str, Any]:
    values = {"question": "", "at_most": 2, "owner": "", "due_days": 3} | fields
    return {f"{prefix}-{name}": value for name, value in values.items()}


def test_a_rule_is_added_changed_switched_off_and_removed(
    here: Asking, sign_in: Callable[..., Client], workspace: Any
) -> None:
    client = sign_in("marketer")
    kim = MembershipFactory(workspace=workspace).user
    page = client.get(url("rules", here) + "?new=score").content.decode()
    assert "Open a case if the score of" in page
    assert client.post(url("rule-create", here), {"kind": "score"} | sent()).status_code == 302
    rule = Rule.objects.get()
    assert (rule.kind, rule.at_most, rule.question, rule.due_days) == ("score", 2, None, 3)
    changed = sent(f"rule{rule.pk}", question=here.rating.pk, at_most=3, owner=kim.pk, due_days=1)
    assert client.post(url("rule-edit", here, rule=rule.pk), changed).status_code == 302
    rule.refresh_from_db()
    assert (rule.at_most, rule.question, rule.owner, rule.due_days) == (3, here.rating, kim, 1)
    client.post(url("rule-edit", here, rule=rule.pk), changed | {"active": "0"})
    rule.refresh_from_db()
    assert not rule.is_active
    assert "Switched off" in client.get(url("rules", here)).content.decode()
    client.post(url("rule-removal", here, rule=rule.pk))
    assert not Rule.objects.exists()


def test_words(here: Asking, sign_in: Callable[..., Client]) -> None:
    client = sign_in("marketer")
    form = {"kind": "word"} | sent(words=" cold,wait*; too  loud , cold,!")
    assert client.post(url("rule-create", here), form).status_code == 302
    assert Rule.objects.get().words == ["cold", "wait*", "too loud"]
    empty = client.post(url("rule-create", here), {"kind": "word"} | sent(words=" , !"))
    assert empty.status_code == 422
    long = client.post(url("rule-create", here), {"kind": "word"} | sent(words="x" * 61))
    assert long.status_code == 422


@pytest.mark.parametrize(
    "fields",
    [
        {"at_most": ""},
        {"at_most": "many"},
        {"at_most": 5},
        {"at_most": 0},
        {"due_days": -1},
        {"question": 999999},
        {"owner": 999999},
    ],
)
def test_what_makes_no_sentence_is_refused(
    here: Asking, sign_in: Callable[..., Client], fields: Any
) -> None:
    client = sign_in("marketer")
    form = {"kind": "score"} | sent(question=here.rating.pk) | sent(**fields)
    form["new-question"] = fields.get("question", here.rating.pk)
    assert client.post(url("rule-create", here), form).status_code == 422
    assert not Rule.objects.exists()


def test_one_limit_for_different_scales_is_refused(
    here: Asking, sign_in: Callable[..., Client], workspace: Any
) -> None:
    QuestionFactory(workspace=workspace, survey=here.survey, scale_max=7)
    response = sign_in("marketer").post(url("rule-create", here), {"kind": "score"} | sent())
    assert response.status_code == 422
    assert "different scales" in response.content.decode()


def test_an_unknown_kind_and_a_foreign_rule_do_not_exist(
    here: Asking, sign_in: Callable[..., Client], in_scope: Any
) -> None:
    client = sign_in("marketer")
    assert client.post(url("rule-create", here), {"kind": "luck"}).status_code == 404
    other = asking(in_scope)
    rule = Rule.objects.create(workspace=in_scope, survey=other.survey, kind="score", at_most=2)
    assert client.post(url("rule-edit", here, rule=rule.pk), {}).status_code == 404
    assert client.post(url("rule-removal", here, rule=rule.pk)).status_code == 404


def test_a_reversed_scale_says_which_scores_open_a_case(
    here: Asking, sign_in: Callable[..., Client], in_scope: Any
) -> None:
    here.rating.is_reversed = True
    here.rating.save()
    Rule.objects.create(
        workspace=in_scope, survey=here.survey, kind="score", at_most=2, question=here.rating
    )
    assert "4 to 5 open a case" in sign_in("marketer").get(url("rules", here)).content.decode()


def test_what_keeps_rules_from_firing_is_said(
    here: Asking, sign_in: Callable[..., Client], in_scope: Any
) -> None:
    client = sign_in("marketer")
    assert "cannot open cases" not in client.get(url("rules", here)).content.decode()
    here.consent.asks_contact = False
    here.consent.save()
    assert "nobody is asked" in client.get(url("rules", here)).content.decode()
    for state in ({"is_anonymous": True}, {"state": "imported"}):
        page = client.get(url("rules", asking(in_scope, **state))).content.decode()
        assert "Rules cannot open cases here" in page
