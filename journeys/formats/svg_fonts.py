"""How wide words are, and how they break into lines: pictures and papers lay out their own text.

The measures are those of the two fonts of the application, ``cxm.fonts``. Characters that the fonts
lack are measured by their kind.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from fontTools.ttLib import TTFont

from cxm import hyphens
from cxm.fonts import FACES, SYSTEM, Face, path

__all__ = ["FACES", "SYSTEM", "Face", "clean", "covers", "path", "width"]


@cache
def _widths(face: Face) -> dict[int, float]:
    """Character → width in ems."""
    with TTFont(path(face)) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"]
        return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}


def covers(face: Face, text: str) -> bool:
    widths = _widths(face)
    return all(ord(letter) in widths for letter in text)


def width(text: str, size: float, face: Face = "sans") -> float:
    """The width of one line in the unit of ``size``."""
    widths = _widths(face)
    return size * sum(
        found if (found := widths.get(ord(letter))) is not None else _foreign(letter)
        for letter in text
    )


def _foreign(letter: str) -> float:
    """A letter of no font of ours: marks take no room, wide characters a square."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 1.3
    return 0.7


def clean(text: str) -> str:
    """Without what no file may hold: control characters, halves of pairs, non-characters."""
    return "".join(letter for letter in text.replace("\r\n", "\n") if _is_written(letter))


def _is_written(letter: str) -> bool:
    code = ord(letter)
    if code < 0x20:
        return letter in "\n\t"
    return not (0x7F <= code < 0xA0 or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE)


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def wrap(text: str, room: float, size: float, face: Face = "sans") -> list[str]:
    """A text in lines that fit ``room``; its own line breaks stay, long words are cut."""
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        line, used = "", 0.0
        gap = width(" ", size, face)
        for word in _fitting(paragraph, room, size, face):
            wide = width(word, size, face)
            if line and used + gap + wide <= room:
                line, used = f"{line} {word}", used + gap + wide
            else:
                if line:
                    lines.append(line)
                line, used = word, wide
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _fitting(text: str, room: float, size: float, face: Face) -> Iterator[str]:
    """The words of a text; one that is too long for a line comes in pieces."""
    for word in text.split():
        rest = word
        while len(rest) > 1 and width(rest, size, face) > room:
            at, hyphen = _cut(rest, room, size, face)
            yield rest[:at] + hyphen
            rest = rest[at:]
        yield rest


def _cut(word: str, room: float, size: float, face: Face) -> tuple[int, str]:
    """Where a word breaks: between syllables if one fits, else after the last letter that does."""
    fits, used = 1, 0.0
    for place, letter in enumerate(word):
        used += width(letter, size, face)
        if used > room:
            break
        fits = place + 1
    fits = min(fits, len(word) - 1)
    hyphen = width("-", size, face)
    for place in reversed(hyphens.cuts(word[:80])):
        sign = "" if word[place - 1] in "-/" else "-"
        if place <= fits and width(word[:place], size, face) + (hyphen if sign else 0) <= room:
            return place, sign
    return fits, ""


def shortened(text: str, room: float, size: float, face: Face = "sans") -> str:
    """One line that fits, with an ellipsis where it had to be cut."""
    text = " ".join(clean(text).split())
    if width(text, size, face) <= room:
        return text
    while text and width(f"{text}…", size, face) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
