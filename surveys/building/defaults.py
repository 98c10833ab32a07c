"""What a new question starts with, per kind, in German and in English."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from surveys.models import Kind

Words = Mapping[str, str]

_TEXTS: Final[dict[Kind, Words]] = {
    Kind.FACES: {"en": "How was it?", "de": "Wie war es?"},
    Kind.RATING: {"en": "How do you rate it?", "de": "Wie bewerten Sie es?"},
    Kind.MATRIX: {
        "en": "Which of these did you use?",
        "de": "Was davon haben Sie genutzt?",
    },
    Kind.NPS: {
        "en": "How likely are you to recommend us?",
        "de": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
    },
    Kind.CSAT: {"en": "How satisfied are you?", "de": "Wie zufrieden sind Sie?"},
    Kind.CES: {
        "en": "It was easy to get what I wanted.",
        "de": "Es war einfach, zu bekommen, was ich wollte.",
    },
    Kind.CHOICE: {"en": "Is this your first visit?", "de": "Sind Sie zum ersten Mal hier?"},
    Kind.SEVERAL: {"en": "Which of these apply?", "de": "Was davon trifft zu?"},
    Kind.RANKING: {
        "en": "What matters most to you?",
        "de": "Was ist Ihnen am wichtigsten?",
    },
    Kind.TEXT: {"en": "What should we know?", "de": "Was sollten wir wissen?"},
    Kind.CONSENT: {
        "en": "May we contact you about your answers?",
        "de": "Dürfen wir Sie zu Ihren Antworten ansprechen?",
    },
    Kind.SECTION: {"en": "Section", "de": "Abschnitt"},
}
_OF_TOUCHPOINT: Final = {"en": "%s: how was it?", "de": "%s: Wie war es?"}

_FACES: Final[dict[int, Words]] = {
    1: {"en": "very bad", "de": "sehr schlecht"},
    2: {"en": "bad", "de": "schlecht"},
    3: {"en": "so-so", "de": "mittel"},
    4: {"en": "good", "de": "gut"},
    5: {"en": "very good", "de": "sehr gut"},
}
_TWO: Final[dict[int, Words]] = {
    1: {"en": "Answer 1", "de": "Antwort 1"},
    2: {"en": "Answer 2", "de": "Antwort 2"},
}
_OPTIONS: Final[dict[Kind, dict[int, Words]]] = {
    Kind.FACES: _FACES,
    Kind.MATRIX: _FACES,
    Kind.RATING: {
        1: {"en": "very bad", "de": "sehr schlecht"},
        5: {"en": "very good", "de": "sehr gut"},
    },
    Kind.NPS: {
        0: {"en": "not at all likely", "de": "äußerst unwahrscheinlich"},
        10: {"en": "extremely likely", "de": "äußerst wahrscheinlich"},
    },
    Kind.CSAT: {
        1: {"en": "very dissatisfied", "de": "sehr unzufrieden"},
        2: {"en": "dissatisfied", "de": "unzufrieden"},
        3: {"en": "neither", "de": "teils, teils"},
        4: {"en": "satisfied", "de": "zufrieden"},
        5: {"en": "very satisfied", "de": "sehr zufrieden"},
    },
    Kind.CES: {
        1: {"en": "disagree strongly", "de": "stimme gar nicht zu"},
        4: {"en": "neither", "de": "teils, teils"},
        7: {"en": "agree strongly", "de": "stimme voll zu"},
    },
    Kind.CHOICE: {1: {"en": "Yes", "de": "Ja"}, 2: {"en": "No", "de": "Nein"}},
    Kind.SEVERAL: _TWO,
    Kind.RANKING: _TWO,
}
SCALES: Final = {
    Kind.FACES: (1, 5),
    Kind.RATING: (1, 5),
    Kind.NPS: (0, 10),
    Kind.CSAT: (1, 5),
    Kind.CES: (1, 7),
}
# The ends of these are part of what they are.
FIXED_SCALES: Final = (Kind.FACES, Kind.NPS)
OTHER: Final = {"en": "Other", "de": "Anderes"}
SURVEY_TEXTS: Final[dict[str, Words]] = {
    "intro": {
        "en": "A few short questions. Every answer helps.",
        "de": "Ein paar kurze Fragen. Jede Antwort hilft.",
    },
    "thanks": {
        "en": "Thank you. Your answers have arrived.",
        "de": "Vielen Dank. Ihre Antworten sind angekommen.",
    },
    "closed": {
        "en": "This survey is closed. Thank you for coming by.",
        "de": "Diese Umfrage ist beendet. Danke, dass Sie da sind.",
    },
}


def spoken(words: Words, languages: Iterable[str]) -> dict[str, str]:
    """The words in those of the languages that are known here: "de-AT" reads "de"."""
    found = {code: words.get(code, words.get(code.split("-")[0], "")) for code in languages}
    return {code: text for code, text in found.items() if text}


def texts(kind: Kind, languages: Iterable[str], *, place: str = "") -> dict[str, str]:
    """The first wording of a question, naming its touchpoint where it has one."""
    if place and kind in (Kind.FACES, Kind.RATING):
        return {code: text % place for code, text in spoken(_OF_TOUCHPOINT, languages).items()}
    return spoken(_TEXTS[kind], languages)


def options(kind: Kind, languages: Iterable[str]) -> list[dict[str, Any]]:
    """[{"code", "texts"}]: what can be chosen, or the words of a scale."""
    languages = list(languages)
    return [
        {"code": code, "texts": spoken(words, languages)}
        for code, words in _OPTIONS.get(kind, {}).items()
    ]


def survey_texts(name: str, languages: Iterable[str]) -> dict[str, dict[str, str]]:
    """Title, greeting, thanks and what those read who come too late."""
    languages = list(languages)
    known = {part: spoken(words, languages) for part, words in SURVEY_TEXTS.items()}
    return {"title": {languages[0]: name}, **known}
