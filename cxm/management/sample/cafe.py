"""The invented café: what it shows its guests, how a visit runs, what it asks.

Everything here is content. How guests then feel is in ``guests.py``, what they write in
``comments.py``. A question without a touchpoint asks about the visit as a whole.
"""

from dataclasses import dataclass

SLUG = "cafe-am-markt"
NAME = "Café am Markt"
JOURNEY = "Ein Besuch im Café"
SURVEY = "Gästebefragung"
PORTAL = "Bewertungen im Portal"
NEVER = "never"


@dataclass(frozen=True)
class Place:
    """A touchpoint of the catalogue."""

    name: str
    media_type: str
    channel: str
    stage: str
    owner: str = ""
    influence: str = "full"
    contact: str = "direct"
    lifecycle: str = "active"
    description: str = ""


PLACES = (
    Place("Plakat am Bahnhof", "paid", "Außenwerbung", "before", "Jana Peters", contact="indirect"),
    Place("Suchanzeige", "paid", "Online", "before", "Jana Peters", "shared", "indirect"),
    Place("Anzeige im Stadtmagazin", "paid", "Print", "before", lifecycle="retired"),
    Place("Schaufenster", "owned", "Vor Ort", "before", "Lea Hoffmann"),
    Place("Bewertungsportal", "earned", "Online", "before", "", "low", "indirect"),
    Place("Empfehlung von Bekannten", "earned", "Persönlich", "before", "", "none", "indirect"),
    Place("Website", "owned", "Online", "before", "Jana Peters"),
    Place("Instagram-Profil", "owned", "Social Media", "before", "Jana Peters", "shared"),
    Place(
        "Telefonische Reservierung", "owned", "Telefon", "before", "Lea Hoffmann",
        description="Nur für Gruppen ab sechs Personen. Danach hat noch niemand gefragt.",
    ),
    Place("Eingang und Sitzplätze", "owned", "Vor Ort", "during", "Lea Hoffmann"),
    Place("Theke und Team", "owned", "Persönlich", "during", "Lea Hoffmann"),
    Place("Speisekarte", "owned", "Print", "during", "Murat Aydin"),
    Place("Getränkeausgabe", "owned", "Vor Ort", "during"),
    Place("Kaffee", "owned", "Vor Ort", "during", "Murat Aydin"),
    Place("Kuchen und Frühstück", "owned", "Vor Ort", "during", "Murat Aydin"),
    Place("Gastraum", "owned", "Vor Ort", "during", "Lea Hoffmann"),
    Place("WLAN", "owned", "Online", "during", "", "shared"),
    Place("Kasse", "owned", "Vor Ort", "after", "Lea Hoffmann"),
    Place("Treue-App", "owned", "Mobil", "after", "Jana Peters", "shared"),
    Place("Gespräch unter Freunden", "earned", "Persönlich", "after", "", "none", "indirect"),
    Place("Gutschein zum Weitergeben", "paid", "Print", "after", lifecycle="planned"),
)  # fmt: skip

# What the team believes, −2 … +2, and where each step happens.
PHASES: tuple[tuple[str, tuple[tuple[str, float, tuple[str, ...]], ...]], ...] = (
    ("Aufmerksam werden", (
        ("Das Café bemerken", 0.8, ("Plakat am Bahnhof", "Suchanzeige", "Schaufenster")),
        ("Bewertungen lesen", 1.0, ("Bewertungsportal", "Empfehlung von Bekannten")),
    )),
    ("Planen und ankommen", (
        ("Karte ansehen", 0.8, ("Website", "Instagram-Profil")),
        ("Tisch reservieren", 0.5, ("Telefonische Reservierung",)),
        ("Platz finden", 0.6, ("Eingang und Sitzplätze",)),
    )),
    ("Bestellen und warten", (
        ("Bestellen", 1.2, ("Theke und Team", "Speisekarte")),
        ("Auf die Bestellung warten", 0.7, ("Getränkeausgabe",)),
    )),
    ("Genießen", (
        ("Kaffee trinken", 1.5, ("Kaffee",)),
        ("Etwas essen", 1.2, ("Kuchen und Frühstück",)),
        ("Sitzen und zahlen", 0.9, ("Gastraum", "WLAN", "Kasse")),
    )),
    ("Weiterempfehlen", (
        ("Treuepunkte sammeln", 0.8, ("Treue-App",)),
        ("Freunden davon erzählen", 1.1, ("Gespräch unter Freunden",)),
    )),
)  # fmt: skip

# Segments of one dimension exclude each other; the number is their share of the guests.
SEGMENTS: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = (
    ("Gast", (("Stammgast", 0.40), ("Laufkundschaft", 0.36), ("Touristen", 0.24))),
    ("Tageszeit", (("Morgens", 0.38), ("Mittags", 0.27), ("Nachmittags", 0.35))),
)


@dataclass(frozen=True)
class Asked:
    """A question of the survey: column, words, kind and the touchpoint it is about."""

    key: str
    text: str
    touchpoint: str = ""
    kind: str = "rating"


RATINGS = (
    Asked("plakat", "Wie gefällt Ihnen unser Plakat am Bahnhof?", "Plakat am Bahnhof"),
    Asked("suche", "Wie hilfreich war unsere Anzeige in der Suche?", "Suchanzeige"),
    Asked("fenster", "Wie einladend ist unser Schaufenster?", "Schaufenster"),
    Asked("portal", "Wie hilfreich waren die Bewertungen anderer?", "Bewertungsportal"),
    Asked(
        "bekannte", "Wie hat die Empfehlung von Bekannten auf Sie gewirkt?",
        "Empfehlung von Bekannten",
    ),
    Asked("website", "Wie gut haben Sie sich auf der Website zurechtgefunden?", "Website"),
    Asked("instagram", "Wie gefällt Ihnen unser Instagram-Profil?", "Instagram-Profil"),
    Asked("platz", "Wie leicht haben Sie einen Platz gefunden?", "Eingang und Sitzplätze"),
    Asked("team", "Wie freundlich war unser Team an der Theke?", "Theke und Team"),
    Asked("karte", "Wie übersichtlich ist unsere Speisekarte?", "Speisekarte"),
    Asked("warten", "Wie war das Warten auf Ihre Bestellung?", "Getränkeausgabe"),
    Asked("kaffee", "Wie hat Ihnen der Kaffee geschmeckt?", "Kaffee"),
    Asked("kuchen", "Wie haben Ihnen Kuchen oder Frühstück geschmeckt?", "Kuchen und Frühstück"),
    Asked("raum", "Wie wohl haben Sie sich im Gastraum gefühlt?", "Gastraum"),
    Asked("wlan", "Wie gut lief unser WLAN?", "WLAN"),
    Asked("kasse", "Wie zügig und angenehm war das Bezahlen?", "Kasse"),
    Asked("app", "Wie gefällt Ihnen unsere Treue-App?", "Treue-App"),
    Asked(
        "erzaehlen", "Wie gern erzählen Sie Freunden von uns?", "Gespräch unter Freunden"
    ),
)  # fmt: skip
OUTCOMES = (
    Asked("gesamt", "Wie zufrieden sind Sie insgesamt mit Ihrem Besuch?", kind="csat"),
    Asked("empfehlung", "Würden Sie uns weiterempfehlen?", kind="nps"),
)
TEXTS = (
    Asked("text_warten", "Was möchten Sie uns zum Warten sagen?", "Getränkeausgabe", "text"),
    Asked("text_team", "Was möchten Sie uns zum Team sagen?", "Theke und Team", "text"),
    Asked("text_kaffee", "Was möchten Sie uns zum Kaffee sagen?", "Kaffee", "text"),
    Asked(
        "text_kuchen", "Was möchten Sie uns zu Kuchen und Frühstück sagen?",
        "Kuchen und Frühstück", "text",
    ),
    Asked("text_raum", "Was möchten Sie uns zum Gastraum sagen?", "Gastraum", "text"),
    Asked("text_gesamt", "Was sollen wir besser machen?", kind="text"),
)  # fmt: skip
PORTAL_QUESTIONS = (
    Asked("sterne_team", "Sterne: Service", "Theke und Team"),
    Asked("sterne_warten", "Sterne: Wartezeit", "Getränkeausgabe"),
    Asked("sterne_kaffee", "Sterne: Kaffee", "Kaffee"),
    Asked("sterne_raum", "Sterne: Atmosphäre", "Gastraum"),
    Asked("sterne", "Sterne insgesamt", kind="csat"),
    Asked("bewertung", "Bewertung in Worten", kind="text"),
)
