"""Long words in narrow places: lines that break between syllables, for names in drawn labels.

The rule is the one that German spelling gives for words of unknown parts: one consonant goes to
the next syllable, and ch, ck, ph, sch and th stay together. It suits English well enough.
"""

import re
from typing import Final

_SHORTEST: Final = 3  # letters that stand on either side of a hyphen
_SYLLABLE = re.compile(r"(?<=.)(?:sch|ch|ck|ph|th|qu|[bcdfghjklmnpqrstvwxzß])(?=[aeiouyäöü])", re.I)


def cuts(word: str) -> list[int]:
    """Where a word may be cut, in order: "Bewertungen" → [5, 8], Bewer-tun-gen."""
    places = {found.start() for found in _SYLLABLE.finditer(word)}
    places |= {place for place in range(1, len(word)) if word[place - 1] in "-/"}
    return sorted(place for place in places if _SHORTEST <= place <= len(word) - _SHORTEST)


def lines(text: str, width: int) -> list[str]:
    """A text in lines of at most ``width`` letters, 4 or more; only a longer word is cut."""
    found: list[str] = []
    for word in text.split():
        for piece in _pieces(word, width):
            if found and len(found[-1]) + 1 + len(piece) <= width:
                found[-1] += f" {piece}"
            else:
                found.append(piece)
    return found


def _pieces(word: str, width: int) -> list[str]:
    """The largest pieces that fit; two that follow each other are too long for one line."""
    pieces = []
    while len(word) > width:
        fitting = [place for place in cuts(word) if place + len(_hyphen(word, place)) <= width]
        place = max(fitting, default=width - 1)
        pieces.append(word[:place] + _hyphen(word, place))
        word = word[place:]
    return [*pieces, word]


def _hyphen(word: str, place: int) -> str:
    return "" if word[place - 1] in "-/" else "-"
