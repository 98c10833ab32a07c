"""Grids of spreadsheets: our own come back, others are guessed, and every guess is told."""

import io
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.formats.content import Builder, Content, FormatError, order_of
from journeys.formats.grid import losses, read_grid, write_grid_csv, write_grid_xlsx
from journeys.formats.grid_cells import cards_in, cell_of
from journeys.formats.grid_words import kind_of
from tests.journeys.format_maps import TEXT, contents, same

LINES = st.lists(
    st.sampled_from(["a", "\\", "-", "+3", "\\-", "\\+3 x", "b\\", "", " "]), max_size=5
)


@given(st.lists(st.one_of(TEXT, LINES.map("\n".join)), max_size=5))
def test_cards_of_a_cell_come_back(texts: list[str]) -> None:
    assert cards_in(cell_of(texts)) == ([text.strip() for text in texts], 0)


@given(st.text(alphabet="a\\-+3 \n"))
def test_a_cell_written_by_hand_is_read_once_and_for_all(cell: str) -> None:
    cards, _more = cards_in(cell)
    assert cards_in(cell_of(cards)) == (cards, 0)


def test_cards_that_have_no_room_are_counted() -> None:
    assert cell_of(["a" * 10, "b" * 10, "c"], 15, "more") == "aaaaaaaaaa\n\\+2 more"
    assert cards_in("aaaaaaaaaa\n\\+2 more") == (["aaaaaaaaaa"], 2)


def grid_only(content: Content) -> dict[str, Any]:
    """What the grid keeps of a map; one phase of two neighbours that are called the same."""
    found = same(content)
    phases: list[Any] = []
    for name, _collapsed, steps in found["phases"]:
        if phases and phases[-1][0] == name:
            phases[-1][1].extend(steps)
        else:
            phases.append((name, list(steps)))
    return {
        "phases": [
            (
                name,
                [(s[0], s[1], [t.name for t in s[5]], sorted(v for _p, v in s[7])) for s in steps],
            )
            for name, steps in phases
        ],
        "lanes": [
            (
                lane["kind"], lane["name"], lane["hidden"],
                [(n, card["text"]) for n, (card, _file) in cards],
            )
            for lane, cards in found["lanes"]
        ],
    }  # fmt: skip


def shown(found: dict[str, Any], count: int) -> dict[str, Any]:
    """Without the rows that were added for what no lane shows."""
    return found | {"lanes": found["lanes"][:count]}


@given(contents())
@settings(max_examples=150)
def test_a_map_comes_back_from_csv(content: Content) -> None:
    data = "".join(write_grid_csv(content)).encode()
    again = read_grid(io.BytesIO(data))
    assert again.title == content.title
    wanted = grid_only(content)
    assert shown(grid_only(again), len(wanted["lanes"])) == wanted
    assert losses(content, "csv")


@given(contents())
@settings(max_examples=60)
def test_a_workbook_keeps_every_column(content: Content) -> None:
    names = [persona.name for persona in content.personas.values()]
    if len(set(names)) < len(names):
        assert "that two personas of one name are two" in losses(content, "xlsx")
        return
    again = read_grid(io.BytesIO(write_grid_xlsx(content)))
    wanted = grid_only(content)
    assert shown(grid_only(again), len(wanted["lanes"])) == wanted
    before, after = same(content), same(again)
    for (lane, cards), (new, found) in zip(before["lanes"], after["lanes"], strict=False):
        for field in ("note", "collapsed", "hidden", "kind", "name"):
            assert new[field] == lane[field]
        assert [(n, card) for n, (card, _file) in found] == [(n, card) for n, (card, _f) in cards]
    for old, new in zip(_steps(before), _steps(after), strict=True):
        assert new[2:4] == old[2:4]
        assert new[6] == sorted(set(old[6]))
    people = [content.personas[row["persona_id"]] for _id, row in content.rows("persona")]
    kept = [again.personas[row["persona_id"]] for _id, row in again.rows("persona")]
    assert [p.texts for p in kept] == [p.texts for p in people]


def _steps(found: dict[str, Any]) -> list[Any]:
    return [step for _name, _collapsed, steps in found["phases"] for step in steps]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_map_or_an_error_of_ours(data: bytes) -> None:
    for file in (data, b"PK\x03\x04" + data, b"a,b\n" + data):
        with suppress(FormatError):
            read_grid(io.BytesIO(file))


@given(st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=6))
def test_any_table_is_a_map_or_an_error_of_ours(rows: list[list[str]]) -> None:
    text = "\n".join(",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)
    with suppress(FormatError):
        read_grid(io.BytesIO(text.encode()))


def read(text: str, catalogue: tuple[str, ...] = ()) -> Content:
    return read_grid(io.BytesIO(text.encode()), name="visit.csv", catalogue=catalogue)


def told(content: Content) -> str:
    return "\n".join(f"{note.where}: {note.text}" for note in content.notes)


def steps(content: Content) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [
        (phase["name"], [(step["name"], step["assumed"]) for _id, step in inside])
        for _id, phase, inside in order_of(content)
    ]


def lanes(content: Content) -> list[tuple[str, str]]:
    return [(row["kind"], row["name"]) for _id, row in content.rows("lane")]


def texts(content: Content) -> list[str]:
    return [row["text"] for _id, row in content.rows("card")]


def test_a_hand_made_sheet() -> None:
    content = read(
        ";Vorher;;Im Café\n;Sehen;Kommen;Bestellen\n"
        "Was die Kundin tut;Sieht das Schild;;Fragt\nStimmung;3;4,5;1\n"
        "Touchpoints;Schild;Tür, Tresen;\nProbleme;;;Schlange\nSonstiges;;x;\n",
        ("schild",),
    )
    assert content.title == "visit"
    assert steps(content) == [
        ("Vorher", [("Sehen", "0.00"), ("Kommen", "1.50")]), ("Im Café", [("Bestellen", "-2.00")]),
    ]  # fmt: skip
    assert [kind for kind, _name in lanes(content)] == [
        "action", "emotion", "touchpoints", "pains", "text",
    ]  # fmt: skip
    assert [ref.name for ref in content.touchpoints.values()] == ["Schild", "Tür", "Tresen"]
    for words in ("scores from 1 to 5", "“Stimmung”", "“Sonstiges” is read as a lane of notes"):
        assert words in told(content)


def test_rows_that_are_missing_are_guessed() -> None:
    content = read("Visit,Before,During,\nActions,a,b,c\n,d,,\n")
    assert steps(content) == [
        ("Before", [("Before", None)]), ("During", [("During", None), ("Step 3", None)]),
    ]  # fmt: skip
    assert texts(content) == ["a", "b", "c", "d"]
    for words in ("no row of steps", "belongs to the lane above", "Step 3"):
        assert words in told(content)
    content = read("Step,See,Order\nActions,a,b\n")
    assert steps(content) == [("Phase 1", [("See", None), ("Order", None)])]


def test_a_column_without_a_step_belongs_to_its_left() -> None:
    content = read("V,P,P,Q,Q\nSteps,One,,,Three\nActions,a,b,c,d\nChannels,Shop,,,\n")
    assert steps(content) == [("P", [("One", None)]), ("Q", [("Step 2", None), ("Three", None)])]
    assert "belongs to “One”" in told(content)
    assert "“Channels” holds texts" in told(content)
    assert texts(content) == ["a", "b", "c", "d", "Shop"]


def test_emotions_that_are_no_numbers_are_kept_as_texts() -> None:
    content = read("V,P,P,P\nSteps,A,B,C\nMood,-1.234,great,+9\nMood of all [emotion],Mia: 1,,\n")
    assert steps(content)[0][1] == [("A", "-1.23"), ("B", None), ("C", "2.00")]
    assert texts(content) == ["great"]
    assert [p.name for p in content.personas.values()] == ["Mia"]
    for words in ("-1.234 becomes -1.23", "9 becomes 2", "line 3, column 4"):
        assert words in told(content)


def workbook(fill: Any) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    fill(book.active)
    book.save(target)
    return target.getvalue()


def test_merged_cells_and_formulas() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Visit", "Before", None, "During"])
        sheet.append([None, "See", "Come", "Order"])
        sheet.append(["Actions", "a", "=1+1", "c"])
        sheet.merge_cells("B1:C1")

    content = read_grid(io.BytesIO(workbook(fill)))
    assert [(name, len(inside)) for name, inside in steps(content)] == [
        ("Before", 2),
        ("During", 1),
    ]
    assert ("lost", "C3") in {(note.kind, note.where) for note in content.notes}


def test_cards_follow_their_text_when_the_grid_was_rearranged() -> None:
    builder = Builder()
    phase = builder.phase("P", where="")
    one, two = (builder.step(phase, name, where="") for name in ("A", "B"))
    lane = builder.lane("pains", where="")
    builder.card(lane, one, "Queue", where="", owner="Ines")
    builder.card(lane, two, "Price", where="", owner="Omar")
    book = openpyxl.load_workbook(io.BytesIO(write_grid_xlsx(builder.done())))
    page, target = book["map"], io.BytesIO()
    for line in (2, 3):
        page.cell(line, 2).value, page.cell(line, 3).value = (
            page.cell(line, 3).value, page.cell(line, 2).value,
        )  # fmt: skip
    page.cell(3, 3).value = "Queue\nNew"
    book.save(target)
    content = read_grid(target)
    cards = [(row["text"], row["owner"]) for _id, row in content.rows("card")]
    assert cards == [("Price", "Omar"), ("Queue", "Ines"), ("New", "")]


def test_what_is_too_much_is_refused_in_words() -> None:
    with pytest.raises(FormatError, match="10000 lines"):
        read("a,b\n" * 10_001)
    with pytest.raises(FormatError, match="cell of more than"):
        read('a,"' + "x" * 1_000_000 + '"\n')
    with pytest.raises(FormatError, match="NUL"):
        read("a,b\nc,\0\n")
    with pytest.raises(FormatError, match="500 steps"):
        read("V" + ",P" * 501 + "\nSteps" + ",S" * 501 + "\nActions,a\n")
    with pytest.raises(FormatError, match="PDF"):
        read("%PDF-1.7")


def test_shortened_texts_are_told() -> None:
    content = read("V,P\nSteps,S\nActions," + "x" * 5000 + "\n")
    assert len(texts(content)[0]) == 4000
    assert "line 3, column 2: The text has 5000 characters" in told(content)


def test_code_pages_and_right_to_left() -> None:
    data = "Besuch;Im Café\nSchritte;Bestellen\nAktionen;Fragt „wo“\n".encode("cp1252")
    assert steps(read_grid(io.BytesIO(data)))[0][0] == "Im Café"
    assert steps(read("V,قبل\nSteps,انظر\n"))[0] == ("قبل", [("انظر", None)])


def test_formulas_are_inert_in_csv() -> None:
    builder = Builder()
    builder.step(builder.phase("=cmd()", where=""), "@x", where="")
    text = "".join(write_grid_csv(builder.done()))
    assert '"\'=cmd()"' in text
    assert steps(read(text)) == [("=cmd()", [("@x", None)])]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Customer action", "action"), ("Kundenhandlung", "action"), ("Pain Points", "pains"),
        ("Line of visibility", "visibility"), ("Berührungspunkte", "touchpoints"),
        ("Gedanken & Gefühle", "emotion"), ("Bedürfnisse", "goals"), ("O-Töne", "quotes"),
        ("Backstage-Aktionen", "backstage"), ("Supporting systems", "support"),
        ("KPIs", "indicators"),
        ("Maßnahmen", "measures"), ("Verantwortliche", "responsible"), ("Wetter", None),
    ],
)  # fmt: skip
def test_names_of_lanes(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_labels_of_every_language_are_no_names_of_their_own() -> None:
    with translation.override("de"):
        content = read("V,P\nSchritte,S\nKundenhandlung [action],a\n")
    assert lanes(content)[0][0] == "action"
