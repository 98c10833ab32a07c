"""No hidden cell can be had by subtraction: checked with linear algebra over whole tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.insights.suppression import TOTAL, hidden_cells, hidden_row, hidden_steps
from tests import oracles

K = 5
Table = dict[tuple[str, str], int]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Counts of up to 5 × 5 groups with totals, some of which count people of no group."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    count = st.one_of(st.integers(0, 9), st.integers(0, 40))
    table = {(f"r{r}", f"c{c}"): draw(count) for r in range(height) for c in range(width)}
    beyond = draw(st.booleans())
    for r in range(height):
        row = sum(table[f"r{r}", f"c{c}"] for c in range(width))
        table[f"r{r}", TOTAL] = row + (draw(st.integers(0, 6)) if beyond else 0)
    if draw(st.booleans()):
        for c in range(width):
            table[TOTAL, f"c{c}"] = sum(table[f"r{r}", f"c{c}"] for r in range(height))
        table[TOTAL, TOTAL] = sum(table[f"r{r}", TOTAL] for r in range(height))
    return table


def test_small_cells_are_hidden_and_one_more_where_a_total_is_shown() -> None:
    assert hidden_row([3, 40, 12], k=5) == (True, False, False)
    assert hidden_row([3, 40, 12], k=5, total=55) == (True, False, True)
    assert hidden_row([30, 40, 12], k=5, total=82) == (False, False, False)


def test_two_small_cells_hide_a_third_while_they_are_too_few_together() -> None:
    assert hidden_row([2, 1, 20, 9], k=5, total=32) == (True, True, False, True)
    assert hidden_row([3, 4, 20, 9], k=5, total=36) == (True, True, False, False)


def test_people_of_no_segment_protect_a_hidden_cell() -> None:
    assert hidden_row([3, 40, 12], k=5, total=75) == (True, False, False)
    assert hidden_row([3, 40, 12], k=5, total=56) == (True, False, True)


def test_few_people_of_no_segment_hide_nothing_alone() -> None:
    assert hidden_row([40, 12], k=5, total=54) == (False, False)


def test_an_empty_cell_hides_nothing() -> None:
    assert hidden_row([0, 40, 12], k=5, total=52) == (False, False, False)


def test_a_hidden_cell_is_not_given_away_by_its_column() -> None:
    rows = {"a": (3, 20, 30), "b": (25, 15, 18), "c": (40, 50, 60)}
    table: Table = {(r, f"c{i}"): n for r, found in rows.items() for i, n in enumerate(found)}
    for row, found in rows.items():
        table[row, TOTAL] = sum(found)
    for i in range(3):
        table[TOTAL, f"c{i}"] = sum(found[i] for found in rows.values())
    table[TOTAL, TOTAL] = sum(map(sum, rows.values()))
    assert hidden_cells(table, k=5) == {("a", "c0"), ("a", "c1"), ("b", "c0"), ("b", "c1")}


def test_a_way_round_is_found_beyond_the_lines_of_a_cell() -> None:
    rows = {"a": (1, 6, 12), "b": (26, 56, 85), "c": (0, 2, 2), "d": (6, 4, 10), "e": (11, 27, 43)}
    table: Table = {(r, f"c{i}"): found[i] for r, found in rows.items() for i in (0, 1)}
    table |= {(r, TOTAL): found[2] for r, found in rows.items()}
    table |= {(TOTAL, "c0"): 44, (TOTAL, "c1"): 95, (TOTAL, TOTAL): 152}
    hidden = hidden_cells(table, k=5)
    assert ("d", "c1") in hidden
    assert not oracles.determined_cells(table, hidden, TOTAL)


def test_cells_that_overlap_hide_only_themselves() -> None:
    assert hidden_row([12, 3, 12], k=5, total=12) == (False, True, False)


def test_the_curve_of_one_segment_hides_what_would_give_another_away() -> None:
    counts = {("pay", "guests"): 3, ("pay", "regulars"): 30, ("sit", "guests"): 9}
    counts["sit", "regulars"] = 40
    totals = {"pay": 33, "sit": 49}
    assert hidden_steps(counts, totals, "guests", k=5) == {"pay"}
    assert hidden_steps(counts, totals, "regulars", k=5) == {"pay"}


def test_k_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="k must"):
        hidden_row([1], k=0)


@given(tables())
def test_no_hidden_cell_follows_from_the_others(table: Table) -> None:
    hidden = hidden_cells(table, k=K)
    assert {cell for cell, n in table.items() if 0 < n < K} <= hidden
    assert not [cell for cell in hidden if table[cell] == 0]
    assert not oracles.determined_cells(table, hidden, TOTAL)


@given(tables())
def test_what_follows_together_has_k_answers(table: Table) -> None:
    hidden = hidden_cells(table, k=K)
    for row in {r for r, _ in table}:
        if (row, TOTAL) in table and (row, TOTAL) not in hidden:
            shown = sum(n for (r, c), n in table.items() if r == row and c != TOTAL
                        and (r, c) not in hidden)  # fmt: skip
            left = table[row, TOTAL] - shown
            assert left >= K or not any(r == row and c != TOTAL for r, c in hidden)


@given(tables())
def test_safe_tables_stay_whole(table: Table) -> None:
    large = {cell: n * K * 3 for cell, n in table.items()}
    assert hidden_cells(large, k=K) == frozenset()


@given(tables())
def test_hiding_again_hides_no_more(table: Table) -> None:
    hidden = hidden_cells(table, k=K)
    assert hidden_cells(table, k=K, forced=hidden) == hidden
