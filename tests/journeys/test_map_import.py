"""Import of maps: form, preview that stores nothing, map; and what each role may."""

import io
import json
import random
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from journeys.formats.content import Builder, FileContent
from journeys.formats.grid import write_grid_csv, write_grid_xlsx
from journeys.formats.json_map import write_json
from journeys.formats.mermaid import write_mermaid
from journeys.formats.recognition import read
from journeys.models import Card, Event, Journey, Lane, Upload
from tests.factories import TouchpointFactory

UPLOAD = "/w/firm/journeys/import/map/"
RUN = "/w/firm/journeys/import/map/run/"
GRID = "Visit,Before,During\nSteps,See,Order\nSorrow,a,b\nTouchpoints,Sign,Counter\n"


def send(client: Client, data: bytes, name: str = "map.csv") -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data), "text": ""})


def carried(response: Any) -> str:
    found = re.search(r'name="carried" value="([^"]+)"', response.content.decode())
    assert found
    return found.group(1)


def test_a_preview_stores_nothing_and_the_map_is_one_event(sign_in: Any, workspace: Any) -> None:
    client = sign_in("marketer")
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Sign")
    page = send(client, GRID.encode())
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("2 phases", "Sorrow", "line 3, column 1", "Counter", "Create the map"):
        assert words in text
    with scope(workspace=workspace):
        assert not Journey.objects.exists()
    answer = client.post(
        RUN,
        {"carried": carried(page), "title": "Our visit", "missing": "cards", "kind-0": "pains"},
    )
    assert answer.status_code == 302
    with scope(workspace=workspace):
        journey = Journey.objects.get()
        assert (journey.title, journey.slug) == ("Our visit", "our-visit")
        assert Event.objects.filter(journey=journey).count() == 1
        assert [lane.kind for lane in Lane.objects.all()] == ["pains", "touchpoints", "text"]
        cards = set(Card.objects.values_list("text", "mark"))
        assert cards == {("a", "pain"), ("b", "pain"), ("Counter", "")}


def test_pasted_text_is_recognised(sign_in: Any) -> None:
    client = sign_in("marketer")
    for text, format in (
        ("journey\n title A\n B: 5: Me", "Mermaid"),
        ("A\tB\nSteps\tC\nThoughts\tD", "CSV"),
        ('{"format": "cxm-map", "version": 1, "title": "A"}', "JSON"),
        ('title = "A"\n[[phase]]\nname = "B"\nsteps = []\n', "TOML"),
    ):
        page = client.post(UPLOAD, {"text": text})
        assert page.status_code == 200
        assert f"{format} ·" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose a file"), (b" \n", "nothing in it"), (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"PK\x03\x04", "damaged"), (b'{"format": "cxm-map", "version": 9}', "version 9"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"), (b"a,b\nc,\0", "NUL"),
        (b"{", "no valid JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(sign_in: Any, data: bytes, words: str) -> None:
    page = send(sign_in("marketer"), data)
    assert page.status_code == 422
    assert words in page.content.decode() or (not data and "empty" in page.content.decode())


def test_a_changed_carrier_or_an_empty_title_makes_no_map(sign_in: Any, workspace: Any) -> None:
    client = sign_in("marketer")
    value = carried(send(client, GRID.encode()))
    assert client.post(RUN, {"carried": value[:-3], "title": "A"}).status_code == 422
    assert client.post(RUN, {}).status_code == 422
    page = client.post(RUN, {"carried": value, "title": " ", "kind-0": "emotion"})
    assert page.status_code == 422
    assert carried(page) == value
    with scope(workspace=workspace):
        assert not Journey.objects.exists()


def test_html_in_a_file_is_text(sign_in: Any) -> None:
    page = send(sign_in("marketer"), b"<script>x</script>,P\nSteps,<b>S</b>\nThoughts,<i>\n")
    assert b"<script>x" not in page.content
    assert b"&lt;i&gt;" in page.content


def test_a_bomb_is_refused(sign_in: Any) -> None:
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 100_000_000)
    page = send(sign_in("marketer"), target.getvalue(), "map.xlsx")
    assert page.status_code == 422
    assert b"unpacks to" in page.content


@pytest.fixture
def journey(workspace: Any) -> Journey:
    from journeys.formats.storing import store
    from tests.factories import UserFactory

    actor: Any = UserFactory()
    with scope(workspace=workspace):
        content = read(GRID.encode(), name="").content
        return store(content, workspace=workspace, actor=actor, title="Visit")


@pytest.mark.parametrize(
    ("file", "kind", "format"),
    [
        ("map.json", "application/json", "json"), ("map.csv", "text/csv", "csv"),
        ("map.mmd", "text/plain", "mermaid"), ("map.xlsx", "application/vnd", "xlsx"),
    ],
)  # fmt: skip
def test_every_export_can_be_read(
    sign_in: Any, journey: Journey, file: str, kind: str, format: str
) -> None:
    answer = sign_in("analyst").get(f"/w/firm/journeys/visit/{file}")
    assert answer.headers["Content-Type"].startswith(kind)
    assert 'filename="visit.' in answer.headers["Content-Disposition"]
    found = read(answer.content, name="")
    assert found.format == format
    assert found.content.title == "Visit"


def test_the_export_page_says_what_is_lost(sign_in: Any, journey: Journey) -> None:
    text = sign_in("analyst").get("/w/firm/journeys/visit/export/").content.decode()
    for words in ("Nothing of the map is lost", "3 lanes with their cards", "section Before"):
        assert words in text
    assert sign_in("viewer").get("/w/firm/journeys/visit/export/").status_code == 403


def test_a_file_too_large_to_come_back_says_so(sign_in: Any, journey: Journey) -> None:
    with scope(workspace=journey.workspace):
        upload = Upload.objects.create(
            workspace=journey.workspace, name="a.bin", content_type="application/octet-stream",
            sha256="0", data=b"x" * 5_000_000, size=5_000_000,
        )  # fmt: skip
        Card.objects.filter(text="a").update(upload=upload)
    page = sign_in("analyst").get("/w/firm/journeys/visit/export/")
    assert b"about 6 MB" in page.content


def test_a_file_of_five_megabytes_goes_through_the_preview(sign_in: Any, workspace: Any) -> None:
    builder = Builder()
    builder.title("Large", "")
    step = builder.step(builder.phase("P", where=""), "S", where="")
    lane = builder.lane("links", where="")
    files = builder.content.files
    files[builder.id()] = FileContent("a.bin", "", random.Random(1).randbytes(3_800_000))
    builder.card(lane, step, "", where="", upload_id=next(iter(files)))
    client = sign_in("marketer")
    page = send(client, write_json(builder.done()).encode(), "large.json")
    answer = client.post(RUN, {"carried": carried(page), "title": "Large"})
    assert answer.status_code == 302
    with scope(workspace=workspace):
        assert Upload.objects.get().size == 3_800_000


def test_export_asks_as_often_for_thirty_cards_as_for_one(sign_in: Any, journey: Journey) -> None:
    client, counts = sign_in("analyst"), []
    for number in (1, 30):
        with scope(workspace=journey.workspace):
            card: Any = Card.objects.filter(text="a").get()
            for n in range(number):
                card.pk, card.text = None, f"more {n}"
                card.save()
        client.get("/w/firm/journeys/visit/map.json")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/w/firm/journeys/visit/map.json").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_was_written_is_recognised() -> None:
    builder = Builder()
    builder.title("[[phase]]", "")
    builder.step(builder.phase("journey", where=""), "{", where="")
    content = builder.done()
    for data, format in (
        (write_json(content).encode(), "json"),
        (write_mermaid(content).encode("utf-16"), "mermaid"),
        ("".join(write_grid_csv(content)).encode(), "csv"),
        (write_grid_xlsx(content), "xlsx"),
    ):
        found = read(data, name="")
        assert (found.format, len(found.content.state["step"])) == (format, 1)
    assert json.loads(write_json(content))["version"] == 1
    assert read(b"Journey;Before\nSteps;See\n", name="").format == "csv"
