"""The page of the heatmap: what it shows, hides, and to whom."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cxm import charts
from cxm.statistics import Histogram, Scale
from cxm.templatetags.ui import signed
from journeys import heatmap_figures, heatmap_rows, heatmap_words, selection
from journeys.heatmap import HeatReading, HeatSelection, read_heatmap
from journeys.insights.heatmap import Column, Row
from journeys.insights.heatmap import heatmap as insight
from surveys.models import Survey
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    SegmentFactory,
    StepFactory,
    SurveyFactory,
    TouchpointFactory,
    answer,
    meet,
)
from touchpoints.models import Segment, Touchpoint

URL = "/w/firm/journeys/heatmap/"
CSV = "/w/firm/journeys/heatmap.csv"
LOW, HIGH = [1, 2, 2, 3] * 5, [4, 5, 5, 4] * 5


def text_of(response: Any) -> str:
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", plain)


@pytest.fixture
def asked(workspace: Any) -> Any:
    """``asked(5)``: touchpoints by two segments; regulars suffer at the first; the last is unasked.

    The second and third have 3 answers of regulars each.
    """

    def make(touchpoints: int = 5) -> None:
        with scope(workspace=workspace):
            survey: Any = SurveyFactory(workspace=workspace, name="Guests")
            regular: Any = SegmentFactory(workspace=workspace, dimension="Guest", name="Regular")
            new: Any = SegmentFactory(workspace=workspace, dimension="Guest", name="New")
            for number in range(touchpoints):
                place: Any = TouchpointFactory(
                    workspace=workspace, name=f"Place {number}", media_type="owned"
                )
                if number == touchpoints - 1 and number:
                    break
                question: Any = QuestionFactory(
                    workspace=workspace, survey=survey, touchpoint=place
                )
                few = LOW if number == 0 else [4, 4, 5] if number < 3 else HIGH
                answer(question, *few, segments=(regular.pk,))
                answer(question, *HIGH, segments=(new.pk,))

    return make


def reading(workspace: Any, **changes: Any) -> HeatReading:
    return read_heatmap(
        workspace=workspace,
        selected=HeatSelection(**changes),
        choices=selection.load_choices(workspace),
    )


def test_heatmap_says_what_is_proven_hidden_and_never_asked(sign_in: Any, asked: Any) -> None:
    asked()
    response = sign_in("viewer").get(URL)
    assert response.status_code == 200
    words, page = text_of(response), response.content.decode()
    assert "Place 0 is 2.50 worse for Regular than for all others." in words
    assert "n = 20 against 20 · Holm, 4 tests" in words
    assert "4 of 5 asked" in words
    assert "never asked" in words
    assert 'aria-label="Place 1, Regular: hidden: fewer than 5 answers"' in page
    assert re.search(r'aria-label="Place 0, Regular: −1\.00, 95% interval [^"]*, proven"', page)
    # A viewer may neither export nor bring in answers, so no dead link offers it.
    assert "heatmap.csv" not in page
    assert "Bring in answers" not in words
    assert "Bring in answers" in text_of(sign_in("analyst").get(URL))


def test_outsider_and_signed_out(sign_in: Any, asked: Any) -> None:
    asked()
    assert Client().get(URL).status_code == 302
    for url in (URL, CSV):
        assert sign_in("outsider").get(url).status_code == 404


def test_ids_of_another_workspace_do_not_exist(
    sign_in: Any, asked: Any, other_workspace: Any
) -> None:
    asked()
    with scope(workspace=other_workspace):
        segment: Any = SegmentFactory(workspace=other_workspace)
        survey: Any = SurveyFactory(workspace=other_workspace)
        JourneyFactory(workspace=other_workspace, slug="theirs")
    client = sign_in("analyst")
    queries = (f"segment={segment.pk}", f"survey={survey.pk}", "by=phases&journey=theirs")
    for query in queries:
        assert client.get(f"{URL}?{query}").status_code == 404
        assert client.get(f"{CSV}?{query}").status_code == 404


def test_what_means_nothing_is_told(sign_in: Any, asked: Any) -> None:
    asked()
    client = sign_in("viewer")
    assert "“days” is not something to show here." in text_of(client.get(f"{URL}?by=days"))
    assert "is not a date" in text_of(client.get(f"{URL}?since=soon"))


def test_numbers_are_those_of_the_insights(in_scope: Any, asked: Any) -> None:
    asked()
    found = reading(in_scope)
    one, two, three, four, _five = Touchpoint.objects.order_by("name")
    regular, new = (Segment.objects.get(name=name) for name in ("Regular", "New"))
    scale = Scale(1, 5)

    def emotions(*scores: int) -> Histogram:
        return Histogram.from_answers(scores).to_emotion(scale)

    few, many = [4, 4, 5], HIGH
    given = {one: (LOW, many), two: (few, many), three: (few, many), four: (many, many)}
    cells = {}
    for place, scores in given.items():
        cells[place.pk, str(regular.pk)] = emotions(*scores[0])
        cells[place.pk, str(new.pk)] = emotions(*scores[1])
    totals = {place.pk: emotions(*a, *b) for place, (a, b) in given.items()}
    expected = insight(
        [Row(row.row.id, row.row.name, "owned", asked=row.row.asked) for row in found.heatmap.rows],
        [Column(c.id, c.name, "Guest") for c in found.columns],
        cells,
        totals,
        k=5,
    )
    assert found.heatmap == expected


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_csv_has_the_numbers_of_the_page_and_keeps_hidden_ones(sign_in: Any, asked: Any) -> None:
    asked()
    assert sign_in("viewer").get(CSV).status_code == 403
    rows = rows_of(sign_in("analyst").get(CSV))
    assert len(rows) == 15
    by_place = {(row["touchpoint"], row["column"]): row for row in rows}
    shown = by_place["Place 0", "Regular"]
    assert (shown["emotion"], shown["n"], shown["proven"]) == ("-1.0000", "20", "yes")
    assert shown["dimension"] == "Guest"
    hidden = by_place["Place 1", "Regular"]
    assert (hidden["emotion"], hidden["n"], hidden["reason"]) == ("", "", "too_few")
    # Its only neighbour would give it away by subtraction from the total of the row.
    assert by_place["Place 1", "New"]["reason"] == "complement"
    assert by_place["Place 4", "all"]["reason"] == "never_asked"


def test_only_proven_and_order(in_scope: Any, asked: Any) -> None:
    asked()

    def names(**changes: Any) -> list[str]:
        return [row.row.name[-1] for row in reading(in_scope, **changes).rows]

    assert names(sort="name") == ["0", "1", "2", "3", "4"]
    assert names(sort="worst")[0] == "0"
    assert names(sort="score")[-2:] == ["0", "4"]
    assert names(sort="spread")[0] == "0"
    assert names(only_proven=True) == ["0"]
    # What is proven does not hang on what is shown.
    assert reading(in_scope, only_proven=True).heatmap.tests == reading(in_scope).heatmap.tests


def test_the_address_reproduces_the_view(sign_in: Any, asked: Any) -> None:
    asked()
    response = sign_in("analyst").get(f"{URL}?by=months&sort=name&show=n&weighted=1")
    page = response.content.decode()
    assert "heatmap.csv?by=months&amp;sort=name&amp;show=n&amp;weighted=1" in page
    assert 'name="by" value="months"' in page


def test_the_same_queries_for_3_and_30_touchpoints(
    sign_in: Any, asked: Any, workspace: Any
) -> None:
    client = sign_in("analyst")
    counts = []
    for touchpoints in (3, 30):
        with scope(workspace=workspace):
            Touchpoint.objects.all().delete()
            Segment.objects.all().delete()
            Survey.objects.all().delete()
        asked(touchpoints)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_phases_hold_the_answers_about_what_their_steps_meet(in_scope: Any, asked: Any) -> None:
    asked()
    journey: Any = JourneyFactory(workspace=in_scope, slug="visit", title="Visit")
    first: Any = PhaseFactory(workspace=in_scope, journey=journey, name="Arrive", position=0)
    PhaseFactory(workspace=in_scope, journey=journey, name="Leave", position=1)
    meet(StepFactory(workspace=in_scope, phase=first), Touchpoint.objects.get(name="Place 0"))
    StepFactory(workspace=in_scope, phase=journey.phases.get(name="Leave"))
    found = reading(in_scope, by="phases")
    assert [column.name for column in found.columns] == ["Arrive", "Leave"]
    row = next(row for row in found.heatmap.rows if row.row.name == "Place 0")
    assert row.cells[0].n == row.all.n == 40
    assert found.reason(row.cells[1]) == "not_met"
    assert found.heatmap.tests == 0
    assert heatmap_words.finding(found).proven is None


def test_surveys_stand_in_the_order_of_their_answers(in_scope: Any) -> None:
    place: Any = TouchpointFactory(workspace=in_scope, name="Desk")
    other: Any = TouchpointFactory(workspace=in_scope, name="Door")
    for name, day, scores in (("B", 2024, LOW), ("A", 2025, HIGH)):
        survey: Any = SurveyFactory(workspace=in_scope, name=name)
        question: Any = QuestionFactory(workspace=in_scope, survey=survey, touchpoint=place)
        answer(question, *scores, day=dt.date(day, 3, 1))
    later: Any = QuestionFactory(workspace=in_scope, survey=survey, touchpoint=other)
    answer(later, *HIGH, day=dt.date(2025, 3, 1))
    found = reading(in_scope, by="surveys")
    assert [column.name for column in found.columns] == ["B", "A"]
    desk, door = sorted(found.heatmap.rows, key=lambda row: row.row.name)
    assert [cell.n for cell in desk.cells] == [20, 20]
    assert found.reason(door.cells[0]) == "never_asked"
    assert "lower in B" in heatmap_words.finding(found).sentence


def test_months_with_answers_and_the_oldest_left_out(in_scope: Any) -> None:
    survey: Any = SurveyFactory(workspace=in_scope)
    place: Any = TouchpointFactory(workspace=in_scope)
    question: Any = QuestionFactory(workspace=in_scope, survey=survey, touchpoint=place)
    for number in range(26):
        answer(question, *[4] * 5, day=dt.date(2023 + number // 12, number % 12 + 1, 5))
    found = reading(in_scope, by="months")
    assert len(found.columns) == 24
    assert found.table.left_out == 2
    # The oldest months must not follow from the totals.
    assert found.heatmap.whole.n == 24 * 5
    assert [heading.name for heading in heatmap_rows.headings(found)] == ["2023", "2024", "2025"]
    assert [heading.width for heading in heatmap_rows.headings(found)] == [10, 12, 2]


def test_portals_stay_out_unless_chosen(sign_in: Any, workspace: Any, asked: Any) -> None:
    asked()
    with scope(workspace=workspace):
        portal: Any = SurveyFactory(workspace=workspace, name="Reviews", source="portal")
        place = Touchpoint.objects.get(name="Place 0")
        question: Any = QuestionFactory(workspace=workspace, survey=portal, touchpoint=place)
        answer(question, *[5] * 20)
        assert (
            next(r for r in reading(workspace).heatmap.rows if r.row.name == "Place 0").all.n == 40
        )
    words = text_of(sign_in("viewer").get(f"{URL}?source=interview&source=portal&source=import"))
    assert "Portal reviews stand beside asked customers here." in words


def test_empty_workspaces_say_what_to_do(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    assert "No touchpoints yet." in text_of(client.get(URL))
    assert "Add a touchpoint" in text_of(client.get(URL))
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace)
    for by in ("segments", "phases", "surveys", "months"):
        words = text_of(client.get(f"{URL}?by={by}"))
        assert "No question asks about a touchpoint yet." in words


def test_the_figure_is_valid_and_has_the_same_numbers(in_scope: Any, asked: Any) -> None:
    asked()
    found = reading(in_scope)
    traces, layout = heatmap_figures.parts(found, heatmap_words.Speaker(found), everybody="All")
    figure = charts.validated(charts.figure(traces, layout))
    assert figure.data[0].text[1][1] == "" or figure.data[0].text[1][1][0] in "+−±"
    texts = [text for row in traces[0]["text"] for text in row]
    assert "−1.00 ◥" in texts
    assert "never asked" in traces[1]["text"]


def test_answers_without_weights_offer_no_weighting(sign_in: Any, asked: Any) -> None:
    asked()
    assert "Unweighted" not in text_of(sign_in("viewer").get(URL))


def test_numbers_in_cells_are_written_as_everywhere(in_scope: Any) -> None:
    speaker = heatmap_words.Speaker(reading(in_scope))
    for value in (0.125, -0.125, 1.005, -1.005, 0.004, -0.004, 0.0, 1.0, -0.345, 0.3449999, -2.0):
        assert speaker.signed(value) == signed(value)
