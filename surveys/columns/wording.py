"""Words that tools write where a score is meant, in English and German."""

import re
from collections.abc import Iterable
from typing import Final

# Five levels each, the worst first.
_SCALES: Final = tuple(
    (kind, tuple(frozenset(level.split("|")) for level in levels))
    for kind, *levels in (
        ("csat",
         "very dissatisfied|extremely dissatisfied|very unsatisfied|completely dissatisfied",
         "dissatisfied|somewhat dissatisfied|unsatisfied|rather dissatisfied",
         "neither satisfied nor dissatisfied|neutral|neither|neither nor",
         "satisfied|somewhat satisfied|rather satisfied",
         "very satisfied|extremely satisfied|completely satisfied"),
        ("rating", "strongly disagree|completely disagree|totally disagree",
         "disagree|somewhat disagree|rather disagree",
         "neither agree nor disagree|neutral|undecided|neither|not sure",
         "agree|somewhat agree|rather agree", "strongly agree|completely agree|totally agree"),
        ("rating", "very poor|terrible|very bad|awful", "poor|bad|below average",
         "fair|average|okay|ok|acceptable|neutral", "good|above average",
         "very good|excellent|outstanding|great"),
        ("rating", "very unlikely|extremely unlikely|not at all likely",
         "unlikely|somewhat unlikely|not so likely",
         "neither likely nor unlikely|neutral|somewhat likely|not sure",
         "likely|very likely|rather likely", "extremely likely|definitely"),
        ("rating", "very difficult|extremely difficult|very hard",
         "difficult|somewhat difficult|hard",
         "neither easy nor difficult|neutral|neither difficult nor easy", "easy|somewhat easy",
         "very easy|extremely easy"),
        ("rating", "very unfavorably|very unfavorable|very negative",
         "somewhat unfavorably|somewhat unfavorable|unfavorable|negative|somewhat negative",
         "neither favorably nor unfavorably|neither favorably nor unfavorably (neutral)|neutral"
         "|neither favorable nor unfavorable",
         "somewhat favorably|somewhat favorable|favorable|positive|somewhat positive",
         "very favorably|very favorable|very positive"),
        ("csat", "sehr unzufrieden|völlig unzufrieden", "unzufrieden|eher unzufrieden",
         "weder zufrieden noch unzufrieden|weder noch|teils/teils|teils, teils|neutral|teils teils",
         "zufrieden|eher zufrieden", "sehr zufrieden|äußerst zufrieden|völlig zufrieden"),
        ("rating", "stimme überhaupt nicht zu|stimme gar nicht zu|trifft überhaupt nicht zu"
         "|trifft gar nicht zu|lehne völlig ab",
         "stimme nicht zu|stimme eher nicht zu|trifft nicht zu|trifft eher nicht zu|lehne ab",
         "neutral|weder noch|teils/teils|teils, teils|teils teils|unentschieden",
         "stimme zu|stimme eher zu|trifft zu|trifft eher zu",
         "stimme voll zu|stimme voll und ganz zu|stimme völlig zu|trifft voll zu"
         "|trifft voll und ganz zu"),
        ("rating", "sehr schlecht|schrecklich", "schlecht|eher schlecht",
         "mittel|mittelmäßig|durchschnittlich|okay|ok|neutral|weder noch|befriedigend",
         "gut|eher gut", "sehr gut|ausgezeichnet|hervorragend"),
        ("rating", "sehr schwierig|sehr schwer|äußerst schwierig",
         "schwierig|eher schwierig|schwer",
         "weder einfach noch schwierig|neutral|weder noch", "einfach|eher einfach|leicht",
         "sehr einfach|äußerst einfach|sehr leicht"),
    )
)  # fmt: skip
_NEVER: Final = re.compile(
    r"never\Z|(never|not|did ?n.?t|did not|have ?n.?t|have not) (been )?used?\b|did not use|n/?a\Z"
    r"|not applicable|does not apply|doesn.t apply|(nie|nicht) (genutzt|benutzt|verwendet|besucht)"
    r"|trifft nicht zu\Z|entfällt|not visited|never visited|unfamiliar|.{0,30}\bnever used\b"
)
_NONE: Final = re.compile(
    r"no answer|not answered|seen, not answered|skipped|unknown\Z"
    r"|no response|no opinion|(i )?don.?t know|(i )?do not know|prefer not|refused|not sure\Z"
    r"|keine (angabe|antwort|meinung)|k\. ?a\.?\Z|weiß (es )?nicht|weiss nicht|missing|not asked"
)
_NUMBERED: Final = re.compile(r"(\d{1,2})\s*(?:[-–—:=.)(]\s*(?P<words>\D.*))?\Z")


def is_never_used(words: str) -> bool:
    return bool(_NEVER.match(_plain(words)))


def is_no_answer(words: str) -> bool:
    return bool(_NONE.match(_plain(words)))


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("’", "'").split())


def scale_of_words(values: Iterable[str]) -> tuple[str, dict[str, int]] | None:
    """(kind, words → 1 to 5) where all values are levels of one known scale."""
    plain = {value: _plain(value) for value in values}
    for kind, levels in _SCALES:
        scores = {
            value: score
            for value, word in plain.items()
            for score, level in enumerate(levels, 1)
            if word in level
        }
        if len(scores) == len(plain) and len(set(scores.values())) > 1:
            return kind, scores
    return None


def scale_of_numbers(values: Iterable[str]) -> dict[str, int] | None:
    """Words → score where every value begins with its score, as in "10 - Extremely likely"."""
    scores: dict[str, int] = {}
    worded = 0
    for value in values:
        match = _NUMBERED.match(value.strip())
        if not match or len(value) > 60:
            return None
        scores[value] = int(match[1])
        worded += bool(match["words"])
    # One score that goes by two names would be a list of answers with numbers.
    if not worded or len(set(scores.values())) < len(scores) or max(scores.values()) > 10:
        return None
    return scores
