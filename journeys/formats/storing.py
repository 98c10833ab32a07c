"""From a file's content to a map of the workspace: names become rows, all of it or nothing."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.models import User, Workspace
from journeys import uploads
from journeys.editing import copy_journey
from journeys.formats.content import Builder, Content, FormatError, MapRef, PersonaContent, names
from journeys.formats.loading import TEXTS, persona_content
from journeys.models import Journey, LaneKind, Persona, Step, Upload
from journeys.order import STEP
from journeys.rows import State, Values
from surveys.models import Question
from touchpoints.merging import known_names
from touchpoints.models import Segment

Missing = Literal["cards", "nothing"]
"""What becomes of touchpoints that the catalogue does not have."""


@dataclass
class Matches:
    """What of a file the workspace has: local id → id. ``missing`` are local ids."""

    touchpoints: dict[int, int] = field(default_factory=dict)
    missing: list[int] = field(default_factory=list)
    questions: dict[int, int] = field(default_factory=dict)
    personas: dict[int, int] = field(default_factory=dict)
    maps: dict[int, int] = field(default_factory=dict)
    future_of: Journey | None = None
    notes: list[str] = field(default_factory=list)


def match(content: Content, workspace: Workspace) -> Matches:
    """Look up by name what the file refers to; what is not here is told in ``notes``."""
    found = Matches()
    _match_touchpoints(content, workspace, found)
    _match_questions(content, workspace, found)
    _match_personas(content, workspace, found)
    _match_maps(content, workspace, found)
    return found


def _match_touchpoints(content: Content, workspace: Workspace, found: Matches) -> None:
    catalogue = known_names(workspace.pk, key=str.casefold)
    for id, ref in content.touchpoints.items():
        pk = catalogue.get(ref.name.casefold())
        if pk is None:
            found.missing.append(id)
        else:
            found.touchpoints[id] = pk


def _match_questions(content: Content, workspace: Workspace, found: Matches) -> None:
    rows = Question.objects.filter(
        workspace=workspace, key__in={ref.key for ref in content.questions.values()}
    ).values_list("survey__name", "key", "pk")
    known = {(survey, key): pk for survey, key, pk in rows}
    gone = []
    for id, ref in content.questions.items():
        if (ref.survey, ref.key) in known:
            found.questions[id] = known[(ref.survey, ref.key)]
        else:
            gone.append(f"{ref.survey}: {ref.key}")
    if gone:
        found.notes.append(
            ngettext(
                "This question is not here and will not be bound to its step: %(names)s.",
                "These questions are not here and will not be bound to their steps: %(names)s.",
                len(gone),
            )
            % {"names": names(gone)}
        )


def _match_personas(content: Content, workspace: Workspace, found: Matches) -> None:
    wanted = {persona.name for persona in content.personas.values()}
    rows = Persona.objects.filter(workspace=workspace, name__in=wanted).select_related("segment")
    known: dict[str, list[Persona]] = {}
    for row in rows.order_by("pk"):
        known.setdefault(row.name, []).append(row)
    segments = set(Segment.objects.filter(workspace=workspace).values_list("dimension", "name"))
    new = []
    used: set[int] = set()
    for id, persona in content.personas.items():
        same = next(
            (
                row.pk
                for row in known.get(persona.name, [])
                if row.pk not in used and _is_same(row, persona, segments)
            ),
            None,
        )
        if same is None:
            new.append(persona.name)
        else:
            used.add(same)
            found.personas[id] = same
    if new:
        found.notes.append(
            ngettext(
                "A persona will be made of the file: %(names)s.",
                "Personas will be made of the file: %(names)s.",
                len(new),
            )
            % {"names": names(new)}
        )


def _is_same(row: Persona, persona: PersonaContent, segments: set[tuple[str, str]]) -> bool:
    """Whether a persona of the same name says what the file says.

    A file that knows only a name means that persona, whatever else is known of it. Pictures are
    drawn again on their way in, so that two of the same differ: that there is one must do.
    """
    if not any(persona.texts.values()) and not persona.reviewed_on and not persona.segment:
        return True
    wanted = replace(
        persona,
        texts={name: persona.texts.get(name, "") for name in TEXTS},
        segment=persona.segment if persona.segment in segments else None,
        picture=None,
    )
    has_picture = row.picture_id is not None
    return replace(persona_content(row), picture=None) == wanted and (
        has_picture == (persona.picture is not None)
    )


def _match_maps(content: Content, workspace: Workspace, found: Matches) -> None:
    wanted = {*content.maps.values(), *([content.future_of] if content.future_of else [])}
    if not wanted:
        return
    rows = Journey.objects.filter(workspace=workspace, title__in={ref.title for ref in wanted})
    known = {MapRef(row.slug, row.title): row for row in rows}
    for id, ref in content.maps.items():
        if ref in known:
            found.maps[id] = known[ref].pk
    found.future_of = known.get(content.future_of) if content.future_of else None
    gone = [ref.title for ref in wanted if ref not in known]
    if gone:
        found.notes.append(
            ngettext(
                "This map is not here, so nothing will lead to it: %(names)s.",
                "These maps are not here, so nothing will lead to them: %(names)s.",
                len(gone),
            )
            % {"names": names(sorted(gone))}
        )


@transaction.atomic
def store(
    content: Content, *, workspace: Workspace, actor: User, title: str, missing: Missing = "cards"
) -> Journey:
    """A new map with all of the content, as one event. Raises FormatError, and stores nothing."""
    found = match(content, workspace)
    files = _stored_files(content, workspace)
    people = found.personas | _stored_personas(content, workspace, found, files)
    state = _resolved(content, found, files, people)
    if missing == "cards":
        _as_cards(content, state, set(found.missing))
    origins = _origins(content, found.future_of)
    return copy_journey(
        workspace=workspace,
        actor=actor,
        title=title,
        state=state,
        future_of=found.future_of,
        is_template=content.is_template,
        origins=origins,
    )


def _stored_files(content: Content, workspace: Workspace) -> dict[int, int]:
    stored: dict[int, int] = {}
    for id, file in content.files.items():
        sha = hashlib.sha256(file.data).hexdigest()
        # Drawing a picture again loses a little; the same one is there already.
        known = Upload.objects.filter(workspace=workspace, sha256=sha, name=file.name).first()
        try:
            upload = known or uploads.keep(
                workspace=workspace, file=io.BytesIO(file.data), name=file.name
            )
        except uploads.UploadError as error:
            raise FormatError(f"{file.name}: {error}") from error
        stored[id] = upload.pk
    return stored


def _stored_personas(
    content: Content, workspace: Workspace, found: Matches, files: Mapping[int, int]
) -> dict[int, int]:
    segments = {
        (segment.dimension, segment.name): segment
        for segment in Segment.objects.filter(workspace=workspace)
    }
    stored: dict[int, int] = {}
    for id, persona in content.personas.items():
        if id not in found.personas:
            stored[id] = Persona.objects.create(
                workspace=workspace,
                name=persona.name,
                reviewed_on=persona.reviewed_on,
                segment=segments.get(persona.segment) if persona.segment else None,
                picture_id=files.get(persona.picture or 0),
                **{name: persona.texts.get(name, "") for name in TEXTS},
            ).pk
    return stored


def _resolved(
    content: Content, found: Matches, files: Mapping[int, int], people: Mapping[int, int]
) -> State:
    """The state with ids of the workspace; links to what is not here fall away."""
    meant: dict[str, Mapping[int, int]] = {
        "touchpoint_id": found.touchpoints,
        "question_id": found.questions,
        "persona_id": people,
    }
    optional: dict[str, Mapping[int, int]] = {"upload_id": files, "opens_id": found.maps}
    state: State = {kind: {} for kind in content.state}
    # Two names in a file may mean the same here: a step meets or asks it once.
    links: set[tuple[str, int, int]] = set()
    for kind, rows in content.state.items():
        for id, row in rows.items():
            new: Values = {
                name: optional[name].get(v) if name in optional else v for name, v in row.items()
            }
            needed = [name for name in meant if name in new]
            if not all(new[name] in meant[name] for name in needed):
                continue
            new |= {name: meant[name][new[name]] for name in needed}
            link = (kind, new.get("step_id", 0), new[needed[0]]) if needed else None
            if link is None or link not in links:
                state[kind][id] = new
            if link is not None:
                links.add(link)
    return state


def _as_cards(content: Content, state: State, missing: set[int]) -> None:
    """Touchpoints that the catalogue does not have, as cards in a lane of their own."""
    links = [row for _id, row in content.rows("touchpoint") if row["touchpoint_id"] in missing]
    if not links:
        return
    builder = Builder()
    name = _("Touchpoints missing in the catalogue")
    lane = builder.lane(LaneKind.TEXT.value, name, where="")
    for link in links:
        builder.card(
            lane, link["step_id"], content.touchpoints[link["touchpoint_id"]].name, where=""
        )
    # Ids of the file stay below; those of the new rows begin above all of them.
    above = 1 + max((id for rows in state.values() for id in rows), default=0)
    last = max((row["position"] for row in state["lane"].values()), default=0.0)
    new = builder.content.state
    state["lane"][above + lane] = {**new["lane"][lane], "position": last + STEP}
    for id, row in new["card"].items():
        state["card"][above + id] = {**row, "lane_id": above + lane}


def _origins(content: Content, future_of: Journey | None) -> dict[int, int | None] | None:
    """Which step of the map of today each step comes from, found by phase and name."""
    if future_of is None:
        return None
    rows = Step.objects.filter(phase__journey=future_of).values_list("phase__name", "name", "pk")
    known: dict[tuple[str, str], int] = {}
    for phase, name, pk in rows.order_by("phase__position", "position", "pk"):
        known.setdefault((phase, name), pk)
    named = {id: (ref.phase, ref.step) for id, ref in content.origins.items()}
    return {
        id: known.get(named[row["origin"]]) if row["origin"] in named else None
        for id, row in content.state["step"].items()
    }
