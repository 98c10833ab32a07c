"""Everything that is held of one person: found, written into a file, erased.

A person is asked for by e-mail address, by the id that the firm knows them by, or by the code word
that they kept. Only what surely is theirs is joined: letters to the address, the customer whom
such a letter was for, and what that customer answered. Addresses that they gave in answers are
named, to be looked up by hand: families share them, and people mistype.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from cxm.models import User, Workspace
from surveys import readable, refusals, tasks
from surveys.collecting import fillings as filled
from surveys.collecting import hash_word
from surveys.erasing import erase_responses
from surveys.models import (
    Answer,
    Case,
    CaseNote,
    Erasure,
    Filling,
    Invitee,
    Kind,
    Question,
    Refusal,
    Response,
    Survey,
)
from surveys.questionnaire import answers as stored_answers
from surveys.readable import Said
from touchpoints.models import Contact, Customer

LONGEST = 254


@dataclass(frozen=True)
class Filled:
    """One response, or what was typed without becoming one, with its answers in words."""

    survey: Survey
    lines: list[Said]
    response: Response | None = None
    filling: Filling | None = None


@dataclass(frozen=True)
class Held:
    """What there is of a person; ``gave`` are addresses in their answers, not searched for."""

    asked: str
    customers: Sequence[Customer] = ()
    invitees: Sequence[Invitee] = ()
    responses: Sequence[Filled] = ()
    unfinished: Sequence[Filled] = ()
    cases: Sequence[Case] = ()
    notes: Sequence[CaseNote] = ()
    contacts: Sequence[Contact] = ()
    gave: Sequence[str] = ()
    is_refused: bool = False
    emails: Sequence[str] = field(default=())

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind, as the proof of an erasure names them."""
        found = {
            "responses": len(self.responses),
            "answers": sum(len(one.lines) for one in self.responses),
            "fillings": len(self.unfinished),
            "contacts": len(self.contacts),
            "mails": len(self.invitees),
            "cases": len(self.cases),
            "customers": len(self.customers),
        }
        return {name: n for name, n in found.items() if n}

    @property
    def is_empty(self) -> bool:
        return not self.counts


def plain(asked: str) -> str:
    """What was typed, as it is looked for."""
    return " ".join(asked.replace("\0", "").split())[:LONGEST]


def find(*, workspace: Workspace, asked: str, lock: bool = False) -> Held:
    """Everything held of whom ``asked`` names; the same number of queries for any amount.

    ``lock``: nobody ends a questionnaire of theirs until the transaction is over.
    """
    asked = plain(asked)
    if not asked:
        return Held(asked)
    email = asked.lower() if "@" in asked else ""
    invitees, customers = _letters(asked, email)
    typed = _fillings(asked, invitees, lock=lock)
    cases = Case.objects.select_related("survey", "owner", "touchpoint")
    mine = list(cases.filter(contact=email)) if email else []
    ids = {filling.response_id for filling in typed if filling.response_id}
    ids |= {case.response_id for case in mine} | set(_consents(email))
    by_customer = Q(customer_id__in=[customer.id for customer in customers])
    responses = list(Response.objects.filter(Q(id__in=ids) | by_customer).order_by("answered_on"))
    ids = {response.id for response in responses}
    mine = list(cases.filter(Q(response_id__in=ids) | Q(pk__in=[case.pk for case in mine])))
    told = _in_words(responses, [f for f in typed if f.response_id not in ids])
    gave = _addresses(told, mine) - {email}
    letters = {invitee.email for invitee in invitees} | ({email} if email else set())
    return Held(
        asked=asked,
        customers=customers,
        invitees=invitees,
        responses=[one for one in told if one.response],
        unfinished=[one for one in told if one.filling],
        cases=mine,
        notes=list(CaseNote.objects.filter(case__in=mine).select_related("author")),
        contacts=list(
            Contact.objects.filter(customer_id__in=[c.id for c in customers]).order_by(
                "happened_at"
            )
        ),
        gave=sorted(gave | letters - {email}),
        emails=sorted(gave | letters),
        is_refused=bool(email and refusals.refused([email])),
    )


def _letters(asked: str, email: str) -> tuple[list[Invitee], list[Customer]]:
    """Letters to the address and the customers they were for; or a customer and their letters."""
    by_id = Customer.objects.filter(external_id=asked)
    named = list(by_id.values_list("id", flat=True))
    invitees = list(
        Invitee.objects.filter(Q(email=email) if email else Q(customer_id__in=named))
        .select_related("mailing__survey")
        .order_by("pk")
    )
    found = {*named, *(i.customer_id for i in invitees if i.customer_id)}
    return invitees, list(Customer.objects.filter(id__in=found))


def _fillings(asked: str, invitees: Iterable[Invitee], *, lock: bool) -> list[Filling]:
    rows = Filling.objects.select_for_update() if lock else Filling.objects.all()
    letters = [invitee.pk for invitee in invitees]
    return list(rows.filter(Q(invitee_id__in=letters) | Q(word_hash=hash_word(asked))))


def _consents(email: str) -> list[uuid.UUID]:
    """Responses in which this address was given, to be contacted."""
    if not email:
        return []
    asking = Question.objects.filter(kind=Kind.CONSENT, asks_contact=True)
    given = Answer.objects.filter(question_id__in=list(asking.values_list("pk", flat=True)))
    return list(given.filter(raw=email).values_list("response_id", flat=True))


def _in_words(responses: Sequence[Response], typed: Sequence[Filling]) -> list[Filled]:
    wanted = {r.survey_id for r in responses} | {f.survey_id for f in typed}
    surveys = {survey.pk: survey for survey in Survey.objects.filter(pk__in=wanted)}
    questions: dict[int, list[Question]] = {}
    for question in Question.objects.filter(survey__in=wanted):
        questions.setdefault(question.survey_id, []).append(question)
    answers: dict[object, list[Answer]] = {}
    for answer in Answer.objects.filter(response_id__in=[r.id for r in responses]):
        answers.setdefault(answer.response_id, []).append(answer)
    told = []
    for response in responses:
        survey = surveys[response.survey_id]
        lines = readable.said(
            answers.get(response.id, ()),
            questions.get(survey.pk, ()),
            response.language or survey.language,
        )
        told.append(Filled(survey, lines, response=response))
    for row in typed:
        survey = surveys[row.survey_id]
        lines = readable.said(_typed(row), questions.get(survey.pk, ()), row.language)
        told.append(Filled(survey, lines, filling=row))
    return told


def _typed(filling: Filling) -> list[Answer]:
    """What was typed on the way, as if it had been stored."""
    at = filled.progress(filling)
    return [
        Answer(question_id=row.question_id, status=row.status, score=row.score, raw=row.raw)
        for row in stored_answers(at.questionnaire, at.replies, at.pages)
    ]


def _addresses(told: Iterable[Filled], cases: Iterable[Case]) -> set[str]:
    in_answers = {line.answer for one in told for line in one.lines if line.is_contact}
    return {address.lower() for address in in_answers | {case.contact for case in cases} if address}


@transaction.atomic
def erase(*, workspace: Workspace, asked: str, by: User) -> Erasure | None:
    """Erase what ``find`` finds, in one transaction; None where nothing is held (any more).

    The figures follow: the days are marked with it. Their addresses stay as keyed hashes, so that
    no later list invites them again. The proof says how much, by whom and when, not whose.
    """
    held = find(workspace=workspace, asked=asked, lock=True)
    if held.is_empty:
        return None
    gone: Counter[str] = erase_responses(
        workspace_id=workspace.pk,
        response_ids=[one.response.id for one in held.responses if one.response],
    )
    rest = Case.objects.filter(pk__in=[case.pk for case in held.cases])
    gone["cases"] += rest.delete()[1].get("surveys.Case", 0)
    typed = [one.filling.id for one in held.unfinished if one.filling]
    gone["fillings"] += Filling.objects.filter(id__in=typed).delete()[0]
    customers = [customer.id for customer in held.customers]
    gone["contacts"] = Contact.objects.filter(customer_id__in=customers).delete()[0]
    gone["customers"] = Customer.objects.filter(id__in=customers).delete()[0]
    letters = Invitee.objects.filter(pk__in=[invitee.pk for invitee in held.invitees])
    gone["mails"] = letters.delete()[1].get("surveys.Invitee", 0)
    refusals.refuse(workspace_id=workspace.pk, emails=held.emails, reason=Refusal.Reason.ERASED)
    transaction.on_commit(lambda: tasks.enqueue_fold(workspace.pk))
    return Erasure.objects.create(
        workspace=workspace, reason=Erasure.Reason.DEMAND, counts=dict(+gone), done_by=by
    )
