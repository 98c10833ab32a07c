"""Which question an answer belongs to when the draft changes after it was published.

Other words are the same question. Another kind, other ends or the other direction of a scale, a
choice that goes: that measures something else, so it is a new question, and the old one keeps its
answers.
"""

from collections.abc import Iterable
from typing import Any

from surveys.models import Kind, Question, Version


def is_published(question: Question) -> bool:
    """Whether any version asked it, itself or as a part."""
    versions = Version.objects.filter(survey=question.survey_id)
    items: list[dict[str, Any]] = [{"id": question.pk}]
    if question.parent_id:
        items = [{"parts": items}]
    return versions.filter(definition__contains={"items": items}).exists()


def still_measures(before: Question, after: Question) -> bool:
    """Whether answers to both can stand in one series."""
    if _scale(before) != _scale(after):
        return False
    old, new = _codes(before), _codes(after)
    if before.kind == Kind.CHOICE:
        return old <= new
    return before.kind != Kind.RANKING or old == new


def _scale(question: Question) -> tuple[object, ...]:
    return question.kind, question.scale_min, question.scale_max, question.is_reversed


def _codes(question: Question) -> set[int]:
    codes = {option["code"] for option in question.options}
    return codes | ({0} if question.has_other else set())


def replace(old: Question, new: Question) -> Question:
    """Put ``new`` (values not stored yet) in the place of ``old``, which is asked no more.

    The key goes over to the new one, so that texts that repeat it stay true.
    """
    key = old.key
    _retire(old)
    new.pk, new.key, new.replaced_by = None, key, None
    new._state.adding = True
    new.save()
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    repoint(new, {old.pk: new.pk})
    return new


def _retire(question: Question) -> None:
    """Free the keys of a question and of its parts, and ask them no more."""
    taken = set(Question.objects.filter(survey=question.survey_id).values_list("key", flat=True))
    for row in (question, *question.parts.filter(is_retired=False)):
        number = next(n for n in range(1, 10_000) if f"{row.key}-v{n}" not in taken)
        taken.add(key := f"{row.key[:190]}-v{number}")
        Question.objects.filter(pk=row.pk).update(key=key, is_retired=True)
    question.refresh_from_db()


def drop(question: Question) -> None:
    """Take a question out of the draft: retired where it was published, else removed."""
    if is_published(question):
        _retire(question)
        return
    question.parts.all().delete()
    question.delete()


def repoint(within: Question, moved: dict[int, int]) -> None:
    """Let rules and jumps of the survey that name old questions name the new ones."""
    rows = list(Question.objects.filter(survey=within.survey_id, is_retired=False))
    changed = []
    for row in rows:
        show_if, jumps = moved_rule(row.show_if, moved), moved_jumps(row.jumps, moved)
        if (show_if, jumps) != (row.show_if, row.jumps):
            row.show_if, row.jumps = show_if, jumps
            changed.append(row)
    Question.objects.bulk_update(changed, ["show_if", "jumps"])


def moved_rule(
    rule: list[list[dict[str, Any]]], moved: dict[int, int], matrices: Iterable[int] = ()
) -> list[list[dict[str, Any]]]:
    """A rule with the ids of other questions; what a matrix asks for are ids of its parts."""
    return [
        [
            {
                "question": moved.get(condition["question"], condition["question"]),
                "is": condition["is"],
                "to": [moved.get(code, code) for code in condition["to"]]
                if condition["question"] in matrices
                else condition["to"],
            }
            for condition in together
        ]
        for together in rule
    ]


def moved_jumps(
    jumps: list[dict[str, Any]], moved: dict[int, int], matrices: Iterable[int] = ()
) -> list[dict[str, Any]]:
    return [
        {"when": moved_rule(jump["when"], moved, matrices), "to": moved.get(jump["to"], jump["to"])}
        for jump in jumps
    ]


def family(questions: Iterable[int]) -> dict[int, int]:
    """Each question that one of these replaced, however long ago → the one that stands now.

    Whoever binds questions to something (a step, a rule for cases) keeps the binding through
    changes of what is measured by asking here.
    """
    found: dict[int, int] = {question: question for question in questions}
    edge = set(found)
    while edge:
        rows = Question.objects.filter(replaced_by__in=edge).exclude(pk__in=found)
        earlier = {pk: found[by] for pk, by in rows.values_list("pk", "replaced_by") if by}
        found |= earlier
        edge = set(earlier)
    return found
