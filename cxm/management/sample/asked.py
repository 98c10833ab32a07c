"""The café's questionnaire as guests meet it on their phone, in German and English.

Who rated what before is in ``guests.py``; here stand the order, the rules and the second language.
"""

from dataclasses import dataclass

TITLE = {"de": "Ihr Besuch im Café am Markt", "en": "Your visit to Café am Markt"}
INTRO = {
    "de": "Zwei Minuten, höchstens zehn kurze Fragen, ohne Namen.",
    "en": "Two minutes, at most ten short questions, no names.",
}
THANKS = {
    "de": "Vielen Dank. Wir lesen alles und ändern, was am meisten stört.",
    "en": "Thank you. We read everything and change what annoys most.",
}
CLOSED = {
    "de": "Diese Umfrage ist beendet. Danke, dass Sie da waren.",
    "en": "This survey is closed. Thank you for coming.",
}
TEXTS = {"title": TITLE, "intro": INTRO, "thanks": THANKS, "closed": CLOSED}

# What was asked in German only is asked in English as well.
ENGLISH = {
    "plakat": "How do you like our poster at the station?",
    "suche": "How helpful was our search ad?",
    "fenster": "How inviting is our shop window?",
    "portal": "How helpful were other guests’ reviews?",
    "bekannte": "How did your friends’ recommendation strike you?",
    "website": "How well did you find your way around the website?",
    "instagram": "How do you like our Instagram profile?",
    "platz": "How easily did you find a seat?",
    "team": "How friendly was our team at the counter?",
    "karte": "How clear is our menu?",
    "warten": "How was the wait for your order?",
    "kaffee": "How did you like the coffee?",
    "kuchen": "How did you like the cake or breakfast?",
    "raum": "How comfortable did you feel in the room?",
    "wlan": "How well did the Wi-Fi work?",
    "kasse": "How quick and pleasant was paying?",
    "app": "How do you like our loyalty app?",
    "erzaehlen": "How gladly do you tell friends about us?",
    "gesamt": "How satisfied are you with your visit overall?",
    "empfehlung": "Would you recommend us?",
    "text_warten": "What would you like to tell us about the wait?",
    "text_team": "What would you like to tell us about the team?",
    "text_kaffee": "What would you like to tell us about the coffee?",
    "text_kuchen": "What would you like to tell us about cake and breakfast?",
    "text_raum": "What would you like to tell us about the room?",
    "text_gesamt": "What should we do better?",
}


@dataclass(frozen=True)
class New:
    """A question of the second version. ``parts`` are keys of questions that were asked before."""

    key: str
    kind: str
    de: str
    en: str
    help_de: str = ""
    help_en: str = ""
    parts: tuple[str, ...] = ()
    place: str = ""
    options: tuple[tuple[str, str, str], ...] = ()  # German, English, segment
    # Shown if this question's score is at most 2, or if one of these codes was chosen.
    if_bad: str = ""
    if_one_of: tuple[str, tuple[int, ...]] = ("", ())


# The order of today: keys of old questions, and the new ones among them.
ORDER: tuple[New | str, ...] = (
    New("s_heute", "section", "Heute bei uns", "Today with us"),
    New(
        "genutzt", "matrix", "Welche davon haben Sie heute genutzt?",
        "Which of these did you use today?", "Wir fragen nur nach dem, was Sie kennen.",
        "We only ask about what you know.", ("karte", "kuchen", "raum", "wlan", "kasse", "app"),
    ),
    "platz", "team", "kaffee", "warten",
    New(
        "gestoert", "text", "Was hat gestört?", "What went wrong?",
        "Ein Satz genügt.", "One sentence is enough.", place="Getränkeausgabe", if_bad="warten",
    ),
    New("s_vorher", "section", "Bevor Sie kamen", "Before you came"),
    New(
        "gast", "choice", "Wie oft sind Sie bei uns?", "How often do you come here?",
        options=(
            ("Regelmäßig", "Regularly", "Stammgast"),
            ("Ab und zu, wenn es sich ergibt", "Now and then, by chance", "Laufkundschaft"),
            ("Ich bin zu Besuch in der Stadt", "I am visiting the town", "Touristen"),
        ),
    ),
    New(
        "kannten", "matrix", "Was davon haben Sie vorher gesehen?",
        "Which of these did you see before?",
        parts=("plakat", "suche", "fenster", "portal", "bekannte", "website", "instagram"),
        if_one_of=("gast", (2, 3)),
    ),
    New("s_alles", "section", "Alles in allem", "All in all"),
    "erzaehlen", "gesamt", "empfehlung", "text_gesamt",
)  # fmt: skip
# Rated by at most ``CAP`` stations per guest, those with the fewest answers first.
ROTATING = ("platz", "team", "kaffee", "erzaehlen")
CAP = 3
# Free texts of the first version that ``gestoert`` took the place of.
RETIRED = ("text_warten", "text_team", "text_kaffee", "text_kuchen", "text_raum")

TABLES = tuple(f"Tisch {number}" for number in range(1, 7))
COUNTER = "Theke, zum Mitnehmen"
LETTER = "E-Mail an Stammgäste"
TABLET = "Tablet am Ausgang"
LETTER_SUBJECTS = {
    "de": "Wie war Ihr letzter Besuch im Café am Markt?",
    "en": "How was your last visit to Café am Markt?",
}
LETTER_BODIES = {
    "de": "Guten Tag {name},\n\nwie war Ihr letzter Besuch bei uns? Zwei Minuten genügen:\n{link}",
    "en": "Hello {name},\n\nhow was your last visit? Two minutes are enough:\n{link}",
}

# Words by which comments find their tag by themselves.
TAGS = (
    ("Warten", ("warten", "wartezeit", "minuten", "schlange", "dauert", "wait")),
    ("Team", ("team", "theke", "freundlich", "bedienung", "lächeln", "friendly")),
    ("Kaffee", ("kaffee", "espresso", "cappuccino", "bohnen", "coffee")),
    ("Kuchen", ("kuchen", "frühstück", "croissant", "torte", "cake")),
    ("Raum", ("laut", "musik", "sitz", "stuhl", "platz", "gemütlich", "room")),
)
