"""Names that touchpoints had, and two of them becoming one: history stays findable."""

from collections.abc import Callable

from django.db import transaction
from django.db.models.expressions import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from touchpoints.models import Alias, Contact, Lifecycle, Touchpoint


def known_names(workspace_id: int, *, key: Callable[[str], str] = str.lower) -> dict[str, int]:
    """Every name that a file may use, by ``key``, with the touchpoint that it means today.

    Names of today come before old ones; the name of a merged touchpoint means the one that stayed.
    """
    found: dict[str, int] = {}
    rows = Touchpoint.objects.filter(workspace_id=workspace_id)
    for name, pk, into in rows.values_list("name", "pk", "merged_into"):
        found[key(name)] = into or pk
    old = Alias.objects.filter(workspace_id=workspace_id)
    for name, pk in old.values_list("name", "touchpoint"):
        found.setdefault(key(name), pk)
    return found


def spoken_names(workspace_id: int) -> list[str]:
    """The same names as they are written, old ones last."""
    rows = Touchpoint.objects.filter(workspace_id=workspace_id)
    old = Alias.objects.filter(workspace_id=workspace_id)
    return [
        *rows.order_by("name").values_list("name", flat=True),
        *old.values_list("name", flat=True),
    ]


def found_by(name: str) -> Touchpoint | None:
    """The touchpoint that a name means today, in the workspace of the scope; capitals do not
    matter."""
    same = Exact(Lower("name"), Lower(Value(name)))
    own = Touchpoint.objects.filter(same).select_related("merged_into").first()
    if own is not None:
        return own.merged_into or own
    old = Alias.objects.filter(same).select_related("touchpoint").first()
    return old.touchpoint if old else None


def remember_name(*, touchpoint: Touchpoint, old: str) -> None:
    """After a renaming: files that use the old name find the touchpoint still.

    The name that somebody has today is nobody's old one.
    """
    same_now = Exact(Lower("name"), Lower(Value(touchpoint.name)))
    Alias.objects.filter(same_now, workspace_id=touchpoint.workspace_id).delete()
    if not old or old.lower() == touchpoint.name.lower():
        return
    same = Exact(Lower("name"), Lower(Value(old)))
    Alias.objects.filter(same, workspace_id=touchpoint.workspace_id).delete()
    Alias.objects.create(workspace_id=touchpoint.workspace_id, touchpoint=touchpoint, name=old)


@transaction.atomic
def absorb(*, goes: Touchpoint, into: Touchpoint) -> None:
    """The catalogue's part of a merger: contacts and names move, ``goes`` is retired.

    Whatever was merged into or split off from ``goes`` before now says ``into``, so that one look
    leads to what stayed. ValueError where both are the same or either was merged already.
    """
    if goes.pk == into.pk or goes.merged_into_id or into.merged_into_id:
        raise ValueError("A touchpoint is merged once, into another one that stays.")
    workspace = goes.workspace_id
    Contact.objects.filter(workspace_id=workspace, touchpoint_id=goes.pk).update(
        touchpoint_id=into.pk
    )
    Alias.objects.filter(touchpoint=goes).update(touchpoint=into)
    Touchpoint.objects.filter(merged_into=goes).update(merged_into=into)
    Touchpoint.objects.filter(split_from=goes).exclude(pk=into.pk).update(split_from=into)
    Touchpoint.objects.filter(pk=into.pk, split_from=goes).update(split_from=None)
    same = Exact(Lower("name"), Lower(Value(goes.name)))
    Alias.objects.filter(same, workspace_id=workspace).delete()
    Alias.objects.create(workspace_id=workspace, touchpoint=into, name=goes.name)
    goes.merged_into, goes.lifecycle = into, Lifecycle.RETIRED
    goes.save(update_fields=["merged_into", "lifecycle", "updated_at"])


@transaction.atomic
def use_again(touchpoint: Touchpoint) -> None:
    """Take a touchpoint back into use; one that was merged stands for itself again.

    What moved with the merger stays where it is.
    """
    touchpoint.lifecycle = Lifecycle.ACTIVE
    if touchpoint.merged_into_id:
        same = Exact(Lower("name"), Lower(Value(touchpoint.name)))
        Alias.objects.filter(same, workspace_id=touchpoint.workspace_id).delete()
        touchpoint.merged_into = None
    touchpoint.save(update_fields=["lifecycle", "merged_into", "updated_at"])
