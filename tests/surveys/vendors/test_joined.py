"""Several options in one cell: found, and taken apart."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.columns.joined import joined, taken_apart
from surveys.columns.wording import scale_of_numbers, scale_of_words
from surveys.scales import CodeBook, is_chosen, own_words, rank_of

OPTION = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("values", "separator", "options"),
    [
        ({"A;B": 3, "A": 2, "B;C": 2}, ";", ["A", "B", "C"]),
        ({"A;B;": 3, "A;": 2, "B;C;": 2}, ";", ["A", "B", "C"]),
        ({"A, B": 3, "A": 2, "B, C": 2}, ", ", ["A", "B", "C"]),
        ({" / Yoga / Run": 2, " / Run": 3, " / Yoga": 1}, " / ", ["Run", "Yoga"]),
        # Two pieces that only ever stand together are one option.
        ({"Clean, tidy": 3, "Clean, tidy, Quiet": 2, "Quiet": 3}, ", ", ["Clean, tidy", "Quiet"]),
    ],
)
def test_options_are_found(values: dict[str, int], separator: str, options: list[str]) -> None:
    found = joined(values)
    assert found is not None
    assert (found.separator, sorted(found.options)) == (separator, sorted(options))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"A": 5, "B": 3},
        {"1,5": 4, "2,5": 3},
        {"Finance / Business": 4, "Trades / Crafts": 5, "Arts": 3},
        {"Yes, the package": 4, "Yes, by hand": 5, "No": 3},
        {"Nice, but loud": 1, "Good coffee, slow service": 1, "No, thanks": 1},
        {"2026/03/01, 10:00": 1, "2026/03/02, 11:00": 1},
    ],
)
def test_texts_and_numbers_are_no_options(values: dict[str, int]) -> None:
    assert joined(values) is None


def test_an_option_may_hold_the_separator() -> None:
    options = sorted(["Clean, tidy", "Clean", "Quiet"], key=len, reverse=True)
    assert taken_apart("Clean, tidy, Quiet", ", ", options) == (["Clean, tidy", "Quiet"], [])
    assert taken_apart("Clean, Soup, hot", ", ", options) == (["Clean"], ["Soup", "hot"])


@given(st.lists(OPTION, min_size=1, max_size=6, unique=True), st.sampled_from([";", ", ", "|"]))
def test_what_is_joined_is_taken_apart(options: list[str], separator: str) -> None:
    assume(not any(sign in option for option in options for sign in ";,|"))
    longest = sorted(options, key=len, reverse=True)
    assert taken_apart(separator.join(options), separator, longest) == (options, [])
    assert taken_apart(separator.join(options) + separator, separator, longest) == (options, [])


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=6), max_size=5))
def test_any_cell_comes_to_an_end(cell: str, options: list[str]) -> None:
    longest = sorted((o for o in options if o.strip()), key=len, reverse=True)
    known, others = taken_apart(cell, ";", longest)
    assert set(known) <= set(options)
    assert all(isinstance(text, str) for text in others)


@given(st.dictionaries(st.text(max_size=20), st.integers(1, 50), max_size=20))
def test_any_values_are_looked_at(values: dict[str, int]) -> None:
    found = joined(values)
    assert found is None or len(found.options) > 1
    scale_of_words(values)
    scale_of_numbers(values)


def test_words_for_scores() -> None:
    assert scale_of_words(["Sehr zufrieden", "weder noch"]) == (
        "csat", {"Sehr zufrieden": 5, "weder noch": 3},
    )  # fmt: skip
    assert scale_of_words(["On foot", "By bike"]) is None
    assert scale_of_numbers(["10 - Extremely likely", "7"]) == {"10 - Extremely likely": 10, "7": 7}
    assert scale_of_numbers(["18 - 24", "25 - 34"]) is None
    assert scale_of_numbers(["1", "2"]) is None


def test_halves_and_hundredths_are_whole_scores() -> None:
    stars = CodeBook(scale=(2, 10), times=2)
    assert [stars.read(cell) for cell in ("4.5", "4,5", "5", "6", "five")] == [
        (0, 9), (0, 9), (0, 10), None, None,
    ]  # fmt: skip
    words = CodeBook(scale=(1, 5), scores={"Good": 4}, never_used=["n/a"])
    assert words.read("Good") == (0, 4)
    assert words.read("n/a") == (1, None)
    assert words.read("4") is None


def test_cells_of_one_option() -> None:
    assert [is_chosen(cell) for cell in ("Yes", "x", "1", "Soup", "No", "0", "", " ")] == [
        True, True, True, True, False, False, False, False,
    ]  # fmt: skip
    assert (own_words("Soup", "Other"), own_words("Coffee", "Coffee")) == ("Soup", "")
    assert [rank_of(cell) for cell in ("1", "2.0", "0", "x", "", "999")] == [
        1, 2, None, None, None, None,
    ]  # fmt: skip
