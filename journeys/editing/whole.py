"""Changes of a map as a whole: made, copied, replaced, taken back, deleted."""

from collections.abc import Callable, Mapping

from django.db import IntegrityError, connection, transaction
from django.utils.text import slugify

from cxm.models import User, Workspace
from journeys.drawing import draw_phases
from journeys.editing.copying import copied
from journeys.followed import followed, followed_changes
from journeys.log import changes_of, changing, keep_snapshot, state_at
from journeys.models import Event, Journey, Lane, LaneKind
from journeys.order import STEP
from journeys.outline import Outline, outline_of
from journeys.rows import KINDS, Change, State, difference, load_state, reversed_changes
from journeys.undoing import ClashError, clashes, next_redo, next_undo

# Pages beside the maps: /journeys/heatmap/ is not a journey.
RESERVED = {
    "compare", "curve", "heatmap", "import", "insights", "new", "overview", "personas",
    "pictures", "search", "templates", "touchpoints", "uploads", "comments", "notifications",
}  # fmt: skip

FIRST_LANES = (
    LaneKind.ACTION,
    LaneKind.TOUCHPOINTS,
    LaneKind.EMOTION,
    LaneKind.QUOTES,
    LaneKind.PAINS,
)


@transaction.atomic
def create_journey(
    *,
    workspace: Workspace,
    actor: User | None,
    outline: Outline,
    is_sample: bool = False,
    draw_lanes: Callable[[Journey], None] | None = None,
) -> Journey:
    """A new map of an outline; its address is made of the title and never changes.

    ``draw_lanes`` puts its own lanes, with all that stands in them, in the place of the first ones.
    """

    def draw(journey: Journey) -> None:
        draw_phases(journey, outline.phases)
        (draw_lanes or _first_lanes)(journey)

    return _created(workspace, actor, outline.title, draw, is_sample=is_sample)


def _first_lanes(journey: Journey) -> None:
    Lane.objects.bulk_create(
        Lane(workspace_id=journey.workspace_id, journey=journey, kind=kind, position=(n + 1) * STEP)
        for n, kind in enumerate(FIRST_LANES)
    )


@transaction.atomic
def copy_journey(
    *,
    workspace: Workspace,
    actor: User | None,
    title: str,
    state: State,
    future_of: Journey | None = None,
    is_template: bool = False,
    origins: Mapping[int, int | None] | None = None,
) -> Journey:
    """A new map with everything a state holds: of another map, a template or a file.

    A copy that is to be the future of a map remembers in its steps where they come from: from the
    steps of the state themselves, or from those that ``origins`` names by the ids of the state.
    """

    def draw(journey: Journey) -> None:
        rows = copied(state, journey, keep_origin=future_of is not None, origins=origins)
        for kind, models in rows.items():
            KINDS[kind].model._default_manager.bulk_create(models)
        journey.future_of, journey.is_template = future_of, is_template
        journey.save(update_fields=["future_of", "is_template"])

    return _created(workspace, actor, title, draw)


def _created(
    workspace: Workspace,
    actor: User | None,
    title: str,
    draw: Callable[[Journey], None],
    *,
    is_sample: bool = False,
) -> Journey:
    """A map, drawn, with its first event and the snapshot that all past states start from."""
    # Two maps made at once would otherwise take the same address.
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    journey = Journey.objects.create(
        workspace=workspace, slug=_free_slug(workspace, title), title=title, is_sample=is_sample
    )
    with changing(journey.pk, actor=actor, what="journey-created") as draft:
        draw(draft.journey)
        draft.note("map", journey.pk, None, {"title": title})
    journey.refresh_from_db()
    keep_snapshot(journey)
    return journey


def _free_slug(workspace: Workspace, title: str) -> str:
    base = slugify(title)[:70] or "journey"
    taken = set(Journey.objects.filter(workspace=workspace).values_list("slug", flat=True))
    taken |= RESERVED
    return next(
        slug
        for n in range(1, len(taken) + 2)
        if (slug := f"{base}-{n}" if n > 1 else base) not in taken
    )


def rename_journey(*, journey: Journey, actor: User | None, title: str) -> Event | None:
    """Change the title; the address stays, so that links keep working."""
    with changing(journey.pk, actor=actor, what="journey-renamed") as draft:
        draft.set(draft.journey, title=title)
    return draft.event


def set_template(*, journey: Journey, actor: User | None, is_template: bool) -> Event | None:
    """Offer a map as a template for new ones, or no longer."""
    with changing(journey.pk, actor=actor, what="journey-template") as draft:
        draft.set(draft.journey, is_template=is_template)
    return draft.event


@transaction.atomic
def import_journey(
    *, workspace: Workspace, actor: User | None, outline: Outline
) -> tuple[Journey, Event | None]:
    """Bring a map to an outline: found by its title, created when new, one event for all of it.

    Steps of the same name keep their identity, and with it their cards, questions and history.
    """
    found = Journey.objects.filter(workspace=workspace, title=outline.title).order_by("id").first()
    if found is None:
        journey = create_journey(workspace=workspace, actor=actor, outline=outline)
        return journey, Event.objects.get(journey=journey, seq=journey.last_seq)
    with changing(found.pk, actor=actor, what="journey-replaced") as draft:
        if outline_of(draft.journey) != outline:
            before = load_state(found.pk)
            draw_phases(draft.journey, outline.phases)
            draft.changes += difference(before, load_state(found.pk))
    return draft.journey, draft.event


def restore_journey(*, journey: Journey, actor: User | None, seq: int) -> Event | None:
    """Bring the map back to how it was after an event, as a new change; nothing is lost.

    Raises Event.DoesNotExist where the log knows no such state, or none with a map in it yet.
    """
    with changing(journey.pk, actor=actor, what="journey-restored") as draft:
        past = state_at(draft.journey, seq)
        if journey.pk not in past["journey"]:
            raise Event.DoesNotExist(f"Map {journey.pk} was not there at {seq}.")
        changes = difference(load_state(journey.pk), followed(past))
        _bring(draft.apply, changes)
    return draft.event


def undo(*, journey: Journey, actor: User) -> Event | None:
    """Take back this person's last change that is not taken back yet; None where there is none.

    Raises ClashError where somebody has since changed the same; nothing is stored then.
    """
    return _reverse(journey, actor, "undone", next_undo)


def redo(*, journey: Journey, actor: User) -> Event | None:
    """Bring back what this person took back last, unless they changed something since."""
    return _reverse(journey, actor, "redone", next_redo)


def _reverse(
    journey: Journey, actor: User, what: str, find: Callable[[Journey, User], Event | None]
) -> Event | None:
    with transaction.atomic():
        Journey.objects.select_for_update().get(pk=journey.pk)
        event = find(journey, actor)
        if event is None:
            return None
        changes = reversed_changes(changes_of(event))
        found = clashes(journey, changes, event)
        if found:
            raise ClashError(event, found)
        with changing(journey.pk, actor=actor, what=what, undoes=event.seq) as draft:
            _bring(draft.apply, followed_changes(changes))
        return draft.event


def _bring(apply: Callable[[list[Change]], None], changes: list[Change]) -> None:
    """Apply; what the rows refer to (a touchpoint, a persona) may be gone by now."""
    try:
        with transaction.atomic():
            apply(changes)
            # References are checked at the end of a transaction otherwise: too late to say why.
            connection.check_constraints()
    except IntegrityError as error:
        raise ClashError(None, []) from error


def delete_journey(*, journey: Journey) -> None:
    """Delete the map with its history. Surveys, answers and touchpoints stay."""
    with transaction.atomic():
        Journey.objects.select_for_update().get(pk=journey.pk).delete()
