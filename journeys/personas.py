"""Making, copying and deleting personas; on a map they come and go as changes of that map."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cxm.models import User, Workspace
from journeys import editing
from journeys.models import Journey, JourneyPersona, Persona, Upload

WORDS = (
    "summary", "quote", "goals", "needs", "behaviour", "fears", "segment", "owner", "reviewed_on",
)  # fmt: skip


@transaction.atomic
def save_persona(
    *, workspace: Workspace, persona: Persona, actor: User, journeys: Collection[Journey]
) -> Persona:
    """Store a persona, new or changed, and the maps it goes through: one event on each of them."""
    persona.workspace = workspace
    persona.save()
    maps = Journey.objects.filter(workspace=workspace, is_template=False)
    linked = set(maps.filter(persona_links__persona=persona))
    for journey in sorted(linked - set(journeys), key=lambda one: one.pk):
        editing.remove_persona(journey=journey, actor=actor, persona=persona)
    for journey in sorted(set(journeys) - linked, key=lambda one: one.pk):
        editing.add_persona(journey=journey, actor=actor, persona=persona)
    return persona


def duplicate_persona(*, persona: Persona) -> Persona:
    """The same person under another name, on no map yet."""
    name = _("%(name)s (copy)") % {"name": persona.name[:110]}
    values = {field: getattr(persona, field) for field in WORDS}
    return Persona.objects.create(
        workspace_id=persona.workspace_id, name=name, picture_id=persona.picture_id, **values
    )


@transaction.atomic
def delete_persona(*, persona: Persona, actor: User) -> None:
    """Take the persona off every map, each as a change of it, then delete it."""
    on_map = Q(persona_links__persona=persona) | Q(phases__steps__assumptions__persona=persona)
    for journey in Journey.objects.filter(on_map).distinct().order_by("pk"):
        editing.remove_persona(journey=journey, actor=actor, persona=persona)
    persona.delete()


def set_picture(*, persona: Persona, picture: Upload | None) -> None:
    """Give the persona a picture, or take it away."""
    persona.picture = picture
    persona.save(update_fields=["picture", "updated_at"])


def maps_of(persona: Persona) -> list[Journey]:
    """The maps that the persona goes through, by title."""
    ids = JourneyPersona.objects.filter(persona=persona).values("journey")
    return list(Journey.objects.filter(pk__in=ids, is_template=False).order_by("title"))
