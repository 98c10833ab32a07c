"""How a new map begins: blank, from a template, as a copy, or as the future of another map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cxm.models import User, Workspace
from journeys import blueprints, editing, pictures
from journeys.blueprints import Blueprint
from journeys.insights.curve import Step, emotion_curve
from journeys.maps import load_maps
from journeys.models import Journey
from journeys.outline import Outline, PhaseOutline, StepOutline
from journeys.rows import load_state
from touchpoints.merging import known_names

BLANKS = ("loyalty", "decision", "visit")


@dataclass(frozen=True)
class Start:
    """One card of the gallery; ``value`` is what the form sends."""

    value: str
    title: str
    summary: str
    phases: tuple[str, ...]
    steps: int
    lanes: int
    picture: SafeString


@dataclass(frozen=True)
class Gallery:
    """Everything a map may begin from, in one language."""

    language: str
    blanks: tuple[Start, ...]
    templates: tuple[Start, ...]
    own: tuple[Start, ...]
    maps: tuple[Journey, ...]

    @property
    def starts(self) -> list[tuple[str, str]]:
        cards = (*self.blanks, *self.templates, *self.own)
        named = [(card.value, card.title) for card in cards]
        return [*named, ("copy", _("Copy of a map")), ("future", _("Future of a map"))]


def gallery(language: str) -> Gallery:
    """What the create page offers; four queries, whatever the number of maps."""
    maps = tuple(Journey.objects.order_by("title", "id"))
    return Gallery(
        language=language,
        blanks=tuple(_blank_card(key, language) for key in BLANKS),
        templates=tuple(_card(key, language, get_language() or "") for key in blueprints.KEYS),
        own=_own([journey for journey in maps if journey.is_template]),
        maps=maps,
    )


def phase_names(key: str, language: str) -> tuple[str, ...]:
    """The phases of a blank map."""
    with override(language):
        return {
            "loyalty": (
                _("Awareness"), _("Consideration"), _("Purchase"), _("Retention"), _("Advocacy"),
            ),
            "decision": (_("Awareness"), _("Consideration"), _("Decision")),
            "visit": (_("Before"), _("During"), _("After")),
        }[key]  # fmt: skip


def _blank_card(key: str, language: str) -> Start:
    titles = {
        "loyalty": _("Five phases, to loyalty"),
        "decision": _("Three phases, to the decision"),
        "visit": _("Before, during, after"),
    }
    phases = phase_names(key, language)
    summary = _("One step in each phase. Everything can be renamed.")
    return Start(f"blank-{key}", titles[key], summary, phases, len(phases), 5, SafeString(""))


@lru_cache(maxsize=64)
def _card(key: str, language: str, _reader: str) -> Start:
    """A template that comes with the application; its picture is labelled for the reader."""
    plan = blueprints.blueprint(key, language)
    return Start(
        value=f"template-{key}",
        title=plan.title,
        summary=plan.summary,
        phases=tuple(phase.name for phase in plan.phases),
        steps=len(plan.steps),
        lanes=len(plan.lanes),
        picture=_picture(_curve_steps(plan)),
    )


def _curve_steps(plan: Blueprint) -> list[Step]:
    return [
        Step(
            id=(number, place),
            name=step.name,
            phase_id=number,
            phase=phase.name,
            assumed=None if step.assumed is None else float(step.assumed),
        )
        for number, phase in enumerate(plan.phases)
        for place, step in enumerate(phase.steps)
    ]


def _picture(steps: Sequence[Step]) -> SafeString:
    return pictures.curve_picture(emotion_curve(steps, {}, {}))


def _own(journeys: Sequence[Journey]) -> tuple[Start, ...]:
    found = []
    for journey, rows in zip(journeys, load_maps(journeys).values(), strict=True):
        steps = rows.insight_steps([])
        phases = tuple(dict.fromkeys(step.phase for step in steps))
        card = Start(f"own-{journey.pk}", journey.title, "", phases, len(steps), 0, _picture(steps))
        found.append(card)
    return tuple(found)


def begin(*, workspace: Workspace, actor: User | None, chosen: dict[str, Any]) -> Journey:
    """Make the map that the form asks for; ``chosen`` is its cleaned data."""
    kind, _dash, key = chosen["start"].partition("-")
    title = chosen["title"]
    language = chosen["language"] or (get_language() or "en")[:2]
    if kind == "blank":
        outline = _blank(title, key, language)
        return editing.create_journey(workspace=workspace, actor=actor, outline=outline)
    if kind == "template":
        return _from_template(workspace, actor, blueprints.blueprint(key, language), title)
    if kind == "own":
        source = Journey.objects.get(pk=key)
        return _from_map(workspace, actor, source, title or source.title)
    if kind == "future":
        return future(journey=chosen["future_of"], actor=actor, title=title)
    return copy(journey=chosen["copy_of"], actor=actor, title=title)


def _blank(title: str, key: str, language: str) -> Outline:
    phases = phase_names(key, language)
    with override(language):
        names = [_("Step %(number)s") % {"number": n} for n in range(1, len(phases) + 1)]
    return Outline(
        title,
        tuple(
            PhaseOutline(phase, (StepOutline(step),))
            for phase, step in zip(phases, names, strict=True)
        ),
    )


def _from_template(
    workspace: Workspace, actor: User | None, plan: Blueprint, title: str
) -> Journey:
    state = blueprints.state_of(plan, known_names(workspace.pk, key=str.casefold))
    return editing.copy_journey(
        workspace=workspace, actor=actor, title=title or plan.title, state=state
    )


def _from_map(workspace: Workspace, actor: User | None, source: Journey, title: str) -> Journey:
    return editing.copy_journey(
        workspace=workspace, actor=actor, title=title, state=load_state(source.pk)
    )


def copy(*, journey: Journey, actor: User | None, title: str = "") -> Journey:
    """The same map again, to change without touching the first."""
    title = title or _cut(_("Copy of %(title)s"), journey.title)
    return _from_map(journey.workspace, actor, journey, title)


def future(*, journey: Journey, actor: User | None, title: str = "") -> Journey:
    """A map of how this one should become; its steps remember which of today they were."""
    return editing.copy_journey(
        workspace=journey.workspace,
        actor=actor,
        title=title or _cut(_("%(title)s, future"), journey.title),
        state=load_state(journey.pk),
        future_of=journey,
    )


def _cut(words: str, title: str) -> str:
    """The words around a title, which is shortened where both are too long for a title."""
    whole = words % {"title": title}
    if len(whole) <= 160:
        return whole
    return words % {"title": title[: 159 - (len(whole) - len(title))] + "…"}
