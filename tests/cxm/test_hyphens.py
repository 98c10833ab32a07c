"""Names in narrow places break between syllables, and lose no letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.hyphens import cuts, lines


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Bewertungen lesen", 10, ["Bewertun-", "gen lesen"]),
        ("Tisch reservieren", 10, ["Tisch", "reservie-", "ren"]),
        ("Treuepunkte sammeln", 10, ["Treue-", "punkte", "sammeln"]),
        ("Auf die Bestellung warten", 10, ["Auf die", "Bestellung", "warten"]),
        ("E-Mail-Newsletter", 10, ["E-Mail-", "Newsletter"]),
        ("", 10, []),
        ("xxxxxxxxxxxx", 10, ["xxxxxxxxx-", "xxx"]),
    ],
)
def test_lines(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


def test_letters_that_sound_as_one_stay_together() -> None:
    assert cuts("Küchenhilfe") == [6]
    assert cuts("Bewertungen") == [5, 8]


@given(st.text(alphabet="abcdeimnoprstuäöü -/", max_size=60), st.integers(4, 20))
def test_no_line_is_too_long_and_no_letter_is_lost(text: str, width: int) -> None:
    found = lines(text, width)
    assert all(len(line) <= width for line in found)
    plain = str.maketrans("", "", " -")
    assert "".join(found).translate(plain) == text.translate(plain)
