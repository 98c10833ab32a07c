"""Maps as SVG, PNG, PDF and slides: what stands in them, and what must never."""

import datetime as dt
import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django_scopes import scope
from PIL import Image
from pptx import Presentation

from journeys import editing
from journeys.board import load_board
from journeys.formats import pdf, png, svg_fonts
from journeys.formats.drawing_svg import Drawing
from journeys.formats.pdf import cuts, even
from journeys.models import Card, Event, Journey, Lane, Persona, Step, Upload
from surveys.models import Question
from tests.factories import JourneyFactory, PhaseFactory, SegmentFactory, StepFactory, answer

Measured = Callable[..., Journey]
SVG = "{http://www.w3.org/2000/svg}"
FILES = ("map.svg", "map.png", "map.pdf", "map.pptx")
NASTY = (
    "<script>alert(1)</script> & \"q\" 'a' ]]>",
    "bell \x07 escape \x1b[0m non-character \ufffe end",
    "😀 family 👩\u200d👩\u200d👧 flag 🇩🇪",
    "שלום עולם, זה טקסט בעברית",
    "مرحبا بالعالم هذا نص",
    "中文字符测试",
    "W" * 400,
    "word " * 800,
    "line\r\nbreaks\n\n\nand\ttabs",
)


def url(name: str, query: str = "") -> str:
    return f"/w/firm/journeys/visit/{name}{query}"


def add_lane(journey: Journey, kind: str, *texts: str, hidden: bool = False, **card: Any) -> Lane:
    """A lane whose cells hold the texts, one step after the other."""
    steps = list(
        Step.objects.filter(phase__journey=journey).order_by("phase__position", "position")
    )
    lane = Lane.objects.create(
        workspace_id=journey.workspace_id, journey=journey, kind=kind, hidden=hidden,
        position=Lane.objects.count(),
    )  # fmt: skip
    for step, text in zip(steps, texts, strict=False):
        Card.objects.create(
            workspace_id=journey.workspace_id, lane=lane, step=step, text=text, position=0, **card
        )
    return lane


def drawn(journey: Journey) -> None:
    """Lanes of every sort on a measured map."""
    with scope(workspace=journey.workspace):
        add_lane(journey, "action", "Looks for a table", mark="pain", owner="Ines", evidence_n=7)
        add_lane(journey, "touchpoints")
        add_lane(journey, "channels")
        add_lane(journey, "emotion")
        add_lane(journey, "indicators")
        add_lane(journey, "visibility")
        add_lane(journey, "backstage", "Kitchen plan")
        add_lane(journey, "text", "Secret of the house", hidden=True)


def pdf_text(data: bytes) -> str:
    """The text that a reader can select, by the PDF's own maps from glyphs to characters."""
    try:
        done = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("no pdftotext here: apt-get install poppler-utils")
    return done.stdout.decode()


def slide_text(data: bytes) -> str:
    found: list[str] = []
    for slide in Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
        if slide.has_notes_slide:
            found.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(found)


def svg_text(data: bytes) -> str:
    root = ET.fromstring(data.decode())
    return "\n".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))


def texts(client: Any, query: str = "") -> dict[str, str]:
    """Everything that can be read in the three files with text."""
    return {
        "svg": svg_text(client.get(url("map.svg", query)).content),
        "pdf": pdf_text(client.get(url("map.pdf", query)).content),
        "pptx": slide_text(client.get(url("map.pptx", query)).content),
    }


@pytest.mark.parametrize("name", [*FILES, "print/"])
def test_only_who_may_export(name: str, sign_in: Any, measured: Measured) -> None:
    measured()
    assert sign_in("viewer").get(url(name)).status_code == 403
    assert sign_in("outsider").get(url(name)).status_code == 404
    client = sign_in("analyst")
    assert client.get(url(name)).status_code == 200
    assert client.get(url(name).replace("visit", "gone")).status_code == 404
    assert client.post(url(name)).status_code == 405


def test_files_say_the_same(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    drawn(journey)
    for kind, said in texts(sign_in("analyst")).items():
        for words in (
            "Visit", "During", "Step 0", "Looks for a table", "Ines", "Place 0", "Kitchen plan",
            "−1.00", "never asked", "hidden", "24 shown answers",
        ):  # fmt: skip
            assert words in said, (kind, words)
        assert "gap −2.0, proven" in " ".join(said.split()), kind
        assert "Secret" not in said, kind


def test_a_hidden_number_is_in_no_file(sign_in: Any, measured: Measured, workspace: Any) -> None:
    """The step with three answers: neither its mean (4.33 → +1.33) nor its n is anywhere."""
    journey = measured()
    drawn(journey)
    client = sign_in("admin")
    for kind, said in texts(client).items():
        assert "1.33" not in said, kind
        assert "n = 3" not in said, kind
        assert "3 answers" not in said.replace("13 answers", ""), kind
        assert "27 shown" not in said, kind
    # The drawing has a point for the two steps that may be shown, and no more.
    root = ET.fromstring(client.get(url("map.svg")).content.decode())
    points = [c for c in root.iter(f"{SVG}circle") if c.get("r") == "5"]
    assert len(points) == 2


def test_a_hidden_emotion_lane_takes_its_numbers_along(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        add_lane(journey, "action", "Looks for a table")
        add_lane(journey, "emotion", hidden=True)
    for kind, said in texts(sign_in("analyst")).items():
        assert "Looks for a table" in said, kind
        assert "−1.00" not in said, kind
        assert "shown answers" not in said, kind


def test_svg_is_well_formed_and_holds_pictures(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "#257a70").save(picture, "PNG")
    with scope(workspace=journey.workspace):
        upload = Upload.objects.create(
            workspace=journey.workspace, name='a"<b>.png', content_type="image/png",
            sha256="a" * 64, data=picture.getvalue(), size=9, width=40, height=30,
        )  # fmt: skip
        add_lane(journey, "storyboard", "A picture", upload=upload)
    response = sign_in("analyst").get(url("map.svg"))
    assert response["Content-Type"].startswith("image/svg+xml")
    assert response["Content-Disposition"] == 'attachment; filename="visit.svg"'
    root = ET.fromstring(response.content.decode())
    images = list(root.iter(f"{SVG}image"))
    assert [image.get("href", "")[:22] for image in images] == ["data:image/png;base64,"]
    assert not list(root.iter(f"{SVG}script"))
    # Nothing is loaded from elsewhere.
    assert not re.search(r'(?:href|src)="(?!data:)', response.content.decode())


def test_a_broken_picture_leaves_its_frame(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    with scope(workspace=journey.workspace):
        upload = Upload.objects.create(
            workspace=journey.workspace, name="x.png", content_type="image/png", sha256="b" * 64,
            data=b"no picture", size=10, width=40, height=30,
        )  # fmt: skip
        add_lane(journey, "storyboard", "A picture", upload=upload)
    client = sign_in("analyst")
    for name in FILES:
        assert client.get(url(name)).status_code == 200, name


def test_nasty_texts_stay_texts(sign_in: Any, measured: Measured) -> None:
    journey = measured(5)
    with scope(workspace=journey.workspace):
        for text in NASTY:
            add_lane(journey, "action", text, text)
            add_lane(journey, "quotes", text)
        Journey.objects.filter(pk=journey.pk).update(title=NASTY[0])
        Step.objects.filter(name="Step 0").update(name="<b>Step</b> & \x0b \u202e more")
    client = sign_in("analyst")
    said = texts(client)
    for kind in ("svg", "pptx"):
        assert "alert(1)" in said[kind], kind
        assert "שלום" in said[kind], kind
        assert "\x07" not in said[kind], kind
    root = ET.fromstring(client.get(url("map.svg")).content.decode())
    assert not list(root.iter(f"{SVG}script"))
    assert client.get(url("map.png")).content.startswith(b"\x89PNG")


def test_long_texts_are_whole(sign_in: Any, measured: Measured) -> None:
    """4,000 characters: every word is on some page, and in the notes of its slide."""
    journey = measured()
    words = " ".join(f"word{n}" for n in range(400))
    with scope(workspace=journey.workspace):
        add_lane(journey, "action", words)
    for kind, said in texts(sign_in("analyst")).items():
        found = set(re.findall(r"word\d+", said))
        assert len(found) == 400, (kind, len(found))


def test_empty_maps(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        journey: Any = JourneyFactory(workspace=workspace, slug="visit", title="")
        PhaseFactory(workspace=workspace, journey=journey, name="Nothing in it")
    client = sign_in("analyst")
    for name in FILES:
        assert client.get(url(name)).status_code == 200, name
    assert "The map has no steps yet." in svg_text(client.get(url("map.svg")).content)


def test_png_is_twice_the_drawing(sign_in: Any, measured: Measured) -> None:
    measured()
    client = sign_in("analyst")
    root = ET.fromstring(client.get(url("map.svg")).content.decode())
    image = Image.open(io.BytesIO(client.get(url("map.png")).content))
    assert image.size == (2 * int(root.get("width", "")), 2 * int(root.get("height", "")))


def test_a_huge_picture_is_smaller_and_a_monstrous_one_refused() -> None:
    assert png.scale_of(Drawing("", 1000, 1000)) == 2
    scale = png.scale_of(Drawing("", 8000, 8000))
    assert 0.5 < scale < 1
    assert scale**2 * 64_000_000 <= png.LARGEST + 1
    with pytest.raises(png.TooLargeError):
        png.scale_of(Drawing("", 100_000, 100_000))


def test_too_large_a_picture_says_what_to_take(
    sign_in: Any, measured: Measured, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured()
    monkeypatch.setattr(png, "LARGEST", 1000)
    response = sign_in("analyst").get(url("map.png"))
    assert response.status_code == 422
    assert "Take SVG or PDF" in response.content.decode()


def test_pdf_repeats_heads_and_counts_pages(sign_in: Any, workspace: Any) -> None:
    with scope(workspace=workspace):
        journey: Any = JourneyFactory(workspace=workspace, slug="visit", title="Visit")
        phase = PhaseFactory(workspace=workspace, journey=journey, name="During")
        for number in range(14):
            StepFactory(workspace=workspace, phase=phase, name=f"Step {number}", position=number)
        for number in range(6):
            add_lane(journey, "action", *(f"Card {number}-{at} " + "x y " * 60 for at in range(14)))
    client = sign_in("analyst")
    pages = pdf_text(client.get(url("map.pdf", "?paper=a4")).content).split("\f")[:-1]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in page
        assert "During" in page
        assert "Customer action" in page
    assert sum(page.count("Card 3-7") for page in pages) == 1
    one = pdf_text(client.get(url("map.pdf", "?paper=one")).content).split("\f")[:-1]
    assert len(one) == 1
    assert (
        len(pages) > len(pdf_text(client.get(url("map.pdf", "?paper=a3")).content).split("\f")) - 1
    )


def test_paper_must_be_known(sign_in: Any, measured: Measured) -> None:
    measured()
    response = sign_in("analyst").get(url("map.pdf", "?paper=<b>"))
    assert response.status_code == 422
    assert "There is no paper “&lt;b&gt;”." in response.content.decode()


def test_print_options_keep_the_filters(sign_in: Any, measured: Measured) -> None:
    measured()
    page = sign_in("analyst").get(url("print/", "?since=2026-01-01&paper=a3")).content.decode()
    assert '<input type="hidden" name="since" value="2026-01-01">' in page
    assert page.count('name="paper"') == len(pdf.PAPERS)


def test_cuts_fall_between_columns_and_lanes() -> None:
    assert even([0, 10, 20, 30, 40, 50], 45) == [0, 30, 50]
    assert even([0, 10], 3) == [0, 10]
    assert cuts([0, 30, 50, 90], 60) == [0, 50, 90]
    assert cuts([0, 30, 255, 260], 100) == pytest.approx([0, 30, 105, 180, 260])
    assert cuts([5], 60) == [5, 5]


def test_slides_one_per_phase_with_shapes_and_notes(sign_in: Any, measured: Measured) -> None:
    journey = measured()
    drawn(journey)
    deck = Presentation(io.BytesIO(sign_in("analyst").get(url("map.pptx")).content))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[:2] == ["Visit", "Step 0 feels 2.0 worse to customers than the team assumed."]
    phase = deck.slides[1]
    assert any(shape.has_table for shape in phase.shapes)
    assert not any(shape.shape_type == 13 for shape in phase.shapes)  # no picture of the curve
    notes = phase.notes_slide.notes_text_frame.text
    assert "1 Step 0: customers say −1.00, 95% interval" in notes
    assert "gap proven" in notes


def test_as_of_a_past_state(sign_in: Any, measured: Measured, workspace: Any) -> None:
    """What the map was called then, and the answers that were there."""
    journey = measured()
    with scope(workspace=workspace):
        editing.rename_journey(journey=journey, title="Visit of old", actor=None)
        journey.refresh_from_db()
        old = journey.last_seq
        editing.rename_journey(journey=journey, title="Visit of now", actor=None)
        Event.objects.filter(journey=journey).update(at=dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC))
        journey.refresh_from_db()
    client = sign_in("analyst")
    said = svg_text(client.get(url("map.svg", f"?at={old}")).content)
    assert "Visit of old" in said
    assert "as of June 1, 2025" in said
    assert "0 shown answers" in said
    assert "Visit of now" in svg_text(client.get(url("map.svg", f"?at={journey.last_seq}")).content)
    for wrong in ("99", "x", "-1", "9" * 30):
        assert client.get(url("map.svg", f"?at={wrong}")).status_code == 404, wrong


def test_a_persona_brings_its_assumptions_and_its_segment(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    journey = measured()
    with scope(workspace=workspace):
        drawn(journey)
        segment: Any = SegmentFactory(workspace=workspace, name="Regulars")
        persona = Persona.objects.create(workspace=workspace, name="Rosa", segment=segment)
        stranger = Persona.objects.create(workspace=workspace, name="Nobody")
        editing.add_persona(journey=journey, persona=persona, actor=None)
        step = load_board(journey).steps[0]
        editing.assume(
            step=Step.objects.get(pk=step.id), value=Decimal("-1.5"), persona=persona, actor=None
        )  # fmt: skip
        question = Question.objects.order_by("pk").first()
        assert question is not None
        answer(question, *([5] * 8), segments=(segment.pk,))
    client = sign_in("analyst")
    said = svg_text(client.get(url("map.svg", f"?persona={persona.pk}")).content)
    assert "persona: Rosa" in said
    assert "Regulars" in said
    assert "8 shown answers" in said
    assert "gap +3.5" in said
    for wrong in (stranger.pk, "x", 10**20):
        assert client.get(url("map.svg", f"?persona={wrong}")).status_code == 404


def test_another_workspaces_map_does_not_exist(
    sign_in: Any, other_workspace: Any, workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        JourneyFactory(workspace=other_workspace, slug="visit", title="Theirs")
    client = sign_in("admin")
    for name in (*FILES, "print/"):
        assert client.get(url(name)).status_code == 404


def test_lines_fit_their_room() -> None:
    for text in (*NASTY, "Reservierungsbestätigung", "a-b/c" * 40):
        for line in svg_fonts.wrap(text, 90, 12):
            assert svg_fonts.width(line, 12) <= 90 or len(line) == 1, line
    assert svg_fonts.wrap("", 90, 12) == []
    assert svg_fonts.wrap("a\n\nb", 90, 12) == ["a", "", "b"]
    assert svg_fonts.shortened("much too long for this", 60, 12).endswith("…")
    assert svg_fonts.is_rtl("12 שלום")
    assert not svg_fonts.is_rtl("a שלום")
