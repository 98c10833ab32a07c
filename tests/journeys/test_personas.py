"""Personas: list, page, forms, picture; and that on maps they come and go as events."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_scopes import scope
from PIL import Image

from journeys import editing, personas
from journeys.models import Assumption, Event, JourneyPersona, Persona, Step
from journeys.undoing import ClashError
from surveys.models import Question
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    SegmentFactory,
    StepFactory,
    SurveyFactory,
    TouchpointFactory,
    UserFactory,
    answer,
    meet,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def segment(in_scope: Any) -> Any:
    SegmentFactory(workspace=in_scope, name="Regulars")
    return SegmentFactory(workspace=in_scope, name="Tourists")


@pytest.fixture
def journey(in_scope: Any) -> Any:
    return JourneyFactory(workspace=in_scope, title="A visit", slug="visit")


@pytest.fixture
def step(in_scope: Any, journey: Any) -> Step:
    phase = PhaseFactory(workspace=in_scope, journey=journey)
    return StepFactory(workspace=in_scope, phase=phase, name="Wait")


@pytest.fixture
def question(in_scope: Any, step: Step) -> Question:
    touchpoint = TouchpointFactory(workspace=in_scope, name="Counter")
    meet(step, touchpoint)
    return QuestionFactory(workspace=in_scope, touchpoint=touchpoint)


@pytest.fixture
def amara(in_scope: Any, segment: Any, journey: Any) -> Persona:
    persona = Persona.objects.create(
        workspace=in_scope,
        name="Amara",
        segment=segment,
        quote="I want to know.",
        goals="Be in time\n\n  See friends ",
    )
    editing.add_persona(journey=journey, actor=None, persona=persona)
    return persona


def url(name: str, *args: Any) -> str:
    return reverse(f"journeys:{name}", args=["firm", *args])


def asked(question: Question, segment: Any, mine: list[int], others: list[int]) -> None:
    neighbour = segment.pk - 1
    answer(question, *mine, segments=(segment.pk,))
    answer(question, *others, segments=(neighbour,))


def fields(**more: Any) -> dict[str, Any]:
    return {"name": "Bo", "summary": "", "quote": "", "goals": ""} | more


# ---------- pages ----------


def test_the_list_says_that_there_is_none(sign_in: Callable[..., Any], workspace: Any) -> None:
    assert b"No persona yet" in sign_in("viewer").get(url("personas")).content


def test_the_list_costs_the_same_for_thirty(
    sign_in: Callable[..., Any], workspace: Any, amara: Persona,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client = sign_in("viewer")
    client.get(url("personas"))
    for number in range(30):
        Persona.objects.create(workspace=workspace, name=f"P {number}", segment=amara.segment)
    with django_assert_max_num_queries(6):
        content = client.get(url("personas")).content.decode()
    assert "P 29" in content
    assert "1 map" in content


def test_a_page_says_what_the_segment_says(
    sign_in: Callable[..., Any], amara: Persona, question: Question, segment: Any
) -> None:
    asked(question, segment, [1, 2] * 20, [5, 4] * 20)
    content = sign_in("viewer").get(url("persona", amara.pk)).content.decode()
    assert "Wait is 3.00 worse for Tourists than for everybody else." in content
    assert "proven" in content
    assert "−1.50 against +1.50, n = 40 and 40" in content
    assert "of 80 (50%)" in content
    assert "<li>See friends</li>" in content
    assert "“I want to know.”" in content
    assert "Counter" in content
    assert "Regulars" in content


def test_no_difference_is_said_as_such(
    sign_in: Callable[..., Any], amara: Persona, question: Question, segment: Any
) -> None:
    asked(question, segment, [3, 4] * 10, [4, 3] * 10)
    content = sign_in("viewer").get(url("persona", amara.pk)).content.decode()
    assert "No difference is proven between Tourists and everybody else." in content


def test_a_small_segment_shows_no_figure(
    sign_in: Callable[..., Any], amara: Persona, question: Question, segment: Any, workspace: Any
) -> None:
    nps = QuestionFactory(
        workspace=workspace, survey=question.survey, kind="nps", scale_min=0, scale_max=10
    )
    asked(question, segment, [1, 1, 1, 1], [5] * 40)
    asked(nps, segment, [0, 0, 0, 0], [10] * 40)
    page = sign_in("viewer").get(url("persona", amara.pk)).content.decode()
    assert "hidden: fewer than 5 answers, or it would show a small group" in page
    assert "too few answers for a curve" in page
    assert "−2.00" not in page
    assert "−100" not in page


def test_the_nps_of_a_segment_hides_where_a_neighbour_would_follow(
    sign_in: Callable[..., Any], amara: Persona, question: Question, segment: Any, workspace: Any
) -> None:
    nps = QuestionFactory(
        workspace=workspace, survey=question.survey, kind="nps", scale_min=0, scale_max=10
    )
    asked(nps, segment, [9] * 40, [0, 0])
    page = sign_in("viewer").get(url("persona", amara.pk)).content.decode()
    assert "NPS" not in page.split("Would recommend")[1][:80]
    asked(nps, segment, [], [0] * 20)
    page = sign_in("viewer").get(url("persona", amara.pk)).content.decode()
    assert "+100</b> NPS" in page


def test_words_are_for_those_who_may_read_them_and_never_few(
    sign_in: Callable[..., Any], amara: Persona, segment: Any, workspace: Any
) -> None:
    survey = SurveyFactory(workspace=workspace)
    text = QuestionFactory(
        workspace=workspace, survey=survey, kind="text", scale_min=None, scale_max=None
    )
    from surveys.models import Answer, Status

    def write(n: int) -> None:
        for row in answer(text, *[Status.SCORED] * n, segments=(segment.pk,)):
            Answer.objects.filter(response_id=row.id).update(raw="Too slow for me")

    write(7)
    page = sign_in("analyst").get(url("persona", amara.pk)).content.decode()
    assert "Too slow" not in page
    assert "hidden: fewer than 8 comments" in page
    write(1)
    assert "Too slow" in sign_in("analyst").get(url("persona", amara.pk)).content.decode()
    assert "Too slow" not in sign_in("viewer").get(url("persona", amara.pk)).content.decode()


def test_a_page_costs_the_same_for_many_maps_and_steps(
    sign_in: Callable[..., Any], amara: Persona, question: Question, segment: Any, workspace: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    asked(question, segment, [1] * 10, [5] * 10)
    client = sign_in("analyst")
    client.get(url("persona", amara.pk))
    for _ in range(5):
        other = JourneyFactory(workspace=workspace)
        editing.add_persona(journey=other, actor=None, persona=amara)
        phase = PhaseFactory(workspace=workspace, journey=other)
        for _step in range(10):
            meet(
                StepFactory(workspace=workspace, phase=phase),
                TouchpointFactory(workspace=workspace),
            )
    with django_assert_max_num_queries(26):
        assert client.get(url("persona", amara.pk)).status_code == 200


def test_another_map_can_be_chosen(
    sign_in: Callable[..., Any], amara: Persona, workspace: Any, step: Step
) -> None:
    client = sign_in("viewer")
    JourneyFactory(workspace=workspace, slug="foreign-to-her")
    assert client.get(url("persona", amara.pk), {"map": "visit"}).status_code == 200
    assert client.get(url("persona", amara.pk), {"map": "foreign-to-her"}).status_code == 404


@pytest.mark.parametrize("bare", ["segment", "map"])
def test_without_segment_or_map_the_page_says_what_to_do(
    bare: str, sign_in: Callable[..., Any], segment: Any, workspace: Any
) -> None:
    persona = Persona.objects.create(
        workspace=workspace, name="Bo", segment=None if bare == "segment" else segment
    )
    content = sign_in("marketer").get(url("persona", persona.pk)).content.decode()
    assert ("Link a segment" if bare == "segment" else "Choose maps") in content


# ---------- forms ----------


@pytest.mark.parametrize("asked", [{"segment": "9" * 5000}, {"segment": "\x00"}, {"map": "\x00"}])
def test_nonsense_in_the_address_fills_in_nothing(
    asked: dict[str, str], sign_in: Callable[..., Any]
) -> None:
    assert sign_in("marketer").get(url("persona-create"), asked).status_code == 200


def test_a_persona_is_made_and_put_on_maps(
    sign_in: Callable[..., Any], workspace: Any, segment: Any, journey: Any
) -> None:
    client = sign_in("marketer")
    page = client.get(url("persona-create"), {"segment": segment.pk, "map": "visit"})
    assert b"checked" in page.content
    assert b"selected" in page.content
    response = client.post(
        url("persona-create"),
        fields(segment=segment.pk, journeys=[journey.pk], goals="a\nb", reviewed_on="2026-03-01"),
    )
    made = Persona.objects.get(name="Bo")
    assert response["Location"] == url("persona", made.pk)
    assert made.segment == segment
    assert Event.objects.get(journey=journey).what == "persona-added"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"quote": "x" * 301},
        {"goals": "x" * 4001},
        {"name": "a\0b"},
        {"segment": "999999"},
        {"segment": "99999999999999999999999"},
        {"segment": "<script>"},
        {"journeys": ["999999"]},
        {"journeys": ["x"]},
        {"reviewed_on": "soon"},
    ],
)
def test_a_wrong_form_comes_back(
    wrong: dict[str, Any], sign_in: Callable[..., Any], workspace: Any
) -> None:
    response = sign_in("marketer").post(url("persona-create"), fields(**wrong))
    assert response.status_code == 422
    with scope(workspace=workspace):
        assert not Persona.objects.exists()


def test_segments_and_maps_of_others_are_not_valid(
    sign_in: Callable[..., Any], workspace: Any, other_workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        segment = SegmentFactory(workspace=other_workspace)
        journey = JourneyFactory(workspace=other_workspace)
    client = sign_in("marketer")
    for wrong in ({"segment": segment.pk}, {"journeys": [journey.pk]}):
        assert client.post(url("persona-create"), fields(**wrong)).status_code == 422


def test_scripts_are_shown_as_text(sign_in: Callable[..., Any], workspace: Any) -> None:
    client = sign_in("marketer")
    evil = "<script>alert(1)</script>"
    data = fields(name=evil, summary=evil, quote=evil, goals=evil, fears=evil, owner=evil)
    page = client.post(url("persona-create"), data, follow=True).content.decode()
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def test_editing_changes_maps_by_events(
    sign_in: Callable[..., Any], amara: Persona, journey: Any, workspace: Any
) -> None:
    other = JourneyFactory(workspace=workspace)
    client = sign_in("marketer")
    response = client.post(
        url("persona-edit", amara.pk), fields(name="Amara Osei", journeys=[other.pk])
    )
    assert response.status_code == 302
    amara.refresh_from_db()
    assert (amara.name, amara.segment) == ("Amara Osei", None)
    whats = list(Event.objects.filter(journey=journey).values_list("what", flat=True))
    assert whats == ["persona-added", "persona-removed"]
    assert [link.journey for link in JourneyPersona.objects.filter(persona=amara)] == [other]
    response = client.post(url("persona-edit", amara.pk), fields(name=""))
    assert response.status_code == 422


def test_a_copy_is_on_no_map(sign_in: Callable[..., Any], amara: Persona, segment: Any) -> None:
    response = sign_in("marketer").post(url("persona-duplicate", amara.pk))
    made = Persona.objects.get(name="Amara (copy)")
    assert response["Location"] == url("persona-edit", made.pk)
    assert (made.segment, made.quote) == (segment, amara.quote)
    assert not JourneyPersona.objects.filter(persona=made).exists()


def test_deleting_leaves_maps_by_events_and_undo_says_that_it_is_gone(
    amara: Persona, journey: Any, step: Step, in_scope: Any
) -> None:
    from decimal import Decimal

    actor = UserFactory()
    editing.assume(step=step, actor=actor, value=Decimal("1"), persona=amara)
    personas.delete_persona(persona=amara, actor=actor)
    assert not Persona.objects.exists()
    assert not Assumption.objects.exists()
    assert Event.objects.filter(journey=journey).latest("seq").what == "persona-removed"
    with pytest.raises(ClashError):
        editing.undo(journey=journey, actor=actor)


def test_deleting_by_the_button(
    sign_in: Callable[..., Any], amara: Persona, workspace: Any
) -> None:
    client = sign_in("marketer")
    assert client.get(url("persona-removal", amara.pk)).status_code == 405
    assert client.post(url("persona-removal", amara.pk))["Location"] == url("personas")
    assert client.get(url("persona", amara.pk)).status_code == 404


# ---------- the picture ----------


def photo() -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (30, 30), "red").save(target, "PNG")
    return SimpleUploadedFile("amara.png", target.getvalue())


def test_a_picture_comes_and_goes(sign_in: Callable[..., Any], amara: Persona) -> None:
    client = sign_in("marketer")
    client.post(url("persona-picture", amara.pk), {"file": photo()})
    amara.refresh_from_db()
    assert amara.picture is not None
    page = client.get(url("persona", amara.pk)).content.decode()
    assert url("upload", amara.picture.pk) in page
    assert url("upload", amara.picture.pk) in client.get(url("personas")).content.decode()
    client.post(url("persona-picture", amara.pk))
    amara.refresh_from_db()
    assert amara.picture is None


def test_what_is_no_picture_is_refused_in_words(
    sign_in: Callable[..., Any], amara: Persona
) -> None:
    client = sign_in("marketer")
    for name, content in (("a.svg", b"<svg/>"), ("a.pdf", b"%PDF"), ("a.png", b"no")):
        file = SimpleUploadedFile(name, content)
        response = client.post(url("persona-picture", amara.pk), {"file": file})
        assert response.status_code == 422
        assert b'class="err"' in response.content
    amara.refresh_from_db()
    assert amara.picture is None


# ---------- who may ----------


@pytest.mark.parametrize("action", ["edit", "duplicate", "removal", "picture"])
def test_changing_is_for_editors_of_this_workspace(
    action: str, sign_in: Callable[..., Any], amara: Persona, other_workspace: Any
) -> None:
    address = url(f"persona-{action}", amara.pk)
    assert sign_in("analyst").post(address).status_code == 403
    assert sign_in("outsider").post(address).status_code == 404
    foreign = sign_in("admin", other_workspace)
    assert foreign.post(address.replace("/firm/", "/rival/")).status_code == 404
    assert foreign.get(url("persona", amara.pk).replace("/firm/", "/rival/")).status_code == 404
    assert Persona.objects.filter(name="Amara").count() == 1
