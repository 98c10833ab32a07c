"""An answer becomes a cell and the same answer again, whatever it says."""

from hypothesis import given
from hypothesis import strategies as st

from surveys import answer_cells
from surveys.answer_cells import Given

TEXTS = st.one_of(
    st.text(min_size=1),
    st.sampled_from(
        ["never", "skipped", "unknown", "never=6", "4", "-2=x", "other=Tea", "\\", "\\4", "=1+1"]
    ),
    st.builds(
        lambda a, b: a + b, st.sampled_from(["never=", "skipped", "4=", "other="]), st.text()
    ),
)
SILENT = st.one_of(
    st.builds(Given, st.just(1), st.none(), st.one_of(st.just("never"), st.text())),
    st.builds(Given, st.just(2), st.none(), st.one_of(st.sampled_from(["", "unknown"]), st.text())),
)
WORDS = st.builds(Given, st.just(0), st.none(), TEXTS)
SCORES = st.one_of(
    st.builds(lambda n: Given(0, n, str(n)), st.integers(-1000, 1000)),
    st.builds(Given, st.just(0), st.integers(-1000, 1000), st.text()),
    st.builds(lambda words: Given(0, 0, f"other={words}"), st.text()),
)


@given(st.one_of(SILENT, WORDS))
def test_a_column_of_texts(answer: Given) -> None:
    cell = answer_cells.write(*answer, scores=False)
    assert cell
    assert answer_cells.read(cell, scores=False) == answer


@given(st.one_of(SILENT, WORDS, SCORES))
def test_a_column_of_scores(answer: Given) -> None:
    cell = answer_cells.write(*answer, scores=True)
    assert cell
    assert answer_cells.read(cell, scores=True) == answer


def test_what_people_read() -> None:
    assert answer_cells.write(0, 4, "4", scores=True) == "4"
    assert answer_cells.write(0, 0, "other=Tea", scores=True) == "other=Tea"
    assert answer_cells.write(1, None, "never", scores=True) == "never"
    assert answer_cells.write(1, None, "6", scores=True) == "never=6"
    assert answer_cells.write(2, None, "", scores=True) == "skipped"
    assert answer_cells.write(2, None, "unknown", scores=True) == "unknown"
    assert answer_cells.write(0, None, "Nice", scores=False) == "Nice"


def test_nothing_is_no_answer_and_nonsense_is_none() -> None:
    assert answer_cells.read("", scores=True) is None
    assert answer_cells.read("lovely", scores=True) is None
