"""Reading a raw cell: which codes are scores, "never used" or "no answer", and which are errors.

The linear map of scores onto the emotion value lives in ``cxm.statistics``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from surveys.models import Status

_WHOLE: Final = re.compile(r"([+-]?\d{1,15})(?:[.,]0+)?\Z", re.ASCII)

_DECIMAL: Final = re.compile(r"[+-]?\d{1,4}(?:[.,]\d{1,9})?\Z", re.ASCII)


def code(raw: str) -> str:
    """The one spelling of a code: trimmed, and "5.0" and "05" are "5"."""
    text = raw.strip()
    match = _WHOLE.match(text)
    return str(int(match[1])) if match else text


class Reading(NamedTuple):
    """What a cell says; ``score`` only where the status is SCORED and the question has a scale."""

    status: Status
    score: int | None


class CodeBook:
    """What the cells of one question mean.

    With a ``scale`` every whole number of it is a score. Without one any content counts, or only
    the codes in ``labels`` when there are some. ``scores`` names the only scores there are, words
    or numbers. Numbers are multiplied by ``times``, so that 4.5 of 5 stars is 9 of 10. Special
    codes win over scores.
    """

    def __init__(
        self,
        *,
        scale: tuple[int, int] | None,
        never_used: Iterable[str] = (),
        no_answer: Iterable[str] = (),
        labels: Iterable[str] = (),
        scores: "Mapping[str, int] | None" = None,
        times: int = 1,
    ) -> None:
        self.is_open = scale is None and not (labels := list(labels))
        self.scale, self.times = scale, times
        whole = range(scale[0], scale[1] + 1) if scale and times == 1 else ()
        named = scores or {str(score): score for score in whole}
        self.known: dict[str, Reading] = {
            words: Reading(Status.SCORED, score) for words, score in named.items()
        }
        if scale is None:
            self.known |= {item: Reading(Status.SCORED, None) for item in labels}
        self.known |= {item: Reading(Status.NEVER_USED, None) for item in never_used}
        self.known |= {item: Reading(Status.NO_ANSWER, None) for item in no_answer}

    def read(self, raw: str) -> Reading | None:
        """None when the value is outside of the scale and the codes."""
        text = code(raw)
        found = self.known.get(text)
        if found is None and self.is_open and text:
            return Reading(Status.SCORED, None)
        if found is None and self.times != 1:
            return self._multiplied(text)
        return found

    def _multiplied(self, text: str) -> Reading | None:
        match = _DECIMAL.match(text)
        if match is None or self.scale is None:
            return None
        score = round(float(text.replace(",", ".")) * self.times)
        return Reading(Status.SCORED, score) if self.scale[0] <= score <= self.scale[1] else None


_NOT_CHOSEN: Final = {
    "", "0", "n", "no", "nein", "false", "falsch", "non", "n/a", "not selected", "unchecked",
}  # fmt: skip
_CHOSEN: Final = {
    "1", "y", "yes", "ja", "x", "true", "wahr", "oui", "sí", "si", "selected", "checked",
}  # fmt: skip


def is_chosen(cell: str) -> bool:
    """Whether the cell of one option says that it was chosen: anything but empty and "no"."""
    return cell.strip().casefold() not in _NOT_CHOSEN


def own_words(cell: str, option: str) -> str:
    """What a person wrote beside an option they chose; "" for a plain mark or its own name."""
    text = cell.strip()
    plain = text.casefold()
    return "" if plain in _CHOSEN or plain in _NOT_CHOSEN or text == option else text


def rank_of(cell: str) -> int | None:
    """1 to 200, or None."""
    text = code(cell)
    rank = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return rank if 1 <= rank <= 200 else None
