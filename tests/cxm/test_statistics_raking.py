"""Raking: the known shares are reached, or it is said that they cannot be."""

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cxm.statistics import RakingCell, rake

People = list[tuple[tuple[Any, ...], float]]
"""(one category per dimension, own weight) of each response."""


def cells_of(people: People) -> list[RakingCell]:
    found: dict[tuple[Any, ...], list[float]] = {}
    for categories, weight in people:
        found.setdefault(categories, []).append(weight)
    return [
        RakingCell(key, len(weights), math.fsum(weights), math.fsum(w * w for w in weights))
        for key, weights in found.items()
    ]


def naive(people: People, targets: list[dict[Any, float]], low: float, high: float) -> list[float]:
    """One weight per person, by walking over all people again and again."""
    weights = [1.0] * len(people)
    raked = [
        i
        for i, (c, _w) in enumerate(people)
        if any(x in t for x, t in zip(c, targets, strict=True))
    ]
    for _round in range(2000):
        for d, shares in enumerate(targets):
            groups: dict[Any, list[int]] = {}
            for i in raked:
                group = people[i][0][d]
                groups.setdefault(group if group in shares else None, []).append(i)
            mass = {g: sum(people[i][1] for i in who) for g, who in groups.items()}
            known = sum(mass[g] for g in mass if g is not None)
            there = sum(shares[g] for g in mass if g is not None)
            for g, who in groups.items():
                wanted = mass[g] if g is None else shares[g] / there * known
                now = sum(people[i][1] * weights[i] for i in who)
                for i in who:
                    weights[i] *= wanted / now
        weights = [min(max(w, low), high) if i in raked else w for i, w in enumerate(weights)]
    total = sum(people[i][1] for i in raked)
    least, most = low / high, high / low
    for _half in range(100):
        factor = (least + most) / 2
        trimmed = {i: min(max(weights[i] * factor, low), high) for i in raked}
        if sum(people[i][1] * w for i, w in trimmed.items()) < total:
            least = factor
        else:
            most = factor
    return [trimmed.get(i, 1.0) for i in range(len(people))] if raked else weights


DIMENSIONS = (("a", "b", "c"), ("x", "y"))


def people(*, unknown: bool = True) -> st.SearchStrategy[People]:
    one = st.tuples(
        st.tuples(*(st.sampled_from((*d, None) if unknown else d) for d in DIMENSIONS)),
        st.sampled_from([0.5, 1.0, 2.0]),
    )
    return st.lists(one, min_size=1, max_size=60)


def shares_of(names: tuple[str, ...]) -> st.SearchStrategy[dict[Any, float]]:
    parts = st.tuples(*(st.integers(1, 20) for _name in names))
    return parts.map(lambda p: {n: x / sum(p) for n, x in zip(names, p, strict=True)})


targets = st.tuples(*(shares_of(names) for names in DIMENSIONS)).map(list)


def test_a_worked_example() -> None:
    """60 women and 40 men stand for half and half: 5/6 and 5/4 each."""
    found = rake(
        [RakingCell(("w",), 60, 60, 60), RakingCell(("m",), 40, 40, 40)], [{"w": 0.5, "m": 0.5}]
    )
    assert found.weights == pytest.approx((5 / 6, 5 / 4))
    assert found.n_eff == pytest.approx(100**2 / (60 * (5 / 6) ** 2 + 40 * (5 / 4) ** 2))
    assert [(m.before, round(m.after, 9)) for m in found.margins[0]] == [(0.6, 0.5), (0.4, 0.5)]
    assert (found.is_reached, found.trimmed, found.unknown) == (True, 0, (0,))


def test_deming_and_stephan_fit_both_margins_and_keep_the_odds() -> None:
    counts = {("a", "x"): 40, ("a", "y"): 30, ("b", "x"): 20, ("b", "y"): 50}
    found = rake(
        [RakingCell(key, n, n, n) for key, n in counts.items()],
        [{"a": 0.4, "b": 0.6}, {"x": 0.55, "y": 0.45}],
    )
    fitted = [n * w for n, w in zip(counts.values(), found.weights, strict=True)]
    assert (fitted[0] + fitted[1]) / 140 == pytest.approx(0.4, abs=1e-6)
    assert (fitted[0] + fitted[2]) / 140 == pytest.approx(0.55, abs=1e-6)
    assert fitted[0] * fitted[3] / (fitted[1] * fitted[2]) == pytest.approx(40 * 50 / (30 * 20))


@given(people(), targets, st.sampled_from([(0.3, 3.0), (0.5, 2.0), (0.01, 100.0)]))
def test_bounds_mean_and_the_naive_way(
    people: People, targets: list[dict[Any, float]], bounds: tuple[float, float]
) -> None:
    low, high = bounds
    cells = cells_of(people)
    found = rake(cells, targets, low=low, high=high)
    assert all(low - 1e-9 <= weight <= high + 1e-9 for weight in found.weights)
    raked = [
        (c, w) for c, w in zip(cells, found.weights, strict=True) if c.categories != (None, None)
    ]
    if raked:
        mean = sum(c.sum_w * w for c, w in raked) / sum(c.sum_w for c, _w in raked)
        assert mean == pytest.approx(1, abs=1e-6)
    assert all(
        w == 1 for c, w in zip(cells, found.weights, strict=True) if c.categories == (None, None)
    )
    plain = naive(people, targets, low, high)
    by_cell = dict(zip((c.categories for c in cells), found.weights, strict=True))
    for (categories, _weight), weight in zip(people, plain, strict=True):
        assert by_cell[categories] == pytest.approx(weight, abs=2e-3)
    total = sum(w * p[1] for w, p in zip(plain, people, strict=True))
    squares = sum((w * p[1]) ** 2 for w, p in zip(plain, people, strict=True))
    assert found.n_eff == pytest.approx(total**2 / squares, rel=5e-3)


@given(people(unknown=False), st.lists(st.floats(0.35, 2.8), min_size=6, max_size=6))
def test_shares_that_can_be_reached_are_reached(people: People, weights: list[float]) -> None:
    """Shares made by weights within the bounds: then such weights exist, and some are found."""
    counts = Counter(categories for categories, _weight in people)
    mine = dict(zip(((a, x) for a in "abc" for x in "xy"), weights, strict=True))
    mean = sum(mine[key] * n for key, n in counts.items()) / len(people)
    assume(all(0.3 <= weight / mean <= 3 for weight in weights))
    cells = [RakingCell(key, n, n, n) for key, n in counts.items()]
    wanted: list[dict[Any, float]] = []
    for d in range(2):
        sums: dict[Any, float] = {}
        for key, n in counts.items():
            sums[key[d]] = sums.get(key[d], 0.0) + mine[key] * n
        wanted.append({name: s / sum(sums.values()) for name, s in sums.items()})
    found = rake(cells, wanted)
    assert found.is_reached
    for margins in found.margins:
        for margin in margins:
            assert margin.after == pytest.approx(margin.target, abs=5e-4)


def test_a_group_that_nobody_is_of_is_named_and_the_others_share_the_rest() -> None:
    found = rake(
        [RakingCell(("young",), 30, 30, 30), RakingCell(("middle",), 30, 30, 30)],
        [{"young": 0.2, "middle": 0.4, "old": 0.4}],
    )
    assert [m.category for m in found.margins[0] if m.is_empty] == ["old"]
    assert not found.is_reached
    assert found.weights == pytest.approx((2 / 3, 4 / 3))


def test_what_the_bounds_forbid_is_approached_and_said() -> None:
    found = rake(
        [RakingCell(("few",), 1, 1, 1), RakingCell(("many",), 99, 99, 99)],
        [{"few": 0.5, "many": 0.5}],
    )
    assert not found.is_reached
    assert found.weights[0] == pytest.approx(3)
    assert found.weights[1] == pytest.approx((100 - 3) / 99)
    assert found.trimmed == 1
    assert found.margins[0][0].after == pytest.approx(0.03)


def test_contradicting_shares_end() -> None:
    """All of a are x: a cannot be a tenth and x nine tenths."""
    found = rake(
        [RakingCell(("a", "x"), 50, 50, 50), RakingCell(("b", "y"), 50, 50, 50)],
        [{"a": 0.1, "b": 0.9}, {"x": 0.9, "y": 0.1}],
    )
    assert not found.is_reached
    assert all(0.3 <= weight <= 3 for weight in found.weights)


def test_who_is_not_known_weighs_one() -> None:
    cells = [
        RakingCell(("w",), 60, 60, 60),
        RakingCell(("m",), 40, 40, 40),
        RakingCell((None,), 7, 7, 7),
    ]
    found = rake(cells, [{"w": 0.5, "m": 0.5}])
    assert found.weights[2] == 1
    assert found.unknown == (7,)
    assert found.n == 107


@pytest.mark.parametrize(
    ("targets", "bounds"),
    [
        ([{"w": 0.5, "m": 0.4}], (0.3, 3.0)),
        ([{"w": 1.2, "m": -0.2}], (0.3, 3.0)),
        ([{"w": 0.5, "m": 0.5}], (1.1, 3.0)),
        ([{"w": 0.5, "m": 0.5}], (0.0, 3.0)),
        ([{"w": 0.5, "m": 0.5}], (0.3, math.inf)),
        ([{"w": 0.5, "m": math.nan}], (0.3, 3.0)),
    ],
)
def test_impossible_orders_are_refused(targets: Any, bounds: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match=r"weight|share"):
        rake([RakingCell(("w",), 1, 1, 1)], targets, low=bounds[0], high=bounds[1])


def test_nobody_answered() -> None:
    found = rake([], [{"w": 0.5, "m": 0.5}])
    assert (found.n, found.n_eff, found.weights) == (0, 0.0, ())
