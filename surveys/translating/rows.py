"""Every text of a questionnaire with a key that stays, and the rows of a file made of them. Pure.

A row holds the key, where the text stands, how long it may be, a mark per language of what it said
when the file was made, and the text in each language.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from surveys.building.limits import LONGEST_HELP, LONGEST_OPTION, LONGEST_TEXT
from surveys.models.words import PART_KINDS
from surveys.questionnaire import Item, Questionnaire

KEY: Final = "key"
WHERE: Final = "where"
LONGEST: Final = "at most"
MARKS: Final = "fingerprint"
COLUMNS: Final = (KEY, WHERE, LONGEST, MARKS)


@dataclass(frozen=True)
class Text:
    """One text in all languages. ``owner`` is the question's id, 0 for the survey itself.

    ``part`` is what of it: a name of the survey's texts, "text", "help", or an option's code.
    """

    key: str
    where: str
    longest: int
    texts: Mapping[str, str]
    owner: int
    part: str | int


def texts_of(questionnaire: Questionnaire) -> list[Text]:
    """All texts in the order in which a person meets them; those of no words at all too."""
    found = [*_of_survey(questionnaire)]
    number = 0
    for item in questionnaire.items:
        number += not item.is_section
        found += _of_item(item, "" if item.is_section else f"{number} · ")
    return found


def _of_survey(questionnaire: Questionnaire) -> Iterator[Text]:
    where = {
        "title": _("Title"),
        "intro": _("Greeting, on the first page"),
        "thanks": _("Thanks, on the last page"),
        "closed": _("Read by who comes too late"),
    }
    for name, words in where.items():
        texts = questionnaire.texts.get(name, {})
        yield Text(f"survey/{name}", words, LONGEST_HELP, texts, 0, name)


def _of_item(item: Item, number: str) -> Iterator[Text]:
    where = f"{number}{item.kind.label}"
    yield Text(f"{item.key}/text", where, LONGEST_TEXT, item.texts, item.id, "text")
    words = f"{where} · {_('help below the question')}"
    yield Text(f"{item.key}/help", words, LONGEST_HELP, item.help_texts, item.id, "help")
    for option in item.options:
        words = f"{where} · {_('answer %(code)d') % {'code': option.code}}"
        key = f"{item.key}/option/{option.code}"
        yield Text(key, words, LONGEST_OPTION, option.texts, item.id, option.code)
    # The words of options lie with the question that offers them, and so do those of faces.
    if item.kind in PART_KINDS:
        return
    for part in item.parts:
        words = f"{where} · {part.place or part.key}"
        yield Text(f"{part.key}/text", words, LONGEST_TEXT, part.texts, part.id, "text")


def is_wanted(text: Text) -> bool:
    """Help that nobody wrote and scores without a word need no translation."""
    return any(text.texts.values()) or text.part in ("text", "title")


def mark(text: str) -> str:
    """Six signs by which a text is known again; "" for none."""
    plain = one_newline(text)
    return hashlib.sha256(plain.encode()).hexdigest()[:6] if plain else ""


def one_newline(text: str) -> str:
    """Files and browsers disagree about ends of lines; a text does not change by that."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def marks(texts: Mapping[str, str], languages: Iterable[str]) -> str:
    """Like "de:1a2b3c en:": what each language said."""
    return " ".join(f"{code}:{mark(texts.get(code, ''))}" for code in languages)


def read_marks(value: str) -> dict[str, str]:
    """The inverse of ``marks``; what cannot be read is not there."""
    pairs = (pair.partition(":") for pair in value.split())
    return {code: sign for code, colon, sign in pairs if colon}


def header(questionnaire: Questionnaire) -> list[str]:
    return [*COLUMNS, *questionnaire.languages]


def lines(questionnaire: Questionnaire) -> Iterator[list[str]]:
    """The rows of a file: texts that somebody wrote, and questions without words."""
    languages = questionnaire.languages
    for text in texts_of(questionnaire):
        if is_wanted(text):
            said = [one_newline(text.texts.get(code, "")) for code in languages]
            yield [text.key, text.where, str(text.longest), marks(text.texts, languages), *said]


def complete(questionnaire: Questionnaire, language: str) -> tuple[int, int]:
    """(texts that are there, texts wanted) of one language."""
    wanted = [text for text in texts_of(questionnaire) if is_wanted(text)]
    return sum(bool(text.texts.get(language)) for text in wanted), len(wanted)
