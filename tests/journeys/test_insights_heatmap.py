"""The heatmap: cells, colours, proofs and what stays hidden."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.statistics import Histogram, holm
from journeys.insights.heatmap import Column, Row, heatmap, shade
from tests import oracles

Answers = dict[tuple[str, str], list[int]]
COLUMNS = [Column("x", "X", "Letter"), Column("y", "Y", "Letter"), Column("z", "Z", "Letter")]


def draw(answers: Answers, totals: dict[str, list[int]] | None = None, **options: object):  # type: ignore[no-untyped-def]
    rows = [Row(name, name) for name in dict.fromkeys(row for row, _ in answers)]
    cells = {key: Histogram.from_answers(found) for key, found in answers.items()}
    whole = totals or {
        row.id: [x for (r, _), found in answers.items() if r == row.id for x in found]
        for row in rows
    }
    all_ = {row: Histogram.from_answers(found) for row, found in whole.items()}
    return heatmap(rows, COLUMNS, cells, all_, **options)  # type: ignore[arg-type]


values = st.lists(st.integers(-2, 2), min_size=6, max_size=25).filter(lambda v: len(set(v)) > 1)


@given(st.lists(values, min_size=6, max_size=6))
def test_cells_are_the_means_of_their_answers_against_the_rest_of_the_row(
    groups: list[list[int]],
) -> None:
    keys = [(row, column) for row in ("a", "b") for column in ("x", "y", "z")]
    answers = dict(zip(keys, groups, strict=True))
    found = draw(answers)
    cells = [cell for row in found.rows for cell in row.cells]
    ps = []
    for cell in cells:
        own = answers[cell.row, cell.column]
        rest = [x for c in "xyz" if c != cell.column for x in answers[cell.row, c]]
        assert cell.estimate.mean == pytest.approx(statistics.fmean(own))
        expected = oracles.welch(rest, own)
        ps.append(expected[3])
        assert cell.difference.difference == pytest.approx(expected[0])
        assert cell.difference.p == pytest.approx(expected[3], abs=1e-9)
    assert found.tests == 6
    assert [cell.proven for cell in cells] == list(holm(ps))
    whole = statistics.fmean(x for group in groups for x in group)
    assert found.whole.estimate.mean == pytest.approx(whole)
    assert found.whole.shade == 4


def test_colours_are_one_class_per_distance_of_015() -> None:
    distances = (-2, -0.53, -0.52, -0.08, 0, 0.07, 0.08, 0.52, 0.53, 3)
    assert [shade(d) for d in distances] == [0, 0, 1, 3, 4, 4, 5, 7, 8, 8]


def test_a_row_never_asked_says_so_and_a_hidden_cell_shows_nothing() -> None:
    rows = [Row("a", "A"), Row("ad", "Advert", asked=False)]
    cells = {
        ("a", "x"): Histogram.from_answers([1, 2, 1]),
        ("a", "y"): Histogram.from_answers([1, 2] * 20),
        ("a", "z"): Histogram.from_answers([0, 1] * 5),
    }
    totals = {"a": cells["a", "x"] + cells["a", "y"] + cells["a", "z"]}
    found = heatmap(rows, COLUMNS, cells, totals)
    asked, never = found.rows
    assert [cell.reason for cell in asked.cells] == ["too_few", "", "complement"]
    for cell in (asked.cells[0], asked.cells[2]):
        assert (cell.n, cell.estimate, cell.difference, cell.shade) == (None, None, None, None)
    assert {cell.reason for cell in (never.all, *never.cells)} == {"never_asked"}
    assert found.tests == 1


def test_a_cell_without_answers_hides_nothing() -> None:
    found = draw({("a", "x"): [1, 2] * 5, ("a", "y"): [0, 1] * 5, ("a", "z"): []})
    assert [cell.reason for cell in found.rows[0].cells] == ["", "", "no_answers"]
    assert found.tests == 2


def test_nothing_is_compared_with_a_rest_that_is_too_small() -> None:
    found = draw({("a", "x"): [1, 2] * 5}, {"a": [1, 2] * 5 + [0, 1, 2, 2, 1]})
    assert found.rows[0].cells[0].difference is not None
    same = draw({("a", "x"): [1, 2] * 5})
    assert same.rows[0].cells[0].difference is None
    few = draw({("a", "x"): [1, 2] * 5}, {"a": [1, 2] * 5 + [0, 1]})
    assert few.rows[0].cells[0].reason == ""
    assert few.rows[0].cells[0].difference is None


def test_a_row_with_too_few_answers_hides_its_whole_and_a_neighbour() -> None:
    answers = {(row, c): [1, 2] * 8 for row in ("a", "b") for c in "xy"} | {("c", "x"): [1, 2]}
    found = draw(answers)
    assert found.rows[2].all.reason == "too_few"
    assert [row.all.reason for row in found.rows].count("complement") == 1
    assert found.whole.estimate is not None


def test_a_weighted_heatmap_compares_with_linearised_errors() -> None:
    one = Histogram.from_answers([1, 2, 0, 1, 2, 2], [1, 2, 3, 1, 1, 2])
    two = Histogram.from_answers([0, -1, 0, 1, 0, -2], [2, 1, 1, 1, 4, 1])
    cells = {("a", "x"): one, ("a", "y"): two}
    found = heatmap([Row("a", "A")], COLUMNS[:2], cells, {"a": one + two}, weighted=True)
    cell = found.rows[0].cells[0]
    assert cell.estimate is not None
    assert cell.difference is not None
    assert cell.estimate.mean == pytest.approx(one.mean(weighted=True))
    assert cell.difference.a == pytest.approx(two.mean(weighted=True))


def test_the_largest_proven_difference_comes_first() -> None:
    answers = {("a", "x"): [2, 1] * 20, ("a", "y"): [0, 1] * 20, ("a", "z"): [-2, -1] * 20}
    proven = draw(answers).proven
    assert [cell.column for cell in proven[:2]] == ["z", "x"]


def test_an_empty_heatmap_has_words_for_it() -> None:
    found = heatmap([], [], {}, {})
    assert (found.rows, found.tests, found.whole.reason) == ((), 0, "never_asked")


def test_columns_show_no_total_beside_a_small_cell() -> None:
    large = {(row, c): [1, 2] * 8 for row in ("a", "b") for c in "xyz"}
    assert {cell.reason for cell in draw(large).whole_cells} == {""}
    found = draw(large | {("b", "x"): [1, 2]})
    assert {cell.reason for cell in found.whole_cells} == {"complement"}
    assert found.whole.estimate is not None
