"""Mails about cases. They say that something waits, never what a person wrote: mails cannot be
erased when the person asks for it."""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope, scopes_disabled

from cxm.models import Membership
from surveys.models import Case, Mailing


def send(case_id: int, origin: str) -> None:
    """Tell the owner of a case that it waits, unless it is done, or they left the workspace."""
    with scopes_disabled():
        case = (
            Case.objects.exclude(state=Case.State.DONE)
            .select_related("owner", "workspace", "survey", "touchpoint", "rule")
            .filter(pk=case_id)
            .first()
        )
    if case is None or case.owner is None:
        return
    if not Membership.objects.filter(workspace=case.workspace, user=case.owner).exists():
        return
    language = case.owner.language or case.workspace.language
    with scope(workspace=case.workspace), translation.override(language):
        _letter(case, case.owner.email, origin).send()


def overdue_since(day: dt.date) -> list[tuple[int, int]]:
    """(workspace, owner) of whose cases were due on that day and are not done; each once."""
    with scopes_disabled():
        missed = Case.objects.exclude(state=Case.State.DONE).filter(due_on=day)
        pairs = missed.exclude(owner=None).values_list("workspace_id", "owner_id").distinct()
        return [(workspace, owner) for workspace, owner in pairs if owner is not None]


def remind(workspace_id: int, user_id: int) -> None:
    """Tell an owner how many of their cases are overdue; nothing where none is any more."""
    member = (
        Membership.objects.filter(workspace=workspace_id, user=user_id)
        .select_related("workspace", "user")
        .first()
    )
    if member is None:
        return
    language = member.user.language or member.workspace.language
    with scope(workspace=member.workspace), translation.override(language):
        late = Case.objects.exclude(state=Case.State.DONE).filter(
            owner=user_id, due_on__lt=timezone.localdate()
        )
        if n := late.count():
            _reminder(member, n).send()


def _reminder(member: Membership, n: int) -> EmailMessage:
    subject = ngettext("%(n)d of your cases is overdue", "%(n)d of your cases are overdue", n)
    path = reverse("care:cases", kwargs={"workspace": member.workspace.slug})
    context = {
        "n": n,
        "workspace": member.workspace,
        "link": f"{_origin()}{path}?show=mine",
    }
    body = render_to_string("surveys/cases_overdue_mail.txt", context)
    return EmailMessage(subject % {"n": n}, body, to=[member.user.email])


def _origin() -> str:
    """Where the application is reached, for letters that no request asked for.

    As it is set, else as the last letters to customers said; for the workspace in scope.
    """
    if settings.CSRF_TRUSTED_ORIGINS:
        return str(settings.CSRF_TRUSTED_ORIGINS[0])
    sent = Mailing.objects.exclude(origin="").order_by("-pk")
    return sent.values_list("origin", flat=True).first() or ""


def _letter(case: Case, address: str, origin: str) -> EmailMessage:
    about = case.touchpoint.name if case.touchpoint else case.survey.name
    subject = _("A case for you: %(about)s") % {"about": about}
    path = reverse("care:case", kwargs={"workspace": case.workspace.slug, "case": case.pk})
    context = {"case": case, "about": about, "link": (origin or _origin()) + path}
    body = render_to_string("surveys/case_mail.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[address])
