"""The questions that a mapping names: known ones keep their answers, new ones are made."""

import hashlib
from typing import Final

from django.utils.translation import gettext as _

from cxm.models import Workspace
from surveys.importing.result import ImportRefusedError
from surveys.mapping import Mapping, OptionRule, QuestionRule
from surveys.models import PART_KINDS, Question, Survey

_LONGEST: Final = 200
_DESCRIBED: Final = (
    "text", "never_used_codes", "no_answer_codes", "labels", "has_other", "touchpoint_id",
)  # fmt: skip


def stored_questions(
    workspace: Workspace, survey: Survey, mapping: Mapping, touchpoints: dict[str, int]
) -> dict[str, int]:
    """Key → question id. Raises ImportRefusedError where a known question has another scale."""
    known = {question.key: question for question in Question.objects.filter(survey=survey)}
    problems = [
        _clash(known[rule.column], rule)
        for rule in mapping.questions
        if rule.column in known and not _agrees(known[rule.column], rule)
    ]
    if problems:
        raise ImportRefusedError(problems)
    new: list[Question] = []
    changed: list[Question] = []
    for rule in mapping.questions:
        question = known.get(rule.column)
        if question is None:
            question = Question(
                workspace=workspace, survey=survey, key=rule.column, position=len(known)
            )
            known[rule.column] = question
            _describe(question, rule, touchpoints)
            new.append(question)
        elif not survey.is_collected and _describe(question, rule, touchpoints):
            changed.append(question)
        # The place after it is that of its parts.
        known |= {key: known.get(key, _part(question, rule, key, n)) for n, key in _parts(rule)}
    Question.objects.bulk_create(new)
    Question.objects.bulk_update(changed, [name.removesuffix("_id") for name in _DESCRIBED])
    _store_parts(mapping, known)
    _join_parts(mapping, new, known)
    return dict(Question.objects.filter(survey=survey).values_list("key", "pk"))


def _join_parts(mapping: Mapping, new: list[Question], known: dict[str, Question]) -> None:
    """Of our own export: parts that were made just now belong to what they are part of."""
    fresh = {question.key: question for question in new}
    joined = []
    for rule in mapping.questions:
        if rule.part_of in known and (part := fresh.get(rule.column)):
            part.parent, part.code = known[rule.part_of], rule.code
            joined.append(part)
    Question.objects.bulk_update(joined, ["parent", "code"])


def part_keys(rule: QuestionRule) -> list[str]:
    """The key of each part in the order of the options: its column, or the option in brackets."""
    options = [*rule.options, *([OptionRule(rule.other)] if rule.other else [])]
    return [_part_key(rule.column, option) for option in options]


def _part_key(column: str, option: OptionRule) -> str:
    if option.column and option.column != column:
        return option.column
    key = f"{column} [{option.text}]"
    if len(key) <= _LONGEST:
        return key
    mark = hashlib.blake2b(key.encode(), digest_size=4).hexdigest()
    return f"{key[: _LONGEST - 10]}… {mark}"


def _parts(rule: QuestionRule) -> list[tuple[int, str]]:
    return list(enumerate(part_keys(rule), 1)) if rule.options else []


def _part(parent: Question, rule: QuestionRule, key: str, number: int) -> Question:
    texts = [*(option.text for option in rule.options), rule.other]
    return Question(
        workspace=parent.workspace,
        survey=parent.survey,
        parent=parent,
        key=key,
        kind=PART_KINDS[rule.kind],
        text=texts[number - 1],
        code=number,
        position=parent.position + number,
    )


def _store_parts(mapping: Mapping, known: dict[str, Question]) -> None:
    problems: list[str] = []
    new: list[Question] = []
    for rule in mapping.questions:
        for _number, key in _parts(rule):
            part = known[key]
            if part.pk is None:
                part.parent = known[rule.column]
                new.append(part)
            elif part.kind != PART_KINDS[rule.kind] or part.parent_id != known[rule.column].pk:
                problems.append(_clash(part, rule))
    if problems:
        raise ImportRefusedError(problems)
    _number_apart(new)
    Question.objects.bulk_create(new)
    for parent in {part.parent for part in new if part.parent}:
        parent.options = [
            {"code": part.code, "texts": {parent.survey.language: part.text}}
            for part in parent.parts.order_by("position", "pk")
        ]
        parent.save(update_fields=["options"])


def _number_apart(new: list[Question]) -> None:
    """Options that came later get codes of their own."""
    taken: dict[int, set[int]] = {}
    for part in new:
        parent = part.parent
        assert parent is not None
        if parent.pk not in taken:
            codes = parent.parts.values_list("code", flat=True)
            taken[parent.pk] = {found for found in codes if found is not None}
        while part.code in taken[parent.pk]:
            part.code = max(taken[parent.pk]) + 1
        taken[parent.pk].add(part.code or 0)


def _describe(question: Question, rule: QuestionRule, touchpoints: dict[str, int]) -> bool:
    """Set what the rule says; return whether that changed a stored question."""
    before = [getattr(question, name) for name in _DESCRIBED]
    question.kind = rule.kind
    question.scale_min, question.scale_max = rule.scale or (None, None)
    question.is_reversed = rule.is_reversed
    question.text = rule.text
    question.never_used_codes = list(rule.never_used)
    question.no_answer_codes = list(rule.no_answer)
    question.labels = _labels(rule)
    question.has_other = bool(rule.other)
    if rule.touchpoint:
        question.touchpoint_id = touchpoints[rule.touchpoint.lower()]
    return before != [getattr(question, name) for name in _DESCRIBED]


def _labels(rule: QuestionRule) -> dict[str, str]:
    """Code → label; the words of scores stand for them."""
    if rule.labels:
        return dict(rule.labels)
    worded = {str(score): words for words, score in rule.scores.items() if words != str(score)}
    return worded if rule.times == 1 else {}


def _agrees(question: Question, rule: QuestionRule) -> bool:
    return (
        question.kind == rule.kind
        and (question.scale_min, question.scale_max) == (rule.scale or (None, None))
        and question.is_reversed == rule.is_reversed
    )


def _clash(question: Question, rule: QuestionRule) -> str:
    return _(
        "Question %(column)s has answers already with kind %(old)s, scale %(low)s to %(high)s."
        " Keep kind, scale and direction, or give the survey another name."
    ) % {
        "column": rule.column,
        "old": question.kind,
        "low": question.scale_min,
        "high": question.scale_max,
    }
