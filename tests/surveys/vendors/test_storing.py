"""Files of other tools, from the upload to the stored answers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_scopes import scope

from cxm.models import Workspace
from cxm.tabular import TableError
from surveys import imports
from surveys.columns import Choice
from surveys.importing import ImportRefusedError, Result
from surveys.mapping import FileRule, parse_mapping
from surveys.models import Answer, Import, Kind, Question, Response, Source, Status, Survey
from tests.factories import TouchpointFactory, UserFactory
from tests.surveys.vendors import samples

Edit = Callable[[Any], None]


@pytest.fixture
def firm(workspace: Workspace, settings: Any, tmp_path: Path) -> Iterator[Workspace]:
    settings.MEDIA_ROOT = tmp_path
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Coffee bar")
        yield workspace


def upload(firm: Workspace, data: bytes, name: str = "file.csv") -> Import:
    return imports.receive(
        workspace=firm,
        user=UserFactory(),
        file=SimpleUploadedFile(name, data),
        mapping=None,
        rule=FileRule(),
    )


def stored(
    firm: Workspace, data: bytes, name: str = "file.csv", edit: Edit | None = None
) -> Result:
    run = upload(firm, data, name)
    draft = imports.draft_in(run)
    if edit:
        edit(draft)
    imports.keep_draft(run, draft)
    assert run.mapping, "the draft is not complete"
    return imports.read_into(run, dry_run=False)


def answers(response: str) -> dict[str, tuple[int, int | None, str]]:
    """Key of the question → (status, score, raw)."""
    keys = dict(Question.objects.values_list("pk", "key"))
    found = Answer.objects.filter(response_id=Response.objects.get(external_id=response).id)
    return {keys[a.question_id]: (a.status, a.score, a.raw) for a in found}


def test_qualtrics_from_the_file_to_the_answers(firm: Workspace) -> None:
    result = stored(firm, samples.QUALTRICS)
    assert (result.responses_new, result.errors_total) == (4, 0)
    response = Response.objects.get(external_id="R_a3")
    assert (response.source, response.language) == ("email", "de")
    assert str(response.answered_on) == "2026-03-03"
    found = answers("R_a2")
    assert found["Q1"] == (Status.SCORED, 4, "Somewhat satisfied")
    assert found["Q3_1"] == (Status.SCORED, 4, "4")
    assert (found["Q2_1"][1], found["Q2_2"][1], found["Q2_3"][1]) == (1, 0, 1)
    several = Question.objects.get(key="Q2")
    assert (several.kind, several.text) == (Kind.SEVERAL, "What did you have?")
    parts = list(several.parts.order_by("position"))
    assert [(p.kind, p.text, p.code) for p in parts] == [
        (Kind.OPTION, "Coffee", 1), (Kind.OPTION, "Cake", 2), (Kind.OPTION, "Something else", 3),
    ]  # fmt: skip
    assert [option["texts"]["en"] for option in several.options] == [p.text for p in parts]
    # Who chose nothing gave no answer, to none of the options.
    assert {answers("R_a6")[key][0] for key in ("Q2_1", "Q2_2", "Q2_3")} == {Status.NO_ANSWER}
    assert Question.objects.get(key="Q1").labels["5"] == "Very satisfied"
    assert Question.objects.get(key="Q3_1").touchpoint is not None


@pytest.mark.parametrize("key", samples.EVERY)
def test_every_tools_file_is_stored_once(firm: Workspace, key: str) -> None:
    """No decision is left but the one that no file can make."""
    first = stored(firm, samples.EVERY[key])
    assert first.responses_new > 1
    before = Answer.objects.count()
    again = stored(firm, samples.EVERY[key])
    assert (again.responses_new, again.responses_known) == (0, first.responses_new)
    assert Answer.objects.count() == before
    survey = Survey.objects.get()
    assert survey.source == (Source.PORTAL if key == "portal" else Source.IMPORT)


@pytest.mark.parametrize("key", samples.EVERY)
def test_a_file_with_a_broken_line_is_refused_by_its_number(firm: Workspace, key: str) -> None:
    data = samples.EVERY[key].rstrip(b"\r\n") + b"," + b",".join([b"x"] * 40) + b"\r\n"
    with pytest.raises(TableError) as caught:
        upload(firm, data)
    assert str(data.count(b"\n")) in str(caught.value)
    assert not Import.objects.exists()
    assert not Response.objects.exists()


def test_a_line_that_breaks_after_the_check_stores_nothing(firm: Workspace) -> None:
    run = upload(firm, samples.QUALTRICS)
    imports.keep_draft(run, imports.draft_in(run))
    imports.check(run)
    with Path(run.file.path).open("ab") as file:
        file.write(b"2026-03-09," + b"x," * 60 + b"\r\n")
    with pytest.raises(TableError, match="Line 12 "):
        imports.read_into(run, dry_run=False)
    assert not Response.objects.exists()


def test_a_cell_of_an_answer_that_is_none_is_reported_by_line(firm: Workspace) -> None:
    def closed(draft: Any) -> None:
        old = draft.choices["What did you have?"]
        draft.choices["What did you have?"] = Choice(**vars(old) | {"other": ""})

    result = stored(firm, samples.google(), edit=closed)
    (error,) = result.errors
    assert (error.line, error.column) == (6, "What did you have?")
    assert "Soup of the day" in error.problem
    assert Question.objects.filter(kind=Kind.OPTION).count() == 3


def test_joined_options_and_other_texts(firm: Workspace) -> None:
    result = stored(firm, samples.google())
    assert result.errors_total == 0
    several = Question.objects.get(kind=Kind.SEVERAL)
    assert several.has_other
    other = several.parts.get(text="Other")
    raws = Answer.objects.filter(question_id=other.pk, score=1).values_list("raw", flat=True)
    assert list(raws) == ["Soup of the day"]
    coffee = several.parts.get(text="Coffee")
    scores = Answer.objects.filter(question_id=coffee.pk).values_list("score", flat=True)
    assert sorted(score or 0 for score in scores) == [0, 0, 1, 1, 1]


def test_a_ranking_has_the_rank_as_score(firm: Workspace) -> None:
    stored(firm, samples.MICROSOFT)
    ranking = Question.objects.get(kind=Kind.RANKING)
    found = answers("3")
    ranks = {part.text: found[part.key][1] for part in ranking.parts.all()}
    assert ranks == {"Taste": 1, "Place": 2, "Price": 3}


def test_options_with_their_own_words_keep_them(firm: Workspace) -> None:
    stored(firm, samples.SURVEYMONKEY)
    found = answers("112")
    other = next(value for key, value in found.items() if "Other" in key)
    assert other == (Status.SCORED, 1, "Soup")
    assert found["What did you have? – Coffee"] == (Status.SCORED, 1, "")
    assert answers("113")["How likely is it that you would recommend us?"][1] == 0


def test_an_option_that_comes_later_gets_a_code_of_its_own(firm: Workspace) -> None:
    stored(firm, samples.MICROSOFT)
    later = samples.MICROSOFT.replace(b"Tea;Cake;", b"Soup;Cake;").replace(b"Tea;", b"Soup;")
    stored(firm, later.replace(b"\n1,", b"\n11,").replace(b"\n2,", b"\n12,"))
    several = Question.objects.get(kind=Kind.SEVERAL)
    codes = dict(several.parts.values_list("text", "code"))
    assert codes == {"Coffee": 1, "Cake": 2, "Tea": 3, "Soup": 4}
    assert [option["code"] for option in several.options] == [1, 2, 3, 4]


def test_half_stars_are_kept(firm: Workspace) -> None:
    stored(firm, samples.PORTAL)
    question = Question.objects.get(key="Cleanliness stars")
    assert (question.scale_min, question.scale_max) == (2, 10)
    assert answers("p1")["Cleanliness stars"] == (Status.SCORED, 9, "4.5")
    assert set(Response.objects.values_list("source", flat=True)) == {Source.PORTAL}


def test_reviews_are_never_blended_with_other_answers(firm: Workspace) -> None:
    def named(draft: Any) -> None:
        draft.name = "Visits"

    stored(firm, samples.QUALTRICS, edit=named)
    with pytest.raises(ImportRefusedError, match="a survey of their own"):
        stored(firm, samples.PORTAL, edit=named)
    assert Survey.objects.count() == 1


def test_a_survey_that_is_asked_here_gets_no_foreign_questions(firm: Workspace) -> None:
    Survey.objects.create(workspace=firm, name="file", state=Survey.State.OPEN, source="import")
    with pytest.raises(ImportRefusedError, match="is asked here"):
        stored(firm, samples.QUALTRICS)
    assert not Question.objects.exists()


def test_lines_alike_are_two_answers_and_stay_two(firm: Workspace) -> None:
    """Without an id a line is known by its content and by how often that came."""
    assert stored(firm, samples.FEEDBACK).responses_new == 4
    longer = samples.FEEDBACK + b"2026-03-01,9,Quick,Coffee bar\r\n2026-03-09,1,,Queue\r\n"
    again = stored(firm, longer)
    assert (again.responses_new, again.responses_known) == (2, 4)


def test_a_column_that_is_added_later_makes_no_line_new(firm: Workspace) -> None:
    first = stored(firm, samples.google()).responses_new
    lines = samples.google().splitlines()
    wider = b"\r\n".join([lines[0] + b",New question", *(line + b"," for line in lines[1:])])
    again = stored(firm, wider)
    assert (again.responses_new, again.responses_known) == (0, first)


def test_a_person_says_otherwise(firm: Workspace) -> None:
    run = upload(firm, samples.QUALTRICS)
    assert run.result["marked"] == {"preview": 2, "spam": 1}
    draft = imports.draft_in(run)
    draft.choices["Q5"] = Choice("out")
    imports.keep_draft(run, draft)
    imports.read_again(run, FileRule(vendor="qualtrics", left_out=("spam",)))
    assert run.rows_total == 6
    # The columns are the same, so what was decided stays.
    assert imports.draft_in(run).choices["Q5"].becomes == "out"
    imports.read_again(run, FileRule())
    assert imports.profile_of(run).rows == 9
    assert imports.draft_in(run).choices["StartDate"].becomes != "id"


def test_a_mapping_says_which_tool_it_is_for(firm: Workspace) -> None:
    run = upload(firm, samples.QUALTRICS)
    imports.keep_draft(run, imports.draft_in(run))
    mapping = parse_mapping(run.mapping)
    assert (mapping.file.vendor, mapping.file.left_out) == ("qualtrics", ("preview", "spam"))
    with pytest.raises(TableError, match="does not look like"):
        imports.receive(
            workspace=firm,
            user=UserFactory(),
            file=SimpleUploadedFile("g.csv", samples.google()),
            mapping=mapping,
            rule=mapping.file,
        )


def test_an_unclear_day_is_asked_for(firm: Workspace) -> None:
    run = upload(firm, samples.GOOGLE_AMBIGUOUS)
    imports.keep_draft(run, imports.draft_in(run))
    assert run.mapping == ""

    def day_first(draft: Any) -> None:
        draft.choices["Timestamp"] = Choice("date", format="%d/%m/%Y %H:%M:%S")

    stored(firm, samples.GOOGLE_AMBIGUOUS, edit=day_first)
    days = set(map(str, Response.objects.values_list("answered_on", flat=True)))
    assert days == {"2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"}


def done(firm: Workspace, data: bytes, name: str, edit: Edit) -> None:
    run = upload(firm, data, name)
    draft = imports.draft_in(run)
    edit(draft)
    imports.keep_draft(run, draft)
    imports.read_into(run, dry_run=False, import_id=run.pk)


def test_the_next_export_of_a_survey_is_read_like_the_last(firm: Workspace) -> None:
    def decided(draft: Any) -> None:
        draft.name = "Visits"
        draft.choices["Q5"] = Choice("out")

    done(firm, samples.QUALTRICS, "march.csv", decided)
    draft = imports.draft_in(upload(firm, samples.QUALTRICS, "april.csv"))
    # The same survey, or every answer would be stored a second time.
    assert draft.name == "Visits"
    assert draft.choices["Q5"].becomes == "out"
    assert draft.choices["Q1"].is_known


def test_another_survey_of_the_same_tool_is_looked_at_anew(firm: Workspace) -> None:
    def decided(draft: Any) -> None:
        draft.name = "Visits"

    done(firm, samples.QUALTRICS, "march.csv", decided)
    other = samples.QUALTRICS
    for asked in (b"How satisfied are you", b"What did you have?", b"Please rate", b"How likely",
                  b"What could be"):  # fmt: skip
        other = other.replace(asked, b"Here " + asked)
    draft = imports.draft_in(upload(firm, other, "other.csv"))
    assert draft.name == "other"
    assert not draft.choices["Q1"].is_known


def test_a_file_of_nothing_but_previews_keeps_them(firm: Workspace) -> None:
    lines = samples.QUALTRICS.replace(b"IP Address,198", b"Survey Preview,198")
    run = upload(firm, lines.replace(b"Spam,198", b"Survey Preview,198"))
    assert run.rows_total == 7
    assert imports.rule_of(run).left_out == ()
