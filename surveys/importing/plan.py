"""Everything a mapping names, looked up before anything is stored."""

import difflib
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from cxm.models import Workspace
from surveys.importing.result import ImportRefusedError
from surveys.mapping import Mapping, QuestionRule
from surveys.models import Question, Survey
from touchpoints.models import Segment, Touchpoint


@dataclass(frozen=True)
class Plan:
    """A mapping with the ids it stands for. ``segments``: per dimension code → segment id."""

    workspace_id: int
    mapping: Mapping
    positions: dict[str, int]
    survey: Survey
    questions: dict[str, int]
    segments: tuple[dict[str, int], ...]
    touchpoints: int


def plan(*, workspace: Workspace, mapping: Mapping, header: Sequence[str]) -> Plan:
    """Resolve columns and touchpoints, then make what is missing: survey, questions, segments.

    Runs inside the transaction of the import and holds the survey's lock, so that a second import
    of the same survey waits. Raises ImportRefusedError with every problem.
    """
    positions = {name: index for index, name in enumerate(header)}
    touchpoints = {name.lower(): pk for pk, name in Touchpoint.objects.values_list("pk", "name")}
    problems = [
        *_unknown_columns(mapping.columns, header),
        *_unknown_touchpoints(mapping.questions, touchpoints),
    ]
    if problems:
        raise ImportRefusedError(problems)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7202))",
            [f"{workspace.pk}:{mapping.survey.name}"],
        )
    survey, _made = Survey.objects.get_or_create(
        workspace=workspace,
        name=mapping.survey.name,
        defaults={"language": mapping.survey.language, "source": mapping.survey.source},
    )
    return Plan(
        workspace.pk,
        mapping,
        positions,
        survey,
        _questions(workspace, survey, mapping, touchpoints),
        tuple(_segments(workspace, rule.name, rule.values) for rule in mapping.segments),
        len({rule.touchpoint.lower() for rule in mapping.questions if rule.touchpoint}),
    )


def _unknown_columns(columns: Iterable[str], header: Sequence[str]) -> list[str]:
    present = set(header)
    return [
        _("The file has no column “%(name)s”.%(hint)s")
        % {"name": name, "hint": _hint(name, header)}
        for name in columns
        if name not in present
    ]


def _unknown_touchpoints(questions: Iterable[QuestionRule], known: dict[str, int]) -> list[str]:
    return [
        _("The catalogue has no touchpoint “%(name)s” (column %(column)s).%(hint)s")
        % {"name": rule.touchpoint, "column": rule.column, "hint": _hint(rule.touchpoint, known)}
        for rule in questions
        if rule.touchpoint and rule.touchpoint.lower() not in known
    ]


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known)[:3000], n=1)
    return " " + _("Is “%(name)s” meant?") % {"name": close[0]} if close else ""


def _questions(
    workspace: Workspace, survey: Survey, mapping: Mapping, touchpoints: dict[str, int]
) -> dict[str, int]:
    """Column → question id; known questions keep their answers, so their scale must agree."""
    known = {question.key: question for question in Question.objects.filter(survey=survey)}
    problems: list[str] = []
    new: list[Question] = []
    changed: list[Question] = []
    for rule in mapping.questions:
        question = known.get(rule.column)
        if question is None:
            position = len(known) + len(new)
            question = Question(
                workspace=workspace, survey=survey, key=rule.column, position=position
            )
            _describe(question, rule, touchpoints)
            new.append(question)
        elif not _agrees(question, rule):
            problems.append(_clash(question, rule))
        elif _describe(question, rule, touchpoints):
            changed.append(question)
    if problems:
        raise ImportRefusedError(problems)
    Question.objects.bulk_create(new)
    Question.objects.bulk_update(changed, _DESCRIBED)
    return dict(Question.objects.filter(survey=survey).values_list("key", "pk"))


_DESCRIBED = ["text", "never_used_codes", "no_answer_codes", "labels", "touchpoint"]


def _describe(question: Question, rule: QuestionRule, touchpoints: dict[str, int]) -> bool:
    """Set what the rule says; return whether that changed a stored question."""
    before = [
        getattr(question, f"{name}_id" if name == "touchpoint" else name) for name in _DESCRIBED
    ]
    question.kind = rule.kind
    question.scale_min, question.scale_max = rule.scale or (None, None)
    question.is_reversed = rule.is_reversed
    question.text = rule.text
    question.never_used_codes = list(rule.never_used)
    question.no_answer_codes = list(rule.no_answer)
    question.labels = dict(rule.labels)
    if rule.touchpoint:
        question.touchpoint_id = touchpoints[rule.touchpoint.lower()]
    after = [
        getattr(question, f"{name}_id" if name == "touchpoint" else name) for name in _DESCRIBED
    ]
    return before != after


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


def _segments(workspace: Workspace, dimension: str, values: Mapping_[str, str]) -> dict[str, int]:
    """Code → segment id; segments are made in the order of their codes."""
    known = dict(Segment.objects.filter(dimension=dimension).values_list("name", "pk"))
    names = list(dict.fromkeys(values.values()))
    Segment.objects.bulk_create(
        [
            Segment(workspace=workspace, dimension=dimension, name=name, position=position)
            for position, name in enumerate(names)
            if name not in known
        ],
        ignore_conflicts=True,
    )
    known = dict(Segment.objects.filter(dimension=dimension).values_list("name", "pk"))
    return {code: known[name] for code, name in values.items()}
