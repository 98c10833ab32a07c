"""A survey as a whole: begun, copied, and what holds for all of its questions."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from cxm.models import User, Workspace
from surveys.building import defaults, limits
from surveys.building.identity import moved_jumps, moved_rule
from surveys.building.limits import BuildError
from surveys.building.questions import asked, duplicate, opened, touch
from surveys.models import Kind, Question, Quota, Source, Survey
from touchpoints.models import Segment

TEXT_NAMES: Final = ("title", "intro", "thanks", "closed")
SETTINGS: Final = (
    *("name", "language", "languages", "texts", "is_anonymous", "opens_at", "closes_at"),
    *("max_answers", "cap", "min_answers", "min_verbatims"),
)
MOST: Final = 2_000_000


@transaction.atomic
def create_survey(
    *,
    workspace: Workspace,
    name: str,
    language: str,
    languages: Sequence[str] = (),
    is_anonymous: bool = True,
    by: User | None,
) -> Survey:
    """An empty draft; BuildError if the name is taken or a language is none."""
    name = _name(name)
    if Survey.objects.filter(workspace=workspace, name=name).exists():
        raise BuildError(_("There is a survey of this name already."))
    spoken = limits.languages([language, *languages])
    return Survey.objects.create(
        workspace=workspace,
        name=name,
        language=spoken[0],
        languages=spoken[1:],
        texts=defaults.survey_texts(name, spoken),
        is_anonymous=is_anonymous,
        state=Survey.State.DRAFT,
        source=Source.LINK,
    )


def _name(name: str) -> str:
    name = " ".join(limits.text(name, 160).split())
    if not name:
        raise BuildError(_("A survey needs a name."))
    return name


@transaction.atomic
def copy_survey(*, survey: Survey, name: str = "", by: User | None) -> Survey:
    """The draft of another survey as a new one: the questions, not the answers and links."""
    if not survey.is_collected:
        raise BuildError(_("An imported survey has no questionnaire to copy."))
    new = create_survey(
        workspace=survey.workspace,
        name=name or _free_name(survey),
        language=survey.language,
        languages=survey.languages,
        is_anonymous=survey.is_anonymous,
        by=by,
    )
    new.texts, new.cap = survey.texts, survey.cap
    new.min_answers, new.min_verbatims = survey.min_answers, survey.min_verbatims
    new.save()
    _copy_questions(survey, new)
    return new


def _free_name(survey: Survey) -> str:
    wish = _("%(name)s (copy)") % {"name": survey.name[:140]}
    taken = set(Survey.objects.filter(workspace=survey.workspace_id).values_list("name", flat=True))
    names = (wish, *(f"{wish} {number}" for number in range(2, 10_000)))
    return next(name for name in names if name not in taken)


def _copy_questions(survey: Survey, new: Survey) -> None:
    moved: dict[int, int] = {}
    copies: list[Question] = []
    rows = list(Question.objects.filter(survey=survey, is_retired=False).order_by("position", "pk"))
    for row in sorted(rows, key=lambda row: row.parent_id is not None):
        parent = next((c for c in copies if c.pk == moved.get(row.parent_id or 0)), None)
        pk, key, position = row.pk, row.key, row.position
        copies.append(duplicate(row, new, key=key, position=position, parent=parent))
        moved[pk] = copies[-1].pk
    matrices = {row.pk for row in rows if row.kind == Kind.MATRIX}
    for row in copies:
        row.show_if = moved_rule(row.show_if, moved, matrices)
        row.jumps = moved_jumps(row.jumps, moved, matrices)
    Question.objects.bulk_update(copies, ["show_if", "jumps"])


@transaction.atomic
def change_survey(*, survey: Survey, **fields: Any) -> Survey:
    """Change some of SETTINGS; BuildError with words where something cannot be.

    Anonymous or personal is settled by the first opening. ``texts``: {"title" | "intro" |
    "thanks" | "closed": {language: text}}, the languages that are not named stay.
    """
    survey = opened(survey)
    if strange := set(fields) - set(SETTINGS):
        raise BuildError(_("A survey has no “%(name)s”.") % {"name": sorted(strange)[0]})
    if "name" in fields:
        survey.name = _other_name(survey, fields["name"])
    if "language" in fields or "languages" in fields:
        _languages(survey, fields)
    if "is_anonymous" in fields and bool(fields["is_anonymous"]) != survey.is_anonymous:
        _turn(survey)
    for part, words in fields.get("texts", {}).items():
        if part not in TEXT_NAMES:
            raise BuildError(_("A survey has no “%(name)s”.") % {"name": part})
        checked = limits.texts(words, survey.all_languages, limits.LONGEST_HELP)
        survey.texts = {
            **survey.texts, part: limits.merged(survey.texts.get(part, {}), checked),
        }  # fmt: skip
    _numbers(survey, fields)
    _dates(survey, fields)
    survey.save()
    touch(survey)
    return survey


def _other_name(survey: Survey, name: str) -> str:
    name = _name(name)
    others = Survey.objects.filter(workspace=survey.workspace_id, name=name)
    if others.exclude(pk=survey.pk).exists():
        raise BuildError(_("There is a survey of this name already."))
    return name


def _languages(survey: Survey, fields: Mapping[str, Any]) -> None:
    """Texts of a language that goes stay stored: it can come back."""
    first = fields.get("language", survey.language)
    spoken = limits.languages([first, *fields.get("languages", survey.all_languages)])
    new = [code for code in spoken if code not in survey.all_languages]
    survey.language, survey.languages = spoken[0], spoken[1:]
    for part, words in defaults.SURVEY_TEXTS.items():
        known = survey.texts.get(part, {})
        survey.texts = {**survey.texts, part: {**defaults.spoken(words, new), **known}}
    rows = list(Question.objects.filter(survey=survey, is_retired=False))
    for row in rows:
        _speak(row, survey, new)
    Question.objects.bulk_update(rows, ["text", "labels", "options"])


def _speak(row: Question, survey: Survey, new: Sequence[str]) -> None:
    """Words of the usual scales are known in some languages; the first text follows the first."""
    row.text = row.texts.get(survey.language) or next(iter(row.texts.values()), row.text)
    known = {option["code"]: option["texts"] for option in defaults.options(Kind(row.kind), new)}
    usual = {
        option["code"]: option["texts"] for option in defaults.options(Kind(row.kind), ("de", "en"))
    }
    for option in row.options:
        own, words = option["texts"], usual.get(option["code"], {})
        if own and any(own.get(code) == text for code, text in words.items()):
            option["texts"] = {**known.get(option["code"], {}), **own}
    row.labels = {
        str(option["code"]): option["texts"].get(survey.language)
        or next(iter(option["texts"].values()), "")
        for option in row.options
    }


def _turn(survey: Survey) -> None:
    if survey.versions.exists():
        raise BuildError(
            _("People were promised this when the survey was opened. It cannot be turned.")
        )
    survey.is_anonymous = not survey.is_anonymous
    if survey.is_anonymous:
        asked(survey).filter(asks_contact=True).update(asks_contact=False)


def _numbers(survey: Survey, fields: Mapping[str, Any]) -> None:
    for name, least in (("max_answers", 1), ("cap", 1), ("min_answers", 3), ("min_verbatims", 3)):
        if name not in fields:
            continue
        value = fields[name]
        if value is not None and not (type(value) is int and least <= value <= MOST):
            raise BuildError(_("This must be at least %(n)d.") % {"n": least})
        if value is not None and name != "max_answers" and value > 10_000:
            raise BuildError(_("This must be at most %(n)d.") % {"n": 10_000})
        setattr(survey, name, value)


def _dates(survey: Survey, fields: Mapping[str, Any]) -> None:
    for name in ("opens_at", "closes_at"):
        if name in fields:
            value = fields[name]
            if value is not None and not isinstance(value, dt.datetime):
                raise BuildError(_("This is not a date."))
            setattr(survey, name, value)
    if survey.opens_at and survey.closes_at and survey.opens_at >= survey.closes_at:
        raise BuildError(_("It would close before it opens."))


@transaction.atomic
def set_quotas(*, survey: Survey, limits_by_segment: Mapping[Segment, int]) -> None:
    """At most so many answers per segment; segments that are not named have no limit."""
    survey = opened(survey)
    for segment, limit in limits_by_segment.items():
        if segment.workspace_id != survey.workspace_id:
            raise BuildError(_("This segment is not in the workspace."))
        if not (type(limit) is int and 1 <= limit <= MOST):
            raise BuildError(_("This must be at least %(n)d.") % {"n": 1})
    Quota.objects.filter(survey=survey).exclude(segment__in=limits_by_segment).delete()
    for segment, limit in limits_by_segment.items():
        Quota.objects.update_or_create(
            survey=survey,
            segment=segment,
            defaults={"limit": limit, "workspace_id": survey.workspace_id},
        )
