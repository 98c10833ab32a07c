"""What stands on the café's map beside its steps: invented like everything of the sample."""

from dataclasses import dataclass, field

MOMENT = "Auf die Bestellung warten"
"""The step where a visit is decided, as the team says."""


@dataclass(frozen=True)
class Note:
    """A card. ``age`` is how many days ago its evidence was gathered."""

    text: str
    mark: str = ""
    owner: str = ""
    status: str = ""
    evidence: str = "assumption"
    source: str = ""
    n: int | None = None
    age: int | None = None
    due: int | None = None
    url: str = ""
    key: str = ""


@dataclass(frozen=True)
class Track:
    """A lane with its cards by step."""

    kind: str
    name: str = ""
    note: str = ""
    cards: dict[str, tuple[Note, ...]] = field(default_factory=dict)
    collapsed: bool = False


_STAFF = "Gespräche mit dem Team"
_TABLE = "Beobachtung im Gastraum"

TRACKS = (
    Track(
        "action",
        cards={
            "Das Café bemerken": (
                Note(
                    "Steigt aus der Bahn, sieht das Plakat.",
                    evidence="anecdote",
                    source="Gespräche am Bahnhof",
                    n=6,
                    age=80,
                ),
            ),
            "Bewertungen lesen": (Note("Prüft Sterne und die letzten drei Texte."),),
            "Karte ansehen": (
                Note(
                    "Sucht Preise und vegane Kuchen.",
                    evidence="anecdote",
                    source="Suchbegriffe der Website",
                    n=120,
                    age=45,
                ),
            ),
            "Tisch reservieren": (Note("Ruft an, weil es online nicht geht."),),
            "Platz finden": (
                Note(
                    "Schaut sich um, fragt, ob frei ist.",
                    evidence="anecdote",
                    source=_TABLE,
                    n=24,
                    age=40,
                ),
            ),
            "Bestellen": (
                Note(
                    "Stellt sich an, bestellt an der Theke.",
                    evidence="anecdote",
                    source=_TABLE,
                    n=24,
                    age=40,
                ),
            ),
            MOMENT: (
                Note(
                    "Wartet an der Ausgabe, sieht andere früher gehen.",
                    evidence="anecdote",
                    source=_TABLE,
                    n=24,
                    age=40,
                    key="warten",
                ),
            ),
            "Kaffee trinken": (Note("Nimmt den ersten Schluck, entspannt sich."),),
            "Etwas essen": (
                Note(
                    "Teilt sich ein Stück Kuchen.", evidence="anecdote", source=_TABLE, n=11, age=40
                ),
            ),
            "Sitzen und zahlen": (Note("Arbeitet oder plaudert, zahlt an der Kasse."),),
            "Treuepunkte sammeln": (Note("Öffnet die App, wenn jemand daran erinnert."),),
            "Freunden davon erzählen": (Note("Zeigt ein Foto vom Kuchen."),),
        },
    ),
    Track("touchpoints"),
    Track("emotion"),
    Track("quotes"),
    Track(
        "pains",
        "Schmerzpunkte und Chancen",
        cards={
            "Karte ansehen": (
                Note(
                    "Karte ist ein Foto und am Handy kaum zu lesen",
                    "pain",
                    "Jana Peters",
                    "doing",
                    due=30,
                ),
            ),
            "Tisch reservieren": (
                Note("Reservieren nur per Telefon, nur ab sechs Personen", "pain", "", "open"),
            ),
            "Platz finden": (
                Note("Freie Plätze im hinteren Raum sieht niemand", "pain", "Lea Hoffmann", "open"),
            ),
            MOMENT: (
                Note(
                    "Niemand sagt, wie lange es noch dauert",
                    "pain",
                    "",
                    "open",
                    "measured",
                    "Gästebefragung",
                    376,
                    20,
                ),
                Note("Zweite Ausgabe auch am Vormittag besetzen", "idea", "Murat Aydin", "idea"),
            ),
            "Kaffee trinken": (
                Note("Tee so sorgfältig wie Kaffee anbieten", "idea", "Murat Aydin", "done"),
            ),
            "Sitzen und zahlen": (
                Note("WLAN-Zugang auf die Rechnung drucken", "idea", "", "idea"),
            ),
            "Treuepunkte sammeln": (
                Note(
                    "App stürzt beim ersten Öffnen ab",
                    "pain",
                    "Jana Peters",
                    "doing",
                    "anecdote",
                    "Supportpost",
                    4,
                    420,
                ),
            ),
        },
    ),
    Track("indicators"),
    Track("channels"),
    Track("interaction", note="Gäste und Team begegnen sich"),
    Track(
        "frontstage",
        "Service im Gastraum",
        "Lea Hoffmann",
        {
            "Tisch reservieren": (Note("Nimmt den Anruf an der Theke an", key="anruf"),),
            "Platz finden": (Note("Begrüßt von der Theke aus", key="gruss"),),
            "Bestellen": (Note("Nimmt die Bestellung auf", key="aufnehmen"),),
            MOMENT: (
                Note(
                    "Ruft Namen ohne festen Platz auf",
                    "fail",
                    evidence="anecdote",
                    source=_TABLE,
                    n=24,
                    age=40,
                    key="rufen",
                ),
            ),
            "Etwas essen": (Note("Bringt Kuchen an den Tisch", key="bringen"),),
            "Sitzen und zahlen": (Note("Bringt das Kartengerät", key="kassieren"),),
        },
    ),
    Track("visibility", note="Gäste sehen nicht, was darunter liegt"),
    Track(
        "backstage",
        "Küche und Bar",
        "Murat Aydin",
        {
            "Tisch reservieren": (Note("Trägt Gruppen ins Buch ein", key="buch"),),
            MOMENT: (
                Note(
                    "Ein Bondrucker für Küche und Bar, im Mittel 11 Minuten",
                    "wait",
                    evidence="measured",
                    source="Kassendaten",
                    n=812,
                    age=30,
                    key="bon",
                ),
            ),
            "Etwas essen": (Note("Schneidet Kuchen vor", key="kuchen"),),
        },
    ),
    Track("internal", note="andere Teams und Lieferanten"),
    Track(
        "support",
        "Systeme und Lieferanten",
        "",
        {
            "Karte ansehen": (
                Note(
                    "Website wird von der Agentur gepflegt",
                    evidence="anecdote",
                    source=_STAFF,
                    n=2,
                    age=500,
                ),
            ),
            MOMENT: (
                Note(
                    "Kassensystem druckt an einer Stelle",
                    "fail",
                    evidence="anecdote",
                    source=_STAFF,
                    n=3,
                    age=60,
                    key="kasse",
                ),
            ),
            "Etwas essen": (Note("Lieferung der Bäckerei um 6 Uhr", key="baecker"),),
            "Sitzen und zahlen": (Note("Zahlungsanbieter", key="zahlung"),),
            "Treuepunkte sammeln": (Note("App eines Dienstleisters"),),
        },
    ),
)

# From one card to another, by their keys; the last says whether both ways.
ARROWS = (
    ("anruf", "buch", False),
    ("aufnehmen", "bon", False),
    ("rufen", "bon", True),
    ("bon", "kasse", True),
    ("baecker", "kuchen", False),
    ("kuchen", "bringen", False),
    ("kassieren", "zahlung", False),
)
