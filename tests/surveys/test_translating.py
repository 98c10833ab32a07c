"""The translators' file: nothing is lost on the way out and back, nothing is stored by half."""

import dataclasses
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxm.tabular import read_table, write_csv, write_xlsx
from surveys import translating
from surveys.building import add_question, change_question, create_survey, set_parts
from surveys.building.limits import text as cleaned
from surveys.models import Kind, Question, Survey
from surveys.publishing import definition_of
from surveys.questionnaire import Item, Option, Questionnaire
from surveys.translating import Plan, compare, header, lines
from surveys.translating.rows import complete, one_newline, texts_of
from tests.factories import TouchpointFactory

# Every text as the draft stores it: without control signs, ends trimmed, not too long.
words = st.text(max_size=60).map(lambda text: cleaned(text))
formulas = st.sampled_from(
    ["=1+1", "+49 30", "-2", "@sum", "'quoted", "'=x", "''", "=", "\t=2", "_x000D_", "a_x0041_"]
)
spoken = words | formulas.map(cleaned)


def asked(texts: dict[str, str], **fields: Any) -> Item:
    return Item(id=7, key="q1", kind=Kind.FACES, texts=texts, help_texts={}, **fields)


def draft(item: Item, languages: Sequence[str] = ("de", "en")) -> Questionnaire:
    return Questionnaire(1, 0, tuple(languages), {}, True, (item,))


def read(questionnaire: Questionnaire, data: bytes) -> Plan:
    table = read_table(io.BytesIO(data), name="texts")
    return compare(questionnaire, table.header, table.rows)


def as_csv(questionnaire: Questionnaire) -> bytes:
    rows = write_csv(header(questionnaire), lines(questionnaire), bom=True, quoted=True)
    return "".join(rows).encode()


def as_xlsx(questionnaire: Questionnaire) -> bytes:
    target = io.BytesIO()
    write_xlsx(target, header(questionnaire), lines(questionnaire))
    return target.getvalue()


def of(questionnaire: Questionnaire, *rows: dict[str, str], heads: Sequence[str] = ()) -> Plan:
    names = heads or list(dict.fromkeys(name for row in rows for name in row))
    cells = [(n, [row.get(name, "") for name in names]) for n, row in enumerate(rows, start=2)]
    return compare(questionnaire, names, cells)


def exported(questionnaire: Questionnaire) -> list[dict[str, str]]:
    names = header(questionnaire)
    return [dict(zip(names, row, strict=True)) for row in lines(questionnaire)]


@given(
    texts=st.dictionaries(st.sampled_from(["de", "en", "ar"]), spoken),
    word=spoken,
    helped=spoken,
)
@settings(max_examples=200)
def test_out_and_back_changes_nothing(texts: dict[str, str], word: str, helped: str) -> None:
    item = asked(texts, options=(Option(1, {"de": word, "ar": word}),))
    item = dataclasses.replace(item, help_texts={"en": helped})
    questionnaire = draft(item, ("de", "en", "ar"))
    for data in (as_csv(questionnaire), as_xlsx(questionnaire)):
        plan = read(questionnaire, data)
        assert (plan.faults, plan.unknown, plan.missing, plan.ignored) == ((), (), (), ())
        assert (plan.changes, plan.conflicts, plan.new_languages) == ((), (), ())


@given(text=spoken.filter(lambda text: bool(text) and "{" not in text))
@settings(max_examples=200)
def test_what_a_translator_writes_arrives_as_it_was_written(text: str) -> None:
    questionnaire = draft(asked({"de": "Wie war es?"}))
    heads = header(questionnaire)
    rows = [
        [*row[:-1], one_newline(text) if row[0] == "q1/text" else ""]
        for row in lines(questionnaire)
    ]
    target = io.BytesIO()
    write_xlsx(target, heads, rows)
    for data in ("".join(write_csv(heads, rows)).encode(), target.getvalue()):
        plan = read(questionnaire, data)
        assert not plan.faults
        assert not plan.conflicts
        # Spreadsheets know one end of a line only.
        assert [change.after for change in plan.changes] == [one_newline(text)]


def test_no_cell_of_the_csv_begins_like_a_formula() -> None:
    questionnaire = draft(asked({"de": "=HYPERLINK(0)", "en": "@x"}))
    body = as_csv(questionnaire).decode()
    assert '"\'=HYPERLINK(0)"' in body
    assert '"=' not in body
    assert '"@' not in body


def test_a_new_column_is_a_new_language() -> None:
    questionnaire = draft(asked({"de": "Wie war es?", "en": "How was it?"}))
    rows = exported(questionnaire)
    for row in rows:
        row["ar"] = "كيف كان؟" if row["key"] == "q1/text" else ""
        row["fr"] = ""
    plan = of(questionnaire, *rows)
    assert plan.new_languages == ("ar",)
    assert [(one.language, one.after) for one in plan.new] == [("ar", "كيف كان؟")]
    assert plan.can_run


def test_what_both_changed_is_a_conflict_and_what_only_the_draft_changed_stays() -> None:
    old = draft(asked({"de": "Wie war es?", "en": "How was it?"}))
    rows = exported(old)
    now = draft(asked({"de": "Wie war das Warten?", "en": "How was the wait?"}))
    next(row for row in rows if row["key"] == "q1/text")["en"] = "How did it go?"
    plan = of(now, *rows)
    assert not plan.changes
    assert [(one.before, one.after) for one in plan.conflicts] == [
        ("How was the wait?", "How did it go?")
    ]
    assert plan.conflicts[0].is_stale


def test_a_translation_of_words_that_changed_since_is_marked() -> None:
    old = draft(asked({"de": "Wie war es?"}))
    rows = exported(old)
    next(row for row in rows if row["key"] == "q1/text")["en"] = "How was it?"
    plan = of(draft(asked({"de": "Wie war das Warten?"})), *rows)
    assert [one.is_stale for one in plan.changes] == [True]


def test_a_file_without_marks_changes_what_differs_and_says_so() -> None:
    plan = of(draft(asked({"de": "Wie war es?"})), {"key": "q1/text", "de": "Und?", "en": "So?"})
    assert not plan.has_marks
    assert [one.after for one in plan.changes] == ["Und?", "So?"]


def test_empty_cells_change_nothing() -> None:
    questionnaire = draft(asked({"de": "Wie war es?", "en": "How was it?"}))
    rows = exported(questionnaire)
    for row in rows:
        row["en"] = " "
    plan = of(questionnaire, *rows)
    assert not plan.changes
    assert not plan.can_run


def test_faults_are_told_by_line() -> None:
    item = asked({"de": "Sie sagten {q0}. Warum?"}, options=(Option(1, {"de": "gut"}),))
    plan = of(
        draft(item),
        {"key": "q1/text", "en": "Why?"},
        {"key": "q1/option/1", "en": "x" * 301},
        {"key": "q1/option/1", "en": "good"},
        {"key": "q1/text", "en": "You said {q0}. Why?"},
    )
    assert [(fault.line, fault.language) for fault in plan.faults] == [
        (2, "en"), (3, "en"), (4, ""), (5, ""),
    ]  # fmt: skip
    assert "{q0} was lost" in plan.faults[0].words
    assert "300" in plan.faults[1].words
    assert "line 3" in plan.faults[2].words
    assert not plan.can_run
    strange = of(draft(item), {"key": "q1/text", "en": "You said {q0} and {q9}. Why?"})
    assert "{q9}" in strange.faults[0].words
    worded = of(draft(item), {"key": "q1/text", "en": "You said {q0|something}. Why?"})
    assert worded.can_run


def test_unknown_and_missing_keys_and_other_columns_are_named() -> None:
    questionnaire = draft(asked({"de": "Wie war es?"}))
    plan = of(questionnaire, {"key": "gone/text", "en": "Gone", "Remarks of mine": "ok"})
    assert plan.unknown == ((2, "gone/text"),)
    assert [text.key for text in plan.missing] == ["survey/title", "q1/text"]
    assert plan.ignored == ("Remarks of mine",)
    assert of(questionnaire, {"a column": "x"}).faults[0].words.startswith("There is no column")


def test_every_text_has_a_key_of_its_own_and_only_wanted_ones_count() -> None:
    part = Item(8, "q1-t3", Kind.FACES, {"de": "Kasse"}, {}, scale=(1, 5), parent=7, touchpoint=3)
    item = dataclasses.replace(
        asked({"de": "Was?"}, options=(Option(1, {}), Option(2, {"de": "gut"}))),
        kind=Kind.MATRIX, parts=(part,),
    )  # fmt: skip
    questionnaire = draft(item)
    keys = [text.key for text in texts_of(questionnaire)]
    assert len(set(keys)) == len(keys)
    assert "q1-t3/text" in keys
    assert [row[0] for row in lines(questionnaire)] == [
        "survey/title", "q1/text", "q1/option/2", "q1-t3/text",
    ]  # fmt: skip
    assert complete(questionnaire, "de") == (3, 4)


@pytest.fixture
def survey(in_scope: Any) -> Survey:
    made = create_survey(workspace=in_scope, name="Visit", language="de", languages=["en"], by=None)
    add_question(survey=made, kind="faces", texts={"de": "Wie war es?", "en": "How was it?"})
    several = add_question(survey=made, kind="several")
    change_question(
        question=several, options=[{"code": 1, "texts": {"de": "Kuchen"}},
                                   {"code": 2, "texts": {"de": "Kaffee"}}],
    )  # fmt: skip
    matrix = add_question(survey=made, kind="matrix")
    set_parts(question=matrix, touchpoints=[TouchpointFactory(workspace=in_scope, name="Kasse")])
    return Survey.objects.get(pk=made.pk)


def filled(survey: Survey, language: str) -> Plan:
    """As a translator would: every cell of one language filled."""
    questionnaire = definition_of(survey)
    rows = exported(questionnaire)
    for row in rows:
        row[language] = f"{language} {row['key']}"
    return of(questionnaire, *rows)


def test_a_translated_survey_has_every_text(survey: Survey) -> None:
    ids = {*Question.objects.filter(survey=survey).values_list("pk", flat=True)}
    plan = filled(survey, "ar")
    n = translating.store(survey=survey, plan=plan)
    assert n == len(plan.changes)
    survey.refresh_from_db()
    assert survey.all_languages == ["de", "en", "ar"]
    now = definition_of(survey)
    there, wanted = complete(now, "ar")
    assert there == wanted
    assert {*Question.objects.filter(survey=survey).values_list("pk", flat=True)} == ids
    cake = Question.objects.get(survey=survey, kind=Kind.OPTION, code=1)
    assert cake.texts == {"de": "Kuchen", "ar": "ar q2/option/1"}
    face = Question.objects.get(survey=survey, parent__kind=Kind.MATRIX)
    assert face.texts["ar"].endswith("/text")
    assert face.options[0]["texts"]["ar"] == "ar q3/option/1"
    assert Question.objects.get(survey=survey, key="q1").text == "Wie war es?"


def test_storing_counts_as_a_change_of_each_question(survey: Survey) -> None:
    before = survey.revision
    translating.store(survey=survey, plan=filled(survey, "en"))
    survey.refresh_from_db()
    assert survey.revision == before + 1
    assert Question.objects.get(survey=survey, key="q1").revision == survey.revision


def test_conflicts_are_stored_only_where_chosen(survey: Survey) -> None:
    rows = exported(definition_of(survey))
    question = Question.objects.get(survey=survey, key="q1")
    change_question(question=question, texts={"en": "How did you like it?"})
    next(row for row in rows if row["key"] == "q1/text")["en"] = "And how was it?"
    survey.refresh_from_db()
    plan = of(definition_of(survey), *rows)
    assert len(plan.conflicts) == 1
    assert translating.store(survey=survey, plan=plan) == 0
    question.refresh_from_db()
    assert question.texts["en"] == "How did you like it?"
    assert translating.store(survey=survey, plan=plan, taken=["q1/text en"]) == 1
    question.refresh_from_db()
    assert question.texts["en"] == "And how was it?"
