"""Following up: rules open cases for people who agreed to be contacted, and people close them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cxm.models import Membership, User, Workspace
from surveys import tasks
from surveys.case_rules import Asked, Fired, Wanted, fired
from surveys.models import Case, CaseNote, Kind, Link, Question, Response, Status, Survey
from surveys.questionnaire import StoredAnswer
from touchpoints.models import Touchpoint

OPEN = (Case.State.OPEN, Case.State.WORKING)


class NoOutcomeError(ValueError):
    """A case that is done says what came of it."""


@transaction.atomic
def open_cases(
    *,
    workspace_id: int,
    survey_id: int,
    response_id: uuid.UUID,
    answers: Sequence[StoredAnswer],
    origin: str = "",
) -> list[Case]:
    """Open a case per rule that these answers fulfil; part of what finishes a response.

    Only where the person agreed to be contacted and said how, never in an anonymous survey. Asked
    again after the answers were changed, it opens what is new, keeps what is there, and follows
    the address: whoever takes their consent back is not contacted any more. One query where the
    survey has no rules, two where none holds. ``origin`` is where the application is reached,
    for the link in the mail to the owner.
    """
    rules, is_anonymous, has_cases = _rules(survey_id, response_id)
    if is_anonymous or not (rules or has_cases):
        return []
    questions = _questions(answers)
    contact = _contact(answers, questions)
    if has_cases:
        _follow(response_id, contact, workspace_id)
    found = fired([_wanted(rule) for rule in rules.values()], answers, _asked(questions))
    if not (contact and found):
        return []
    opened = _open(
        found, rules, questions,
        workspace_id=workspace_id, survey_id=survey_id, response_id=response_id, contact=contact,
    )  # fmt: skip
    for case in opened:
        if case.owner_id:
            # Queued in the same transaction: the letter exists exactly when the case does.
            tasks.mail_case.defer(case_id=case.pk, origin=origin)
    return opened


class _RuleRow(NamedTuple):
    id: int
    kind: str
    question_id: int | None
    at_most: int | None
    words: list[str]
    owner_id: int | None
    due_days: int


def _rules(survey_id: int, response_id: uuid.UUID) -> tuple[dict[int, _RuleRow], bool, bool]:
    """(active rules, whether the survey is anonymous, whether this response has cases)."""
    columns = [f"rules__{name}" for name in _RuleRow._fields]
    rows = list(
        Survey.objects.filter(pk=survey_id)
        .annotate(has_cases=Exists(Case.objects.filter(response_id=response_id)))
        .values_list("is_anonymous", "has_cases", "rules__is_active", *columns)
    )
    rules = {row[3]: _RuleRow(*row[3:]) for row in rows if row[2]}
    return rules, rows[0][0] if rows else True, rows[0][1] if rows else False


def _questions(answers: Iterable[StoredAnswer]) -> dict[int, Question]:
    asked = Question.objects.filter(pk__in=[answer.question_id for answer in answers])
    return {
        question.pk: question
        for question in asked.only(
            "id", "kind", "scale_min", "scale_max", "is_reversed", "asks_contact", "touchpoint"
        )
    }


def _asked(questions: dict[int, Question]) -> dict[int, Asked]:
    return {
        id: Asked(
            question.kind,
            None
            if question.scale_min is None or question.scale_max is None
            else (question.scale_min, question.scale_max),
            question.is_reversed,
        )
        for id, question in questions.items()
    }


def _wanted(rule: _RuleRow) -> Wanted:
    return Wanted(rule.id, rule.kind, rule.question_id, rule.at_most, tuple(rule.words))


def _contact(answers: Iterable[StoredAnswer], questions: dict[int, Question]) -> str:
    """The address that the person gave in order to be contacted; empty where none."""
    for answer in answers:
        question = questions.get(answer.question_id)
        if (
            question is not None
            and question.kind == Kind.CONSENT
            and question.asks_contact
            and answer.status == Status.SCORED
            and answer.score == 1
            and "@" in answer.raw
        ):
            return answer.raw[:254]
    return ""


def _follow(response_id: uuid.UUID, contact: str, workspace_id: int) -> None:
    """Changed answers: the cases of the response get the new address, or none."""
    before = list(Case.objects.filter(response_id=response_id).exclude(contact=contact))
    Case.objects.filter(pk__in=[case.pk for case in before]).update(contact=contact)
    if contact:
        return
    language = Workspace.objects.values_list("language", flat=True).get(pk=workspace_id)
    with translation.override(language):
        text = _("The person no longer agrees to be contacted. Their address was removed.")
    CaseNote.objects.bulk_create(
        CaseNote(workspace_id=workspace_id, case=case, text=text) for case in before
    )


def _open(
    found: Iterable[Fired],
    rules: dict[int, _RuleRow],
    questions: dict[int, Question],
    *,
    workspace_id: int,
    survey_id: int,
    response_id: uuid.UUID,
    contact: str,
) -> list[Case]:
    have = set(Case.objects.filter(response_id=response_id).values_list("rule_id", flat=True))
    new = [one for one in found if one.rule not in have]
    if not new:
        return []
    members = set(
        Membership.objects.filter(workspace_id=workspace_id).values_list("user_id", flat=True)
    )
    today = timezone.localdate()
    rows = []
    for one in new:
        rule = rules[one.rule]
        rows.append(
            Case(
                workspace_id=workspace_id,
                survey_id=survey_id,
                rule_id=rule.id,
                response_id=response_id,
                question_id=one.question,
                touchpoint_id=_touchpoint(questions[one.question].touchpoint_id, response_id),
                contact=contact,
                owner_id=rule.owner_id if rule.owner_id in members else None,
                due_on=today + dt.timedelta(days=rule.due_days),
            )
        )
    # Two requests that finish at once: the constraint lets one of them open the case.
    Case.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Case.objects.filter(response_id=response_id, rule_id__in=[n.rule for n in new]))


def _touchpoint(asked_about: int | None, response_id: uuid.UUID) -> int | None:
    """What the question asks about, else the place where the link hung; merged ones as today."""
    if asked_about is None:
        links = Response.objects.filter(id=response_id).values("link_id")
        asked_about = Link.objects.filter(pk__in=links).values_list("touchpoint", flat=True).first()
    seen = {asked_about}
    while asked_about is not None:
        merged = Touchpoint.objects.filter(pk=asked_about, merged_into__isnull=False)
        into = merged.exclude(merged_into=asked_about).values_list("merged_into", flat=True).first()
        if into is None or into in seen:
            break
        seen.add(into)
        asked_about = into
    return asked_about


@transaction.atomic
def change(
    *,
    case: Case,
    by: User,
    state: str,
    owner: User | None,
    due_on: dt.date | None,
    outcome: str,
    origin: str = "",
) -> Case:
    """What a person sets on a case; raises NoOutcomeError where it is done without an outcome."""
    if state == Case.State.DONE and not outcome.strip():
        raise NoOutcomeError
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    is_new_owner = owner is not None and owner.pk not in (locked.owner_id, by.pk)
    if state != Case.State.DONE:
        locked.closed_at = None
    elif locked.closed_at is None:
        locked.closed_at = timezone.now()
    locked.state, locked.owner, locked.due_on, locked.outcome = state, owner, due_on, outcome
    locked.save(update_fields=["state", "owner", "due_on", "outcome", "closed_at"])
    if is_new_owner and state != Case.State.DONE:
        tasks.mail_case.defer(case_id=locked.pk, origin=origin)
    return locked


def note(*, case: Case, author: User, text: str) -> CaseNote:
    """Write down what was done or said."""
    return CaseNote.objects.create(
        workspace_id=case.workspace_id, case=case, author=author, text=text
    )


class Waiting(NamedTuple):
    """How many cases wait: of everybody, overdue ones among them, and of one person."""

    open: int = 0
    overdue: int = 0
    mine: int = 0


def waiting(user: User) -> Waiting:
    """What waits in the workspace; one query."""
    overdue = Q(due_on__lt=timezone.localdate())
    counts: dict[str, Any] = Case.objects.filter(state__in=OPEN).aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=overdue),
        mine=Count("pk", filter=Q(owner=user)),
    )
    return Waiting(**counts)
