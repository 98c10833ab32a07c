"""Folded or not: the counts always say what the answers say."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys import histograms
from surveys.histograms import Slice
from surveys.models import Answer, DirtyDay, Response, Status
from tests.factories import QuestionFactory, SegmentFactory, answer

pytestmark = pytest.mark.django_db

DAYS = [dt.date(2026, 1, 30), dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 3, 15)]
GIVEN = st.lists(
    st.tuples(
        st.sampled_from(DAYS),
        st.sampled_from([1, 2, 5, Status.NEVER_USED, Status.NO_ANSWER]),
        st.sampled_from([0, 1, 2]),  # which segment, 0 for none
        st.sampled_from([0.5, 1.0, 3.0]),
        st.sampled_from(["qr", "portal"]),
    ),
    max_size=12,
)


def naive(
    rows: list[tuple[Any, ...]], keep: Any
) -> dict[tuple[int, int | None], tuple[int, float, float]]:
    """Count by walking over every answer."""
    found: dict[tuple[int, int | None], tuple[int, float, float]] = {}
    for row in rows:
        if not keep(row):
            continue
        _, score, _, weight, _ = row
        status = int(score) if isinstance(score, Status) else 0
        key = (status, None if status else int(score))
        n, w, w2 = found.get(key, (0, 0.0, 0.0))
        found[key] = (n + 1, w + weight, w2 + weight**2)
    return found


def counted(**query: Any) -> dict[tuple[int, int | None], tuple[int, float, float]]:
    return {(c.status, c.score): (c.n, c.sum_w, c.sum_w2) for c in histograms.read(**query)}


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=GIVEN,
    later=GIVEN,
    since=st.sampled_from([None, *DAYS]),
    until=st.sampled_from([None, *DAYS]),
    sources=st.sampled_from([(), ("qr",), ("qr", "portal")]),
)
def test_histograms_say_what_the_answers_say(
    in_scope: Any, first: Any, later: Any, since: Any, until: Any, sources: Any
) -> None:
    # Each example in a savepoint of its own, which also clears the table for the next one.
    with transaction.atomic():
        check_one_example(in_scope, first, later, since, until, sources)
        transaction.set_rollback(True)


def check_one_example(
    in_scope: Any, first: Any, later: Any, since: Any, until: Any, sources: Any
) -> None:
    question = QuestionFactory(workspace=in_scope)
    groups = [SegmentFactory(workspace=in_scope).id for _ in range(2)]

    def store(rows: Any) -> None:
        for day, score, group, weight, source in rows:
            segments = (groups[group - 1],) if group else ()
            row = answer(question, score, day=day, segments=segments, weight=weight)[0]
            Response.objects.filter(id=row.id).update(source=source)

    store(first)
    histograms.fold(workspace_id=in_scope.id)
    store(later)  # these days stay dirty
    rows = first + later

    def wanted(row: Any) -> bool:
        return (
            (since is None or row[0] >= since)
            and (until is None or row[0] <= until)
            and (not sources or row[4] in sources)
        )

    common = {"sources": sources, "since": since, "until": until}
    everybody = Slice(questions=(question.id,), **common)
    one = Slice(questions=(question.id,), segments=(groups[0],), **common)
    crossed = Slice(questions=(question.id,), within=((groups[0],),), **common)
    for _ in range(2):  # partly dirty, then clean
        assert counted(workspace_id=in_scope.id, slice=everybody) == naive(rows, wanted)
        in_group = naive(rows, lambda row: wanted(row) and row[2] == 1)
        assert counted(workspace_id=in_scope.id, slice=one) == in_group
        assert counted(workspace_id=in_scope.id, slice=crossed) == in_group
        histograms.fold(workspace_id=in_scope.id)
    assert not DirtyDay.objects.exists()


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (dt.date.min, dt.date.max),
        (dt.date(9999, 12, 1), dt.date.max),
        (dt.date(9999, 12, 30), None),
        (dt.date.max, dt.date.max),
        (None, dt.date.min),
    ],
)
def test_the_ends_of_the_calendar(in_scope: Any, since: Any, until: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    answer(question, 4, day=dt.date(2026, 1, 5))
    histograms.fold(workspace_id=in_scope.id)
    everything = since == dt.date.min
    asked = Slice(questions=(question.id,), since=since, until=until)
    assert bool(counted(workspace_id=in_scope.id, slice=asked)) is everything


def test_by_segment_source_and_month(in_scope: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    group = SegmentFactory(workspace=in_scope)
    answer(question, 4, 4, day=dt.date(2026, 1, 5), segments=(group.id,))
    answer(question, 2, day=dt.date(2026, 2, 5))
    histograms.fold(workspace_id=in_scope.id)
    counts = histograms.read(
        workspace_id=in_scope.id,
        slice=Slice(questions=(question.id,)),
        by=("segment", "month"),
    )
    found = Counter({(c.segment, str(c.month), c.score): c.n for c in counts})
    assert found == {
        (0, "2026-01-01", 4): 2,
        (0, "2026-02-01", 2): 1,
        (group.id, "2026-01-01", 4): 2,
    }


def test_deleting_answers_makes_the_figures_follow(in_scope: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    rows = answer(question, 1, 5, 5)
    histograms.fold(workspace_id=in_scope.id)
    Answer.objects.filter(response_id=rows[0].id).delete()
    Response.objects.filter(id=rows[0].id).delete()
    histograms.mark_dirty(workspace_id=in_scope.id, days=[rows[0].answered_on])
    everybody = Slice(questions=(question.id,))
    assert counted(workspace_id=in_scope.id, slice=everybody) == {(0, 5): (2, 2.0, 2.0)}
    histograms.fold(workspace_id=in_scope.id)
    assert counted(workspace_id=in_scope.id, slice=everybody) == {(0, 5): (2, 2.0, 2.0)}


def test_another_workspace_is_never_counted(in_scope: Any, other_workspace: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    answer(question, 5)
    histograms.fold(workspace_id=in_scope.id)
    assert histograms.read(workspace_id=other_workspace.id, slice=Slice((question.id,))) == []


def test_cluster_sums(in_scope: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    answer(question, 2, 4, weight=2.0, cluster="run 1")
    answer(question, 5)
    sums = histograms.read_clusters(workspace_id=in_scope.id, slice=Slice((question.id,)))
    assert sorted((s.n, s.sum_w, s.sum_wx) for s in sums) == [(1, 1.0, 5.0), (2, 4.0, 12.0)]


def test_cluster_sums_of_a_recommendation(in_scope: Any) -> None:
    question = QuestionFactory(workspace=in_scope, kind="nps", scale_min=0, scale_max=10)
    answer(question, 10, 9, 7, 6, weight=2.0, cluster="run 1")
    (found,) = histograms.read_clusters(workspace_id=in_scope.id, slice=Slice((question.id,)))
    assert (found.n, found.sum_w, found.sum_w_nps) == (4, 8.0, 200.0)


def test_alike_questions_are_counted_as_one(in_scope: Any) -> None:
    first, second, other = (QuestionFactory(workspace=in_scope) for _ in range(3))
    answer(first, 1, 5)
    histograms.fold(workspace_id=in_scope.id)
    answer(second, 5, 4)  # a dirty day
    answer(other, 3)
    slice = Slice(
        questions=(first.id, second.id, other.id),
        alike=((first.id, first.id), (second.id, first.id)),
    )
    for _ in range(2):
        found = histograms.read(workspace_id=in_scope.id, slice=slice)
        assert [(c.question, c.score, c.n) for c in found] == [
            (first.id, 1, 1),
            (first.id, 4, 1),
            (first.id, 5, 2),
            (other.id, 3, 1),
        ]
        histograms.fold(workspace_id=in_scope.id)
