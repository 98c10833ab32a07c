"""Opening a questionnaire to people: its draft is frozen into a version."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cxm.models import User
from surveys.models import Kind, Question, Rule, Survey, Version
from surveys.questionnaire import Finding, Item, Questionnaire, findings, from_json, to_json
from surveys.questionnaire.definition import jumps, options, rule


class NotReadyError(Exception):
    """The questionnaire cannot be opened; ``findings`` say why."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__(_("This questionnaire cannot be opened yet."))
        self.findings = found


def definition_of(survey: Survey, *, number: int = 0) -> Questionnaire:
    """The draft as it stands, in one query."""
    rows = list(
        Question.objects.filter(survey=survey, is_retired=False)
        .select_related("touchpoint")
        .order_by("position", "id")
    )
    parts = defaultdict(list)
    for row in rows:
        parts[row.parent_id].append(row)
    return Questionnaire(
        survey=survey.pk,
        number=number,
        languages=tuple(survey.all_languages),
        texts=survey.texts,
        is_anonymous=survey.is_anonymous,
        cap=survey.cap,
        items=tuple(_item(row, parts) for row in rows if row.parent_id is None),
    )


def _item(row: Question, rows: Mapping[int | None, list[Question]]) -> Item:
    parts = tuple(_item(part, {}) for part in rows.get(row.pk, ()))
    if row.kind == Kind.MATRIX:
        # Said once, for all of its touchpoints: they take turns, the matrix itself stays.
        parts = tuple(replace(part, rotates=row.rotates) for part in parts)
    return Item(
        id=row.pk,
        key=row.key,
        kind=Kind(row.kind),
        texts=row.texts,
        help_texts=row.help_texts,
        options=options(row.options),
        scale=_scale(row),
        is_reversed=row.is_reversed,
        has_other=row.has_other,
        is_required=row.is_required,
        offers_never_used=row.offers_never_used,
        offers_unknown=row.offers_unknown,
        rotates=row.rotates,
        asks_contact=row.asks_contact,
        show_if=rule(row.show_if),
        jumps=jumps(row.jumps),
        parts=parts,
        parent=row.parent_id,
        code=row.code,
        touchpoint=row.touchpoint_id,
        place=row.touchpoint.name if row.touchpoint else "",
    )


def _scale(row: Question) -> tuple[int, int] | None:
    if row.scale_min is None or row.scale_max is None:
        return None
    return row.scale_min, row.scale_max


def published(survey: Survey) -> Questionnaire | None:
    """What people answer at the moment."""
    return from_json(survey.version.definition) if survey.version else None


@transaction.atomic
def publish(*, survey: Survey, by: User | None, note: str = "") -> Version:
    """Freeze the draft as the next version and open the survey; NotReadyError if it is not ready.

    Nothing changed since the last version: that version stays, and the survey opens again.
    """
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    last = Version.objects.filter(survey=survey).aggregate(last=Max("number"))["last"] or 0
    draft = definition_of(survey, number=last + 1)
    found = [finding for finding in findings(draft) if finding.blocks]
    if found:
        raise NotReadyError(found)
    version = _unchanged(survey, draft) or Version.objects.create(
        workspace_id=survey.workspace_id,
        survey=survey,
        number=last + 1,
        definition=to_json(draft),
        note=note,
        published_by=by,
    )
    survey.version, survey.state = version, Survey.State.OPEN
    survey.save(update_fields=["version", "state"])
    _follow(survey)
    return version


def _follow(survey: Survey) -> None:
    """Rules for cases go over to the questions that stand in the place of theirs now."""
    rows = Rule.objects.filter(survey=survey, question__replaced_by__isnull=False)
    for case_rule in rows:
        successor = case_rule.question
        while successor and successor.replaced_by:
            successor = successor.replaced_by
        if successor and not successor.is_retired:
            case_rule.question = successor
            case_rule.save(update_fields=["question"])


def _unchanged(survey: Survey, draft: Questionnaire) -> Version | None:
    current = survey.version
    if current and to_json(draft) | {"number": current.number} == current.definition:
        return current
    return None


def has_changed(survey: Survey, draft: Questionnaire) -> bool:
    """Whether the draft says something else than what people answer."""
    return survey.version is not None and _unchanged(survey, draft) is None


def close(*, survey: Survey) -> None:
    """Nobody can begin or go on; what was answered stays."""
    Survey.objects.filter(pk=survey.pk, state=Survey.State.OPEN).update(state=Survey.State.CLOSED)
    survey.refresh_from_db()


def reopen(*, survey: Survey) -> None:
    """Open a closed survey again, with the version that it had."""
    Survey.objects.filter(pk=survey.pk, state=Survey.State.CLOSED, version__isnull=False).update(
        state=Survey.State.OPEN
    )
    survey.refresh_from_db()
