"""Earlier answers inside of later texts: "You said {q1}. What went wrong?"."""

import re
from typing import Final

from surveys.models.words import Kind
from surveys.questionnaire.definition import Item, Questionnaire, Texts, in_language
from surveys.questionnaire.rules import Replies, Reply, says_something

# {q3}, or with words for the case that nothing was said: {q3|your order}
_PLACE: Final = re.compile(r"\{([A-Za-z][\w-]*)(?:\|([^{}]*))?\}")


def piped(texts: Texts, *, questionnaire: Questionnaire, replies: Replies, language: str) -> str:
    """The text in a language, with what was said put in. Plain text: templates escape it."""
    keys = {item.key: item for item in questionnaire.items}

    def said(match: re.Match[str]) -> str:
        item = keys.get(match[1])
        if item is None:
            return match[0]
        words = label(item, replies.get(item.id, {}), questionnaire, language)
        return words or match[2] or "…"

    return _PLACE.sub(said, in_language(texts, language, questionnaire.languages))


def mentions(texts: Texts) -> set[str]:
    """The keys of the questions that a text refers to, over all languages."""
    return {match[1] for text in texts.values() for match in _PLACE.finditer(text)}


def label(item: Item, reply: Reply, questionnaire: Questionnaire, language: str) -> str:
    """What was said, in words; "" where nothing was."""
    if not says_something(reply):
        return ""
    if "text" in reply:
        return str(reply["text"])
    if item.kind == Kind.MATRIX:
        names = [part.place for part in item.parts if part.id in reply.get("used", ())]
        return ", ".join(names)
    codes = [reply["score"]] if "score" in reply else list(reply.get("codes", ()))
    words = [_word(item, code, questionnaire, language) for code in codes]
    return ", ".join([*words, *([reply["other"]] if reply.get("other") else [])])


def _word(item: Item, code: int, questionnaire: Questionnaire, language: str) -> str:
    option = item.option(code)
    word = in_language(option.texts, language, questionnaire.languages) if option else ""
    return word or str(code)
