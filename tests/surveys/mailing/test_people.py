"""Lists of people: what is recognised, and every problem by its line."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.tabular import TableError, write_xlsx
from surveys.mailing.people import Roll, address, as_text, pasted, uploaded

LANGUAGES = ["en", "de"]
SEGMENTS = {"purpose": {"holiday": 7, "business": 8}}


def read(text: str) -> Roll:
    return pasted(text, languages=LANGUAGES, segments=SEGMENTS)


def test_addresses_alone_and_with_names() -> None:
    roll = read('Anna Berg <ANNA@firm.example>\n"Berg, Ben" <ben@firm.example>\ncy@firm.example')
    assert [(p.email, p.name) for p in roll.people] == [
        ("anna@firm.example", "Anna Berg"),
        ("ben@firm.example", "Berg, Ben"),
        ("cy@firm.example", ""),
    ]
    assert not roll.troubles


def test_a_table_with_german_heads() -> None:
    roll = read(
        "E-Mail;Vorname;Nachname;Sprache;Kundennummer;Purpose\n"
        "a@firm.example;Anna;Berg;Deutsch;K1;Holiday\n"
        "b@firm.example;Ben;Alm;en-GB;K2;Unknown\n"
        "c@firm.example;Cy;Li;fr;K3;"
    )
    first, second, third = roll.people
    assert (first.name, first.language, first.external_id, first.segments) == (
        "Anna Berg",
        "de",
        "K1",
        (7,),
    )
    assert (second.language, second.segments, third.language) == ("en", (), "")
    assert [(t.line, t.is_left_out) for t in roll.troubles] == [(3, False), (4, False)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nobody", "no e-mail"),
        ("a@b", "no e-mail"),
        ("a b@firm.example", "no e-mail"),
        ("a@firm.example,Anna\x00Berg", "control"),
        ("a@firm.example,Anna\u2028Bcc: x@evil.example", "control"),
        ("a@firm.example,Anna\u202eBerg", "control"),
        ("x" * 65 + "@firm.example", "no e-mail"),
        ("first@firm.example", "line 1"),
        ("FIRST@Firm.Example", "line 1"),
    ],
)
def test_a_problem_by_its_line(line: str, words: str) -> None:
    roll = read(f"first@firm.example\n{line}\nlast@firm.example")
    assert [p.email for p in roll.people] == ["first@firm.example", "last@firm.example"]
    (trouble,) = roll.troubles
    assert trouble.line == 2
    assert words in trouble.words


def test_a_line_break_inside_of_a_quoted_cell() -> None:
    file = io.BytesIO(
        b'email,name\r\na@firm.example,"Anna\r\nBcc: x@evil.example"\r\nb@firm.example,Ben\r\n'
    )
    roll = uploaded(file, name="l.csv", languages=LANGUAGES, segments=SEGMENTS)
    assert [p.email for p in roll.people] == ["b@firm.example"]
    assert "line breaks" in roll.troubles[0].words


def test_a_workbook_with_formulas() -> None:
    file = io.BytesIO()
    rows = [["=1+1@firm.example", "=HYPERLINK(1)"], ["a@firm.example", "=cmd|x"]]
    write_xlsx(file, ["email", "name"], rows)
    file.seek(0)
    roll = uploaded(file, name="l.xlsx", languages=LANGUAGES, segments=SEGMENTS)
    assert roll.people[-1].name == "=cmd|x"


@pytest.mark.parametrize("text", ["", "\n \n", "name;city\nAnna;Rome", "%PDF-1.4"])
def test_no_list(text: str) -> None:
    with pytest.raises(TableError):
        read(text)


def test_international_domains() -> None:
    assert address("jo@café.example") == "jo@xn--caf-dma.example"
    assert address("mailto:jo@firm.example") == "jo@firm.example"
    assert address("jö@firm.example") is None


def test_twenty_thousand_lines_with_everything_wrong() -> None:
    lines = [f"p{n % 15_000}@firm.example,Name {n}" for n in range(20_000)]
    lines[5] = "broken"
    roll = read("\n".join(lines))
    assert len(roll.people) == 15_000
    assert roll.left_out == 5_000
    assert len(roll.troubles) + roll.more_troubles == 5_000


def test_what_is_kept_is_read_again() -> None:
    roll = read('email\tname\tPurpose\na@firm.example\t"A ""B"", C"\tHoliday\nb@firm.example\t=x\t')
    again = read(as_text(roll.people, {7: ("Purpose", "Holiday")}))
    assert [(p.email, p.name, p.segments) for p in again.people] == [
        (p.email, p.name, p.segments) for p in roll.people
    ]


@given(st.text(max_size=300))
def test_any_text_is_a_list_or_refused(text: str) -> None:
    try:
        roll = read(text)
    except TableError:
        return
    for person in roll.people:
        assert person.email == person.email.strip().lower()
        assert not set("\r\n\0") & set(person.email + person.name)
