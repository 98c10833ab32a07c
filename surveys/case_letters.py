"""Mails about cases. They say that something waits, never what a person wrote: mails cannot be
erased when the person asks for it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from cxm.models import Membership
from surveys.models import Case


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


def _letter(case: Case, address: str, origin: str) -> EmailMessage:
    about = case.touchpoint.name if case.touchpoint else case.survey.name
    subject = _("A case for you: %(about)s") % {"about": about}
    path = reverse("care:case", kwargs={"workspace": case.workspace.slug, "case": case.pk})
    # An answer that came without a request, on paper or by a job, knows no address of ours.
    origin = origin or next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    context = {"case": case, "about": about, "link": origin + path}
    body = render_to_string("surveys/case_mail.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[address])
