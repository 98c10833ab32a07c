"""Google Forms: a time stamp, then one column per question with its full text as head.

The form's own CSV writes ``2026/01/15 10:30:00 AM GMT+1`` and joins choices by ``;``; a sheet
writes dates as its country does and joins by ``, ``. 3/4/2026 is therefore left to a person.
"""

from typing import Final

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Heads, Lines, Vendor, plain, unique, words_of
from surveys.vendors.stamps import plain_stamp

_STAMP: Final = {
    "timestamp", "zeitstempel", "horodateur", "marca temporal", "informazioni cronologiche",
    "carimbo de data/hora", "tijdstempel", "sygnatura czasowa", "tidsstempel",
}  # fmt: skip
_OWN: Final = {
    "email address", "e-mail-adresse", "adresse e-mail", "dirección de correo electrónico",
    "username", "nutzername", "score", "punktzahl", "total score", "gesamtpunktzahl",
}  # fmt: skip
_SCORED: Final = ("[score]", "[feedback]", "[punktzahl]")


def sure(rows: Lines) -> float:
    if not rows or len(rows[0]) < 2 or plain(rows[0][0]) not in _STAMP:
        return 0
    stamps = [row[0] for row in rows[1:] if row and row[0].strip()]
    if not stamps:
        return 0.6
    # The clock tells a form from a table that only begins with a day.
    clocked = sum(":" in cell and plain_stamp(cell) != "" for cell in stamps)
    return 0.9 if clocked == len(stamps) else 0


def heads(rows: Lines, _scanned: object) -> Heads:
    names = unique(rows[0])
    meta = {
        name: Choice(OUT)
        for name in names[1:]
        if plain(name) in _OWN or plain(name).endswith(_SCORED)
    }
    return Heads(
        rows=1,
        names=names,
        texts={name: words_of(text) or name for name, text in zip(names, rows[0], strict=False)},
        meta=meta | {names[0]: Choice("date")},
        cleaners={0: plain_stamp},
    )


VENDOR: Final = Vendor("google", "Google Forms", sure, heads)
