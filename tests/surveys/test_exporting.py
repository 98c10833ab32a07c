"""Answers leave and come back the same: CSV, XLSX and SPSS, with every kind of answer."""

import datetime as dt
import io
from pathlib import Path
from typing import Any, BinaryIO

import pyreadstat
import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.models import uuid7
from cxm.tabular import read_table, write_csv
from surveys.exporting import load_book, mapping_of, wide_header, wide_rows
from surveys.exporting.sav import Variable, Writer, names
from surveys.exporting.spss import write_sav
from surveys.exporting.workbook import write_workbook
from surveys.importing import import_responses
from surveys.mapping import Mapping, parse_mapping, write_mapping
from surveys.models import Answer, Question, Response, Survey
from surveys.results_selection import Selection
from tests.factories import QuestionFactory, SegmentFactory, SurveyFactory, WorkspaceFactory

Row = tuple[int, int | None, str]
# PostgreSQL stores neither NUL nor halves of signs.
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
HARD = st.sampled_from(
    ["=1+1", "@x", "-2", "+49 30", "'=a", "a,b;c", "line\nbreak", "cr\r\nlf", 'say "no"', "🥐🙂",
     "skipped", "never", "unknown", "\\", "\t", " x ", "#skipped", "4", "007", "مرحبا"]
)  # fmt: skip
TEXTS = st.one_of(WORDS.filter(bool), HARD)
SILENT = st.sampled_from([(1, None, "never"), (2, None, "unknown"), (2, None, "")])


def scored(low: int, high: int) -> st.SearchStrategy[Row]:
    return st.integers(low, high).map(lambda n: (0, n, str(n)))


ANSWERS: dict[str, st.SearchStrategy[Row]] = {
    "face": st.one_of(scored(1, 5), SILENT),
    "nps": st.one_of(scored(0, 10), SILENT),
    "way": st.one_of(scored(1, 3), SILENT, TEXTS.map(lambda text: (0, 0, f"other={text}"))),
    "used_1": scored(0, 1),
    "used_0": st.one_of(st.just((0, 0, "0")), TEXTS.map(lambda text: (0, 1, text))),
    "rank_1": scored(1, 2),
    "rank_2": scored(1, 2),
    "part": st.one_of(scored(1, 5), st.just((1, None, "never"))),
    "words": st.one_of(TEXTS.map(lambda text: (0, None, text)), SILENT),
    "again": scored(0, 1),
}
PEOPLE = st.lists(
    st.fixed_dictionaries({}, optional={key: found.map(tuple) for key, found in ANSWERS.items()}),
    min_size=1,
    max_size=6,
)


def ask(workspace: Any) -> dict[str, Question]:
    """A questionnaire of every kind."""
    survey = SurveyFactory(workspace=workspace, name="Your visit", source="qr", language="de")
    made: dict[str, Question] = {}

    def add(key: str, kind: str, **more: Any) -> Question:
        plain = {} if "scale_min" in more else {"scale_min": None, "scale_max": None}
        made[key] = QuestionFactory(
            workspace=workspace, survey=survey, key=key, kind=kind, position=len(made),
            text=f"Frage „{key}“?", **plain, **more,
        )  # fmt: skip
        return made[key]

    add("face", "faces", scale_min=1, scale_max=5)
    add("nps", "nps", scale_min=0, scale_max=10)
    options = [{"code": code, "texts": {"de": f"Weg {code}"}} for code in (1, 2, 3)]
    add("way", "choice", options=options, has_other=True)
    several = add("used", "several", options=options[:1], has_other=True)
    add("used_1", "option", parent=several, code=1)
    add("used_0", "option", parent=several, code=0)
    ranking = add("rank", "ranking", options=options[:2])
    add("rank_1", "rank", parent=ranking, code=1)
    add("rank_2", "rank", parent=ranking, code=2)
    add("grid", "matrix")
    add("part", "rating", parent=made["grid"], scale_min=1, scale_max=5, is_reversed=True)
    add("words", "text")
    add("again", "consent")
    return made


def store(questions: dict[str, Question], people: list[dict[str, Row]]) -> Survey:
    """The facts of these people, as collecting stores them."""
    survey = questions["face"].survey
    for number, person in enumerate(people):
        response = Response.objects.create(
            workspace=survey.workspace, survey_id=survey.pk, external_id=f"r{number}",
            answered_on=dt.date(2026, 6, 1 + number), source="qr", language="de",
            weight=1.5 if number % 2 else 1.0,
        )  # fmt: skip
        for key, (status, score, raw) in person.items():
            Answer.objects.create(
                workspace=survey.workspace, id=uuid7(), response_id=response.id,
                question_id=questions[key].pk, status=status, score=score, raw=raw,
            )  # fmt: skip
    from surveys.histograms import mark_dirty

    mark_dirty(
        workspace_id=survey.workspace_id,
        days={dt.date(2026, 6, 1 + number) for number in range(len(people))},
    )
    return survey


def stored(survey: Survey) -> dict[tuple[str, str], Row]:
    """Everything that is there, by response and question."""
    people = dict(Response.objects.filter(survey_id=survey.pk).values_list("id", "external_id"))
    keys = dict(survey.questions.values_list("pk", "key"))
    found = Answer.objects.filter(response_id__in=list(people))
    return {(people[a.response_id], keys[a.question_id]): (a.status, a.score, a.raw) for a in found}


def csv_file(survey: Survey) -> tuple[BinaryIO, Mapping]:
    book = load_book(survey, Selection())
    lines = write_csv(wide_header(book), wide_rows(book), bom=True)
    return io.BytesIO("".join(lines).encode()), mapping_of(book)


def xlsx_file(survey: Survey) -> tuple[BinaryIO, Mapping]:
    book = load_book(survey, Selection())
    file = io.BytesIO()
    write_workbook(file, book)
    file.seek(0)
    return file, mapping_of(book)


@pytest.fixture
def elsewhere(db: None) -> Any:
    return WorkspaceFactory(slug="elsewhere")


@pytest.mark.parametrize("made", [csv_file, xlsx_file])
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=PEOPLE)
def test_out_and_in_again_gives_the_same_answers(
    workspace: Any, elsewhere: Any, made: Any, people: list[dict[str, Row]]
) -> None:
    if made is xlsx_file:
        # Of control signs a workbook keeps what a person can type.
        people = [{k: (s, n, clean(raw)) for k, (s, n, raw) in p.items()} for p in people]
    with scope(workspace=workspace):
        Survey.objects.all().delete()
        Response.objects.all().delete()
        Answer.objects.all().delete()
        survey = store(ask(workspace), people)
        before = stored(survey)
        file, mapping = made(survey)
    text = write_mapping(mapping)
    assert parse_mapping(text) == mapping
    with scope(workspace=elsewhere):
        Survey.objects.all().delete()
        Response.objects.all().delete()
        Answer.objects.all().delete()
        table = read_table(file, name="out", encoding="utf-8-sig", delimiter=",")
        result = import_responses(workspace=elsewhere, table=table, mapping=parse_mapping(text))
        assert not result.errors
        again = Survey.objects.get(name="Your visit")
        # The address beside a consent stays where it was left.
        assert stored(again) == before
        parts = dict(again.questions.exclude(parent=None).values_list("key", "parent__key"))
        assert parts == {
            "used_1": "used", "used_0": "used", "rank_1": "rank", "rank_2": "rank", "part": "grid",
        }  # fmt: skip
        assert Response.objects.get(external_id="r0").language == "de"


def clean(text: str) -> str:
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()) or "x"


def test_importing_twice_is_importing_once(workspace: Any, elsewhere: Any) -> None:
    with scope(workspace=workspace):
        survey = store(ask(workspace), [{"face": (0, 4, "4")}, {"face": (0, 2, "2")}])
    for _time in range(2):
        with scope(workspace=workspace):
            file, mapping = csv_file(survey)
        table = read_table(file, name="out", encoding="utf-8-sig", delimiter=",")
        import_responses(workspace=elsewhere, table=table, mapping=mapping)
    with scope(workspace=elsewhere):
        assert Response.objects.count() == 2
        assert Answer.objects.count() == 2


def test_an_address_beside_a_consent_stays(workspace: Any) -> None:
    with scope(workspace=workspace):
        survey = store(ask(workspace), [{"again": (0, 1, "ana@guest.example")}])
        file, _mapping = csv_file(survey)
        book_file, _mapping = xlsx_file(survey)
        sav = io.BytesIO()
        write_sav(sav, load_book(survey, Selection()))
    for made in (file, book_file, sav):
        assert b"guest.example" not in made.getvalue()  # type: ignore[attr-defined]


def test_segments_come_along(workspace: Any, elsewhere: Any) -> None:
    with scope(workspace=workspace):
        regulars = SegmentFactory(workspace=workspace, name="Regulars")
        survey = store(ask(workspace), [{"face": (0, 4, "4")}])
        Response.objects.update(segments=[regulars.pk])
        file, mapping = csv_file(survey)
    table = read_table(file, name="out", encoding="utf-8-sig", delimiter=",")
    import_responses(workspace=elsewhere, table=table, mapping=mapping)
    with scope(workspace=elsewhere):
        from touchpoints.models import Segment

        assert Response.objects.get().segments == [Segment.objects.get(name="Regulars").pk]


def sav_of(survey: Survey, tmp_path: Path) -> tuple[dict[str, list[Any]], Any]:
    path = tmp_path / "answers.sav"
    with path.open("wb") as file:
        write_sav(file, load_book(survey, Selection()))
    read = pyreadstat.read_sav(str(path), output_format="dict", user_missing=True)
    return read[0], read[1]


def test_spss_reads_labels_and_reasons(workspace: Any, tmp_path: Path) -> None:
    long = "Zwanzig Minuten gestanden, „dann“ kam jemand 🥐. " * 40
    with scope(workspace=workspace):
        survey = store(
            ask(workspace),
            [
                {"face": (0, 4, "4"), "words": (0, None, long), "way": (0, 0, "other=Tea")},
                {"face": (1, None, "never"), "words": (2, None, ""), "used_0": (0, 1, "Fan")},
                {"face": (2, None, "unknown"), "words": (0, None, "=1+1\nzwei")},
                {"face": (2, None, ""), "way": (0, 3, "3"), "used_0": (0, 0, "0")},
                {},
            ],
        )
        values, meta = sav_of(survey, tmp_path)
    assert list(values["face"]) == [4, 97, 98, 99, None]
    assert meta.variable_value_labels["face"][97] == "Never used"
    assert meta.variable_value_labels["way"][2] == "Weg 2"
    assert {found["lo"] for found in meta.missing_ranges["face"]} == {97, 98, 99}
    assert values["words"][:3] == [long.rstrip(), "#skipped", "=1+1\nzwei"]
    assert list(values["way"]) == [0, None, None, 3, None]
    assert values["way_words"][0] == "Tea"
    assert values["used_0_words"][1] == "Fan"
    assert meta.column_names_to_labels["face"] == "Frage „face“?"
    assert meta.column_names_to_labels["used_1"].startswith("Frage „used“?: ")
    assert meta.number_rows == 5
    assert str(values["answered_on"][0]) == "2026-06-01"


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-9999, 9999), st.floats(-1e9, 1e9)),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=90),
        ),
        min_size=1, max_size=12,
    ),
    st.integers(1, 700),
)  # fmt: skip
def test_any_case_is_read_back(rows: list[tuple[float | None, str]], width: int) -> None:
    import tempfile

    texts = [text * 4 for _number, text in rows]
    fits = max(width, *(len(text.encode()) for text in texts), 1)
    with tempfile.NamedTemporaryFile(suffix=".sav") as file:
        writer = Writer(file, [Variable("n"), Variable("t", width=fits), Variable("m", width=3)])  # type: ignore[arg-type]
        for (number, _text), text in zip(rows, texts, strict=True):
            writer.case([number, text, "abc"])
        writer.close()
        file.flush()
        values, _meta = pyreadstat.read_sav(file.name, output_format="dict")
    assert [None if x is None or x != x else x for x in values["n"]] == [n for n, _t in rows]
    assert list(values["t"]) == [text.rstrip(" ") for text in texts]
    assert set(values["m"]) == {"abc"}


def test_names_are_what_spss_takes() -> None:
    wanted = ["Q1", "q1", "1a", "und", "AND", "wie war’s?", ""]
    assert names(wanted) == ["Q1", "q1_2", "q_1a", "und", "q_AND", "wie_war_s", "q"]
