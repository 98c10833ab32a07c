"""Exports of other tools are recognised by their look, and read as plain tables."""

import contextlib
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxm.tabular import TableError
from surveys import vendors
from surveys.columns import Draft, profile, suggest
from surveys.mapping import FileRule
from surveys.vendors.reading import VENDORS
from tests.surveys.vendors import samples


def recognised(data: bytes) -> str:
    found = vendors.recognise(vendors.first_lines(io.BytesIO(data), name="f", rule=FileRule()))
    return found[0].key if found else ""


def reading(data: bytes, vendor: str = "", left_out: tuple[str, ...] | None = None) -> Any:
    key = vendor or recognised(data)
    out = VENDORS[key].left_out if left_out is None else left_out
    return vendors.read(io.BytesIO(data), name="f", rule=FileRule(vendor=key, left_out=out))


def drafted(data: bytes, *touchpoints: str) -> Draft:
    found = reading(data)
    looked = profile(found.table)
    return suggest(
        looked, earlier=[], touchpoints=touchpoints, name="f", hints=vendors.hints(found.heads)
    )


def becomes(data: bytes, *touchpoints: str) -> dict[str, str]:
    choices = drafted(data, *touchpoints).choices
    return {name: choice.becomes for name, choice in choices.items() if choice.becomes != "out"}


@pytest.mark.parametrize("key", samples.EVERY)
def test_every_tool_is_recognised_by_its_look(key: str) -> None:
    assert recognised(samples.EVERY[key]) == key


def test_older_and_other_looks_are_recognised() -> None:
    assert recognised(samples.QUALTRICS_LEGACY) == "qualtrics"
    assert recognised(samples.LIMESURVEY_CODES) == "limesurvey"
    assert recognised(samples.GOOGLE_GERMAN) == "google"
    assert recognised(samples.as_xlsx(samples.MICROSOFT_ROWS)) == "microsoft"


@pytest.mark.parametrize(
    "text",
    [
        "id,day,Coffee bar,nps\n1,2,3,4\n",
        "Timestamp,Value\n2026-01-01,4\n",
        "RESPNUM,RUNID,INTDATE,Q7FOOD\n1,233,13,5\n",
        "date,amount,text\n2026-01-01,5,shoes\n",
        "name,email\nAnn,a@example.org\n",
        "one\n1\n",
    ],
)
def test_a_plain_table_is_no_export(text: str) -> None:
    assert recognised(text.encode()) == ""


def test_qualtrics_previews_and_spam_are_left_out_and_counted() -> None:
    found = reading(samples.QUALTRICS)
    lines = [line for line, _cells in found.table.rows]
    assert (found.table.header_rows, found.marked) == (3, {"preview": 2, "spam": 1})
    # The text of Q1 goes over two lines, so the first answer stands in line 5 of the file.
    assert lines == [6, 7, 8, 11]
    assert len(list(reading(samples.QUALTRICS, left_out=()).table.rows)) == 7


def test_qualtrics_columns() -> None:
    draft = drafted(samples.QUALTRICS, "Coffee bar")
    choices = draft.choices
    assert becomes(samples.QUALTRICS) == {
        "RecordedDate": "date", "ResponseId": "id", "DistributionChannel": "source",
        "UserLanguage": "language", "Q1": "csat", "Q2_1": "option", "Q2_2": "option",
        "Q2_3": "option", "Q2_3_TEXT": "text", "Q3_1": "rating", "Q3_2": "rating", "Q4": "nps",
        "Q5": "text",
    }  # fmt: skip
    assert choices["Q1"].text == "How satisfied are you with your visit?"
    assert choices["Q1"].words["Somewhat dissatisfied"] == "2"
    assert (choices["Q2_1"].group, choices["Q2_1"].name) == ("Q2", "What did you have?")
    assert choices["Q3_1"].touchpoint == "Coffee bar"
    assert choices["UserLanguage"].labels == {"EN": "en", "DE": "de"}


def test_qualtrics_of_before_2017_has_two_heading_rows() -> None:
    assert becomes(samples.QUALTRICS_LEGACY) == {
        "V1": "id", "V9": "date", "Q1": "rating", "Q2": "text",
    }  # fmt: skip


def test_qualtrics_of_2016_writes_its_ids_in_single_quotes() -> None:
    older = samples.as_csv(
        [
            ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Status", "Q1",
             "LocationLatitude"],
            ["ResponseID", "ResponseSet", "StartDate", "EndDate", "Status", "How was it?",
             "LocationLatitude"],
            [f"{{'ImportId': '{key}'}}" for key in (
                "responseId", "responseSetId", "startDate", "endDate", "status", "QID1",
                "Location-LocationLatitude")],
            ["R_1", "Default", "2016-05-27 11:44:08", "2016-05-27 11:45:08", "0", "4", "42.1"],
            ["R_2", "Default", "2016-05-27 11:44:08", "2016-05-27 11:45:08", "0", "5", "42.2"],
        ]
    )  # fmt: skip
    assert recognised(older) == "qualtrics"
    assert becomes(older) == {"ResponseID": "id", "EndDate": "date", "Q1": "rating"}


def test_limesurvey_columns_and_unfinished_answers() -> None:
    found = becomes(samples.LIMESURVEY)
    assert found == {
        "id": "id", "submitdate": "date", "startlanguage": "language", "Q00": "rating",
        "Q01[SQ001]": "option", "Q01[SQ002]": "option", "Q01[other]": "option",
        "Q02[A]": "rating", "Q02[B]": "rating", "Q03": "text",
    }  # fmt: skip
    kept = reading(samples.LIMESURVEY, left_out=())
    rows = [dict(zip(kept.table.header, cells, strict=True)) for _line, cells in kept.table.rows]
    # An unfinished answer that is kept has the day of its last action.
    assert rows[1]["submitdate"] == "2026-03-01 11:01:00"


def test_limesurvey_without_time_stamps_asks_for_a_day() -> None:
    assert "date" not in becomes(samples.LIMESURVEY_CODES).values()


def test_limesurvey_with_nothing_but_an_id_beside_the_questions() -> None:
    text = "Antwort ID;Was? [A];Was? [B];Was? [C]\n1;Ja;Nein;N/A\n2;N/A;N/A;N/A\n"
    assert recognised(text.encode()) == "limesurvey"
    choice = drafted(text.encode()).choices["Was? [B]"]
    assert (choice.becomes, choice.none) == ("option", "N/A")


def test_google_columns() -> None:
    draft = drafted(samples.google())
    several = draft.choices["What did you have?"]
    assert (several.becomes, several.separator, several.other) == ("several", ";", "Other")
    assert several.options == ["Coffee", "Cake", "Tea"]
    assert draft.choices["How was the coffee?"].becomes == "rating"
    assert draft.choices["Anything else?"].becomes == "text"
    assert draft.choices["Timestamp"].format == "%Y-%m-%d %H:%M:%S"


def test_a_google_sheet_of_unclear_country_is_not_guessed() -> None:
    assert drafted(samples.GOOGLE_AMBIGUOUS).choices["Timestamp"].format == ""
    clear = samples.GOOGLE_AMBIGUOUS.replace(b"6/4/2026", b"16/4/2026")
    assert drafted(clear).choices["Timestamp"].format == "%d/%m/%Y %H:%M:%S"
    american = samples.GOOGLE_AMBIGUOUS.replace(b"6/4/2026", b"6/14/2026")
    assert drafted(american).choices["Timestamp"].format == "%m/%d/%Y %H:%M:%S"
    german = drafted(samples.GOOGLE_GERMAN).choices["Zeitstempel"]
    assert german.format == "%Y-%m-%d %H:%M:%S"


def test_typeform_columns() -> None:
    draft = drafted(samples.TYPEFORM)
    parts = [name for name, choice in draft.choices.items() if choice.becomes == "option"]
    assert parts == ["Coffee", "Cake", "Other"]
    assert becomes(samples.TYPEFORM)["Submit Date (UTC)"] == "date"
    assert reading(samples.TYPEFORM).table.header.count("Other (2)") == 1


def test_surveymonkey_columns() -> None:
    draft = drafted(samples.SURVEYMONKEY, "Queue")
    found = becomes(samples.SURVEYMONKEY)
    assert found["What did you have? – Coffee"] == "option"
    assert found["How likely is it that you would recommend us?"] == "nps"
    words = draft.choices["How likely is it that you would recommend us?"].words
    assert (words["10 - Extremely likely"], words["7"]) == ("10", "7")
    assert draft.choices["Please rate – Queue"].touchpoint == "Queue"
    assert draft.choices["End Date"].format == "%Y-%m-%d %H:%M:%S"


def test_surveymonkey_of_its_own_panel_has_no_dates() -> None:
    panel = samples.as_csv(
        [
            ["RespondentID", "Been here?", "What did you have?", "", "Please rank", "", ""],
            ["", "Response", "Coffee", "Cake", "Price", "Taste", "Place"],
            *([str(n), "Yes", "Coffee", "Cake" if n % 2 else "", *order]
              for n, order in enumerate(["123", "213", "321", "132"], 3292879998)),
        ]
    )  # fmt: skip
    assert recognised(panel) == "surveymonkey"
    found = list(becomes(panel).values())
    assert found.count("option") == 2
    assert found.count("rank") == 3
    assert "date" not in found


def test_microsoft_columns() -> None:
    draft = drafted(samples.MICROSOFT)
    assert draft.choices["What did you have?"].options == ["Coffee", "Cake", "Tea"]
    assert draft.choices["Rank these"].becomes == "ranking"
    assert draft.choices["Completion time"].format == "%m/%d/%Y %H:%M:%S"


def test_reviews_of_a_portal() -> None:
    choices = drafted(samples.PORTAL).choices
    aspect = choices["Cleanliness stars"]
    assert (aspect.low, aspect.high, aspect.times) == ("2", "10", "2")
    assert (choices["Overall stars"].low, choices["Overall stars"].high) == ("1", "5")
    assert (choices["Title"].becomes, choices["Verified"].becomes) == ("text", "segment")
    assert (choices["Reviewer"].becomes, choices["Reply"].becomes) == ("out", "out")


@pytest.mark.parametrize(
    ("head", "first", "is_portal"),
    [
        ("product_name,rating,title,review", "Cup,5,Nice,It holds coffee", True),
        ("Datum,Sterne,Bewertungstext,Antwort", "01.03.2026,4,Schön hier,Danke", True),
        ("Review date,Review title,Positive review,Negative review,Review score,Staff",
         "2026-03-01,Fine,The bed,The noise,9.2,8.5", True),
        ("date,rating", "2026-03-01,5", False),
        ("title,text", "A,B", False),
    ],
)  # fmt: skip
def test_reviews_have_many_forms(head: str, first: str, is_portal: bool) -> None:
    assert (recognised(f"{head}\n{first}\n{first}\n".encode()) == "portal") == is_portal


def test_tenths_of_a_review_score_are_kept() -> None:
    text = "Review date,Review title,Positive review,Review score\n" + "".join(
        f"2026-03-0{n},Fine,Bed,{score}\n" for n, score in enumerate(("9.2", "7.5", "10"), 1)
    )
    choice = drafted(text.encode()).choices["Review score"]
    assert (choice.low, choice.high, choice.times) == ("10", "100", "10")


def test_a_list_of_feedback_has_a_question_for_every_stage() -> None:
    draft = drafted(samples.FEEDBACK, "Coffee bar")
    score = draft.choices["score · Coffee bar"]
    assert (score.becomes, score.touchpoint) == ("nps", "Coffee bar")
    assert becomes(samples.FEEDBACK)["verbatim · Queue"] == "text"
    rows = [cells for _line, cells in reading(samples.FEEDBACK).table.rows]
    assert rows[3][2:] == ["10", "", "", ""]


@pytest.mark.parametrize(
    ("scores", "kind", "scale"),
    [
        (("1", "5", "4"), "csat", ("1", "5")),
        (("0.25", "-1", "1"), "rating", ("-100", "100")),
        (("0", "10", "7"), "nps", ("0", "10")),
    ],
)
def test_the_scale_of_a_score_is_told_by_the_whole_file(
    scores: tuple[str, ...], kind: str, scale: tuple[str, str]
) -> None:
    text = "date,score\n" + "".join(f"2026-01-0{n},{score}\n" for n, score in enumerate(scores, 1))
    choice = drafted(text.encode()).choices["score"]
    assert (choice.becomes, choice.low, choice.high) == (kind, *scale)


@pytest.mark.parametrize("key", samples.EVERY)
def test_a_broken_line_is_reported_by_its_number(key: str) -> None:
    data = samples.EVERY[key]
    broken = data.rstrip(b"\r\n") + b"," + b",".join([b"x"] * 40) + b"\r\n"
    with pytest.raises(TableError) as caught:
        list(reading(broken, key).table.rows)
    assert caught.value.line == data.count(b"\n")


@pytest.mark.parametrize("key", samples.EVERY)
def test_a_file_of_another_tool_is_refused_with_words(key: str) -> None:
    other = "google" if key != "google" else "typeform"
    with pytest.raises(TableError, match="does not look like"):
        reading(samples.EVERY[key], other)


def test_an_unknown_tool_is_refused() -> None:
    with pytest.raises(TableError, match="not known"):
        vendors.read(io.BytesIO(b"a,b\n1,2\n"), name="f", rule=FileRule(vendor="nobody"))


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ['{"ImportId":"QID1"}', '{"ImportId":', "2026/01/02 3:04:05 PM GMT+1", "3/4/2026",
         "Response", "4.5", "5", "Coffee;Cake;", "★★★", "Survey Preview", "Q01[SQ001]",
         "id", "Timestamp"]
    ),
)  # fmt: skip


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_rows_below_any_known_heading_are_read_or_refused(data: st.DataObject) -> None:
    """Whatever stands in a file, reading it raises TableError and nothing else."""
    key = data.draw(st.sampled_from(list(samples.EVERY)))
    lines = samples.EVERY[key].splitlines(keepends=True)
    kept = data.draw(st.integers(0, len(lines)))
    rows = data.draw(st.lists(st.lists(CELLS, max_size=12), max_size=6))
    content = b"".join(lines[:kept]) + samples.as_csv(rows)
    with contextlib.suppress(TableError):
        if recognised(content):
            drafted(content)
    for other in VENDORS:
        with contextlib.suppress(TableError):
            list(reading(content, other).table.rows)


@given(st.binary(max_size=300), st.sampled_from(list(VENDORS)))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes, key: str) -> None:
    with contextlib.suppress(TableError):
        recognised(content)
        list(reading(content, key).table.rows)
