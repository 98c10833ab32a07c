"""What speaks against a filling being a person's. No single hint but the trap decides."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from surveys.models.words import SCALE_KINDS
from surveys.questionnaire import Item, Replies, says_something

WEIGHTS: Final = {"trap": 4, "pace": 2, "fast": 1, "agent": 1, "crowd": 1, "alike": 1}
WORDS: Final = {
    "trap": _("Filled in a field that people do not see"),
    "fast": _("Answered within a second of opening the page"),
    "pace": _("Took less than a second per question"),
    "agent": _("Called itself a program"),
    "crowd": _("Many fillings from one connection within minutes"),
    "alike": _("The same score for every question"),
}
"""Why a filling is held back, in words for the team."""

ENOUGH: Final = 4
"""From this sum of weights on a filling waits for somebody who looks at it."""

SHORTEST: Final = 1.0  # seconds that the shortest page takes a person
_ALIKE_FROM = 6  # so many scales in a row with one score say something

_PROGRAMS = (
    *("bot", "crawler", "spider", "curl/", "wget/", "python-", "aiohttp", "httpx", "scrapy"),
    *("phantomjs", "java/", "go-http-client", "okhttp", "libwww", "node-fetch"),
)


def is_program(agent: str) -> bool:
    """Whether a User-Agent says itself that no person holds the device."""
    agent = agent.lower()
    return not agent or any(word in agent for word in _PROGRAMS)


def at_start(*, trap: str, seconds: float, agent: str, crowded: bool) -> list[str]:
    """Reasons that are known when a filling begins; ``seconds``: since the page was made."""
    found = {
        "trap": bool(trap),
        "fast": seconds < SHORTEST,
        "agent": is_program(agent),
        "crowd": crowded,
    }
    return [reason for reason, holds in found.items() if holds]


def at_end(*, shown: Sequence[Item], replies: Replies, seconds: float) -> list[str]:
    """Reasons in a whole filling; ``seconds``: from its first to its last answer."""
    said = [item for item in shown if says_something(replies.get(item.id))]
    scores = [replies[item.id].get("score") for item in said if item.kind in SCALE_KINDS]
    found = {
        "pace": len(said) > 2 and seconds < SHORTEST * (len(said) - 1),
        "alike": len(scores) >= _ALIKE_FROM and len(set(scores)) == 1,
    }
    return [reason for reason, holds in found.items() if holds]


def is_enough(reasons: Iterable[str]) -> bool:
    """Whether these reasons together hold a filling back."""
    return sum(WEIGHTS.get(reason, 0) for reason in set(reasons)) >= ENOUGH
