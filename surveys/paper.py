"""A questionnaire on paper: what is printed, and sheets typed in again."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from surveys.answering.shown import shown
from surveys.collecting import Filled, filling_id, store, week_of
from surveys.models import Filling, Kind, Link, Source
from surveys.models.words import SCALE_KINDS
from surveys.questionnaire import (
    END,
    Condition,
    Item,
    Questionnaire,
    ReplyError,
    Rule,
    in_language,
    pages,
    piped,
    read,
    says_something,
)

HIGHEST: Final = 99_999  # number of a sheet
MOST: Final = 50  # sheets printed or typed in at once
_OTHER: Final = re.compile(r"(?:^|\s)0\s*[=:]\s*(?P<text>.+)$", re.DOTALL)


def numbered(questionnaire: Questionnaire) -> dict[int, str]:
    """Question → its number on paper: "4", and "4b" for a part of a matrix."""
    found: dict[int, str] = {}
    asked = [item for item in questionnaire.items if not item.is_section]
    for number, item in enumerate(asked, 1):
        found[item.id] = str(number)
        if item.kind == Kind.MATRIX:
            found |= {part.id: f"{number}{_letter(at)}" for at, part in enumerate(item.parts)}
    return found


def _letter(at: int) -> str:
    return chr(ord("a") + at % 26) * (1 + at // 26)


@dataclass(frozen=True)
class Printed:
    """One question as it stands on a sheet. ``rows`` are the touchpoints of a matrix."""

    number: str
    item: Item
    title: str
    help: str
    choices: tuple[tuple[int, str], ...]
    rows: tuple[tuple[str, str, tuple[int, ...]], ...]
    only_if: str
    jumps: tuple[str, ...]
    low: str = ""
    high: str = ""
    is_scale: bool = False


def printed(questionnaire: Questionnaire, language: str) -> list[Printed]:
    """Every question in its order, sections as headings; rules in words, in the active language."""
    numbers = numbered(questionnaire)
    found = []
    for item in questionnaire.items:
        look = shown(item, questionnaire, language, {})
        choices = tuple((choice.code, choice.label) for choice in look.choices)
        title = look.title
        if item.is_section:
            title = piped(item.texts, questionnaire=questionnaire, replies={}, language=language)
        found.append(
            Printed(
                number=numbers.get(item.id, ""),
                item=item,
                title=title,
                help=look.help,
                choices=tuple(sorted(choices)) if item.scale else choices,
                rows=_rows(item, numbers),
                only_if=rule_words(item.show_if, questionnaire, language),
                jumps=tuple(_jumps(item, questionnaire, language)),
                low=look.low,
                high=look.high,
                is_scale=item.scale is not None,
            )
        )
    return found


def _rows(item: Item, numbers: Mapping[int, str]) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    if item.kind != Kind.MATRIX:
        return ()
    return tuple((numbers[part.id], part.place, tuple(sorted(part.codes))) for part in item.parts)


def _jumps(item: Item, questionnaire: Questionnaire, language: str) -> Iterator[str]:
    numbers = numbered(questionnaire)
    for jump in item.jumps:
        if jump.to == END:
            to = _("you are done")
        else:
            number = next(
                (
                    numbers[after.id]
                    for after in questionnaire.items
                    if after.id in numbers
                    and questionnaire.order[after.id] >= questionnaire.order.get(jump.to, 0)
                ),
                "?",
            )
            to = _("go on with question %(number)s") % {"number": number}
        when = rule_words(jump.when, questionnaire, language)
        yield f"{when}: {to}" if when else to


def rule_words(rule: Rule, questionnaire: Questionnaire, language: str) -> str:
    """A rule as a person reads it: "if question 2 is 1 or 2 and question 3 is “no”"."""
    numbers = numbered(questionnaire)
    alternatives = []
    for together in rule:
        words = [
            _condition(condition, questionnaire.by_id[condition.question], numbers, language)
            for condition in together
            if condition.question in questionnaire.by_id
        ]
        if words:
            alternatives.append(_(" and ").join(words))
    if not alternatives:
        return ""
    return _("if %(conditions)s") % {"conditions": _(", or if ").join(alternatives)}


def _condition(condition: Condition, item: Item, numbers: Mapping[int, str], language: str) -> str:
    values = {
        "number": numbers.get(item.id, "?"),
        "to": _(" or ").join(_said(item, code, language) for code in condition.to),
    }
    words = {
        "is": _("question %(number)s is %(to)s"),
        "is_not": _("question %(number)s is not %(to)s"),
        "at_most": _("question %(number)s is %(to)s or less"),
        "at_least": _("question %(number)s is %(to)s or more"),
        "answered": _("you answered question %(number)s"),
        "skipped": _("you left question %(number)s empty"),
        "never": _("you never used it (question %(number)s)"),
        "unknown": _("you do not know (question %(number)s)"),
    }
    return words.get(condition.check, "%(number)s") % values


def _said(item: Item, code: int, language: str) -> str:
    if item.kind == Kind.CONSENT:
        return _("“yes”") if code else _("“no”")
    if item.kind == Kind.MATRIX:
        return next((f"“{part.place}”" for part in item.parts if part.id == code), str(code))
    option = item.option(code)
    words = in_language(option.texts, language, ()) if option else ""
    return f"“{words}”" if words and item.scale is None else str(code)


# -- typed in -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """One cell of a line: a question, or a part of a matrix. ``keys`` says what may stand there."""

    item: Item
    matrix: Item | None
    number: str
    keys: str
    is_single: bool

    @property
    def title(self) -> str:
        return self.item.place or next(iter(self.item.texts.values()), "")

    @property
    def name(self) -> str:
        return f"q{self.item.id}"


def columns(questionnaire: Questionnaire) -> list[Column]:
    numbers = numbered(questionnaire)
    found = []
    for item in questionnaire.items:
        if item.kind == Kind.MATRIX:
            found += [_column(part, numbers, item) for part in item.parts]
        elif not item.is_section:
            found.append(_column(item, numbers, None))
    return found


def _column(item: Item, numbers: Mapping[int, str], matrix: Item | None) -> Column:
    if item.scale:
        keys = f"{item.scale[0]}–{item.scale[1]}"
    elif item.kind == Kind.CONSENT:
        keys = "1 0"
    elif item.kind == Kind.TEXT:
        keys = _("text")
    else:
        keys = " ".join(str(option.code) for option in item.options)
        keys += " 0=…" if item.has_other else ""
    if item.offers_never_used or matrix:
        keys += " n"
    if item.offers_unknown:
        keys += " ?"
    # One key is the whole answer: the next cell comes by itself.
    single = item.kind in (*SCALE_KINDS, Kind.CHOICE, Kind.CONSENT) and not item.has_other
    single = single and not item.asks_contact and all(0 <= code < 10 for code in item.codes)
    return Column(item, matrix, numbers[item.id], keys, single)


@dataclass
class Line:
    """One sheet as typed. ``errors``: name of the cell → words; a sheet with any is not stored."""

    at: int
    values: dict[str, str]
    errors: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not any(value for name, value in self.values.items() if name != "day")


class SheetError(ValueError):
    """A sheet that cannot be stored as it is; the message is for the person who types."""


def replies_of(
    questionnaire: Questionnaire, values: Mapping[str, str]
) -> tuple[dict[int, dict[str, Any]], dict[str, str]]:
    """What the cells of a line say, and what is wrong with which."""
    replies: dict[int, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    for column in columns(questionnaire):
        try:
            reply = _reply(column, values.get(column.name, ""))
        except ReplyError as error:
            errors[column.name] = str(error)
            continue
        if column.matrix is None:
            if reply:
                replies[column.item.id] = reply
        elif reply:
            both = replies.setdefault(column.matrix.id, {"used": [], "not": []})
            both["not" if reply.get("never") else "used"].append(column.item.id)
            if not reply.get("never"):
                replies[column.item.id] = reply
    return replies, errors


def _reply(column: Column, cell: str) -> dict[str, Any]:
    """{} for an empty cell: on paper anything can be left out."""
    item, cell = column.item, cell.strip()
    if cell in ("", "-", "–"):
        return {}
    if cell.lower() == "n" and (item.offers_never_used or column.matrix):
        return {"never": True}
    if cell == "?" and item.offers_unknown:
        return {"unknown": True}
    posted: dict[str, Sequence[str]] = {"value": [cell]}
    if item.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.RANKING):
        if match := _OTHER.search(cell):
            posted = {"value": [*_numbers(cell[: match.start()]), "0"], "other": [match["text"]]}
        else:
            posted = {"value": _numbers(cell)}
        if item.kind == Kind.CHOICE and len(posted["value"]) > 1:
            raise ReplyError(_("Only one can be chosen."))
    elif item.kind == Kind.CONSENT:
        value, _sign, contact = cell.partition("=")
        if value.strip() not in ("0", "1"):
            raise ReplyError(_("1 is yes, 0 is no."))
        posted = {"value": [value.strip()], "contact": [contact.strip()]}
    return read(item, posted)


def _numbers(cell: str) -> list[str]:
    return re.split(r"[\s,;+]+", cell.strip()) if cell.strip() else []


def sheet_number(text: str) -> int:
    """The number on a sheet, with or without the code before it. Raises SheetError."""
    match = re.fullmatch(r"(?:[A-Za-z0-9]{5,12}\s*-\s*)?0*(\d{1,5})", text.strip(), re.ASCII)
    if match is None or not 1 <= int(match[1]) <= HIGHEST:
        raise SheetError(_("This is no number of a sheet."))
    return int(match[1])


@transaction.atomic
def enter(
    *, link: Link, questionnaire: Questionnaire, version_id: int, sheet: int, day: dt.date,
    language: str, replies: Mapping[int, dict[str, Any]], overwrite: bool = False,
) -> bool:  # fmt: skip
    """Store one sheet; the same again changes nothing. True where something was stored.

    Raises SheetError where the number is there with other answers and ``overwrite`` is not set.
    """
    # Everything is on paper, so nobody was spared a question by a cap.
    whole = replace(questionnaire, cap=None)
    said = dict(replies)
    for item in pages(whole, said):
        said.setdefault(item.id, {"skipped": True})
    row, is_new = _sheet(link, version_id, sheet, day, language, questionnaire.is_anonymous)
    stored = {str(question): reply for question, reply in said.items()}
    if not is_new:
        if row.answers == stored:
            return False
        if not overwrite:
            raise SheetError(_("This sheet is there already, with other answers."))
    row.response_id = store(
        workspace_id=link.workspace_id,
        filled=Filled(
            questionnaire=whole,
            replies=said,
            day=day,
            source=Source.PAPER,
            language=language,
            link_id=link.pk,
            known_segments=[link.segment_id] if link.segment_id else [],
            response_id=row.response_id,
        ),
    )
    row.answers, row.state = stored, Filling.State.FINISHED
    row.save(update_fields=["answers", "state", "response_id"])
    return True


def _sheet(
    link: Link, version_id: int, sheet: int, day: dt.date, language: str, is_anonymous: bool
) -> tuple[Filling, bool]:
    """The row that stands for a sheet, locked; two people who type the same one wait in turn."""
    token = salted_hmac("surveys.paper", f"{link.pk}:{sheet}", algorithm="sha256").hexdigest()
    at = week_of(day) if is_anonymous else day
    moment = dt.datetime.combine(at, dt.time(), timezone.get_current_timezone())
    made = Filling(
        workspace_id=link.workspace_id,
        id=filling_id(token),
        survey_id=link.survey_id,
        version_id=version_id,
        link_id=link.pk,
        language=language,
        # Not open, so that nobody sweeps it up before it is stored.
        state=Filling.State.HELD,
        started_at=moment,
        touched_at=moment,
    )
    Filling.objects.bulk_create([made], ignore_conflicts=True)
    row = Filling.objects.select_for_update().get(id=made.id)
    return row, row.response_id is None


def ignored(questionnaire: Questionnaire, replies: Mapping[int, dict[str, Any]]) -> list[str]:
    """Numbers of questions that were answered although a rule says not to: they do not count."""
    numbers = numbered(questionnaire)
    asked = {item.id for item in pages(replace(questionnaire, cap=None), replies)}
    return [
        numbers[question]
        for question, reply in replies.items()
        if question not in asked and says_something(reply)
    ]
