"""Many looks at once, trends and shrinkage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cxm.statistics import (
    Group,
    Histogram,
    holm,
    holm_adjusted,
    mann_kendall,
    shrink,
    welch,
    with_holm,
)
from tests import oracles

ps = st.lists(st.floats(0, 1), max_size=20)


def test_holm_reproduces_a_worked_example() -> None:
    assert holm_adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([0.01, 0.04, 0.03, 0.005]) == (True, False, False, True)
    assert holm([]) == ()


@given(ps)
def test_holm_is_stepping_down(values: list[float]) -> None:
    assert list(holm(values)) == oracles.holm(values)


@given(ps, st.randoms())
def test_holm_does_not_depend_on_the_order(values: list[float], chance: object) -> None:
    order = sorted(range(len(values)), key=lambda i: (values[i] * 7919) % 1)
    turned = holm_adjusted([values[i] for i in order])
    straight = holm_adjusted(values)
    assert turned == tuple(straight[i] for i in order)


def test_verdicts_over_several_differences_leave_gaps_alone() -> None:
    low, high = Histogram.from_answers([1, 2] * 30), Histogram.from_answers([4, 5] * 30)
    near = Histogram.from_answers([1, 2] * 30 + [5] * 6)
    weak, strong = welch(low, near), welch(low, high)
    assert weak.proven
    judged = with_holm([weak, None, strong, weak, weak, weak, weak])
    assert judged[1] is None
    assert judged[2] is not None
    assert judged[2].proven
    assert judged[0] is not None
    assert not judged[0].proven


@given(st.lists(st.integers(0, 6), min_size=8, max_size=30))
def test_mann_kendall_counts_pairs(series: list[int]) -> None:
    found = mann_kendall(series)
    assert found is not None
    assert found.s == oracles.mann_kendall_s(series)
    assert -1 <= found.tau <= 1


def test_mann_kendall_finds_a_trend_and_needs_eight_periods() -> None:
    rising = mann_kendall([1, 2, 3, 4, 5, 6, 7, 8])
    assert rising is not None
    assert (rising.s, rising.tau, rising.proven) == (28, 1, True)
    assert rising.z == pytest.approx(27 / (8 * 7 * 21 / 18) ** 0.5)
    assert rising.p == pytest.approx(2 * stats.norm.sf(rising.z))
    flat = mann_kendall([3.0] * 9)
    assert flat is not None
    assert (flat.p, flat.proven) == (1, False)
    assert mann_kendall([1, 2, 3, 4, 5, 6, 7]) is None


def test_shrinkage_draws_small_groups_to_the_centre() -> None:
    found = shrink([Group(4.5, 5, 1), Group(4.5, 500, 1), Group(3.0, 200, 1), Group(2.5, 300, 1)])
    small, large, *_ = found.groups
    assert found.between > 0
    assert found.centre < small.shrunk < large.shrunk < 4.5
    assert small.factor == pytest.approx(found.between / (found.between + found.within / 5))


def test_shrinkage_without_differences_gives_the_same_mean_to_all() -> None:
    found = shrink([Group(3.0, 10, 1), Group(3.1, 10, 1), Group(2.9, 10, 1)])
    assert found.between == 0
    assert {round(group.shrunk, 9) for group in found.groups} == {3.0}


def test_shrinkage_keeps_groups_whose_answers_do_not_vary() -> None:
    found = shrink([Group(3.0, 10, 0), Group(4.0, 10, 0)])
    assert [group.shrunk for group in found.groups] == [3.0, 4.0]
    with pytest.raises(ValueError, match="groups"):
        shrink([])
