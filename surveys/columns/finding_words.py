"""What was found in one column: words for a person, counts for the page."""

from dataclasses import dataclass

from django.utils.translation import ngettext

from cxm.templatetags.ui import number


@dataclass(frozen=True)
class Found:
    """``level``: ok, warn (look at it), err (decide), out. Counts are of the lines looked at."""

    level: str
    words: str
    strong: str = ""
    asks_month: bool = False
    # Two (format, day as it would be read) to choose from.
    orders: tuple[tuple[str, str], ...] = ()
    scored: int = 0
    never_used: int = 0
    no_answer: int = 0
    left_empty: int = 0

    @property
    def answers(self) -> int:
        return self.scored + self.never_used + self.no_answer


def counted_words(n: int) -> str:
    return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": number(n)}
