"""Changes to the catalogue that touch several models."""

from django.db import transaction
from django.db.models.expressions import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from cxm.models import Workspace
from touchpoints import merging
from touchpoints.models import Channel, Touchpoint


def named(name: str) -> Touchpoint | None:
    """The touchpoint of this name in the workspace of the scope; capitals do not matter."""
    return Touchpoint.objects.filter(Exact(Lower("name"), Lower(Value(name)))).first()


def channel_named(*, workspace: Workspace, name: str) -> Channel | None:
    """The channel of this name, made when it is new; none for an empty name."""
    if not name:
        return None
    same = Channel.objects.filter(Exact(Lower("name"), Lower(Value(name)))).first()
    return same or Channel.objects.create(workspace=workspace, name=name)


@transaction.atomic
def keep_touchpoint(*, workspace: Workspace, touchpoint: Touchpoint, channel: str) -> Touchpoint:
    """Store a new or changed touchpoint; ``channel`` is a name, known or new.

    A name that it had is kept, so that files which use it find the touchpoint still.
    """
    old = Touchpoint.objects.filter(pk=touchpoint.pk).values_list("name", flat=True).first()
    touchpoint.workspace = workspace
    touchpoint.channel = channel_named(workspace=workspace, name=channel)
    touchpoint.save()
    merging.remember_name(touchpoint=touchpoint, old=old or "")
    return touchpoint
