"""Files as people and programs write them: a workbook saved by LibreOffice, Windows CSV, text."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.formats.content import Content, FormatError, order_of
from journeys.formats.recognition import Read, read

DATA = Path(__file__).parent / "data"


STARTS = (
    b"", b"{", b"[", b"[[", b"PK\x03\x04", b"journey\n", b"---\n", b"```mermaid\njourney\n",
    b"[[phase]]\n", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\x00\x00",
    b'{"format":"cxm-map","version":1,', b"a;b\nSteps;c\n", b"%%{",
)  # fmt: skip


@given(st.sampled_from(STARTS), st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_are_a_map_or_an_error_of_ours(start: bytes, data: bytes) -> None:
    with suppress(FormatError):
        read(start + data, name="any")


FIXTURES = [path.read_bytes() for path in sorted(DATA.iterdir())]


@given(st.sampled_from(FIXTURES), st.data())
@settings(max_examples=150)
def test_damaged_files_are_a_map_or_an_error_of_ours(file: bytes, data: Any) -> None:
    at = data.draw(st.integers(0, len(file) - 1))
    end = data.draw(st.integers(at, min(at + 40, len(file))))
    with suppress(FormatError):
        read(file[:at] + data.draw(st.binary(max_size=10)) + file[end:], name="damaged")


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
