"""Every change of the questions of a draft: one function each, atomic."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from surveys.building import defaults, identity, limits, parts
from surveys.building.limits import BuildError, StaleError
from surveys.models import ASKED_KINDS, Kind, Question, Survey
from touchpoints.models import Touchpoint

_FLAGS: Final = (
    *("is_reversed", "has_other", "is_required", "offers_never_used", "offers_unknown"),
    *("rotates", "asks_contact"),
)
FIELDS: Final = (
    *("kind", "texts", "help_texts", "touchpoint", "scale_min", "scale_max", "options"),
    *("show_if", "jumps", *_FLAGS),
)
CHOSEN: Final = (Kind.CHOICE, Kind.SEVERAL, Kind.RANKING)


def opened(survey: Survey) -> Survey:
    """The survey as it is, held for this transaction; imported ones cannot be built."""
    found = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if not found.is_collected:
        raise BuildError(_("An imported survey has no questionnaire to change."))
    return found


def touch(survey: Survey, *questions: Question) -> None:
    """Count one more change of the draft, made to these questions."""
    survey.revision += 1
    Survey.objects.filter(pk=survey.pk).update(revision=survey.revision)
    for question in questions:
        question.revision = survey.revision
    pks = [question.pk for question in questions]
    Question.objects.filter(pk__in=pks).update(revision=survey.revision)


def asked(survey: Survey) -> QuerySet[Question]:
    """The questions and sections of the draft, in order, without parts."""
    return Question.objects.filter(survey=survey, parent=None, is_retired=False).order_by(
        "position", "pk"
    )


@transaction.atomic
def add_question(
    *,
    survey: Survey,
    kind: str,
    after: Question | None = None,
    texts: Mapping[str, str] | None = None,
    touchpoint: Touchpoint | None = None,
    **fields: Any,
) -> Question:
    """A new question with good defaults, ``after`` another or at the end; ``fields``: FIELDS.

    BuildError if the draft is full or something named is not of this survey or workspace.
    """
    survey = opened(survey)
    kind = _kind(kind)
    if asked(survey).count() >= limits.MOST_QUESTIONS:
        raise BuildError(_("At most %(n)d questions.") % {"n": limits.MOST_QUESTIONS})
    _check_touchpoint(touchpoint, survey)
    question = _new(survey, kind, touchpoint)
    question.position = _room_after(survey, after)
    changes = {**fields, **({"texts": texts} if texts is not None else {})}
    _apply(question, survey, changes)
    question.save()
    parts.sync(question, survey)
    touch(survey, question)
    return question


def _kind(kind: str) -> Kind:
    if kind not in ASKED_KINDS:
        raise BuildError(_("There is no such kind of question."))
    return Kind(kind)


def _check_touchpoint(touchpoint: Touchpoint | None, survey: Survey) -> None:
    if touchpoint is not None and touchpoint.workspace_id != survey.workspace_id:
        raise BuildError(_("This touchpoint is not in the workspace."))


def _new(survey: Survey, kind: Kind, touchpoint: Touchpoint | None) -> Question:
    languages = survey.all_languages
    question = Question(
        workspace_id=survey.workspace_id,
        survey=survey,
        touchpoint=touchpoint,
        key=_next_key(survey),
        texts=defaults.texts(kind, languages, place=touchpoint.name if touchpoint else ""),
        asks_contact=kind == Kind.CONSENT and not survey.is_anonymous,
    )
    _become(question, kind, languages)
    return question


def _become(question: Question, kind: Kind, languages: Sequence[str]) -> None:
    """Scale and options that the kind starts with; choices keep theirs among each other."""
    keeps = question.kind in CHOSEN and kind in CHOSEN and question.options
    question.kind = kind
    question.scale_min, question.scale_max = defaults.SCALES.get(kind, (None, None))
    question.is_reversed = False
    if not keeps:
        question.options = defaults.options(kind, languages)
    question.has_other = question.has_other and kind in (Kind.CHOICE, Kind.SEVERAL)


def _next_key(survey: Survey) -> str:
    number = Question.objects.filter(survey=survey, parent=None).count() + 1
    return parts.free_key(survey, f"q{number}")


def _room_after(survey: Survey, after: Question | None) -> int:
    if after is None:
        last = asked(survey).aggregate(last=Max("position"))["last"]
        return 0 if last is None else last + 1
    after = _own(survey, after)
    asked(survey).filter(position__gt=after.position).update(position=F("position") + 1)
    return after.position + 1


def _own(survey: Survey, question: Question) -> Question:
    """The question as it is now; BuildError if it is not in the draft of this survey."""
    found = asked(survey).filter(pk=question.pk).first()
    if found is None:
        raise BuildError(_("This question is not in the survey any more."))
    return found


def _apply(question: Question, survey: Survey, fields: Mapping[str, Any]) -> None:
    """Put checked values onto the question, nothing stored yet."""
    if strange := set(fields) - set(FIELDS):
        raise BuildError(_("A question has no “%(name)s”.") % {"name": sorted(strange)[0]})
    languages = survey.all_languages
    if "kind" in fields and fields["kind"] != question.kind:
        _become(question, _kind(fields["kind"]), languages)
    if "texts" in fields:
        question.texts = limits.merged(question.texts, limits.texts(fields["texts"], languages))
    if "help_texts" in fields:
        helps = limits.texts(fields["help_texts"], languages, limits.LONGEST_HELP)
        question.help_texts = limits.merged(question.help_texts, helps)
    if "touchpoint" in fields:
        _check_touchpoint(fields["touchpoint"], survey)
        question.touchpoint = fields["touchpoint"]
    for flag in _FLAGS:
        if flag in fields:
            setattr(question, flag, bool(fields[flag]))
    _apply_scale(question, fields)
    if "options" in fields:
        question.options = parts.numbered(limits.options(fields["options"], survey), question)
    _apply_rules(question, survey, fields)
    _settle(question, survey)


def _apply_scale(question: Question, fields: Mapping[str, Any]) -> None:
    if question.kind not in defaults.SCALES or question.kind in defaults.FIXED_SCALES:
        return
    low = fields.get("scale_min", question.scale_min)
    high = fields.get("scale_max", question.scale_max)
    question.scale_min, question.scale_max = limits.scale(low, high)


def _apply_rules(question: Question, survey: Survey, fields: Mapping[str, Any]) -> None:
    if not {"show_if", "jumps"} & set(fields):
        return
    known = set(
        Question.objects.filter(survey=survey, is_retired=False).values_list("pk", flat=True)
    )
    if "show_if" in fields:
        question.show_if = limits.rule(fields["show_if"], known)
    if "jumps" in fields:
        top = set(asked(survey).values_list("pk", flat=True))
        question.jumps = limits.jumps(fields["jumps"], known)
        if any(jump["to"] and jump["to"] not in top for jump in question.jumps):
            raise BuildError(_("It leads to a question that is not in this survey."))


def _settle(question: Question, survey: Survey) -> None:
    """What follows from the rest: the first text, labels, no words beyond the scale."""
    question.text = question.texts.get(survey.language) or next(iter(question.texts.values()), "")
    if question.scale_min is not None and question.scale_max is not None:
        ends = range(question.scale_min, question.scale_max + 1)
        question.options = [option for option in question.options if option["code"] in ends]
    if question.kind not in CHOSEN:
        # The words of a scale stand in its order; a score without a word needs no row.
        worded = [option for option in question.options if any(option["texts"].values())]
        question.options = sorted(worded, key=lambda option: option["code"])
    base = survey.language
    question.labels = {
        str(option["code"]): option["texts"].get(base) or next(iter(option["texts"].values()), "")
        for option in question.options
    }


@transaction.atomic
def change_question(*, question: Question, revision: int | None = None, **fields: Any) -> Question:
    """Change some of FIELDS; ``texts`` and ``help_texts`` per language, the others stay.

    ``options``: [{"code" (None for a new one), "texts": {language: text}, "segment"?}] in order.
    ``revision`` is the survey's as the caller saw it: StaleError if the same question was changed
    since. Returns the question that stands now – another one where something else is measured
    than what was published. BuildError if a value cannot be.
    """
    survey = opened(question.survey)
    before = _own(survey, question)
    if revision is not None and before.revision > revision:
        raise StaleError(theirs=before, mine=fields)
    after = copy.copy(before)
    after._state = copy.copy(before._state)
    after.options = copy.deepcopy(before.options)
    _apply(after, survey, fields)
    if identity.still_measures(before, after) or not identity.is_published(before):
        after.save()
    else:
        after = identity.replace(before, after)
        after.refresh_from_db()
    parts.sync(after, survey)
    touch(survey, after)
    return after


@transaction.atomic
def set_parts(
    *,
    question: Question,
    touchpoints: Sequence[Touchpoint],
    texts: Mapping[int, Mapping[str, str]] | None = None,
    revision: int | None = None,
) -> Question:
    """The touchpoints of a matrix in this order; ``texts``: {touchpoint: {language: text}}."""
    survey = opened(question.survey)
    matrix = _own(survey, question)
    if matrix.kind != Kind.MATRIX:
        raise BuildError(_("Only a matrix asks for several touchpoints."))
    if revision is not None and matrix.revision > revision:
        raise StaleError(theirs=matrix, mine={})
    for touchpoint in touchpoints:
        _check_touchpoint(touchpoint, survey)
    chosen = list({touchpoint.pk: touchpoint for touchpoint in touchpoints}.values())
    languages = survey.all_languages
    words = {pk: limits.texts(text, languages) for pk, text in (texts or {}).items()}
    parts.put_touchpoints(matrix, survey, chosen, words)
    touch(survey, matrix)
    return matrix


@transaction.atomic
def move_question(*, question: Question, before: Question | None = None) -> Question:
    """Put a question before another one, or at the end."""
    survey = opened(question.survey)
    moved = _own(survey, question)
    rows = [row for row in asked(survey) if row.pk != moved.pk]
    place = len(rows)
    if before is not None and before.pk != moved.pk:
        place = [row.pk for row in rows].index(_own(survey, before).pk)
    elif before is not None:
        return moved
    rows.insert(place, moved)
    for position, row in enumerate(rows):
        row.position = position
    Question.objects.bulk_update(rows, ["position"])
    touch(survey)
    return moved


@transaction.atomic
def copy_question(*, question: Question) -> Question:
    """The same question once more, right after it, with answers of its own."""
    survey = opened(question.survey)
    original = _own(survey, question)
    if asked(survey).count() >= limits.MOST_QUESTIONS:
        raise BuildError(_("At most %(n)d questions.") % {"n": limits.MOST_QUESTIONS})
    position = _room_after(survey, original)
    new = duplicate(original, survey, key=_next_key(survey), position=position)
    for part in original.parts.filter(is_retired=False):
        key = parts.free_key(survey, f"{new.key}-{part.key.rpartition('-')[2]}")
        duplicate(part, survey, key=key, position=part.position, parent=new)
    touch(survey, new)
    return new


def duplicate(
    question: Question, survey: Survey, *, key: str, position: int, parent: Question | None = None
) -> Question:
    """A stored copy of one row in a survey of the same workspace."""
    new = copy.copy(question)
    new._state = copy.copy(question._state)
    new._state.fields_cache = {}
    new.pk, new.survey, new.key, new.position = None, survey, key, position
    new.parent, new.replaced_by, new.revision = parent, None, survey.revision
    new._state.adding = True
    new.save()
    return new


@transaction.atomic
def remove_question(*, question: Question) -> None:
    """Take a question out; one that was published is retired, and its answers stay."""
    survey = opened(question.survey)
    identity.drop(_own(survey, question))
    touch(survey)
