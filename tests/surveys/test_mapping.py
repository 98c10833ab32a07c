"""The mapping file: every mistake is named with its place; reading and writing agree."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.mapping import (
    CodeColumn,
    DateRule,
    FileRule,
    Mapping,
    MappingError,
    QuestionRule,
    ResponseRule,
    SegmentRule,
    SurveyRule,
    parse_mapping,
    write_mapping,
)
from surveys.models import Kind

GOOD = """
[survey]
name = "Guests"
language = "de"
source = "survey link"
[response]
id = "id"
answered_on = 2026-03-01
[[question]]
column = "coffee"
text = "How was the coffee?"
kind = "rating"
scale = [1, 5]
never_used = [6.0]
no_answer = [0, ""]
"""


def test_a_mapping_is_read() -> None:
    mapping = parse_mapping(GOOD.encode())
    assert mapping.survey == SurveyRule("Guests", "de", "link")
    assert mapping.response.answered_on == dt.date(2026, 3, 1)
    assert mapping.questions[0].never_used == ("6",)
    assert mapping.questions[0].no_answer == ("0", "")
    assert mapping.columns == ("id", "coffee")


def test_kinds_bring_their_own_scale() -> None:
    text = GOOD
    for kind, scale in (("nps", (0, 10)), ("csat", (1, 5)), ("ces", (1, 7))):
        text += f'[[question]]\ncolumn = "{kind}"\ntext = "?"\nkind = "{kind}"\n'
        assert parse_mapping(text).questions[-1].scale == scale


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "Guests"', "", "[survey]: name is missing"),
        ('name = "Guests"', "name = 3", "[survey]: name is a text"),
        ('name = "Guests"', 'name = "a\\u0000"', "[survey]: name is a text"),
        ('language = "de"', 'language = "de"\nhue = 1', "[survey]: unknown key “hue”; known are"),
        ('"survey link"', '"papyrus"', "[survey]: source: “papyrus” is no source"),
        ("[response]", "[response]\ncolour = 1", "[response]: unknown key “colour”"),
        ("2026-03-01", '"yesterday"', "[response]: answered_on is a date or"),
        ("2026-03-01", '{ column = "d", format = "%Y" }', "format “%Y” cannot be read"),
        ("2026-03-01", '{ format = "%Y-%m-%d" }', "[response] answered_on: column is missing"),
        ("2026-03-01", '{ column = "d", format = "%Y-%m-%d", x = 1 }', "unknown key “x”"),
        ("scale = [1, 5]", "", "[[question]] 1 (coffee): scale is missing"),
        ("scale = [1, 5]", "scale = [5, 1]", "(coffee): scale is [lowest, highest]"),
        ("scale = [1, 5]", "scale = [1, true]", "(coffee): scale is [lowest, highest]"),
        ("scale = [1, 5]", "scal = [1, 5]", "(coffee): unknown key “scal”"),
        ('kind = "rating"', 'kind = "stars"', "kind “stars” is unknown; known are rating"),
        ('kind = "rating"', 'kind = "text"', "kind “text” has no scale"),
        ('kind = "rating"', 'kind = "nps"', "the scale of an NPS question is [0, 10]"),
        ("[6.0]", "6", "never_used is a list of codes"),
        ("[6.0]", "[0]", "“0” is both never_used and no_answer"),
        ("[[question]]", "[[questions]]", "unknown key “questions”"),
        ("[[question]]", "[question]", "[[question]] is a list of tables"),
        ("[survey]", "[surveys]", "The table [survey] is missing"),
        ("[survey]", "[survey", "not valid TOML"),
        ("[survey]", "[file]\nheader_rows = 0\n[survey]", "header_rows is a whole number from 1"),
    ],
)
def test_a_mistake_is_named_with_its_place(old: str, new: str, words: str) -> None:
    assert old in GOOD
    with pytest.raises(MappingError) as caught:
        parse_mapping(GOOD.replace(old, new))
    assert words in str(caught.value)


def test_a_column_cannot_be_two_questions() -> None:
    with pytest.raises(MappingError, match="“coffee” stands twice"):
        parse_mapping(GOOD + GOOD[GOOD.index("[[question]]") :])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 1_000_001, b"a=" + b"[" * 5000])
def test_what_is_no_mapping_is_refused(content: bytes) -> None:
    with pytest.raises(MappingError):
        parse_mapping(content)


@given(st.one_of(st.binary(), st.text(), st.text().map(GOOD.__add__)))
def test_anything_gives_a_mapping_or_a_mapping_error(content: str | bytes) -> None:
    try:
        mapping = parse_mapping(content)
    except MappingError:
        return
    assert isinstance(mapping, Mapping)


def test_the_real_mappings_survive_a_round_trip(shared: Path) -> None:
    for path in sorted((shared).glob("survey_*.toml")):
        mapping = parse_mapping(path.read_bytes())
        assert parse_mapping(write_mapping(mapping)) == mapping


word = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
codes = st.lists(st.integers(10, 99).map(str), unique=True, max_size=3).map(tuple)
labels = st.dictionaries(st.integers(0, 99).map(str), word, max_size=3)
questions = st.builds(
    QuestionRule,
    column=word,
    text=word,
    kind=st.just(Kind.RATING),
    scale=st.tuples(st.integers(0, 3), st.integers(4, 9)),
    is_reversed=st.booleans(),
    never_used=codes,
    touchpoint=st.one_of(st.just(""), word),
    step=st.one_of(st.just(""), word),
    labels=labels,
)
responses = st.builds(
    ResponseRule,
    id=word,
    answered_on=st.one_of(
        st.dates(), st.builds(DateRule, word, st.just("%d.%m.%Y"), st.sampled_from(["", "1."]))
    ),
    weight=st.one_of(st.just(""), word),
    source=st.one_of(
        st.none(),
        st.builds(CodeColumn, word, st.dictionaries(st.just("1"), st.just("qr"), min_size=1)),
    ),
)
mappings = st.builds(
    Mapping,
    survey=st.builds(SurveyRule, word, st.just("en"), st.sampled_from(["link", "email"])),
    response=responses,
    questions=st.lists(questions, min_size=1, max_size=4, unique_by=lambda rule: rule.column).map(
        tuple
    ),
    segments=st.lists(
        st.builds(SegmentRule, word, word, labels.filter(bool)),
        max_size=2,
        unique_by=lambda rule: rule.name,
    ).map(tuple),
    file=st.builds(FileRule, st.none(), st.sampled_from([None, ";", "\t"]), st.integers(1, 3)),
)


@given(mappings)
def test_what_is_written_reads_back_the_same(mapping: Mapping) -> None:
    assert parse_mapping(write_mapping(mapping)) == mapping
