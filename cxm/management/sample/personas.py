"""Two invented guests of the café, each standing for a segment, on the café's map."""

from dataclasses import dataclass
from decimal import Decimal

from cxm.management.sample import cafe
from cxm.models import User, Workspace
from journeys import editing
from journeys.models import Journey, Persona, Step
from touchpoints.models import Segment


@dataclass(frozen=True)
class Guest:
    """A persona; the lists are one line each, ``feels`` is what the team assumes by step."""

    name: str
    summary: str
    quote: str
    segment: str
    owner: str
    goals: tuple[str, ...]
    needs: tuple[str, ...]
    behaviour: tuple[str, ...]
    fears: tuple[str, ...]
    feels: tuple[tuple[str, str], ...]


GUESTS = (
    Guest(
        "Marek Vogt, 31",
        "Pendler, auf dem Weg zum Zug, einen Kaffee zum Mitnehmen",
        "Ich habe neun Minuten, nicht zehn.",
        "Morgens",
        "Jana Peters",
        ("Den Zug um 8:12 erreichen", "Einen guten Kaffee in der Hand haben"),
        ("Wissen, wie lange es dauert", "Ohne Bargeld zahlen", "Ein Deckel, der dicht ist"),
        ("Kommt allein und immer zur gleichen Zeit", "Bestellt fast immer dasselbe"),
        ("Der Zug fährt ohne ihn", "Die Bestellung wird vergessen"),
        (
            ("Platz finden", "0.2"), ("Bestellen", "0.8"), ("Auf die Bestellung warten", "-0.4"),
            ("Kaffee trinken", "1.5"), ("Sitzen und zahlen", "0.4"),
        ),
    ),
    Guest(
        "Elena und Paul",
        "Zum ersten Mal in der Stadt, mit Kind und Koffer",
        "Wir setzen uns dahin, wo es nett aussieht.",
        "Touristen",
        "Lea Hoffmann",
        ("Eine Pause zwischen Bahnhof und Altstadt", "Etwas essen, das auch das Kind mag"),
        ("Eine Karte, die man versteht", "Platz für Koffer und Kinderwagen", "WLAN"),
        ("Lesen vorher Bewertungen", "Bleiben lange und bestellen zweimal"),
        ("Zu teuer zu essen", "Mit Kind nicht willkommen zu sein"),
        (
            ("Das Café bemerken", "1.0"), ("Bewertungen lesen", "1.2"), ("Karte ansehen", "0.5"),
            ("Platz finden", "0.3"), ("Etwas essen", "1.4"), ("Sitzen und zahlen", "1.0"),
        ),
    ),
)  # fmt: skip


def add_personas(*, workspace: Workspace, author: User) -> None:
    """Store the guests and put them on the map of the café with what the team assumes."""
    journey = Journey.objects.get(workspace=workspace, title=cafe.JOURNEY)
    steps = {step.name: step for step in Step.objects.filter(phase__journey=journey)}
    segments = {segment.name: segment for segment in Segment.objects.all()}
    for guest in GUESTS:
        persona = Persona.objects.create(
            workspace=workspace,
            name=guest.name,
            summary=guest.summary,
            quote=guest.quote,
            segment=segments[guest.segment],
            owner=guest.owner,
            is_sample=True,
            goals="\n".join(guest.goals),
            needs="\n".join(guest.needs),
            behaviour="\n".join(guest.behaviour),
            fears="\n".join(guest.fears),
        )
        editing.add_persona(journey=journey, actor=author, persona=persona)
        for name, value in guest.feels:
            editing.assume(step=steps[name], actor=author, value=Decimal(value), persona=persona)
