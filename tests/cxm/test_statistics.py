"""Statistics of one group and of two, against worked examples and naive loops over raw answers."""

import math
import statistics
from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cxm.statistics import (
    Clusters,
    Histogram,
    Scale,
    against_fixed,
    bonferroni_interval,
    ces,
    clustered_difference,
    csat,
    emotion,
    mean_estimate,
    merged,
    nps,
    nps_difference,
    pooled_sd,
    reach,
    score_of_emotion,
    top_box,
    two_proportion_z,
    weighted_difference,
    welch,
    wilson,
)
from tests import oracles

scores = st.lists(st.integers(1, 5), min_size=2, max_size=60)
varied = scores.filter(lambda found: len(set(found)) > 1)
weights = st.floats(0.05, 20)
answered = st.lists(
    st.tuples(st.integers(0, 10), weights, st.integers(0, 8)), min_size=3, max_size=60
).filter(lambda found: len({x for x, _, _ in found}) > 1)


def of(rows: list[tuple[int, float, int]]) -> Histogram:
    return Histogram.from_answers([x for x, _, _ in rows], [w for _, w, _ in rows])


def clusters_of(rows: list[tuple[int, float, int]]) -> Clusters:
    sums: dict[int, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for x, w, cluster in rows:
        sums[cluster][0] += 1
        sums[cluster][1] += w
        sums[cluster][2] += w * x
    found = [(int(n), w, wx) for n, w, wx in sums.values()]
    return Clusters.from_rows(found, total_w2=sum(w * w for _, w, _ in rows))


def test_emotion_maps_the_ends_and_the_middle_of_a_scale() -> None:
    assert [emotion(x, 1, 5) for x in (1, 3, 5)] == [-2, 0, 2]
    assert [emotion(x, 0, 10) for x in (0, 5, 10)] == [-2, 0, 2]
    assert emotion(1, 1, 5, is_reversed=True) == 2
    with pytest.raises(ValueError, match="maximum"):
        Scale(5, 5)


@given(st.integers(-5, 5), st.integers(1, 20), st.floats(0, 1), st.booleans())
def test_emotion_has_an_inverse(low: int, width: int, place: float, turned: bool) -> None:
    high, score = low + width, low + place * width
    value = emotion(score, low, high, is_reversed=turned)
    assert -2 - 1e-9 <= value <= 2 + 1e-9
    assert score_of_emotion(value, low, high, is_reversed=turned) == pytest.approx(score)


@given(varied)
def test_mean_and_interval_are_those_of_the_answers(answers: list[int]) -> None:
    found = mean_estimate(Histogram.from_answers(answers))
    assert (found.mean, found.ci_low, found.ci_high) == pytest.approx(
        oracles.mean_interval(answers)
    )
    assert found.median == statistics.median(answers)
    assert found.sd == pytest.approx(statistics.stdev(answers))
    assert found.n == found.n_eff == len(answers)


@given(answered)
def test_weighted_mean_and_error_are_those_of_the_answers(
    rows: list[tuple[int, float, int]],
) -> None:
    found = mean_estimate(of(rows), weighted=True)
    mean, error, n_eff = oracles.weighted_mean([x for x, _, _ in rows], [w for _, w, _ in rows])
    assert (found.mean, found.se, found.n_eff) == pytest.approx((mean, error, n_eff), rel=1e-6)
    assert found.ci_low < found.mean < found.ci_high


@given(answered)
def test_clustered_error_is_that_of_the_answers(rows: list[tuple[int, float, int]]) -> None:
    found = clusters_of(rows)
    mean, error, n_eff = oracles.weighted_mean(*(list(part) for part in zip(*rows, strict=True)))
    assert (found.mean, found.n_eff) == pytest.approx((mean, n_eff))
    assert found.standard_error == pytest.approx(error, abs=1e-9)
    assert found.n == len(rows)


@given(scores, st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)]))
def test_quantiles_are_those_of_the_sorted_answers(answers: list[int], share: Fraction) -> None:
    histogram = Histogram.from_answers(answers)
    expected = oracles.quantile_by_counting(answers, share)
    assert histogram.quantile(float(share)) == expected


def test_few_clusters_limit_the_degrees_of_freedom() -> None:
    rows = [(x % 5 + 1, 1.0, x % 4) for x in range(400)]
    assert clusters_of(rows).df == 3
    assert clusters_of([(x % 5 + 1, 1.0, x) for x in range(400)]).df == pytest.approx(399)


def test_equal_answers_take_the_spread_of_their_survey() -> None:
    equal, other = Histogram.from_answers([4] * 9), Histogram.from_answers([1, 3, 5])
    spread = pooled_sd([equal, other])
    assert spread == pytest.approx(math.sqrt(8 / (8 + 2)))
    found = mean_estimate(equal, pooled_sd=spread)
    assert found.ci_high - 4 == pytest.approx(stats.t.ppf(0.975, 8) * (spread or 0) / 3)
    for weighted in (False, True):
        alone = mean_estimate(equal, weighted=weighted)
        assert alone.ci_low < 4 < alone.ci_high


def test_an_interval_needs_two_answers_and_a_mean_one() -> None:
    with pytest.raises(ValueError, match="two answers"):
        mean_estimate(Histogram.from_answers([3]))
    with pytest.raises(ValueError, match="no answers"):
        Histogram().mean()
    with pytest.raises(ValueError, match="no answers"):
        mean_estimate(Histogram.from_answers([3, 4], [0, 0]), weighted=True)


@given(scores, scores)
def test_merging_is_the_same_as_answering_together(a: list[int], b: list[int]) -> None:
    together = Histogram.from_answers(a) + Histogram.from_answers(b, never_used=2)
    assert together == Histogram.from_answers(a + b, never_used=2)
    assert merged([Histogram.from_answers(a), Histogram.from_answers(b, never_used=2)]) == together
    assert (together - Histogram.from_answers(b, never_used=2)).bins == Histogram.from_answers(
        a
    ).bins


def test_only_a_part_can_be_taken_away() -> None:
    with pytest.raises(ValueError, match="part"):
        Histogram.from_answers([1, 2]) - Histogram.from_answers([1, 1])


def test_scales_join_only_as_emotion_values() -> None:
    five, eleven = Histogram.from_answers([1, 3, 5]), Histogram.from_answers([0, 5, 10])
    joined = five.to_emotion(Scale(1, 5)) + eleven.to_emotion(Scale(0, 10))
    assert joined.scores == (-2, 0, 2)
    assert joined.counts == (2, 2, 2)
    estimate = mean_estimate(five.to_emotion(Scale(1, 5, is_reversed=True)))
    raw = estimate.rescaled(Scale(1, 5, is_reversed=True).slope, 3)
    assert (raw.mean, raw.ci_low) == pytest.approx(
        (mean_estimate(five).mean, mean_estimate(five).ci_low)
    )


@given(st.integers(1, 200), st.floats(0, 1))
def test_wilson_is_scipys(n: int, share: float) -> None:
    hits = round(share * n)
    found = wilson(hits, n)
    expected = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    assert (found.ci_low, found.ci_high) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_reach_counts_never_used_but_not_no_answer() -> None:
    found = reach(Histogram.from_answers([4] * 30, never_used=10, no_answer=99))
    assert found is not None
    assert found.share == 0.75
    assert reach(Histogram()) is None


def test_top_boxes_csat_and_ces() -> None:
    histogram = Histogram.from_answers([1, 2, 3, 4, 5, 5, 5, 4])
    assert csat(histogram).share == top_box(histogram, 5).share == 5 / 8
    assert top_box(histogram, 5, boxes=1).share == 3 / 8
    assert ces(Histogram.from_answers([1, 4, 7])).mean == 4


@given(st.lists(st.integers(0, 10), min_size=100, max_size=120))
def test_nps_is_the_mean_of_promoters_and_detractors(answers: list[int]) -> None:
    found = nps(Histogram.from_answers(answers))
    value, low, high = oracles.nps(answers)
    assert found.value == pytest.approx(value)
    if found.se and low < high:
        assert found.ci_low == pytest.approx(max(low, -100))
        assert found.ci_high == pytest.approx(min(high, 100))


def test_small_nps_gets_three_pseudo_answers() -> None:
    found = nps(Histogram.from_answers([10] * 6))
    up, down = 6.75 / 9, 0.75 / 9
    half = 1.959963984540054 * math.sqrt((up + down - (up - down) ** 2) / 9)
    assert found.value == 100
    assert found.ci_low == pytest.approx(100 * (up - down - half))
    assert found.ci_high == 100
    assert nps(Histogram.from_answers([10] * 400)).ci_low < 100


@given(varied, varied)
def test_welch_is_scipys(a: list[int], b: list[int]) -> None:
    found = welch(Histogram.from_answers(a), Histogram.from_answers(b))
    expected = oracles.welch(a, b)
    assert (found.difference, found.ci_low, found.ci_high) == pytest.approx(expected[:3], abs=1e-9)
    assert found.p == pytest.approx(expected[3], abs=1e-9)
    assert found.proven == (found.p < 0.05) == (not found.ci_low <= 0 <= found.ci_high)


@given(answered, answered)
def test_differences_turn_round_with_their_groups(
    a: list[tuple[int, float, int]], b: list[tuple[int, float, int]]
) -> None:
    forth, back = weighted_difference(of(a), of(b)), weighted_difference(of(b), of(a))
    assert forth.difference == pytest.approx(-back.difference)
    assert forth.ci_low == pytest.approx(-back.ci_high)
    assert forth.p == pytest.approx(back.p)


@given(answered, answered)
def test_clusters_of_one_answer_change_nothing_but_the_degrees_of_freedom(
    a: list[tuple[int, float, int]], b: list[tuple[int, float, int]]
) -> None:
    alone = [[(x, w, number) for number, (x, w, _) in enumerate(rows)] for rows in (a, b)]
    found = clustered_difference(clusters_of(alone[0]), clusters_of(alone[1]))
    expected = weighted_difference(of(a), of(b))
    assert (found.difference, found.se) == pytest.approx((expected.difference, expected.se))
    assert found.n_a == len(a)


def test_a_clustered_comparison_needs_clusters() -> None:
    one = Clusters.from_rows([(5, 5, 20)], total_w2=5)
    with pytest.raises(ValueError, match="two clusters"):
        clustered_difference(one, one)


def test_two_proportions_reproduce_newcombes_example() -> None:
    # Newcombe 1998, method 10: 56/70 − 48/80 = 0.2, interval 0.0524 to 0.3339.
    found = two_proportion_z(48, 80, 56, 70)
    assert found.difference == pytest.approx(0.2)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.proven
    assert two_proportion_z(0, 9, 0, 9).p == 1


def test_nps_difference_adds_the_variances() -> None:
    a, b = Histogram.from_answers([10] * 60 + [0] * 40), Histogram.from_answers([10] * 90 + [7] * 9)
    found = nps_difference(a, b)
    assert found.difference == pytest.approx(nps(b).value - nps(a).value)
    assert found.se == pytest.approx(math.hypot(nps(a).se, nps(b).se))
    assert found.proven
    assert not nps_difference(a, a).proven


@given(varied, st.floats(-2, 6))
def test_a_gap_is_proven_where_the_interval_excludes_it(answers: list[int], value: float) -> None:
    measured = mean_estimate(Histogram.from_answers(answers))
    gap = against_fixed(measured, value)
    assert gap.difference == pytest.approx(measured.mean - value)
    assert gap.p == pytest.approx(stats.ttest_1samp(answers, value).pvalue, abs=1e-9)
    if abs(gap.p - 0.05) > 1e-9:
        assert gap.proven == (not measured.ci_low <= value <= measured.ci_high)


@given(varied, varied, st.integers(2, 40))
def test_bonferroni_widens_for_every_look(a: list[int], b: list[int], looks: int) -> None:
    plain = welch(Histogram.from_answers(a), Histogram.from_answers(b))
    wide = bonferroni_interval(plain, looks)
    assert bonferroni_interval(plain, 1).ci_low == pytest.approx(plain.ci_low)
    assert wide.half_width > plain.half_width
    assert wide.p == pytest.approx(min(1, looks * plain.p))
