"""From a map of the database to what a file may hold: ids become names and contents."""

from collections.abc import Iterable

from journeys.formats.content import (
    Content,
    FileContent,
    MapRef,
    OriginRef,
    PersonaContent,
    QuestionRef,
    TouchpointRef,
)
from journeys.models import Journey, Persona, Step, Upload
from journeys.rows import State, load_state, plain
from surveys.models import Question
from touchpoints.models import Touchpoint

TEXTS = ("summary", "quote", "goals", "needs", "behaviour", "fears", "owner")
"""The texts of a persona beside its name."""


def load_content(journey: Journey) -> Content:
    """The map as it is now with everything it refers to: a constant number of queries."""
    return content_of(journey, load_state(journey.pk))


def content_of(journey: Journey, state: State) -> Content:
    """The same of any state of the map."""
    title, is_template, future = journey.title, journey.is_template, journey.future_of_id
    for row in state["journey"].values():
        title, is_template, future = row["title"], row["is_template"], row["future_of_id"]
    content = Content(title=title, state=state, is_template=is_template)
    content.touchpoints = _touchpoints(_ids(state, "touchpoint", "touchpoint_id"))
    content.questions = _questions(_ids(state, "question", "question_id"))
    people = _ids(state, "persona", "persona_id") | _ids(state, "assumption", "persona_id")
    found = list(Persona.objects.filter(pk__in=people).select_related("segment"))
    content.personas = {persona.pk: persona_content(persona) for persona in found}
    pictures = {persona.picture_id for persona in found if persona.picture_id}
    content.files = _files(_ids(state, "card", "upload_id") | pictures)
    content.maps = _maps(_ids(state, "step", "opens_id") | ({future} if future else set()))
    content.future_of = content.maps.pop(future, None) if future else None
    if future in _ids(state, "step", "opens_id") and content.future_of:
        content.maps[future] = content.future_of
    content.origins = _origins(_ids(state, "step", "origin"), future)
    return content


def _ids(state: State, kind: str, field: str) -> set[int]:
    return {row[field] for row in state[kind].values() if row[field]}


def _touchpoints(ids: Iterable[int]) -> dict[int, TouchpointRef]:
    rows = Touchpoint.objects.filter(pk__in=ids).select_related("channel")
    return {t.pk: TouchpointRef(t.name, t.media_type, str(t.channel or "")) for t in rows}


def _questions(ids: Iterable[int]) -> dict[int, QuestionRef]:
    rows = Question.objects.filter(pk__in=ids).values_list("pk", "survey__name", "key")
    return {pk: QuestionRef(survey, key) for pk, survey, key in rows}


def persona_content(persona: Persona) -> PersonaContent:
    """A persona without ids but that of its picture."""
    segment = persona.segment
    return PersonaContent(
        name=persona.name,
        texts={name: getattr(persona, name) for name in TEXTS},
        reviewed_on=plain(persona.reviewed_on),
        segment=(segment.dimension, segment.name) if segment else None,
        picture=persona.picture_id,
    )


def _files(ids: Iterable[int]) -> dict[int, FileContent]:
    return {
        row.pk: FileContent(row.name, row.content_type, bytes(row.data), row.width, row.height)
        for row in Upload.objects.filter(pk__in=ids)
    }


def _maps(ids: Iterable[int]) -> dict[int, MapRef]:
    rows = Journey.objects.filter(pk__in=ids).values_list("pk", "slug", "title")
    return {pk: MapRef(slug, title) for pk, slug, title in rows}


def _origins(ids: Iterable[int], future: int | None) -> dict[int, OriginRef]:
    """Only steps of the map that this one is the future of; others mean nothing elsewhere."""
    rows = Step.objects.filter(pk__in=ids, phase__journey=future)
    return {
        pk: OriginRef(phase, name)
        for pk, phase, name in rows.values_list("pk", "phase__name", "name")
    }
