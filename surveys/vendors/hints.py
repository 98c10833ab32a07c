"""What the columns of a recognised export become, from its heading and from what stands in them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from surveys.columns import Column, kinds
from surveys.columns.choice import OUT, QUESTIONS, Choice, join, split
from surveys.columns.suggesting import Hints, date_formats, is_personal
from surveys.columns.suggesting import plain as plain_name
from surveys.mapping import Mapping as RuleSet
from surveys.mapping import QuestionRule
from surveys.vendors.look import Heads
from surveys.vendors.stamps import ISO

_LANGUAGES: Final = {
    "english": "en", "englisch": "en", "german": "de", "deutsch": "de", "french": "fr",
    "français": "fr", "französisch": "fr", "spanish": "es", "español": "es", "spanisch": "es",
    "italian": "it", "italiano": "it", "italienisch": "it", "dutch": "nl", "nederlands": "nl",
    "portuguese": "pt", "polish": "pl", "japanese": "ja", "chinese": "zh",
}  # fmt: skip
_CODE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?\Z")
_SHORT: Final = 40  # characters: longer questions name a person's town without asking for it


def hints(heads: Heads) -> Hints:
    """For ``suggest``: the choice of each column."""

    def hint(column: Column, touchpoints: dict[str, str]) -> Choice:
        name = column.name
        text = heads.texts.get(name) or name
        if name in heads.meta:
            return _meta(column, heads.meta[name], touchpoints)
        if group := heads.groups.get(name):
            part = Choice(group.kind, text=group.option, name=group.text, group=group.key)
            return _not_shown(part, column, heads.not_shown)
        touchpoint = _touchpoint(text, touchpoints)
        if heads.hint and (said := heads.hint(column)):
            said = _meta(column, said, touchpoints) if not said.is_question else said
            return replace(said, touchpoint=touchpoint) if said.is_question else said
        if name in heads.rated:
            return kinds.rated(column, Choice("rating", touchpoint=touchpoint, text=text))
        found = kinds.guessed(column, text, touchpoint=touchpoint)
        found = _not_shown(found, column, heads.not_shown)
        is_open = found.becomes in ("text", "choice", "several")
        return Choice(OUT) if is_open and len(text) <= _SHORT and is_personal(text) else found

    return hint


def _not_shown(choice: Choice, column: Column, word: str) -> Choice:
    """A question that was not shown was neither answered nor is its object "never used"."""
    if not word or word not in column.codes or not (choice.is_question or choice.is_part):
        return choice
    never = [item for item in choice.never_codes if item != word]
    none = dict.fromkeys([*split(choice.none), word])
    return replace(choice, never=join(never), none=join(none))


def is_same_survey(mapping: RuleSet, heads: Heads) -> bool:
    """Whether a mapping was made for an export of the same questionnaire.

    Codes such as Q1 stand in every export of a tool: what was asked has to agree as well.
    """
    present = set(heads.names)
    if not set(mapping.columns) <= present:
        return False
    agreed = sum(_is_asked(rule, heads) for rule in mapping.questions)
    return agreed >= 0.8 * len(mapping.questions)


def _is_asked(rule: QuestionRule, heads: Heads) -> bool:
    first = rule.columns[0]
    group = heads.groups.get(first)
    asked = {heads.texts.get(first, first), group.text if group else first}
    return rule.text in asked


def _meta(column: Column, choice: Choice, touchpoints: Mapping[str, str]) -> Choice:
    if choice.becomes == "date":
        found = date_formats(column)
        # Of two ways to read them a person chooses one.
        format = "" if len(found) > 1 else found[0] if found else choice.format or ISO
        return replace(choice, format=format)
    if choice.becomes == "language":
        values = _languages(column.codes)
        return replace(choice, values=values) if values else Choice(OUT)
    if choice.becomes == "source":
        known = [line for line in choice.values.splitlines() if _is_there(line, column.codes)]
        return replace(choice, values="\n".join(known)) if known else Choice(OUT)
    if choice.becomes in QUESTIONS and not choice.touchpoint:
        choice = replace(choice, touchpoint=_touchpoint(choice.text, touchpoints))
    if choice.becomes in ("segment", "text", "id") and not column.filled:
        return Choice(OUT)
    return choice


def _is_there(line: str, codes: Mapping[str, int]) -> bool:
    return line.partition("=")[0].strip() in codes


def _languages(codes: Mapping[str, int]) -> str:
    lines = []
    for item in codes:
        found = _LANGUAGES.get(item.casefold()) or (item.lower() if _CODE.match(item) else "")
        if found and len(found) <= 8:
            lines.append(f"{item} = {found}")
    return "\n".join(lines)


def _touchpoint(text: str, touchpoints: Mapping[str, str]) -> str:
    """The touchpoint that a question is called by, whole or after its last dash or dot."""
    for part in (text, *(text.rpartition(sign)[2] for sign in (" – ", " - ", " · ", ": "))):
        if found := touchpoints.get(plain_name(part)):
            return found
    return ""
