"""Links: many at once, what came of each, on and off."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django_scopes import scope
from PIL import Image

from surveys import links
from surveys.models import Link, Quota, Source
from tests.factories import SegmentFactory, TouchpointFactory, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("marketer")


def page(survey: Any, rest: str = "") -> str:
    return f"/w/firm/surveys/{survey.pk}/invite/{rest}"


def make(survey: Any, **fields: Any) -> Link:
    with scope(workspace=survey.workspace):
        return links.create(survey=survey, **({"source": Source.QR, "names": ["Bar"]} | fields))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Table 1–3", ["Table 1", "Table 2", "Table 3"]),
        ("Bar\nBar\n\nDoor", ["Bar", "Door"]),
        ("A, B; C", ["A", "B", "C"]),
        ("Room 7", ["Room 7"]),
        ("Nice\tplace\x00\u2028x", ["Nice place x"]),
        ("", []),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert links.places(text) == expected


@pytest.mark.parametrize("text", ["Table 9-3", "T 1-5000", "x" * 121, "\n".join("ab" * 150)])
def test_places_refused(text: str) -> None:
    if text.startswith("a"):
        text = "\n".join(f"place {n}" for n in range(300))
    with pytest.raises(links.PlacesError):
        links.places(text)


def test_many_codes_at_once(editor: Client, survey: Any) -> None:
    with scope(workspace=survey.workspace):
        bar = TouchpointFactory(workspace=survey.workspace)
    data = {"source": "qr", "names": "Table 1–18", "touchpoint": bar.pk}
    response = editor.post(page(survey, "links/new/"), data)
    assert response.status_code == 302
    with scope(workspace=survey.workspace):
        made = list(Link.objects.all())
    assert [link.name for link in made][:2] == ["Table 1", "Table 2"]
    assert len({link.code for link in made}) == 18
    assert {link.touchpoint_id for link in made} == {bar.pk}
    text = editor.get(page(survey)).content.decode()
    assert "Table 18" in text
    assert f"testserver/m/{made[0].code}" in text


@pytest.mark.parametrize(
    "data",
    [
        {"source": "email", "names": "x"},
        {"source": "qr", "names": "Table 9–1"},
        {"source": "kiosk", "names": "Door"},
        {"source": "kiosk", "names": "Door", "pin": "12"},
        {"source": "kiosk", "names": "Door", "pin": "١٢٣٤"},
        {},
    ],
)
def test_refused(editor: Client, survey: Any, data: dict[str, str]) -> None:
    assert editor.post(page(survey, "links/new/"), data).status_code == 422
    with scope(workspace=survey.workspace):
        assert not Link.objects.exists()


def test_a_foreign_touchpoint_is_none(editor: Client, survey: Any, other_workspace: Any) -> None:
    with scope(workspace=other_workspace):
        foreign = TouchpointFactory(workspace=other_workspace)
    data = {"source": "qr", "names": "Bar", "touchpoint": foreign.pk}
    assert editor.post(page(survey, "links/new/"), data).status_code == 422


def test_a_tablet_keeps_a_hash_of_its_pin(editor: Client, survey: Any) -> None:
    data = {"source": "kiosk", "names": "Door", "pin": "2468"}
    assert editor.post(page(survey, "links/new/"), data).status_code == 302
    with scope(workspace=survey.workspace):
        link = Link.objects.get()
    assert "2468" not in link.pin_hash
    assert check_password("2468", link.pin_hash)
    text = editor.get(page(survey, f"links/{link.pk}/")).content.decode()
    assert f"/k/{link.code}/" in text


def test_off_and_on(editor: Client, survey: Any) -> None:
    link = make(survey)
    editor.post(page(survey, f"links/{link.pk}/state/"), {"is_active": "0"})
    assert Client().get(f"/m/{link.code}/").status_code == 410
    editor.post(page(survey, f"links/{link.pk}/state/"), {"is_active": "1"})
    assert Client().get(f"/m/{link.code}/").status_code == 200


def test_changed_without_a_new_code(editor: Client, survey: Any) -> None:
    link = make(survey)
    editor.post(page(survey, f"links/{link.pk}/changes/"), {"name": " Long \n bar "})
    link.refresh_from_db()
    assert link.name == "Long bar"


def test_removed_only_while_nobody_came(editor: Client, survey: Any) -> None:
    unused, used = make(survey), make(survey)
    with scope(workspace=survey.workspace):
        answer(survey.questions.first(), 4, link_id=used.pk)
    for link in (unused, used):
        editor.post(page(survey, f"links/{link.pk}/removal/"))
    with scope(workspace=survey.workspace):
        assert list(Link.objects.all()) == [used]
        row = links.rows(survey)[0]
    assert (row.started, row.answers, row.invited) == (1, 1, None)


def test_as_many_queries_with_30_links_as_with_3(
    editor: Client, survey: Any, django_assert_max_num_queries: Any
) -> None:
    with scope(workspace=survey.workspace):
        links.create(survey=survey, source="qr", names=links.places("T 1-30"))
    with django_assert_max_num_queries(18):
        editor.get(page(survey))


def test_pictures_of_a_code_lead_to_its_address(editor: Client, survey: Any) -> None:
    import zxingcpp

    link = make(survey)
    picture = editor.get(page(survey, f"links/{link.pk}/code.png"))
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(picture.content)))
    assert read is not None
    assert read.text == f"http://testserver/m/{link.code}/"
    import resvg_py

    vectors = editor.get(page(survey, f"links/{link.pk}/code.svg"))
    assert vectors["Content-Type"] == "image/svg+xml"
    drawing = vectors.content.decode().replace("60mm", "600")
    drawn = bytes(resvg_py.svg_to_bytes(svg_string=drawing))
    again = zxingcpp.read_barcode(Image.open(io.BytesIO(drawn)))
    assert again is not None
    assert again.text == read.text


def test_viewers_see_and_do_not_change(sign_in: Callable[..., Client], survey: Any) -> None:
    link = make(survey)
    viewer = sign_in("viewer")
    assert viewer.get(page(survey)).status_code == 200
    assert viewer.get(page(survey, f"links/{link.pk}/")).status_code == 200
    assert viewer.post(page(survey, f"links/{link.pk}/state/")).status_code == 403
    assert viewer.get(page(survey, "links/new/")).status_code == 403


def test_only_embedded_links_may_be_framed(editor: Client, survey: Any) -> None:
    plain, embedded = make(survey), make(survey, source=Source.EMBED)
    text = editor.get(page(survey, f"links/{embedded.pk}/")).content.decode()
    assert "&lt;iframe" in text
    assert f"/m/{embedded.code}/" in text
    refused = Client().get(f"/m/{plain.code}/")
    assert refused["X-Frame-Options"] == "DENY"
    allowed = Client().get(f"/m/{embedded.code}/")
    assert "X-Frame-Options" not in allowed
    assert "frame-ancestors" in allowed["Content-Security-Policy"]


def test_imported_surveys_invite_nobody(editor: Client, survey: Any) -> None:
    with scope(workspace=survey.workspace):
        type(survey).objects.update(state="imported")
    assert editor.get(page(survey)).status_code == 404


def test_limits_by_segment_say_what_is_reached(editor: Client, survey: Any) -> None:
    workspace = survey.workspace
    with scope(workspace=workspace):
        one, two = SegmentFactory(workspace=workspace), SegmentFactory(workspace=workspace)
        for segment, limit in ((one, 9), (two, 7)):
            Quota.objects.create(workspace=workspace, survey=survey, segment=segment, limit=limit)
        question = survey.questions.first()
        answer(question, 4, 5, segments=(one.pk, two.pk), is_complete=True)
        answer(question, 3, segments=(one.pk,), is_complete=True)
        answer(question, 1, segments=(one.pk,), is_complete=False)
    text = editor.get(page(survey)).content.decode()
    assert f'<dt>{one}</dt><dd class="num">3 of 9</dd>' in text
    assert f'<dt>{two}</dt><dd class="num">2 of 7</dd>' in text
