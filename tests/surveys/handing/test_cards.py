"""Table cards: what stands on them, and that a camera reads what is printed."""

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope
from PIL import Image

from surveys import links
from surveys.models import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def tables(survey: Any) -> list[Link]:
    with scope(workspace=survey.workspace):
        return links.create(survey=survey, source="qr", names=links.places("Table 1–5"))


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in("marketer")


def address(survey: Any, rest: str) -> str:
    return f"/w/firm/surveys/{survey.pk}/invite/{rest}"


def rasterised(pdf: bytes, folder: Path) -> list[Image.Image]:
    if shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not here")
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-", str(folder / "page")], input=pdf, check=True
    )
    return [Image.open(file) for file in sorted(folder.glob("page*.png"))]


def codes_in(pages: list[Image.Image]) -> list[str]:
    import zxingcpp

    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


def test_one_card(editor: Client, survey: Any, tables: list[Link], tmp_path: Path) -> None:
    response = editor.get(address(survey, f"links/{tables[0].pk}/card.pdf"))
    assert response["Content-Type"] == "application/pdf"
    pages = rasterised(response.content, tmp_path)
    assert len(pages) == 2
    assert codes_in(pages) == [f"http://testserver/m/{tables[0].code}/"]


@pytest.mark.parametrize(("format", "count"), [("a6", 10), ("four", 4), ("sticker", 1)])
def test_all_cards(
    editor: Client, survey: Any, tables: list[Link], tmp_path: Path, format: str, count: int
) -> None:
    response = editor.get(address(survey, f"cards.pdf?format={format}&language=de"))
    pages = rasterised(response.content, tmp_path)
    assert len(pages) == count
    assert set(codes_in(pages)) == {f"http://testserver/m/{link.code}/" for link in tables}


def test_page_in_the_language_of_the_card(editor: Client, survey: Any, tables: list[Link]) -> None:
    text = editor.get(address(survey, f"links/{tables[2].pk}/card/?language=de")).content.decode()
    assert "Wie war Ihr Besuch?" in text
    assert "Table 3" in text
    assert "works on this computer only" in text


def test_one_look_for_all(editor: Client, survey: Any, tables: list[Link]) -> None:
    data = {
        "format": "four",
        "language": "de",
        "title": "Na,\r\nwie war's? <b>",
        "back": "1",
        "change": "Ein zweiter Platz zum Bestellen.",
    }
    response = editor.post(address(survey, f"links/{tables[0].pk}/card/look/"), data)
    assert response.status_code == 302
    text = editor.get(address(survey, f"links/{tables[4].pk}/card/")).content.decode()
    assert "Na, wie war&#x27;s? &lt;b&gt;" in text
    assert "zweiter Platz" in text
    english = editor.get(address(survey, f"links/{tables[4].pk}/card/?language=en"))
    assert "How was your visit?" in english.content.decode()


def test_what_no_card_can_be(editor: Client, survey: Any, tables: list[Link]) -> None:
    data = {"format": "a0", "language": "xx", "title": "x" * 5000, "back": "1"}
    editor.post(address(survey, f"links/{tables[0].pk}/card/look/"), data)
    tables[0].refresh_from_db()
    assert tables[0].card["format"] == "a6"
    assert tables[0].card["language"] == "en"
    assert len(tables[0].card["title"]["en"]) == 80
    assert editor.get(address(survey, f"links/{tables[0].pk}/card.pdf")).status_code == 200


def test_words_of_other_scripts(editor: Client, survey: Any, tables: list[Link]) -> None:
    data = {"language": "en", "title": "كيف كانت زيارتك؟ 🙂 漢字", "format": "a6", "back": "1"}
    editor.post(address(survey, f"links/{tables[0].pk}/card/look/"), data)
    content = editor.get(address(survey, f"links/{tables[0].pk}/card.pdf")).content
    assert content.startswith(b"%PDF")
    assert Image.open(io.BytesIO(_code_png(editor, survey, tables[0]))).size[0] > 500


def _code_png(editor: Client, survey: Any, link: Link) -> bytes:
    return editor.get(address(survey, f"links/{link.pk}/code.png")).content


def test_no_code_no_cards(editor: Client, survey: Any) -> None:
    assert editor.get(address(survey, "cards.pdf")).status_code == 302
