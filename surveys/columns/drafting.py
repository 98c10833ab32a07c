"""Draft ↔ mapping: the form and the TOML say the same."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.columns.choice import OUT, OWN, PARTS, QUESTIONS, Choice, Draft, join
from surveys.mapping import (
    CodeColumn,
    DateRule,
    FileRule,
    Mapping,
    MappingError,
    OptionRule,
    QuestionRule,
    ResponseRule,
    SegmentRule,
    SurveyRule,
    parse_mapping,
    write_mapping,
)
from surveys.models import Kind
from surveys.scales import code


def draft_of(mapping: Mapping, header: list[str]) -> Draft:
    """The choices of a mapping for a file; columns that it does not name are left out."""
    draft = Draft(mapping.survey.name, mapping.survey.language, str(mapping.survey.source))
    found: dict[str, Choice] = {}
    response = mapping.response
    day = response.answered_on
    if isinstance(day, DateRule):
        found[day.column] = Choice("date", format=day.format, prefix=day.prefix)
    else:
        draft.day = day.isoformat()
    parts = {"id": response.id, "weight": response.weight, "cluster": response.cluster,
             "customer": response.customer}  # fmt: skip
    found |= {column: Choice(part) for part, column in parts.items() if column}
    for part, codes in (("language", response.language), ("source", response.source)):
        if codes:
            found[codes.column] = Choice(part, values=_lines(codes.values))
    for rule in mapping.segments:
        found[rule.column] = Choice("segment", name=rule.name, values=_lines(rule.values))
    draft.wholes = [vars(rule) for rule in mapping.questions if not rule.columns]
    for question in mapping.questions:
        found |= _questions(question)
    draft.by_content = not response.id
    draft.choices = {
        name: replace(found[name], is_known=True) if name in found else Choice(OUT)
        for name in header
    }
    return draft


def _questions(rule: QuestionRule) -> dict[str, Choice]:
    """Column → choice; several columns where each holds one option."""
    if rule.exact:
        own = Choice(OWN, touchpoint=rule.touchpoint, text=rule.text, own=vars(rule))
        return dict.fromkeys(rule.columns, own)
    if rule.columns == (rule.column,) and not (rule.options and rule.options[0].column):
        return {rule.column: _question(rule)}
    part = next(part for part, whole in PARTS.items() if whole == rule.kind.value)
    return {
        option.column: Choice(
            part,
            text=option.text,
            name=rule.text,
            group=rule.column,
            touchpoint=rule.touchpoint,
            blank="" in rule.no_answer,
            never=join(rule.never_used),
            none=join(rule.no_answer),
        )
        for option in rule.options
    }


def _question(rule: QuestionRule) -> Choice:
    low, high = rule.scale or ("", "")
    return Choice(
        rule.kind.value,
        touchpoint=rule.touchpoint,
        text=rule.text,
        low=str(low),
        high=str(high),
        is_reversed=rule.is_reversed,
        never=join(rule.never_used),
        none=join(rule.no_answer),
        blank="" in rule.no_answer,
        values="\n".join(o.text for o in rule.options) if rule.options else _lines(rule.labels),
        step=rule.step,
        scores=_lines(rule.scores),
        times=str(rule.times) if rule.times != 1 else "",
        separator=rule.separator,
        other=rule.other,
    )


def _lines(values: object) -> str:
    pairs = dict(values).items()  # type: ignore[call-overload]
    return "\n".join(f"{item} = {label}" for item, label in pairs)


def mapping_of(draft: Draft, file: FileRule) -> Mapping:
    """The mapping that the draft stands for. Raises MappingError: what is still to decide."""
    problems = _undecided(draft)
    if problems:
        raise MappingError(problems)
    try:
        mapping = _assemble(draft, file)
    except ValueError as error:
        raise MappingError([str(error)]) from error
    # One place checks mappings, whether they come from a form or a file.
    return parse_mapping(write_mapping(mapping))


def _undecided(draft: Draft) -> list[str]:
    problems = []
    if open_ := len(draft.columns("")):
        problems.append(
            ngettext("%(n)d column to decide", "%(n)d columns to decide", open_) % {"n": open_}
        )
    if len(draft.columns("id")) != 1 and not (draft.by_content and not draft.columns("id")):
        problems.append(_("Choose one column as answer number"))
    dates = len(draft.columns("date"))
    if dates > 1 or (not dates and not draft.day):
        problems.append(_("Choose one date column, or one day for all"))
    if any(not draft.choices[name].format for name in draft.columns("date")):
        problems.append(_("Say which days the dates mean"))
    for part in ("weight", "cluster", "customer", "language", "source"):
        if len(names := draft.columns(part)) > 1:
            problems.append(_("Two columns for one thing: %(names)s") % {"names": ", ".join(names)})
    if not draft.columns(*QUESTIONS, *PARTS, OWN):
        problems.append(_("No column is a question yet"))
    if not draft.name:
        problems.append(_("Name the survey"))
    return problems


def _assemble(draft: Draft, file: FileRule) -> Mapping:
    return Mapping(
        SurveyRule(draft.name, draft.language, draft.source),
        ResponseRule(
            id=_one(draft, "id"),
            answered_on=_day(draft),
            weight=_one(draft, "weight"),
            cluster=_one(draft, "cluster"),
            language=_codes(draft, "language"),
            source=_codes(draft, "source"),
            customer=_one(draft, "customer"),
        ),
        tuple(_rules(draft)),
        tuple(
            SegmentRule(choice.name or name, name, _labels(choice))
            for name, choice in draft.choices.items()
            if choice.becomes == "segment"
        ),
        file,
    )


def _one(draft: Draft, part: str) -> str:
    return next(iter(draft.columns(part)), "")


def _day(draft: Draft) -> dt.date | DateRule:
    for name in draft.columns("date"):
        choice = draft.choices[name]
        return DateRule(name, choice.format, choice.prefix)
    try:
        return dt.date.fromisoformat(draft.day)
    except ValueError as error:
        raise ValueError(_("The day of the answers is no date")) from error


def _codes(draft: Draft, part: str) -> CodeColumn | None:
    name = _one(draft, part)
    return CodeColumn(name, _labels(draft.choices[name])) if name else None


def _labels(choice: Choice) -> dict[str, str]:
    return {code(item): label for item, label in choice.labels.items()}


def _rules(draft: Draft) -> Iterator[QuestionRule]:
    """In the order of the columns; options stand together where the first of them stands."""
    done: set[tuple[str, str]] = set()
    wholes = {rule.column: rule for rule in map(_own, draft.wholes)}
    for name in draft.columns(*QUESTIONS, *PARTS, OWN):
        choice = draft.choices[name]
        if choice.becomes == OWN:
            rule = _own(choice.own)
            if whole := wholes.pop(rule.part_of, None):
                yield whole
            yield replace(rule, text=choice.text or rule.text, touchpoint=choice.touchpoint)
        elif not choice.is_part:
            yield _rule(name, choice)
        elif (key := (choice.becomes, choice.group or choice.name)) not in done:
            done.add(key)
            yield _of_parts(draft, *key)


def _own(plain: dict[str, Any]) -> QuestionRule:
    """A rule from the plain values that were kept of it."""
    scale = plain["scale"]
    return QuestionRule(
        **{
            **plain,
            "kind": Kind(plain["kind"]),
            "scale": (scale[0], scale[1]) if scale else None,
            "never_used": tuple(plain["never_used"]),
            "no_answer": tuple(plain["no_answer"]),
            "options": (),
        }
    )


def _of_parts(draft: Draft, becomes: str, key: str) -> QuestionRule:
    members = {
        name: choice
        for name, choice in draft.choices.items()
        if choice.becomes == becomes and (choice.group or choice.name) == key
    }
    first = next(iter(members.values()))
    if not key:
        raise ValueError(
            _("%(name)s: write which question it is an option of") % {"name": next(iter(members))}
        )
    return QuestionRule(
        column=key[:200],
        text=first.name or key,
        kind=Kind(PARTS[becomes]),
        never_used=tuple(code(item) for item in first.never_codes),
        no_answer=tuple(code(item) for item in first.none_codes),
        touchpoint=first.touchpoint,
        options=tuple(
            OptionRule((choice.text or name)[:500], name) for name, choice in members.items()
        ),
    )


def _rule(name: str, choice: Choice) -> QuestionRule:
    return QuestionRule(
        column=name,
        text=choice.text or name,
        kind=Kind(choice.becomes),
        scale=_scale(name, choice) if choice.has_scale else None,
        is_reversed=choice.is_reversed,
        never_used=tuple(code(item) for item in choice.never_codes),
        no_answer=tuple(code(item) for item in choice.none_codes),
        touchpoint=choice.touchpoint,
        step=choice.step,
        labels={} if choice.is_joined else _labels(choice),
        scores=_scores(name, choice) if choice.has_scale else {},
        times=_times(name, choice) if choice.has_scale else 1,
        separator=choice.separator if choice.is_joined else "",
        options=tuple(map(OptionRule, choice.options)) if choice.is_joined else (),
        other=choice.other if choice.is_joined else "",
    )


def _scores(name: str, choice: Choice) -> dict[str, int]:
    try:
        return {code(words): int(score) for words, score in choice.words.items()}
    except ValueError as error:
        raise ValueError(_("%(name)s: a score is a whole number") % {"name": name}) from error


def _times(name: str, choice: Choice) -> int:
    try:
        return int(choice.times or 1)
    except ValueError as error:
        raise ValueError(_("%(name)s: a score is a whole number") % {"name": name}) from error


def _scale(name: str, choice: Choice) -> tuple[int, int]:
    try:
        return (int(choice.low), int(choice.high))
    except ValueError as error:
        raise ValueError(
            _("%(name)s: the scale needs two whole numbers") % {"name": name}
        ) from error
