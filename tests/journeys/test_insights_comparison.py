"""The ladder of four steps, each stricter."""

import random

import pytest

from cxm.statistics import Clusters, Histogram, nps_difference
from journeys.insights.comparison import Look, compare_looks
from tests import oracles


def clusters(scores: list[int], size: int) -> Clusters:
    groups = [scores[start : start + size] for start in range(0, len(scores), size)]
    return Clusters.from_rows(
        [(len(found), len(found), sum(found)) for found in groups], total_w2=len(scores)
    )


def look(name: str, a: list[int], b: list[int], size: int = 0) -> Look:
    sides = (clusters(a, size), clusters(b, size)) if size else (None, None)
    return Look(name, name, Histogram.from_answers(a), Histogram.from_answers(b), *sides)


def test_four_steps_of_which_each_is_stricter() -> None:
    a = sorted([1, 2, 3, 4, 5] * 24)
    b = sorted([2, 3, 3, 4, 5] * 24)
    others = [look(str(i), [3, 4] * 60, [4, 3] * 60, 10) for i in range(9)]
    found = compare_looks([look("q", a, b, 10), *others])
    ladder = found.ladders[0]
    assert [rung.method for rung in ladder.rungs] == ["naive", "weighted", "clustered", "corrected"]
    widths = [rung.difference.half_width for rung in ladder.rungs]
    assert widths[1] < widths[2] < widths[3]
    assert ladder["naive"].difference.proven
    assert not ladder["clustered"].difference.proven
    assert ladder["clustered"].clusters == (12, 12)
    assert (ladder.proven, ladder.proven_steps) == (False, 2)
    assert found.looks == 10


def test_the_first_step_is_welch_and_the_third_knows_the_clusters() -> None:
    chance = random.Random(7)
    a = [chance.randint(1, 5) for _ in range(80)]
    b = [chance.randint(2, 5) for _ in range(60)]
    ladder = compare_looks([look("q", a, b, 10)]).ladders[0]
    plain, clustered = ladder["naive"].difference, ladder["clustered"].difference
    assert (plain.difference, plain.ci_low, plain.ci_high, plain.p) == pytest.approx(
        oracles.welch(a, b)
    )
    errors = [oracles.weighted_mean(x, [1.0] * len(x), [i // 10 for i in range(len(x))])[1]
              for x in (a, b)]  # fmt: skip
    assert clustered.se == pytest.approx(sum(e * e for e in errors) ** 0.5)


def test_without_clusters_every_answer_is_its_own() -> None:
    ladder = compare_looks([look("q", [1, 2, 3] * 9, [3, 4, 5] * 9)]).ladders[0]
    assert ladder["clustered"].clusters is None
    assert ladder["clustered"].difference == ladder["weighted"].difference


def test_a_look_at_too_few_answers_counts_not() -> None:
    found = compare_looks([look("few", [1, 2, 3, 4], [4, 5] * 9), look("q", [1, 2] * 9, [4] * 9)])
    few, enough = found.ladders
    assert (few.rungs, few.reason, few.proven) == ((), "too_few", False)
    assert found.looks == 1
    assert found.changed == (enough,)
    assert found.by_size() == (enough, few)
    with pytest.raises(KeyError):
        few["naive"]


def test_an_nps_question_compares_the_nps() -> None:
    a, b = [10, 9, 3, 7] * 20, [10, 9, 8, 7] * 20
    raw = Look("n", "n", Histogram.from_answers(a), Histogram.from_answers(b), nps=True)
    ladder = compare_looks([raw]).ladders[0]
    assert ladder["naive"].difference == nps_difference(raw.a, raw.b)
    assert ladder["weighted"].difference.difference == pytest.approx(25)
    assert ladder["weighted"].difference.b == pytest.approx(50)
    assert ladder.proven
