"""A person wants no more letters."""

from django.db import transaction
from django_scopes import scope, scopes_disabled

from surveys.mailing import marks
from surveys.models import Invitee, Refusal
from surveys.refusals import refuse, refused

_S = Invitee.State


def invitation(token: str) -> Invitee | None:
    """The invitation that an address of a letter speaks of, with workspace."""
    invitee_id = marks.invitee_refusing(token)
    if invitee_id is None:
        return None
    with scopes_disabled():
        return Invitee.objects.select_related("workspace").filter(pk=invitee_id).first()


def has_refused(row: Invitee) -> bool:
    with scope(workspace=row.workspace):
        return bool(refused([row.email]))


@transaction.atomic
def unsubscribe(row: Invitee) -> None:
    """No survey letter of this workspace any more, whatever the list. Twice is once."""
    with scope(workspace=row.workspace):
        reason = Refusal.Reason.UNSUBSCRIBED
        refuse(workspace_id=row.workspace_id, emails=[row.email], reason=reason)
        waiting = [_S.WAITING, _S.SENT, _S.SENDING, _S.FAILED]
        Invitee.objects.filter(email=row.email, state__in=waiting).update(
            state=_S.UNSUBSCRIBED, next_at=None
        )
