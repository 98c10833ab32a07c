"""One person's data: found without finding others, handed out, erased; the figures follow."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.models import Workspace
from surveys import histograms, people_data, refusals
from surveys.collecting import hash_word
from surveys.histograms import Slice
from surveys.models import (
    Answer,
    Case,
    CaseNote,
    Erasure,
    Filling,
    Invitee,
    Link,
    Mailing,
    Refusal,
    Response,
    Rule,
    Tag,
    Tagging,
    Version,
)
from surveys.models.words import Kind
from surveys.questionnaire import Item, Questionnaire, to_json
from tests.factories import MembershipFactory
from tests.surveys.asking import Asking, asking
from touchpoints.models import Contact, Customer

ADDRESS = "kim@home.example"
OTHER = "omar@home.example"


@pytest.fixture
def here(in_scope: Any) -> Asking:
    made = asking(in_scope)
    Rule.objects.create(workspace=in_scope, survey=made.survey, kind="score", at_most=2)
    return made


def letter(here: Asking, email: str, customer: Customer | None = None) -> Invitee:
    common = {"workspace": here.survey.workspace, "survey": here.survey}
    mailing = Mailing.objects.filter(survey=here.survey).first() or Mailing.objects.create(
        **common, name="June", link=Link.objects.create(**common)
    )
    return Invitee.objects.create(
        workspace=here.survey.workspace, mailing=mailing, email=email, name="Kim",
        customer_id=customer.id if customer else None,
    )  # fmt: skip


def filling(here: Asking, **fields: Any) -> Filling:
    survey = here.survey
    version = Version.objects.filter(survey=survey).first() or Version.objects.create(
        workspace=survey.workspace, survey=survey, number=1,
        definition=to_json(
            Questionnaire(
                survey=survey.pk, number=1, languages=("en",), texts={}, is_anonymous=False,
                cap=None,
                items=(Item(here.comment.pk, "c", Kind.TEXT, {"en": "What?"}, {}),),
            )
        ),
    )  # fmt: skip
    return Filling.objects.create(
        **{"workspace": survey.workspace, "survey_id": survey.pk, "version_id": version.pk,
           "link_id": 1, "language": "en", "touched_at": timezone.now()} | fields
    )  # fmt: skip


def customer(workspace: Workspace, name: str) -> Customer:
    made = Customer.objects.create(workspace=workspace, external_id=name)
    Contact.objects.create(
        workspace=workspace, customer_id=made.id, touchpoint_id=1, happened_at=timezone.now()
    )
    return made


def rows_of_everything() -> Counter[str]:
    kinds = (Response, Answer, Case, CaseNote, Filling, Invitee, Contact, Customer, Tagging)
    return Counter({kind.__name__: kind.objects.count() for kind in kinds})


def test_an_address_finds_letters_customer_answers_and_consents(
    here: Asking, in_scope: Any
) -> None:
    kim = customer(in_scope, "C-17")
    sent = letter(here, ADDRESS, kim)
    by_letter, _ = here.respond(score=4)
    filling(here, invitee_id=sent.pk, response_id=by_letter, state="finished")
    by_customer, _ = here.respond(score=5)
    Response.objects.filter(id=by_customer).update(customer_id=kim.id)
    by_consent, _ = here.respond(score=1, text="Cold", contact=ADDRESS)
    here.respond(score=1, contact=OTHER)
    held = people_data.find(workspace=in_scope, asked=f"  {ADDRESS.upper()} ")
    found = {one.response.id for one in held.responses if one.response}
    assert found == {by_letter, by_customer, by_consent}
    assert held.counts == {
        "responses": 3, "answers": 7, "contacts": 1, "mails": 1, "cases": 1, "customers": 1,
    }  # fmt: skip
    assert held.gave == []


def test_a_customer_id_and_a_code_word_find_theirs(here: Asking, in_scope: Any) -> None:
    kim, omar = customer(in_scope, "C-17"), customer(in_scope, "C-18")
    letter(here, "family@home.example", kim)
    letter(here, OTHER, omar)
    held = people_data.find(workspace=in_scope, asked="C-17")
    assert (held.counts, held.gave) == (
        {"contacts": 1, "mails": 1, "customers": 1}, ["family@home.example"]
    )  # fmt: skip
    response_id, _ = here.respond(score=4)
    filling(here, word_hash=hash_word("mohn-471-turm"), response_id=response_id, state="finished")
    held = people_data.find(workspace=in_scope, asked="Mohn 471 Turm")
    assert [one.response.id for one in held.responses if one.response] == [response_id]


def test_what_was_typed_and_not_stored_is_held_too(here: Asking, in_scope: Any) -> None:
    typed = {str(here.comment.pk): {"text": "I am Kim"}}
    filling(here, invitee_id=letter(here, ADDRESS).pk, answers=typed, state="held")
    held = people_data.find(workspace=in_scope, asked=ADDRESS)
    assert [line.answer for line in held.unfinished[0].lines] == ["I am Kim"]
    people_data.erase(workspace=in_scope, asked=ADDRESS, by=MembershipFactory().user)
    assert not Filling.objects.exists()


@pytest.mark.parametrize("asked", ["", "  ", "\0", "nobody@home.example", "%", "C-%", "' OR 1=1"])
def test_who_is_not_there_is_not_found(here: Asking, in_scope: Any, asked: str) -> None:
    here.respond(score=1, contact=ADDRESS)
    filling(here, word_hash="")
    customer(in_scope, "C-17")
    assert people_data.find(workspace=in_scope, asked=asked).is_empty


def test_erasing_leaves_others_and_a_proof_without_the_person(here: Asking, in_scope: Any) -> None:
    admin = MembershipFactory(workspace=in_scope, role="admin").user
    here.respond(score=1, text="Omar was here", contact=OTHER)
    kept = rows_of_everything()
    kim = customer(in_scope, "C-17")
    sent = letter(here, ADDRESS, kim)
    response_id, (case,) = here.respond(score=1, text="Kim was here", contact=ADDRESS)
    filling(here, invitee_id=sent.pk, response_id=response_id, state="finished")
    CaseNote.objects.create(workspace=in_scope, case=case, text="Kim was called")
    tag = Tag.objects.create(workspace=in_scope, name="People")
    comment = Answer.objects.get(response_id=response_id, question_id=here.comment.pk)
    Tagging.objects.create(workspace=in_scope, tag=tag, answer_id=comment.id)
    histograms.fold(workspace_id=in_scope.pk)

    proof = people_data.erase(workspace=in_scope, asked=ADDRESS, by=admin)
    assert proof is not None
    assert rows_of_everything() == kept
    assert proof.counts == {
        "responses": 1, "answers": 3, "cases": 1, "fillings": 1, "contacts": 1, "customers": 1,
        "mails": 1,
    }  # fmt: skip
    assert refusals.refused([ADDRESS, OTHER]) == {ADDRESS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(t::text, ' ') FROM (SELECT row(e.*)::text t FROM surveys_erasure e"
            " UNION ALL SELECT row(r.*)::text FROM surveys_refusal r) everything"
        )
        assert "kim" not in cursor.fetchone()[0].lower()
    assert people_data.erase(workspace=in_scope, asked=ADDRESS, by=admin) is None
    assert Erasure.objects.count() == 1


def test_a_refusal_that_was_there_keeps_its_reason(here: Asking, in_scope: Any) -> None:
    refusals.refuse(workspace_id=in_scope.pk, emails=[ADDRESS], reason="unsubscribed")
    letter(here, ADDRESS)
    people_data.erase(workspace=in_scope, asked=ADDRESS, by=MembershipFactory().user)
    assert Refusal.objects.get().reason == "unsubscribed"


def test_nothing_of_another_workspace_is_found_or_erased(
    here: Asking, in_scope: Any, other_workspace: Any
) -> None:
    here.respond(score=1, contact=ADDRESS)
    letter(here, ADDRESS)
    customer(in_scope, "C-17")
    before = rows_of_everything()
    with scope(workspace=other_workspace):
        for asked in (ADDRESS, "C-17"):
            assert people_data.find(workspace=other_workspace, asked=asked).is_empty
            by = MembershipFactory().user
            assert people_data.erase(workspace=other_workspace, asked=asked, by=by) is None
    assert rows_of_everything() == before


people = st.lists(
    st.tuples(
        st.integers(0, 3),  # who
        st.integers(1, 5),  # score
        st.integers(0, 40),  # day
        st.booleans(),  # folded after it
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=people, gone=st.integers(0, 3))
def test_after_any_erasure_every_count_is_that_of_the_answers_left(
    here: Asking, in_scope: Any, said: list[tuple[int, int, int, bool]], gone: int
) -> None:
    for kind in (Case, Answer, Response):
        kind.objects.all().delete()
    histograms.mark_dirty(
        workspace_id=in_scope.pk,
        days=[dt.date(2026, 3, 1) + dt.timedelta(days=day) for day in range(41)],
    )
    for who, score, day, folded in said:
        on = dt.date(2026, 3, 1) + dt.timedelta(days=day)
        here.respond(score=score, contact=f"p{who}@home.example", day=on)
        if folded:
            histograms.fold(workspace_id=in_scope.pk)
    asked = f"p{gone}@home.example"
    proof = people_data.erase(workspace=in_scope, asked=asked, by=MembershipFactory().user)
    assert (proof is not None) == any(who == gone for who, *_rest in said)
    left = Counter((on, score) for who, score, on, _folded in said if who != gone)
    assert _counted(here, in_scope) == Counter(score for _on, score in left.elements())
    for month in (3, 4):
        assert _counted(here, in_scope, month) == Counter(
            score
            for on, score in left.elements()
            if (dt.date(2026, 3, 1) + dt.timedelta(days=on)).month == month
        )
    histograms.fold(workspace_id=in_scope.pk)
    assert _counted(here, in_scope) == Counter(score for _on, score in left.elements())


def _counted(here: Asking, workspace: Any, month: int = 0) -> Counter[int]:
    wanted = Slice((here.rating.pk,))
    if month:
        since = dt.date(2026, month, 1)
        until = dt.date(2026, month + 1, 1) - dt.timedelta(days=1)
        wanted = Slice((here.rating.pk,), since=since, until=until)
    rows = histograms.read(workspace_id=workspace.pk, slice=wanted)
    return Counter({row.score: row.n for row in rows if row.score is not None})


def test_a_figure_that_falls_below_the_threshold_is_hidden(
    here: Asking, in_scope: Any, sign_in: Callable[..., Client]
) -> None:
    for number in range(in_scope.min_answers):
        here.respond(score=5, contact=f"p{number}@home.example")
    from surveys.results import read_results

    assert read_results(here.survey).shown
    people_data.erase(workspace=in_scope, asked="p0@home.example", by=MembershipFactory().user)
    assert not read_results(here.survey).shown


def url(name: str) -> str:
    return reverse(f"care:{name}", kwargs={"workspace": "firm"})


def test_the_page_shows_hands_out_and_erases(here: Asking, sign_in: Callable[..., Client]) -> None:
    client = sign_in("admin")
    here.respond(score=1, text="It was <b>cold</b>", contact=ADDRESS)
    assert client.get(url("people-data")).status_code == 200
    page = client.post(url("people-data"), {"asked": ADDRESS}).content.decode()
    assert "1 response, 3 answers, 1 case" in page
    assert "It was &lt;b&gt;cold" in page

    file = client.post(url("person-file"), {"asked": ADDRESS, "format": "json"})
    assert "attachment" in file["Content-Disposition"]
    answers = json.loads(file.content)["responses"][0]["answers"]
    assert {"question": "What went wrong?", "answer": "It was <b>cold</b>"} in answers
    read = client.post(url("person-file"), {"asked": ADDRESS, "format": "html"}).content.decode()
    assert "It was &lt;b&gt;cold" in read

    wrong = client.post(url("person-erasure"), {"asked": ADDRESS, "typed": "kim"})
    assert wrong.status_code == 422
    assert Response.objects.exists()
    done = client.post(url("person-erasure"), {"asked": ADDRESS, "typed": ADDRESS}, follow=True)
    assert not Response.objects.exists()
    assert "On demand" in done.content.decode()
    assert ADDRESS not in done.content.decode()
    again = client.post(url("person-erasure"), {"asked": ADDRESS, "typed": ADDRESS}, follow=True)
    assert "Nothing was erased" in again.content.decode()


@pytest.mark.parametrize("name", ["people-data", "person-file", "person-erasure"])
def test_without_a_name_nothing_is_looked_for(name: str, sign_in: Callable[..., Client]) -> None:
    for asked in ("", " \0 ", "x" * 300):
        assert sign_in("admin").post(url(name), {"asked": asked}).status_code == 422


def test_as_many_queries_for_thirty_responses_as_for_three(here: Asking, in_scope: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            people_data.find(workspace=in_scope, asked=ADDRESS)
        return len(seen)

    for _one in range(3):
        here.respond(score=1, contact=ADDRESS)
    few = queries()
    for _one in range(27):
        here.respond(score=1, contact=ADDRESS)
    assert queries() == few
