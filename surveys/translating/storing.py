"""Bringing a translator's texts into the draft: all of them, or none."""

from collections.abc import Collection, Sequence

from django.db import transaction

from surveys.building.parts import sync
from surveys.building.questions import opened, touch
from surveys.building.surveys import change_survey
from surveys.models import PART_KINDS, Kind, Question, Survey
from surveys.translating.comparing import Change, Plan


@transaction.atomic
def store(*, survey: Survey, plan: Plan, taken: Collection[str] = ()) -> int:
    """Store the changes, and of the conflicts those whose ``name`` is in ``taken``; how many.

    Wording keeps what a question is, so no answer is touched. BuildError where the plan has
    faults that were not told before.
    """
    chosen = [*plan.changes, *(one for one in plan.conflicts if one.name in taken)]
    survey = opened(survey)
    _add_languages(survey, plan, chosen)
    survey = opened(survey)
    for change in chosen:
        if not change.text.owner:
            words = survey.texts.get(str(change.text.part), {})
            survey.texts[str(change.text.part)] = {**words, change.language: change.after}
    survey.save(update_fields=["texts"])
    questions = _questions(survey, chosen)
    touch(survey, *questions)
    return len(chosen)


def _add_languages(survey: Survey, plan: Plan, chosen: Sequence[Change]) -> None:
    used = {change.language for change in chosen}
    new = [code for code in plan.new_languages if code in used]
    if new:
        spoken = [*survey.all_languages, *new]
        change_survey(survey=survey, language=spoken[0], languages=spoken[1:])


def _questions(survey: Survey, chosen: Sequence[Change]) -> list[Question]:
    by_owner: dict[int, list[Change]] = {}
    for change in chosen:
        if change.text.owner:
            by_owner.setdefault(change.text.owner, []).append(change)
    rows = list(Question.objects.filter(survey=survey, pk__in=by_owner, is_retired=False))
    for row in rows:
        for change in by_owner[row.pk]:
            _put(row, change)
        row.text = row.texts.get(survey.language) or next(iter(row.texts.values()), row.text)
        row.labels = {
            str(option["code"]): option["texts"].get(survey.language)
            or next(iter(option["texts"].values()), "")
            for option in row.options
        }
    Question.objects.bulk_update(rows, ["texts", "text", "help_texts", "options", "labels"])
    for row in rows:
        if row.kind in PART_KINDS or row.kind == Kind.MATRIX:
            sync(row, survey)
    return rows


def _put(row: Question, change: Change) -> None:
    part = change.text.part
    if part == "text":
        row.texts = {**row.texts, change.language: change.after}
    elif part == "help":
        row.help_texts = {**row.help_texts, change.language: change.after}
    else:
        for option in row.options:
            if option["code"] == part:
                option["texts"] = {**option["texts"], change.language: change.after}
