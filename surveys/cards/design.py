"""What stands on a table card, in one language: plain values for the page and the PDF."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.answering.languages import Language, language
from surveys.cards.codes import Code, code
from surveys.models import Link
from surveys.questionnaire import Questionnaire, in_language

FORMATS: Final = ("a6", "four", "sticker")
CODE_MM: Final = {"a6": 54.0, "four": 54.0, "sticker": 34.0}
LONGEST: Final = {"title": 80, "back": 200}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


@dataclass(frozen=True)
class Card:
    """One card. ``points`` are the lines of the back, empty where it has none."""

    language: Language
    brand: str
    title: str
    subtitle: str
    code: Code
    short: str
    place: str
    others: str
    format: str
    points: tuple[tuple[str, str], ...]
    foot: str
    back_title: str

    @property
    def code_mm(self) -> float:
        return CODE_MM[self.format]

    @property
    def short_parts(self) -> tuple[str, str]:
        """The address up to its last slash, and the code that people type."""
        before, _slash, last = self.short.rpartition("/")
        return before + "/", last


def chosen(
    saved: Mapping[str, Any], data: Mapping[str, Any], languages: list[str]
) -> dict[str, Any]:
    """How a card shall look: what was saved, changed by what an address or a form says."""
    found = {name: saved[name] for name in ("language", "back", "format") if name in saved}
    found["title"] = dict(saved.get("title", {}))
    found["change"] = dict(saved.get("change", {}))
    if data.get("language") in languages:
        found["language"] = data["language"]
    if found.get("language") not in languages:
        found["language"] = languages[0]
    if data.get("format") in FORMATS:
        found["format"] = data["format"]
    if found.get("format") not in FORMATS:
        found["format"] = "a6"
    if "back" in data:
        found["back"] = data["back"] == "1"
    found.setdefault("back", True)
    for name, longest in (("title", LONGEST["title"]), ("change", LONGEST["back"])):
        if name in data:
            text = " ".join(_CONTROL.sub(" ", data[name]).split())[:longest]
            found[name][found["language"]] = text
    return found


def card(
    link: Link, questionnaire: Questionnaire, look: Mapping[str, Any], address: str, short: str
) -> Card:
    """The card of a link as ``look`` (of ``chosen``) says."""
    spoken = language(look["language"])
    with translation.override(spoken.words):
        title = look["title"].get(spoken.code) or _first_title(questionnaire, spoken.code)
        return Card(
            language=spoken,
            brand=link.survey.workspace.name,
            title=title,
            subtitle=_subtitle(questionnaire),
            code=code(address),
            short=short,
            place=link.name,
            others=_others(questionnaire, spoken),
            format=look["format"],
            points=_points(link, questionnaire, look, spoken.code) if look["back"] else (),
            foot=_("See or delete your answers: %(address)s")
            % {"address": short.rpartition("/")[0] + "/mine"},
            back_title=_("What we do with it"),
        )


def _first_title(questionnaire: Questionnaire, code: str) -> str:
    title = in_language(questionnaire.texts.get("title", {}), code, questionnaire.languages)
    return title or _("How was your visit?")


def _subtitle(questionnaire: Questionnaire) -> str:
    """How long it takes, judged by what one person is asked at most."""
    asked = [item for item in questionnaire.items if not item.is_section]
    rotating = sum(item.rotates for item in asked)
    n = len(asked)
    if questionnaire.cap is not None:
        n -= max(0, rotating - questionnaire.cap)
    minutes = max(1, round(n / 6))
    words = [
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes},
        ngettext("%(n)d question", "%(n)d questions", n) % {"n": n},
    ]
    if questionnaire.is_anonymous:
        words.append(_("without a name"))
    return ", ".join(words) + "."


def _others(questionnaire: Questionnaire, spoken: Language) -> str:
    """A word to those who read another language of the survey, in theirs."""
    found = []
    for other in map(language, questionnaire.languages):
        if other.code != spoken.code:
            with translation.override(other.words):
                found.append(_("In %(language)s: same code.") % {"language": other.name})
    return " ".join(found[:2])


def _points(
    link: Link, questionnaire: Questionnaire, look: Mapping[str, Any], code: str
) -> tuple[tuple[str, str], ...]:
    how = _("Without your name, on your own phone.")
    if not questionnaire.is_anonymous:
        how = _("On your own phone.")
    change = look["change"].get(code, "")
    read = _("Figures are shown from %(n)d answers on.") % {"n": link.survey.k}
    found = [(_("You answer."), how), (_("We read everything."), read)]
    if change:
        found.append((_("We change something."), change))
    return tuple(found)
