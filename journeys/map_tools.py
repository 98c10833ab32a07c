"""What the toolbar of a map offers: personas, answers, what its cards rest on, addresses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from journeys import hierarchy, selection
from journeys.filters import Option
from journeys.map_page import MapPage
from journeys.models import Evidence, Persona


@dataclass(frozen=True)
class PersonaOption(Option):
    """A persona to look through the eyes of."""

    summary: str = ""
    picture: int | None = None
    id: int = 0


def tools(page: MapPage) -> dict[str, Any]:
    """Template values beside the map itself: two queries for undo and redo, three for the maps
    that this one is joined with, one for the personas that could be put onto it."""
    can_undo, can_redo = page.undo_state()
    selected = selection.parse(page.request.GET, page.choices)
    own = page.persona.segment_id if page.persona else None
    slugs = [page.request.workspace.slug, page.journey.slug]
    counts = page.board.evidence
    return {
        "can_undo": can_undo,
        "can_redo": can_redo,
        "problems": selected.problems,
        "heads": _heads(page),
        "personas": [
            PersonaOption(
                p.name,
                _query(page, persona=p.pk, segment=None),
                p == page.persona,
                p.summary,
                p.picture_id,
                p.pk,
            )
            for p in page.board.personas
        ],
        "other_personas": _others(page),
        "everyone_query": _query(page, persona=None),
        "segment": page.choices.segment(selected.segment or own),
        "answers": _answers(page, selected.segment),
        "all_query": _query(page, segment=None),
        "measured_query": _query(page, measured=1),
        "evidence": [(kind.value, kind.label, counts[kind.value]) for kind in Evidence],
        "board_url": _address(page, "journeys:board", measured=1),
        "emotion_url": _address(page, "journeys:emotion"),
        "present_url": _known("journeys:present", slugs),
        "opened_by": hierarchy.path_to(page.journey),
        "future_links": hierarchy.future_links(page.journey),
    }


def _heads(page: MapPage) -> list[Any]:
    """Whose picture and words stand above the map: the chosen persona, or the only one."""
    if page.persona:
        return [page.persona]
    return list(page.board.personas) if len(page.board.personas) == 1 else []


def _others(page: MapPage) -> list[Persona]:
    """The workspace's personas that are not on the map, for who may put them there."""
    if not page.can_edit:
        return []
    here = [persona.pk for persona in page.board.personas]
    rows = Persona.objects.filter(workspace=page.request.workspace).exclude(pk__in=here)
    return list(rows.only("name").order_by("name", "pk"))


def _answers(page: MapPage, chosen: int | None) -> list[tuple[str, list[Option]]]:
    """The segments by dimension."""
    return [
        (name, [Option(s.name, _query(page, segment=s.pk), s.pk == chosen) for s in members])
        for name, members in page.choices.dimensions.items()
    ]


def _query(page: MapPage, **changes: object) -> str:
    """The query string of the same view with some words changed; None takes one away."""
    given = {name: values for name, values in page.request.GET.lists() if name != "panel"}
    for name, value in changes.items():
        given.pop(name, None)
        if value is not None:
            given[name] = [str(value)]
    return urlencode(given, doseq=True)


def _address(page: MapPage, name: str, **more: object) -> str:
    """A fragment's address that keeps what the page chose."""
    url = reverse(name, args=[page.request.workspace.slug, page.journey.slug])
    query = _query(page, measured=None)
    extra = urlencode(more)
    joined = "&".join(filter(None, (query, extra)))
    return f"{url}?{joined}" if joined else url


def _known(name: str, args: list[str]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
