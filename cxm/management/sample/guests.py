"""The invented guests: who came when, how they felt, what they wrote.

Pure: the same seed and day give the same guests. A guest's score of a touchpoint is what the
touchpoint is like, plus what this kind of guest makes of it, plus the guest's own mood, plus
chance, rounded onto the scale. Exactly one thing changes over time: after ``CHANGE_AFTER`` days
a second barista works and the wait gets shorter. Nothing else moves.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from cxm.management.sample.cafe import RATINGS, SEGMENTS
from cxm.management.sample.comments import COMMENTS

SEED = 1864
DAYS = 122
CHANGE_AFTER = 61
GUESTS = 400
REVIEWS = 56


@dataclass(frozen=True)
class Experience:
    """What a touchpoint is like (1–5), who has no contact with it, what kinds of guest differ."""

    level: float
    unmet: float
    by_segment: dict[str, float] = field(default_factory=dict)


EXPERIENCES = {
    "plakat": Experience(3.2, 0.55, {"Touristen": 0.2}),
    "suche": Experience(3.2, 0.62, {"Touristen": 0.3}),
    "fenster": Experience(4.0, 0.15),
    "portal": Experience(3.9, 0.52, {"Touristen": 0.3}),
    "bekannte": Experience(4.3, 0.55, {"Stammgast": 0.2}),
    "website": Experience(2.9, 0.48, {"Touristen": -0.5}),
    "instagram": Experience(3.8, 0.62),
    "platz": Experience(3.5, 0.10, {"Touristen": -0.3, "Mittags": -0.3}),
    "team": Experience(4.4, 0.02, {"Stammgast": 0.2}),
    "karte": Experience(3.8, 0.08, {"Touristen": -0.5}),
    "warten": Experience(1.8, 0.05, {"Morgens": -0.3, "Stammgast": 0.2}),
    "kaffee": Experience(4.6, 0.06, {"Stammgast": 0.1}),
    "kuchen": Experience(4.2, 0.38),
    "raum": Experience(4.0, 0.20, {"Laufkundschaft": -0.3}),
    "wlan": Experience(3.0, 0.58),
    "kasse": Experience(3.7, 0.03),
    "erzaehlen": Experience(4.2, 0.30, {"Stammgast": 0.3, "Laufkundschaft": -0.3}),
}
SHORTER_WAIT = 1.2
# The app is so new that only these guests (counted in order) have used it.
APP_USERS = {88: 4, 207: 3, 391: 3}
NO_ANSWER = 0.03
WRITES = 0.34


@dataclass(frozen=True)
class Filled:
    """One filled survey. A score of None is "never used"; an unanswered question is absent."""

    number: int
    day: dt.date
    source: str
    segments: tuple[str, ...]
    customer: str
    scores: dict[str, int | None]
    texts: dict[str, str]


def guests(*, today: dt.date, seed: int = SEED) -> list[Filled]:
    """The filled guest surveys of the last ``DAYS`` days up to the day before ``today``."""
    chance = random.Random(seed)
    words = _Words(chance)
    days = sorted(chance.randrange(DAYS) for _ in range(GUESTS))
    return [_guest(chance, words, number, day, today) for number, day in enumerate(days)]


def reviews(*, today: dt.date, seed: int = SEED) -> list[Filled]:
    """Reviews from a portal: few, and more extreme than the survey (Hu, Zhang & Pavlou 2009)."""
    chance = random.Random(seed + 1)
    words = _Words(chance)
    days = sorted(chance.randrange(DAYS) for _ in range(REVIEWS))
    return [_review(chance, words, number, day, today) for number, day in enumerate(days)]


def _date(day: int, today: dt.date) -> dt.date:
    return today - dt.timedelta(days=DAYS - day)


def change_day(today: dt.date) -> dt.date:
    """The first day with a second barista."""
    return _date(CHANGE_AFTER, today)


def _guest(chance: random.Random, words: "_Words", number: int, day: int, today: dt.date) -> Filled:
    segments = tuple(_drawn(chance, shares) for _, shares in SEGMENTS)
    scores: dict[str, int | None] = {}
    mood = chance.gauss(0, 0.4)
    for asked in RATINGS:
        if asked.key == "app":
            scores["app"] = APP_USERS.get(number)
        elif chance.random() >= NO_ANSWER:
            scores[asked.key] = _score(chance, asked.key, segments, mood, day >= CHANGE_AFTER)
    scores |= _outcomes(chance, scores, mood)
    source = "email" if segments[0] == "Stammgast" and chance.random() < 0.4 else "qr"
    return Filled(
        number=number,
        day=_date(day, today),
        source=source,
        segments=segments,
        customer=f"gast-{chance.randrange(1, 70):04}" if source == "email" else "",
        scores=scores,
        texts=dict(words.about(scores, day)) if chance.random() < WRITES else {},
    )


def _score(
    chance: random.Random, key: str, segments: tuple[str, ...], mood: float, is_later: bool
) -> int | None:
    experience = EXPERIENCES[key]
    if chance.random() < experience.unmet:
        return None
    level = experience.level + sum(experience.by_segment.get(name, 0) for name in segments)
    if key == "warten" and is_later:
        level += SHORTER_WAIT
    return _rounded(chance.gauss(level + mood, 0.75), 1, 5)


def _outcomes(
    chance: random.Random, scores: dict[str, int | None], mood: float
) -> dict[str, int | None]:
    """Satisfaction follows coffee, team and a little the wait; recommending follows it."""
    felt = {key: score for key, score in scores.items() if score is not None}
    overall = (
        4.1
        + mood
        + 0.35 * (felt.get("kaffee", 4) - 4.5)
        + 0.30 * (felt.get("team", 4) - 4.4)
        + 0.12 * (felt.get("warten", 3) - 2.6)
    )
    satisfaction = _rounded(chance.gauss(overall, 0.5), 1, 5)
    recommend = _rounded(chance.gauss(2.1 * overall - 0.4, 1.2), 0, 10)
    return {"gesamt": satisfaction, "empfehlung": recommend}


def _review(
    chance: random.Random, words: "_Words", number: int, day: int, today: dt.date
) -> Filled:
    is_fan = chance.random() < 0.68
    level, aspects = (4.8, 4.6) if is_fan else (1.4, 2.0)
    scores: dict[str, int | None] = {"sterne": _rounded(chance.gauss(level, 0.5), 1, 5)}
    for key in ("team", "warten", "kaffee", "raum"):
        if chance.random() < 0.8:
            shift = -1.0 if key == "warten" else 0.0
            scores[f"sterne_{key}"] = _rounded(chance.gauss(aspects + shift, 0.8), 1, 5)
    text = words.take("bewertung", _mood(scores["sterne"]))
    return Filled(
        number, _date(day, today), "portal", (), "", scores, {"bewertung": text} if text else {}
    )


def _rounded(value: float, low: int, high: int) -> int:
    return max(low, min(high, round(value)))


def _drawn(chance: random.Random, shares: tuple[tuple[str, float], ...]) -> str:
    return chance.choices([name for name, _ in shares], [share for _, share in shares])[0]


def _mood(score: int | None) -> str:
    if score is None or score == 3:
        return "fair"
    return "good" if score > 3 else "bad"


class _Words:
    """Draws every comment at most once, so that no two guests write the same."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.left = {
            (key, mood): chance.sample(texts, len(texts))
            for key, moods in COMMENTS.items()
            for mood, texts in moods.items()
        }

    def take(self, key: str, mood: str) -> str:
        texts = self.left[key, mood]
        return texts.pop() if texts else ""

    def about(self, scores: dict[str, int | None], day: int) -> Iterator[tuple[str, str]]:
        """One comment, on what was met; what annoys or delights is written about first."""
        topics = [key for key in ("warten", "team", "kaffee", "kuchen", "raum") if scores.get(key)]
        topics.append("gesamt")
        self.chance.shuffle(topics)
        topics.sort(key=lambda key: -abs((scores.get(key) or 3) - 3))
        for topic in topics:
            mood = _mood(scores.get(topic))
            if topic == "warten" and mood != "bad" and day >= CHANGE_AFTER:
                mood = "better"
            if text := self.take(f"text_{topic}", mood):
                yield f"text_{topic}", text
                return
