"""The address of a chart: what it names, what it reproduces, what it refuses."""

import datetime as dt
from typing import Any

import pytest
from django.http import Http404, QueryDict
from django_scopes import scope

from journeys import selection
from journeys.selection import TARGETED, Selection
from tests.factories import QuestionFactory, SegmentFactory, SurveyFactory


@pytest.fixture
def choices(in_scope: Any) -> selection.Choices:
    SurveyFactory(workspace=in_scope, name="2016", min_answers=10)
    SurveyFactory(workspace=in_scope, name="2017")
    SegmentFactory(workspace=in_scope, name="Business")
    SegmentFactory(workspace=in_scope, name="Holiday")
    SegmentFactory(workspace=in_scope, dimension="Flight", name="International")
    return selection.load_choices(in_scope)


def parsed(text: str, choices: selection.Choices) -> Selection:
    return selection.parse(QueryDict(text), choices)


def test_the_default_is_every_survey_by_targeted_sources_alone(choices: Any) -> None:
    found = parsed("", choices)
    assert found == Selection()
    assert found.sources == TARGETED
    assert "portal" not in found.sources
    assert found.query() == ""
    assert found.surveys_of(choices) == choices.surveys


def test_the_address_reproduces_the_view(choices: Any) -> None:
    survey, segment = choices.surveys[1].pk, choices.segments[0].pk
    text = (
        f"survey={survey}&source=link&source=portal&since=2026-01-01&until=2026-02-28"
        f"&segment={segment}&compare=period&compare_since=2025-01-01&compare_until=2025-02-28"
        "&weighted=1&step=12"
    )
    found = parsed(text, choices)
    assert found.query() == text
    assert parsed(found.query(), choices) == found
    assert found.blends_sources
    assert found.step == 12


def test_one_change_keeps_the_rest(choices: Any) -> None:
    found = parsed("weighted=1&since=2026-01-01", choices)
    assert found.query(step=3) == "since=2026-01-01&weighted=1&step=3"


def test_a_survey_is_compared_with_all_others(choices: Any) -> None:
    first, second = choices.surveys
    found = parsed(f"compare=survey:{second.pk}", choices)
    assert found.surveys_of(choices) == (first,)
    assert found.compared_surveys(choices) == (second,)
    assert found.joined_surveys(choices) == (first, second)


def test_slices_of_both_groups(choices: Any) -> None:
    one, two = choices.segments[:2]
    found = parsed(f"segment={one.pk}&compare=segment:{two.pk}", choices)
    assert found.slice([1]).segments == (one.pk,)
    assert found.compared_slice([1]).segments == (two.pk,)
    period = parsed("compare=period&compare_until=2025-12-31", choices)
    assert period.compared_slice([1]).until == dt.date(2025, 12, 31)


def test_a_period_is_compared_with_the_days_before_it(choices: Any) -> None:
    found = parsed("since=2026-03-11&until=2026-03-20&compare=period", choices)
    assert (found.compare_since, found.compare_until) == (dt.date(2026, 3, 1), dt.date(2026, 3, 10))
    found = parsed("since=2026-03-11&compare=period", choices)
    assert (found.compare_since, found.compare_until) == (None, dt.date(2026, 3, 10))
    assert parsed("compare_until=2026-03-10", choices).compare == "period"
    other = f"compare=survey:{choices.surveys[0].pk}&compare_until=2026-03-10"
    assert parsed(other, choices).compare_value == "period"
    assert parsed("compare=none&compare_until=2026-03-10", choices).compare == ""


@pytest.mark.parametrize(
    "text",
    ["survey={}", "segment={}", "compare=survey:{}", "compare=segment:{}"],
)
@pytest.mark.parametrize("id", ["999999", "0x1", "-1", "١", "9" * 30])
def test_ids_that_are_not_ours_do_not_exist(choices: Any, text: str, id: str) -> None:
    with pytest.raises(Http404):
        parsed(text.format(id), choices)


def test_ids_of_another_workspace_do_not_exist(choices: Any, other_workspace: Any) -> None:
    with scope(workspace=other_workspace):
        survey = SurveyFactory(workspace=other_workspace)
        segment = SegmentFactory(workspace=other_workspace)
    for text in (f"survey={survey.pk}", f"segment={segment.pk}", f"compare=survey:{survey.pk}"):
        with pytest.raises(Http404):
            parsed(text, choices)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("since=2026-13-01", "is not a date"),
        ("since=yesterday", "is not a date"),
        ("source=telepathy", "no source"),
        ("compare=period", "days to compare"),
        ("compare=horoscope", "nothing to compare"),
        ("since=2026-02-01&until=2026-01-01", "other way round"),
    ],
)
def test_what_means_nothing_is_told_in_words(choices: Any, text: str, words: str) -> None:
    assert words in parsed(text, choices).problems[0]


def test_the_strictest_threshold_holds(choices: Any, in_scope: Any) -> None:
    assert selection.strictest_k(in_scope, choices.surveys) == 10
    assert selection.strictest_k(in_scope, choices.surveys[1:]) == 5
    assert selection.strictest_k_verbatims(in_scope, ()) == 8


def test_scale_questions_are_those_of_the_surveys(
    choices: Any, in_scope: Any, django_assert_num_queries: Any
) -> None:
    first, second = choices.surveys
    asked = QuestionFactory(workspace=in_scope, survey=first)
    QuestionFactory(workspace=in_scope, survey=first, kind="text", scale_min=None, scale_max=None)
    QuestionFactory(workspace=in_scope, survey=second)
    with django_assert_num_queries(1):
        assert selection.scale_questions(in_scope, [first]) == [asked]
