"""What is held of one person as a file that they get: JSON, or a page to read."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cxm.models import Workspace
from surveys.models import Source
from surveys.people_data import Filled, Held
from touchpoints.models import Contact, Segment, Touchpoint

# Each table of the page: heading, header, rows.
Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]


def as_json(held: Held, *, workspace: Workspace) -> str:
    """Everything, with the codes as stored; times in UTC (ISO 8601)."""
    names = _touchpoints(held.contacts)
    content: dict[str, Any] = {
        "workspace": workspace.name,
        "asked_for": held.asked,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "customers": [_customer(held, customer) for customer in held.customers],
        "responses": [_filled(one) for one in held.responses],
        "not_finished": [_filled(one) for one in held.unfinished],
        "invitations": [
            {
                "survey": one.mailing.survey.name,
                "email": one.email,
                "name": one.name,
                "language": one.language,
                "state": one.state,
                "sent_at": one.sent_at and one.sent_at.isoformat(),
                "reminders": one.reminders_sent,
            }
            for one in held.invitees
        ],
        "contacts": [
            {
                "touchpoint": names.get(contact.touchpoint_id, ""),
                "at": contact.happened_at.isoformat(),
                "kind": contact.kind,
                "source": contact.source,
            }
            for contact in held.contacts
        ],
        "cases": [
            {
                "survey": case.survey.name,
                "touchpoint": case.touchpoint.name if case.touchpoint else "",
                "opened_at": case.opened_at.isoformat(),
                "state": case.state,
                "contact": case.contact,
                "outcome": case.outcome,
                "notes": [
                    {"at": note.created_at.isoformat(), "text": note.text}
                    for note in held.notes
                    if note.case_id == case.pk
                ],
            }
            for case in held.cases
        ],
        "gets_no_invitations": held.is_refused,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _customer(held: Held, customer: Any) -> dict[str, Any]:
    names = Segment.objects.filter(pk__in=customer.segments)
    return {"id": customer.external_id, "segments": [str(segment) for segment in names]}


def _filled(one: Filled) -> dict[str, Any]:
    answers = [{"question": line.text, "answer": line.answer} for line in one.lines]
    if one.response is None:
        return {"survey": one.survey.name, "answers": answers}
    return {
        "survey": one.survey.name,
        "answered_on": one.response.answered_on.isoformat(),
        "source": one.response.source,
        "language": one.response.language,
        "answers": answers,
    }


def _touchpoints(contacts: Any) -> dict[int, str]:
    wanted = {contact.touchpoint_id for contact in contacts}
    return dict(Touchpoint.objects.filter(pk__in=wanted).values_list("pk", "name"))


def tables(held: Held) -> list[Table]:
    """The same for people: what they answered, where they were met, what was written to them."""
    found: list[Table] = [_answers(one) for one in (*held.responses, *held.unfinished)]
    if held.invitees:
        rows = [
            (one.mailing.survey.name, one.email, one.name, str(one.get_state_display()))
            for one in held.invitees
        ]
        found.append((_("Invitations"), (_("Survey"), _("Address"), _("Name"), _("State")), rows))
    if held.contacts:
        found.append(_contacts(held.contacts))
    if held.cases:
        notes: dict[int, list[str]] = {}
        for note in held.notes:
            notes.setdefault(note.case_id, []).append(note.text)
        lines = [
            (
                date_format(timezone.localtime(case.opened_at), "SHORT_DATE_FORMAT"),
                case.contact,
                case.outcome,
                " · ".join(notes.get(case.pk, ())),
            )
            for case in held.cases
        ]
        header = (_("Opened"), _("Address"), _("Outcome"), _("Notes"))
        found.append((_("Cases"), header, lines))
    return found


def _answers(one: Filled) -> Table:
    when = (
        date_format(one.response.answered_on, "DATE_FORMAT")
        if one.response
        else _("not finished, or held back")
    )
    source = f", {Source(one.response.source).label}" if one.response else ""
    rows = [(line.text, line.answer) for line in one.lines]
    return f"{one.survey.name}, {when}{source}", (_("Question"), _("Answer")), rows


def _contacts(contacts: Any) -> Table:
    names = _touchpoints(contacts)
    rows = [
        (
            date_format(timezone.localtime(contact.happened_at), "SHORT_DATETIME_FORMAT"),
            names.get(contact.touchpoint_id, ""),
            str(Contact(kind=contact.kind).get_kind_display()),
        )
        for contact in contacts
    ]
    return _("Contacts"), (_("When"), _("Touchpoint"), _("Kind")), rows
