"""Everything a mapping names, looked up before anything is stored."""

import difflib
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Mapping_
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from cxm.models import Workspace
from surveys.importing.questions import part_keys, stored_questions
from surveys.importing.result import ImportRefusedError
from surveys.mapping import Mapping, QuestionRule
from surveys.models import Question, Source, Survey
from touchpoints.merging import known_names
from touchpoints.models import Segment


@dataclass(frozen=True)
class Plan:
    """A mapping with the ids it stands for. ``segments``: per dimension code → segment id.

    ``parts``: per question with options the ids of its parts, in their order, "other" last.
    """

    workspace_id: int
    mapping: Mapping
    positions: dict[str, int]
    survey: Survey
    questions: dict[str, int]
    parts: dict[str, list[int]]
    segments: tuple[dict[str, int], ...]
    touchpoints: int


def plan(*, workspace: Workspace, mapping: Mapping, header: Sequence[str]) -> Plan:
    """Resolve columns and touchpoints, then make what is missing: survey, questions, segments.

    Runs inside the transaction of the import and holds the survey's lock, so that a second import
    of the same survey waits. Raises ImportRefusedError with every problem.
    """
    positions = {name: index for index, name in enumerate(header)}
    touchpoints = known_names(workspace.pk)
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
    _refuse_blending(survey, mapping)
    questions = stored_questions(workspace, survey, mapping, touchpoints)
    return Plan(
        workspace.pk,
        mapping,
        positions,
        survey,
        questions,
        {
            rule.column: [questions[key] for key in part_keys(rule)]
            for rule in mapping.questions
            if rule.options
        },
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


def _refuse_blending(survey: Survey, mapping: Mapping) -> None:
    """Reviews stay apart, and a questionnaire that is asked here gets no foreign questions."""
    portal = Source.PORTAL
    if survey.source != mapping.survey.source and portal in (survey.source, mapping.survey.source):
        words = _(
            "The survey “%(name)s” holds answers of another source. Reviews of portals are a"
            " survey of their own: give it another name."
        )
        raise ImportRefusedError([words % {"name": survey.name}])
    if survey.is_collected:
        known = set(Question.objects.filter(survey=survey).values_list("key", flat=True))
        if new := [rule.column for rule in mapping.questions if rule.column not in known]:
            words = _(
                "The survey “%(name)s” is asked here and has no question “%(column)s”."
                " Give the import another name."
            )
            raise ImportRefusedError([words % {"name": survey.name, "column": new[0]}])


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
