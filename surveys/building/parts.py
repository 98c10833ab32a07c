"""Options, and the parts of a question whose answers are their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.building import defaults
from surveys.building.identity import drop
from surveys.building.limits import MOST_OPTIONS, BuildError
from surveys.models import PART_KINDS, Kind, Question, Survey
from touchpoints.models import Touchpoint


def numbered(options: Sequence[Mapping[str, Any]], question: Question) -> list[dict[str, Any]]:
    """Options with a code each: new ones get one that no option of the question ever had."""
    used = {option["code"] for option in question.options} | {0}
    if question.pk:
        used |= set(question.parts.exclude(code=None).values_list("code", flat=True))
    used |= {option["code"] for option in options if option["code"] is not None}
    found = []
    for option in options:
        code = option["code"]
        if code is None:
            code = max(used) + 1
            used.add(code)
        found.append({**option, "code": code})
    codes = [option["code"] for option in found]
    if len(set(codes)) < len(codes) or (0 in codes and question.kind in _CHOSEN):
        raise BuildError(_("Two answers have the same number."))
    return found


_CHOSEN = (Kind.CHOICE, Kind.SEVERAL, Kind.RANKING)


def sync(question: Question, survey: Survey) -> None:
    """Bring the parts in line with what the question is and offers."""
    parts = {part.code: part for part in question.parts.filter(is_retired=False)}
    if question.kind == Kind.MATRIX:
        stray = [part for part in parts.values() if part.touchpoint_id is None]
        _relabel(question)
    else:
        kind = PART_KINDS.get(Kind(question.kind))
        wanted = _wanted(question, survey) if kind else []
        for position, (code, texts) in enumerate(wanted):
            _put(question, survey, parts.pop(code, None), code, texts, position)
        stray = list(question.parts.filter(is_retired=False, code__in=parts))
        stray += list(question.parts.filter(is_retired=False, code=None))
    for part in stray:
        drop(part)


def _wanted(question: Question, survey: Survey) -> list[tuple[int, dict[str, str]]]:
    wanted = [(option["code"], option["texts"]) for option in question.options]
    if question.has_other and question.kind == Kind.SEVERAL:
        wanted.append((0, defaults.spoken(defaults.OTHER, survey.all_languages)))
    return wanted


def _put(
    question: Question,
    survey: Survey,
    part: Question | None,
    code: int,
    texts: dict[str, str],
    position: int,
) -> None:
    part = part or Question(
        workspace_id=question.workspace_id,
        survey=survey,
        parent=question,
        code=code,
        key=free_key(survey, f"{question.key}-{code}"),
    )
    part.kind = PART_KINDS[Kind(question.kind)]
    part.texts, part.position, part.touchpoint_id = texts, position, question.touchpoint_id
    part.text = texts.get(survey.language) or next(iter(texts.values()), "")
    part.save()


def _relabel(question: Question) -> None:
    """The words of the faces are said once, for all touchpoints of a matrix."""
    for part in question.parts.filter(is_retired=False):
        if part.options != question.options:
            part.options, part.labels = question.options, question.labels
            part.save(update_fields=["options", "labels"])


def put_touchpoints(
    question: Question, survey: Survey, chosen: Sequence[Touchpoint],
    texts: Mapping[int, dict[str, str]],
) -> None:  # fmt: skip
    """One part per touchpoint, in this order; one that was there before comes back as it was."""
    if len(chosen) > MOST_OPTIONS:
        raise BuildError(_("At most %(n)d answers to choose from.") % {"n": MOST_OPTIONS})
    before = {part.touchpoint_id: part for part in question.parts.order_by("is_retired", "-pk")}
    for position, touchpoint in enumerate(chosen):
        part = before.pop(touchpoint.pk, None) or _part(question, survey, touchpoint)
        part.position, part.is_retired = position, False
        if words := texts.get(touchpoint.pk):
            part.texts = {code: text for code, text in {**part.texts, **words}.items() if text}
            part.text = part.texts.get(survey.language, "") or touchpoint.name
        part.save()
    for part in before.values():
        if not part.is_retired:
            drop(part)


def _part(question: Question, survey: Survey, touchpoint: Touchpoint) -> Question:
    texts = defaults.texts(Kind.FACES, survey.all_languages, place=touchpoint.name)
    low, high = defaults.SCALES[Kind.FACES]
    return Question(
        workspace_id=question.workspace_id,
        survey=survey,
        parent=question,
        touchpoint=touchpoint,
        kind=Kind.FACES,
        scale_min=low,
        scale_max=high,
        key=free_key(survey, f"{question.key}-t{touchpoint.pk}"),
        options=question.options,
        labels=question.labels,
        texts=texts,
        text=texts.get(survey.language, touchpoint.name),
    )


def free_key(survey: Survey, wish: str) -> str:
    """The key itself, or with a number where it is taken already."""
    taken = set(Question.objects.filter(survey=survey).values_list("key", flat=True))
    return wish if wish not in taken else next(
        key for n in range(2, 10_000) if (key := f"{wish}-{n}") not in taken
    )  # fmt: skip
