"""What a person posts for one question: read strictly, kept as JSON, turned into answers.

A reply is one of
    {"score": 4}                               a scale
    {"codes": [1, 3], "other": "…"}            choices in the order of the options; ranking in
                                               the order that was given
    {"text": "…"}
    {"yes": true, "contact": "a@example.org"}  a consent
    {"used": [ids of parts], "not": [ids]}     a matrix; parts left open stand in neither
    {"skipped": true} {"unknown": true} {"never": true}
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models.words import SCALE_KINDS, Kind, Status
from surveys.questionnaire.definition import Item, Questionnaire
from surveys.questionnaire.rules import Replies, Reply, says_something

LONGEST_TEXT = 4_000
LONGEST_OTHER = 200
# What no person types: NUL and other control signs, but not line breaks and tabs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Posted = Mapping[str, Sequence[str]]
"""Field → values, as a form sends them: value, other, contact, used-<id>, silent."""


class ReplyError(ValueError):
    """What was posted is no answer to the question; the message is for the person."""


def clean(text: str, longest: int) -> str:
    """Text as it is stored: NUL and control signs go, ends trimmed; ReplyError if too long."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    if len(text) > longest:
        raise ReplyError(
            ngettext(
                "That is %(n)d letter too long.",
                "That is %(n)d letters too long.",
                len(text) - longest,
            )
            % {"n": len(text) - longest}
        )
    return text


def read(item: Item, posted: Posted) -> dict[str, Any]:
    """The reply in a form; ReplyError with words for the person where it is none.

    ``silent`` is "skipped", "unknown" or "never": the buttons beside the scale. A required
    question cannot be skipped, but "don't know" and "never used" are answers where offered.
    """
    silent = _one(posted, "silent")
    if silent == "unknown" and item.offers_unknown:
        return {"unknown": True}
    if silent == "never" and item.offers_never_used:
        return {"never": True}
    reply = {} if silent else _READERS[item.kind](item, posted)
    if reply:
        return reply
    if item.is_required:
        raise ReplyError(_("Please answer this question."))
    return {"skipped": True}


def _one(posted: Posted, name: str) -> str:
    values = posted.get(name, ())
    return values[0] if values else ""


def _codes(item: Item, values: Iterable[str]) -> list[int]:
    codes = []
    for value in values:
        if not re.fullmatch(r"-?\d{1,4}", value, re.ASCII):
            raise ReplyError(_("Please choose one of the answers shown."))
        code = int(value)
        if code not in item.codes and not (code == 0 and item.has_other):
            raise ReplyError(_("Please choose one of the answers shown."))
        if code not in codes:
            codes.append(code)
    return codes


def _scale(item: Item, posted: Posted) -> dict[str, Any]:
    codes = _codes(item, [value for value in posted.get("value", ()) if value][:1])
    return {"score": codes[0]} if codes else {}


def _chosen(item: Item, posted: Posted) -> dict[str, Any]:
    """Choice and several: 0 is "other", whose text alone is enough to choose it."""
    codes = _codes(item, [value for value in posted.get("value", ()) if value])
    other = clean(_one(posted, "other"), LONGEST_OTHER) if item.has_other else ""
    if item.kind == Kind.CHOICE:
        codes = codes[:1]
        other = other if codes in ([0], []) else ""
    known = [option.code for option in item.options if option.code in codes]
    reply: dict[str, Any] = {}
    if known or other or 0 in codes:
        reply["codes"] = known
    if other or 0 in codes:
        reply["other"] = other or "–"
    return reply


def _ranking(item: Item, posted: Posted) -> dict[str, Any]:
    """Either the codes in their order (``value`` many times) or a rank per option (rank-<code>)."""
    codes = _codes(item, [value for value in posted.get("value", ()) if value])
    if not codes:
        ranks = {o.code: _one(posted, f"rank-{o.code}") for o in item.options}
        given = {c: int(rank) for c, rank in ranks.items() if re.fullmatch(r"\d{1,4}", rank, re.A)}
        if len(set(given.values())) < len(given):
            raise ReplyError(_("Two answers have the same place."))
        codes = sorted(given, key=lambda code: given[code])
    if codes and len(codes) < len(item.options):
        raise ReplyError(_("Please give every answer a place."))
    return {"codes": codes} if codes else {}


def _text(item: Item, posted: Posted) -> dict[str, Any]:
    text = clean(_one(posted, "value"), LONGEST_TEXT)
    return {"text": text} if text else {}


def _consent(item: Item, posted: Posted) -> dict[str, Any]:
    value = _one(posted, "value")
    if value not in ("0", "1"):
        return {}
    if value == "0" or not item.asks_contact:
        if item.is_required and value == "0":
            raise ReplyError(_("We can only go on if you agree."))
        return {"yes": value == "1"}
    contact = clean(_one(posted, "contact"), 254)
    try:
        validate_email(contact)
    except ValidationError:
        raise ReplyError(_("Please write an e-mail address, so that we can reach you.")) from None
    return {"yes": True, "contact": contact.lower()}


def _matrix(item: Item, posted: Posted) -> dict[str, Any]:
    said = {part.id: _one(posted, f"used-{part.id}") for part in item.parts}
    used = [part for part, value in said.items() if value == "1"]
    unused = [part for part, value in said.items() if value == "0"]
    return {"used": used, "not": unused} if used or unused else {}


def _nothing(item: Item, posted: Posted) -> dict[str, Any]:
    return {}


_READERS = {
    **dict.fromkeys(SCALE_KINDS, _scale),
    Kind.CHOICE: _chosen,
    Kind.SEVERAL: _chosen,
    Kind.RANKING: _ranking,
    Kind.TEXT: _text,
    Kind.CONSENT: _consent,
    Kind.MATRIX: _matrix,
    Kind.SECTION: _nothing,
}


class StoredAnswer(NamedTuple):
    """One row of answers to be."""

    question_id: int
    status: Status
    score: int | None
    raw: str


_SILENT = {
    "skipped": (Status.NO_ANSWER, ""),
    "unknown": (Status.NO_ANSWER, "unknown"),
    "never": (Status.NEVER_USED, "never"),
}


def answers(
    questionnaire: Questionnaire, replies: Replies, shown: Sequence[Item]
) -> list[StoredAnswer]:
    """The answers to store: of the pages that were shown, and only those that have a reply.

    What was said on pages that later fell away (by going back and choosing otherwise) is left out.
    """
    rows: list[StoredAnswer] = []
    on_page = {item.id for item in shown}
    for item in shown:
        reply = replies.get(item.id)
        if reply is None:
            continue
        if item.parts:
            rows += _of_parts(item, reply, on_page)
        else:
            rows.append(_of(item, reply))
    return rows


def _of(item: Item, reply: Reply) -> StoredAnswer:
    for silent, (status, raw) in _SILENT.items():
        if reply.get(silent):
            return StoredAnswer(item.id, status, None, raw)
    score, raw = _value(item, reply)
    return StoredAnswer(item.id, Status.SCORED, score, raw)


def _value(item: Item, reply: Reply) -> tuple[int | None, str]:
    if "score" in reply:
        return reply["score"], str(reply["score"])
    if "text" in reply:
        return None, reply["text"]
    if "yes" in reply:
        return int(reply["yes"]), reply.get("contact") or str(int(reply["yes"]))
    if reply.get("codes"):
        return reply["codes"][0], str(reply["codes"][0])
    return 0, f"other={reply.get('other', '')}"


def _of_parts(item: Item, reply: Reply, on_page: set[int]) -> list[StoredAnswer]:
    """Matrix: "not used" is never used, what was left open is not asked. Others: one per option."""
    if item.kind == Kind.MATRIX:
        unused = [*reply.get("not", ())]
        return [
            StoredAnswer(part.id, Status.NEVER_USED, None, "never")
            for part in item.parts
            if part.id in unused and part.id not in on_page
        ]
    if not says_something(reply):
        return [_of(part, reply) for part in item.parts]
    codes = reply.get("codes", [])
    rows = []
    for part in item.parts:
        if item.kind == Kind.RANKING:
            score = codes.index(part.code) + 1 if part.code in codes else None
        else:
            score = int(part.code in codes or (part.code == 0 and "other" in reply))
        raw = reply["other"] if part.code == 0 and "other" in reply else str(score)
        rows.append(StoredAnswer(part.id, Status.SCORED, score, raw))
    return rows


def segments(questionnaire: Questionnaire, replies: Replies, shown: Sequence[Item]) -> list[int]:
    """The segments that a person's choices put them into."""
    found = []
    for item in shown:
        reply = replies.get(item.id, {})
        chosen = {*reply.get("codes", ())} | ({reply["score"]} if "score" in reply else set())
        found += [o.segment for o in item.options if o.segment and o.code in chosen]
    return sorted(set(found))
