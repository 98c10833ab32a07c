"""Planning: n is the smallest that keeps the promise, by the very rules of the figures."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.statistics import Histogram, mean_estimate, nps, wilson
from surveys import planning
from surveys.planning import Known

widths = st.floats(0.02, 1.5)
spreads = st.floats(0.1, 2.0)


def test_the_number_on_the_picture_with_t_rather_than_z() -> None:
    # z would say 39, and 39 answers would then show ±0.31.
    assert planning.for_mean(0.3, 0.95) == 41
    assert planning.half_width(41, 0.95) <= 0.3 < planning.half_width(40, 0.95)


def test_a_gap_of_half_a_point_needs_58_each() -> None:
    assert planning.for_gap(0.5, 0.95) == 58
    # Cohen 1988, table 2.4.1: d = 0.5, 5 % two-sided, power 0.80.
    assert planning.for_gap(0.5, 1.0) == 64


@given(width=widths, spread=spreads)
def test_one_answer_fewer_is_not_enough(width: float, spread: float) -> None:
    n = planning.for_mean(width, spread)
    assert n is not None
    assert planning.half_width(n, spread) <= width
    assert n == 2 or planning.half_width(n - 1, spread) > width


@given(width=st.floats(0.005, 0.4), share=st.floats(0, 1))
def test_shares_keep_wilson_s_promise(width: float, share: float) -> None:
    n = planning.for_share(width, share)
    assert n is not None
    assert planning.share_half_width(n, share) <= width
    assert n == 1 or planning.share_half_width(n - 1, share) > width


def test_the_share_s_width_is_the_one_that_pages_show() -> None:
    shown = wilson(30, 120)
    assert planning.share_half_width(120, 0.25) == pytest.approx((shown.ci_high - shown.ci_low) / 2)


@given(width=st.floats(2, 60), up=st.floats(0, 1), part=st.floats(0, 1))
def test_the_nps_stays_within_for_all_larger_numbers(width: float, up: float, part: float) -> None:
    down = (1 - up) * part
    n = planning.for_nps(width, up, down)
    assert n is not None
    for more in (n, n + 1, n + 7, n + 100, 4 * n):
        assert planning.nps_half_width(more, up, down) <= width + 1e-9
    assert n == 1 or planning.nps_half_width(n - 1, up, down) > width


def test_the_nps_width_is_the_one_that_pages_show() -> None:
    found = nps(Histogram.from_answers([10] * 20 + [8] * 12 + [3] * 8, [1.0] * 40))
    assert planning.nps_half_width(40, 0.5, 0.2) == pytest.approx(
        (found.ci_high - found.ci_low) / 2
    )


def test_power_by_trying_it_out() -> None:
    chance = random.Random(7)
    n, proven, rounds = 20, 0, 3000
    bound = 2.024
    for _round in range(rounds):
        a = [chance.gauss(0, 1) for _ in range(n)]
        b = [chance.gauss(0.9, 1) for _ in range(n)]
        mean_a, mean_b = sum(a) / n, sum(b) / n
        squares = sum((x - mean_a) ** 2 for x in a) + sum((x - mean_b) ** 2 for x in b)
        t = (mean_b - mean_a) / math.sqrt(squares / (2 * n - 2) * 2 / n)
        proven += abs(t) > bound
    assert planning.power(n, 0.9, 1.0) == pytest.approx(proven / rounds, abs=0.02)


@given(gap=st.floats(0.1, 2), spread=spreads)
def test_one_answer_fewer_per_group_proves_less(gap: float, spread: float) -> None:
    n = planning.for_gap(gap, spread)
    assert n is not None
    assert planning.power(n, gap, spread) >= planning.POWER
    assert n == 2 or planning.power(n - 1, gap, spread) < planning.POWER


def test_nobody_is_sent_for_a_million_answers() -> None:
    assert planning.for_mean(1e-5, 1.0) is None
    assert planning.for_gap(0, 1.0) is None
    assert planning.for_gap(1e-4, 1.0) is None


def test_the_spread_is_the_pooled_one_or_said_to_be_assumed() -> None:
    one, other = (Histogram.from_answers(x, [1.0] * 4) for x in ([1, 2, 1, 2], [4, 5, 4, 5]))
    spread = planning.spread_of([one, other, Histogram()])
    assert spread.value == pytest.approx(math.sqrt(2 / 6))
    assert spread.n == 8
    assert spread.value == pytest.approx(mean_estimate(one).sd)
    assert not spread.is_assumed
    same = Histogram.from_answers([3, 3, 3], [1.0] * 3)
    assert planning.spread_of([same]) == planning.Spread(planning.ASSUMED_SPREAD)
    assert planning.spread_of([]).is_assumed


def test_the_pace_is_never_invented() -> None:
    assert planning.days_until(wanted=40, so_far=12, recent=14, days=28) == 56
    assert planning.days_until(wanted=40, so_far=41, recent=0, days=28) == 0
    assert planning.days_until(wanted=40, so_far=12, recent=0, days=28) is None


def test_what_is_asked_next() -> None:
    hidden = Known(1, "Reserve", 3, None, None, False)
    wide = Known(2, "Pay", 20, 0.5, 0.3, False)
    tiny = Known(3, "Sit", 80, 0.2, 0.01, False)
    proven = Known(4, "Wait", 10, 0.9, -1.2, True)
    open_end = Known(5, "Leave", 10, 0.4, None, False)
    order = planning.sharpest([proven, tiny, open_end, wide, hidden])
    assert [step.name for step in order] == ["Reserve", "Pay", "Sit", "Wait", "Leave"]
