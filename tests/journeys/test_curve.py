"""The page of the emotion curve: what it shows, hides, and to whom."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from cxm import charts
from journeys import curve_figures, selection
from journeys.curve import read_curve
from journeys.models import Journey, Step
from journeys.selection import Selection
from surveys.models import Answer, Question, Status, Survey
from tests.factories import (
    JourneyFactory,
    QuestionFactory,
    SegmentFactory,
    SurveyFactory,
    answer,
)
from touchpoints.models import Touchpoint

URL = "/w/firm/journeys/visit/curve/"
Measured = Callable[..., Journey]


def text_of(response: Any) -> str:
    plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", plain)


def test_curve_shows_figures_and_what_is_unknown(sign_in: Any, measured: Measured) -> None:
    measured()
    response = sign_in("viewer").get(URL)
    assert response.status_code == 200
    words = text_of(response)
    assert "Step 0: customers say −1.00, the team assumed +1.00." in words
    assert "proven" in words
    assert "n = 12 · Holm, 2 tests" in words
    assert "hidden: fewer than 5 answers" in words
    assert "never asked" in words
    assert "How was this computed?" in words
    # A viewer may not export, so no dead link offers it.
    assert "curve.csv" not in response.content.decode()


def test_outsider_and_signed_out(sign_in: Any, measured: Measured) -> None:
    measured()
    assert Client().get(URL).status_code == 302
    assert sign_in("outsider").get(URL).status_code == 404


def test_another_workspaces_journey_and_ids_do_not_exist(
    sign_in: Any, measured: Measured, other_workspace: Any
) -> None:
    measured()
    with scope(workspace=other_workspace):
        JourneyFactory(workspace=other_workspace, slug="theirs")
        segment: Any = SegmentFactory(workspace=other_workspace)
    client = sign_in("analyst")
    assert client.get("/w/firm/journeys/theirs/curve/").status_code == 404
    for query in (f"segment={segment.pk}", "survey=999", "step=999", "compare=survey:999"):
        assert client.get(f"{URL}?{query}").status_code == 404


def test_what_means_nothing_is_told(sign_in: Any, measured: Measured) -> None:
    measured()
    assert "is not a date" in text_of(sign_in("viewer").get(f"{URL}?since=soon"))


def test_step_panel_is_a_fragment_of_the_same_page(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    measured()
    with scope(workspace=workspace):
        step = Step.objects.get(name="Step 1")
    client = sign_in("viewer")
    page = client.get(f"{URL}?step={step.pk}")
    part = client.get(
        f"{URL}?step={step.pk}", headers={"HX-Request": "true", "HX-Target": "step-panel"}
    )
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert f'data-selected="{step.pk}"' in part.content.decode()
    assert part.content.decode().strip() in page.content.decode()


def test_the_same_queries_for_3_and_30_steps(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    client = sign_in("analyst")
    counts = []
    for steps in (3, 30):
        with scope(workspace=workspace):
            Journey.objects.all().delete()
            Survey.objects.all().delete()
            Touchpoint.objects.all().delete()
        measured(steps)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{URL}?compare=period&compare_until=2026-01-01").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 19


def reading(workspace: Any, journey: Journey, selected: Selection | None = None) -> Any:
    return read_curve(
        workspace=workspace,
        journey=journey,
        selected=selected or Selection(),
        choices=selection.load_choices(workspace),
    )


def test_portals_stay_out_unless_chosen(in_scope: Any, measured: Measured) -> None:
    journey = measured()
    first = Question.objects.select_related("survey").earliest("id")
    portal: Any = SurveyFactory(workspace=in_scope, name="Reviews", source="portal", min_answers=50)
    asked: Any = QuestionFactory(workspace=in_scope, survey=portal, touchpoint=first.touchpoint)
    answer(asked, *[5] * 20)
    found = reading(in_scope, journey)
    assert (found.curve.points[0].n, found.k) == (12, 5)
    blended = reading(in_scope, journey, Selection(sources=("interview", "portal")))
    assert blended.k == 50
    assert blended.curve.points[0].reason == "too_few"
    assert dict(blended.curve.points[0].sources) == {}


def test_the_figure_is_valid_and_breaks_where_nothing_is_known(
    in_scope: Any, measured: Measured
) -> None:
    found = reading(in_scope, measured(5))
    traces, layout = curve_figures.parts(found, step=None)
    fig = charts.validated(charts.figure(traces, layout))
    assert charts.payload(fig, name="x")["data"]
    plain = charts.plain_payload(traces, layout, name="x")
    assert plain == charts.payload(charts.figure(traces, layout), name="x")
    json.dumps(plain, allow_nan=False)
    customers = [t for t in traces if t.get("name") == "customers"]
    dots = next(t for t in customers if t["mode"] == "markers")
    assert dots["y"][3:] == [None, None]
    lines = [t for t in customers if t["mode"] == "lines"]
    assert max(max(line["x"]) for line in lines) == 2.0
    words = [note["text"].replace("<br>", " ") for note in layout["annotations"]]
    assert "never asked" in words
    assert "hidden: fewer than 5 answers" in words


def test_names_are_words_and_nothing_else(in_scope: Any, measured: Measured) -> None:
    journey = measured()
    Step.objects.filter(name="Step 0").update(name="<b onclick=x>&")
    _traces, layout = curve_figures.parts(reading(in_scope, journey))
    assert not any("<b on" in note["text"] for note in layout["annotations"])


def test_two_periods_are_compared(sign_in: Any, measured: Measured, workspace: Any) -> None:
    measured()
    with scope(workspace=workspace):
        question = Question.objects.earliest("id")
        answer(question, *[4, 5, 5, 4] * 5, day=dt.date(2026, 4, 2))
    query = "since=2026-04-01&until=2026-04-30&compare=period&compare_until=2026-03-31"
    words = text_of(sign_in("analyst").get(f"{URL}?{query}"))
    assert "Step 0 rose by 2.50: April 2026 against until" in words
    assert "n = 20 against 12 · Holm, 1 test" in words


def test_two_segments_are_compared_and_small_ones_hidden(in_scope: Any, measured: Measured) -> None:
    journey = measured()
    question = Question.objects.earliest("id")
    groups: list[Any] = [SegmentFactory(workspace=in_scope, name=n) for n in ("A", "B", "C")]
    for group, scores in zip(groups, ([1, 2] * 6, [4, 5] * 6, [3, 3]), strict=True):
        answer(question, *scores, segments=(group.pk,))
    one, two, small = (group.pk for group in groups)
    found = reading(in_scope, journey, Selection(segment=one, compare="segment", compare_id=two))
    assert found.changes.changes[0].difference.difference == pytest.approx(-3)
    assert found.changes.proven
    hidden = reading(in_scope, journey, Selection(segment=small))
    assert hidden.curve.points[0].reason == "too_few"


def test_a_segment_is_compared_with_everybody_else(in_scope: Any, measured: Measured) -> None:
    journey = measured()
    question = Question.objects.earliest("id")
    groups: list[Any] = [SegmentFactory(workspace=in_scope, name=n) for n in ("A", "B", "C")]
    for group, scores in zip(groups, ([5] * 12, [3] * 9, [3, 3]), strict=True):
        answer(question, *scores, segments=(group.pk,))
    against = Selection(compare="segment", compare_id=groups[0].pk)
    found = reading(in_scope, journey, against)
    # 12 answers of nobody's segment, 9 and 2: those of the compared segment are not among them.
    assert (found.curve.points[0].n, found.other.points[0].n) == (23, 12)
    small = reading(in_scope, journey, Selection(compare="segment", compare_id=groups[2].pk))
    assert small.other.points[0].reason == "too_few"
    # Everybody less everybody else would be the hidden two.
    assert small.curve.points[0].reason == "complement"


def test_csv_has_the_numbers_of_the_page(sign_in: Any, measured: Measured) -> None:
    measured()
    client = sign_in("analyst")
    response = client.get("/w/firm/journeys/visit/curve.csv?weighted=1")
    assert response.status_code == 200
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("step,phase,mean,ci_low,ci_high,emotion,n,")
    assert lines[1].startswith("Step 0,During,2.0000,")
    assert lines[4].endswith("never_asked")
    assert "curve.csv?weighted=1" in client.get(f"{URL}?weighted=1").content.decode()


def test_csv_is_not_for_viewers(sign_in: Any, measured: Measured) -> None:
    measured()
    assert sign_in("viewer").get("/w/firm/journeys/visit/curve.csv").status_code == 403


def test_csv_of_a_comparison_has_its_columns(sign_in: Any, measured: Measured) -> None:
    measured()
    response = sign_in("analyst").get(
        "/w/firm/journeys/visit/curve.csv?compare=period&compare_since=2026-03-01"
    )
    head, first = response.content.decode("utf-8-sig").splitlines()[:2]
    assert head.endswith("change,change_ci_low,change_ci_high,proven")
    assert first.endswith(",no")


def test_insights_leads_to_the_last_edited_curve(sign_in: Any, measured: Measured) -> None:
    client = sign_in("viewer")
    assert "no curve without a map" in text_of(client.get("/w/firm/insights/"))
    measured()
    assert client.get("/w/firm/insights/").headers["Location"] == URL


def test_verbatims_are_for_analysts_and_never_few(
    sign_in: Any, measured: Measured, workspace: Any
) -> None:
    measured()
    with scope(workspace=workspace):
        first = Question.objects.select_related("survey").earliest("id")
        asked: Any = QuestionFactory(
            workspace=workspace, survey=first.survey, kind="text", touchpoint=first.touchpoint,
            scale_min=None, scale_max=None,
        )  # fmt: skip
        say(asked, 7)
        step = f"{URL}?step={Step.objects.get(name='Step 0').pk}"
    client = sign_in("analyst")
    assert "hidden: fewer than 8 comments" in text_of(client.get(step))
    with scope(workspace=workspace):
        say(asked, 1)
    assert "Words of a guest" in text_of(client.get(step))
    # Until a step is chosen the page offers its breakdowns, by link and by fragment.
    assert "By touchpoint, segment and source" in text_of(client.get(URL))
    assert "Words of a guest" not in text_of(sign_in("viewer").get(step))


def say(question: Any, times: int) -> None:
    for response in answer(question, *[Status.NO_ANSWER] * times):
        Answer.objects.filter(response_id=response.id).update(raw="Words of a guest")


@pytest.mark.parametrize(
    "query",
    [
        "since=0001-01-01&until=9999-12-31",
        "since=9999-12-31",
        "compare=period&compare_since=0001-01-01&compare_until=9999-12-31",
    ],
)
def test_days_at_the_ends_of_the_calendar(sign_in: Any, measured: Measured, query: str) -> None:
    measured()
    assert sign_in("viewer").get(f"{URL}?{query}").status_code == 200
