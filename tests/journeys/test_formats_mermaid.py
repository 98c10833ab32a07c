"""Mermaid diagrams: what is written comes back, and every oddity is read and told."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.formats.content import Content, FormatError, order_of
from journeys.formats.mermaid import losses, read_mermaid, score_of, write_mermaid
from tests.journeys.format_maps import contents


def tasks(content: Content) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [
        (phase["name"], [(step["name"], step["assumed"]) for _id, step in steps])
        for _id, phase, steps in order_of(content)
    ]


def people(content: Content) -> list[str]:
    return [content.personas[row["persona_id"]].name for _id, row in content.rows("persona")]


def rounded(content: Content) -> Any:
    """What a diagram keeps of a map."""
    felt: dict[int, list[Decimal]] = {}
    for row in content.state["assumption"].values():
        felt.setdefault(row["step_id"], []).append(Decimal(row["value"]))
    return [
        (
            " ".join(phase["name"].split()),
            [
                (" ".join(step["name"].split()), f"{Decimal(score_of(step, felt.get(id))) - 3:.2f}")
                for id, step in steps
            ],
        )
        for _id, phase, steps in order_of(content)
    ]


@given(contents(lanes=1))
@settings(max_examples=200)
def test_phases_steps_and_scores_come_back(content: Content) -> None:
    again = read_mermaid(write_mermaid(content))
    assert tasks(again) == rounded(content)
    assert again.title == " ".join(content.title.split())
    assert losses(content)


@given(st.text())
@settings(max_examples=200)
def test_any_text_is_a_map_or_an_error_of_ours(text: str) -> None:
    for diagram in (text, "journey\n" + text, "journey\n" + text.replace(" ", ":")):
        try:
            read_mermaid(diagram)
        except FormatError:
            continue


def read(*lines: str) -> Content:
    return read_mermaid("\n".join(("journey", *lines)))


def told(content: Content) -> str:
    return "\n".join(f"{note.where}: {note.text}" for note in content.notes)


@pytest.mark.parametrize(
    ("line", "name", "assumed", "actors", "words"),
    [
        ("A: 5", "A", "2.00", [], ""),
        ("A: 5:", "A", "2.00", [], ""),
        ("A: 5: Me,", "A", "2.00", ["Me"], ""),
        ("A:: Me", "A", None, ["Me"], "no score"),
        ("A: good: Me", "A", None, ["Me"], "“good” is no score"),
        ("A: 3.5", "A", "0.50", [], ""),
        ("A: 3,5: Me", "A", "0.50", ["Me"], ""),
        ("A: -2", "A", "-2.00", [], "outside of 1 to 5"),
        ("A: 9e999", "A", "2.00", [], "outside of 1 to 5"),
        ("A: 5: Me: note", "A", "2.00", ["Me"], "“note”"),
        ("Meet at 10:30: 3: Me", "Meet at 10:30", "0.00", ["Me"], "time of day"),
        ("Buy #1: 4: Me", "Buy #1", "1.00", ["Me"], "would refuse"),
        ("Buy: 4: Me;", "Buy", "1.00", ["Me"], "semicolon"),
        ("Journey home: 4", "Journey home", "1.00", [], ""),
        ("A: 4: Me %% x", "A", "1.00", ["Me %% x"], "does not begin a comment"),
        ("A :  5", "A", "2.00", [], ""),
        ('"A": 5: "Me, you"', '"A"', "2.00", ['"Me', 'you"'], ""),
        ("A #35;1 #58; #amp;: 5", "A #1 : &", "2.00", [], ""),
        ("Only words", "Only words", None, [], "no score"),
        (": 3: Me", "Step 1", "0.00", ["Me"], "without a name"),
    ],
)
def test_oddities_of_tasks(
    line: str, name: str, assumed: str | None, actors: list[str], words: str
) -> None:
    content = read("section During", line)
    assert tasks(content) == [("During", [(name, assumed)])]
    assert people(content) == actors
    assert words in told(content)
    assert bool(words) == bool(content.notes)


def test_oddities_of_statements() -> None:
    content = read_mermaid(
        "---\r\ntitle: In front\r\n---\r\n%%{init: {}}%%\r\n%% a comment\r\n  JOURNEY\r\n"
        "Title\r\nFirst: 3\r\nSECTION Step 1: go\r\naccDescr {\r\n  title No\r\n}\r\n"
        "accTitle: Read aloud\r\nGo: 5\r\nsection\r\n"
    )
    assert content.title == "In front"
    assert tasks(content) == [
        ("Phase 1", [("First", "0.00")]), ("Step 1: go", [("Go", "2.00")]), ("Phase 3", []),
    ]  # fmt: skip
    words = told(content)
    for piece in (
        "title is empty", "before any section", "would refuse", "screen readers", "without a name",
        "line 15",
    ):  # fmt: skip
        assert piece in words


def test_a_block_in_markdown_is_found() -> None:
    content = read_mermaid("# Notes\n\n```mermaid\njourney\n title Visit\n A: 4\n```\n\nAfter: 1\n")
    assert (content.title, tasks(content)) == ("Visit", [("Phase 1", [("A", "1.00")])])


def test_who_takes_part_in_some_steps_alone_feels_there() -> None:
    content = read("A: 5: Mia, Ben", "B: 2: Ben")
    felt = sorted(row["value"] for row in content.state["assumption"].values())
    assert (people(content), felt) == (["Mia", "Ben"], ["-1.00", "2.00", "2.00"])
    assert not read("A: 5: Mia", "B: 2: Mia").state["assumption"]


def test_the_word_for_all_customers_is_no_persona() -> None:
    for language in ("en", "de"):
        with translation.override(language):
            written = write_mermaid(read("A: 5"))
        assert people(read_mermaid(written)) == []


def test_signs_that_mermaid_takes_for_its_own_are_escaped() -> None:
    content = read("section A", "B: 4")
    content.title = "100% #1; a: b"
    for rows in (content.state["phase"], content.state["step"]):
        for row in rows.values():
            row["name"] = "% title: <b>"
    assert write_mermaid(content) == (
        "journey\n    title 100#37; #35;1#59; a#58; b\n    section #37; title#58; #60;b#62;\n"
        "      #37; title#58; #60;b#62;: 4: Customers\n"
    )


def test_what_is_no_diagram_and_what_is_too_long() -> None:
    for text in ("", "graph TD\n", "x\njourney\n", "---\njourney"):
        with pytest.raises(FormatError, match="no line begins"):
            read_mermaid(text)
    with pytest.raises(FormatError, match="500 steps"):
        read(*["A: 3"] * 10_000)
    content = read("A" * 1_000_000 + ": 3")
    assert "left out" in told(content)
