"""What people call the rows of a map, in English and German: names of lanes to their kinds."""

import re
from functools import cache
from typing import Final

from django.utils.translation import override

from cxm.models import Language
from journeys.models import LaneKind

# The first kind of which a word stands in the name. Lines before what lies beside them, and
# the special before the general: "support processes" is no "process step of the customer".
_WORDS: Final[tuple[tuple[LaneKind, str], ...]] = (
    (LaneKind.INTERNAL, r"line of internal|interne interaktion|linie der internen"),
    (LaneKind.INTERACTION, r"line of interaction|interaktionslinie|linie der interaktion"),
    (LaneKind.VISIBILITY, r"line of visibility|sichtbarkeitslinie|linie der sichtbarkeit"),
    (LaneKind.FRONTSTAGE, r"front.?stage|onstage|vorderbühne"),
    (LaneKind.BACKSTAGE, r"back.?stage|hinterbühne|backoffice|back office"),
    (LaneKind.SUPPORT, r"support|systeme?\b|systems?\b|internal process|prozesse|unterstützend"),
    (LaneKind.EVIDENCE, r"physical evidence|sichtbare zeichen|belege|evidenz|props"),
    (LaneKind.MOMENTS, r"moments? of truth|momente? der wahrheit|schlüsselmoment"),
    (LaneKind.TOUCHPOINTS, r"touch ?-?points?|kontaktpunkt|berührungspunkt"),
    (LaneKind.CHANNELS, r"channels?|kanal|kanäle"),
    (LaneKind.STORYBOARD, r"story ?-?board|bilder|pictures?|images?|szene"),
    (LaneKind.PAINS, r"pain|problem|frust|barrier|hürde|hindernis|schmerz|friction|ärger"),
    (LaneKind.IDEAS, r"opportunit|chance|ideen?\b|ideas?\b|potenzial|verbesserung|improvement"),
    (LaneKind.MEASURES, r"measures?\b|maßnahme|massnahme|next steps|recommendation|empfehlung"),
    (LaneKind.INDICATORS, r"kpi|metric|kennzahl|indicator|messgröße|messwert"),
    (LaneKind.EMOTION, r"emotion|feeling|gefühl|stimmung|mood|satisfaction|zufriedenheit|erlebnis"
                       r"|experience score"),
    (LaneKind.THOUGHTS, r"thought|thinking|gedanke|denk"),
    (LaneKind.QUOTES, r"quotes?\b|verbatim|in their words|zitate?|o-?töne?|voice of|saying"),
    (LaneKind.GOALS, r"goals?|needs?\b|ziele?|bedürfnis|erwartung|expectation|motivation"),
    (LaneKind.RESPONSIBLE, r"responsib|verantwort|owner|zuständig|department|abteilung|team"),
    (LaneKind.DIMENSIONS, r"dimension"),
    (LaneKind.LINKS, r"links?\b|files?\b|dateien|dokumente|documents?"),
    (LaneKind.ACTION, r"action|activit|doing|aktion|handlung|tätigkeit|aktivität|verhalten"
                      r"|behaviou?r|customer steps|user steps|kunde tut|was .*tut"),
)  # fmt: skip
_PATTERNS: Final = tuple((kind, re.compile(words)) for kind, words in _WORDS)

PHASES: Final = {"phase", "phases", "phasen", "stage", "stages", "etappe", "etappen"}
STEPS: Final = {
    "step", "steps", "schritt", "schritte", "journey step", "journey steps", "touchpoint step",
    "aktivität", "activity", "moment", "moments",
}  # fmt: skip


def kind_of(name: str) -> LaneKind | None:
    """The kind of lane that a name means, or None where no word of it is known."""
    folded = " ".join(name.casefold().split())
    exact = labels().get(folded)
    if exact is not None:
        return exact
    short = folded[:200]
    return next((kind for kind, pattern in _PATTERNS if pattern.search(short)), None)


@cache
def labels() -> dict[str, LaneKind]:
    """The application's own names of lanes, in every language."""
    found: dict[str, LaneKind] = {}
    for code in Language.values:
        with override(code):
            found |= {str(kind.label).casefold(): kind for kind in LaneKind}
    return found
