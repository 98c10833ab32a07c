"""Files as people and programs write them: a workbook saved by LibreOffice, Windows CSV, text."""

from pathlib import Path

import pytest

from journeys.formats.content import Content, order_of
from journeys.formats.recognition import Read, read

DATA = Path(__file__).parent / "data"


def opened(name: str) -> Read:
    return read((DATA / name).read_bytes(), name=name)


def felt(content: Content) -> list[tuple[str, str | None]]:
    return [(s["name"], s["assumed"]) for _id, _p, steps in order_of(content) for _s, s in steps]


@pytest.mark.parametrize(
    ("name", "format", "phases", "steps", "lanes", "cards"),
    [
        ("visit.json", "json", 2, 3, 4, 2), ("visit.mmd", "mermaid", 2, 4, 4, 0),
        ("besuch-libreoffice.xlsx", "xlsx", 2, 4, 4, 8), ("besuch-excel.csv", "csv", 2, 5, 6, 11),
    ],
)  # fmt: skip
def test_each_file_is_recognised_and_read(
    name: str, format: str, phases: int, steps: int, lanes: int, cards: int
) -> None:
    found = opened(name)
    state = found.content.state
    counts = tuple(len(state[kind]) for kind in ("phase", "step", "lane", "card"))
    assert (found.format, counts) == (format, (phases, steps, lanes, cards))
    assert not [note for note in found.content.notes if note.kind == "lost"]


def test_formulas_give_the_value_that_the_spreadsheet_stored() -> None:
    content = opened("besuch-libreoffice.xlsx").content
    assert content.title == "Unser Besuch"
    assert felt(content) == [
        ("Sehen", "0.50"), ("Kommen", "1.50"), ("Bestellen", "-1.00"), ("Warten", "-1.50"),
    ]  # fmt: skip
    assert "Wartet 10 Minuten" in {row["text"] for row in content.state["card"].values()}


def test_the_mermaid_file() -> None:
    content = opened("visit.mmd").content
    assert felt(content) == [
        ("See the sign", "1.00"), ("Meet at 10:30", "0.00"), ("Order", "-1.00"), ("Wait", None),
    ]  # fmt: skip
    assert [persona.name for persona in content.personas.values()] == ["Guest", "Friend"]
