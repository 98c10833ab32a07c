"""Reading a raw cell: which codes are scores, "never used" or "no answer", and which are errors.

The linear map of scores onto the emotion value lives in ``cxm.statistics``.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from surveys.models import Status

_WHOLE: Final = re.compile(r"([+-]?\d{1,15})(?:[.,]0+)?\Z", re.ASCII)


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
    the codes in ``labels`` when there are some. Special codes win over scores.
    """

    def __init__(
        self,
        *,
        scale: tuple[int, int] | None,
        never_used: Iterable[str] = (),
        no_answer: Iterable[str] = (),
        labels: Iterable[str] = (),
    ) -> None:
        self.is_open = scale is None and not (labels := list(labels))
        scores = range(scale[0], scale[1] + 1) if scale else ()
        self.known: dict[str, Reading] = {str(s): Reading(Status.SCORED, s) for s in scores}
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
        return found
