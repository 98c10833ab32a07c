"""A question as its page shows it: plain values for templates, in one language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from surveys.models.words import Kind
from surveys.questionnaire import Item, Questionnaire, Replies, Reply, in_language, piped
from surveys.questionnaire.replies import LONGEST_OTHER, LONGEST_TEXT, Posted

# Best first, as they stand on the page.
FACES = ("great", "good", "neutral", "bad", "awful")


@dataclass(frozen=True)
class Choice:
    """One thing to choose. ``face`` is a name of ``FACES``, ``rank`` the place that was given."""

    code: int
    label: str
    is_chosen: bool = False
    face: str = ""
    rank: int | None = None
    shows_number: bool = True


@dataclass(frozen=True)
class Row:
    """One touchpoint of a matrix; ``used`` is None where nothing was said."""

    id: int
    name: str
    used: bool | None


@dataclass(frozen=True)
class Shown:
    """``look`` names the template of ``answer/kinds/``; ``silent`` what was said beside it."""

    item: Item
    look: str
    title: str
    help: str
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    low: str = ""
    high: str = ""
    text: str = ""
    other: str = ""
    is_other: bool = False
    contact: str = ""
    yes: bool | None = None
    silent: str = ""
    longest: int = LONGEST_TEXT
    longest_other: int = LONGEST_OTHER

    @property
    def places(self) -> range:
        """The places that a ranking gives away."""
        return range(1, len(self.choices) + 1)

    @property
    def answered_rows(self) -> int:
        return sum(row.used is not None for row in self.rows)


def shown(
    item: Item,
    questionnaire: Questionnaire,
    language: str,
    replies: Replies,
    posted: Posted | None = None,
) -> Shown:
    """What the page of ``item`` shows; ``posted``: what was refused stands there again."""
    reply = replies.get(item.id, {}) if posted is None else typed(item, posted)
    texts = {
        "questionnaire": questionnaire,
        "replies": replies,
        "language": language,
    }
    title = piped(item.texts, **texts)  # type: ignore[arg-type]
    if not title.strip():
        title = _("How was: %(place)s?") % {"place": item.place} if item.place else item.key
    look, choices = _choices(item, questionnaire, language, reply)
    low, high = _ends(item, choices)
    return Shown(
        item=item,
        look=look,
        title=title,
        help=piped(item.help_texts, **texts),  # type: ignore[arg-type]
        choices=choices,
        rows=_rows(item, questionnaire, language, reply),
        low=low,
        high=high,
        text=str(reply.get("text", ""))[: LONGEST_TEXT * 2],
        other=_other(reply),
        is_other="other" in reply,
        contact=str(reply.get("contact", ""))[:254],
        yes=reply.get("yes"),
        silent=next((name for name in ("skipped", "unknown", "never") if reply.get(name)), ""),
    )


def _other(reply: Reply) -> str:
    text = str(reply.get("other", ""))
    return "" if text == "–" else text[: LONGEST_OTHER * 2]


def typed(item: Item, posted: Posted) -> dict[str, Any]:
    """What stands in a form, as far as a page can show it again; nothing here is checked."""
    values = [value for value in posted.get("value", ()) if value]
    codes = [int(value) for value in values if re.fullmatch(r"-?\d{1,4}", value, re.ASCII)]
    reply: dict[str, Any] = {
        "text": _first(posted, "value"),
        "contact": _first(posted, "contact"),
        "codes": codes,
        "ranks": {o.code: _first(posted, f"rank-{o.code}") for o in item.options},
    }
    if item.scale and codes:
        reply["score"] = codes[0]
    if _first(posted, "other") or 0 in codes:
        reply["other"] = _first(posted, "other")
    if item.kind == Kind.CONSENT and values:
        reply["yes"] = values[0] == "1"
    said = {part.id: _first(posted, f"used-{part.id}") for part in item.parts}
    return reply | {
        "used": [part for part, value in said.items() if value == "1"],
        "not": [part for part, value in said.items() if value == "0"],
    }


def _first(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[0].replace("\x00", "") if values else ""


def _choices(
    item: Item, questionnaire: Questionnaire, language: str, reply: Reply
) -> tuple[str, tuple[Choice, ...]]:
    if item.scale:
        return _scale(item, questionnaire, language, reply)
    chosen = reply.get("codes", ())
    ranks: Mapping[int, str] = reply.get("ranks", {})
    choices = []
    for option in item.options:
        label = in_language(option.texts, language, questionnaire.languages) or str(option.code)
        rank = chosen.index(option.code) + 1 if option.code in chosen else None
        if not rank and (typed_rank := ranks.get(option.code, "")).isdecimal():
            rank = int(typed_rank[:3])
        choices.append(Choice(option.code, label, option.code in chosen, "", rank, False))
    if item.kind == Kind.RANKING and all(choice.rank for choice in choices):
        choices.sort(key=lambda choice: choice.rank or 0)
    return _LOOKS.get(item.kind, "text"), tuple(choices)


_LOOKS = {
    Kind.CHOICE: "choice",
    Kind.SEVERAL: "several",
    Kind.RANKING: "ranking",
    Kind.TEXT: "text",
    Kind.CONSENT: "consent",
    Kind.MATRIX: "matrix",
    Kind.SECTION: "section",
}


def _scale(
    item: Item, questionnaire: Questionnaire, language: str, reply: Reply
) -> tuple[str, tuple[Choice, ...]]:
    """Faces, a list of words, or a row of numbers where not every score has a word."""
    assert item.scale is not None
    low, high = item.scale
    is_faces = item.kind == Kind.FACES and high - low == 4
    words = {option.code: option.texts for option in item.options}
    labels = {
        code: in_language(words.get(code, {}), language, questionnaire.languages)
        for code in range(low, high + 1)
    }
    if not any(labels.values()):
        labels |= _default_words(item)
    is_list = is_faces or (all(labels.values()) and high - low < 7)
    codes = [*range(low, high + 1)]
    if is_list and not item.is_reversed:
        codes.reverse()
    choices = tuple(
        Choice(
            code,
            labels[code],
            reply.get("score") == code,
            FACES[place] if is_faces else "",
        )
        for place, code in enumerate(codes)
    )
    return ("list" if is_list else "numbers"), choices


def _default_words(item: Item) -> dict[int, str]:
    """Where nobody wrote words for the scores."""
    assert item.scale is not None
    low, high = item.scale
    if item.kind == Kind.NPS:
        return {low: _("not at all likely"), high: _("very likely")}
    if item.kind == Kind.CES:
        return {low: _("very hard"), high: _("very easy")}
    words = [_("very bad"), _("bad"), _("so-so"), _("good"), _("very good")]
    if item.kind == Kind.CSAT:
        words = [_("very unhappy"), _("unhappy"), _("so-so"), _("happy"), _("very happy")]
    if item.is_reversed:
        words.reverse()
    if high - low == 4:
        return dict(zip(range(low, high + 1), words, strict=True))
    return {low: words[0], high: words[-1]}


def _ends(item: Item, choices: tuple[Choice, ...]) -> tuple[str, str]:
    if not item.scale or not choices:
        return "", ""
    by_code = sorted(choices, key=lambda choice: choice.code)
    return by_code[0].label, by_code[-1].label


def _rows(item: Item, questionnaire: Questionnaire, language: str, reply: Reply) -> tuple[Row, ...]:
    if item.kind != Kind.MATRIX:
        return ()
    used = dict.fromkeys(reply.get("used", ()), True) | dict.fromkeys(reply.get("not", ()), False)
    return tuple(
        Row(
            part.id,
            part.place or in_language(part.texts, language, questionnaire.languages),
            used.get(part.id),
        )
        for part in item.parts
    )
