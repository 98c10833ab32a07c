"""Microsoft Forms: ``ID, Start time, Completion time, Email, Name``, then questions by their text.

Several choices are joined by ``;`` with one at the end; a ranking is all of them in its order.
"""

from typing import Final

from surveys.columns.choice import OUT, Choice
from surveys.vendors.look import Heads, Lines, Vendor, plain, unique, words_of
from surveys.vendors.stamps import plain_stamp

_START: Final = {"start time", "startzeit", "heure de début", "hora de inicio"}
_END: Final = {
    "completion time", "fertigstellungszeit", "abschlusszeit", "heure de fin",
    "hora de finalización",
}  # fmt: skip
_OWN: Final = {
    "email", "e-mail", "email address", "name", "adresse de messagerie", "nom",
    "correo electrónico", "nombre", "last modified time", "uhrzeit der letzten änderung",
    "zeitpunkt der letzten änderung", "total points", "gesamtpunktzahl", "quiz feedback",
    "quizfeedback",
}  # fmt: skip
_QUIZ: Final = ("points - ", "feedback - ", "punkte – ", "punkte - ", "feedback – ")


def sure(rows: Lines) -> float:
    if not rows:
        return 0
    head = {plain(cell) for cell in rows[0]}
    if not (head & _START and head & _END):
        return 0
    return 1.0 if plain(rows[0][0]) == "id" else 0.8


def heads(rows: Lines, _scanned: object) -> Heads:
    names = unique(rows[0])
    words = [plain(name) for name in names]
    end = next(at for at, word in enumerate(words) if word in _END)
    start = next(at for at, word in enumerate(words) if word in _START)
    meta = {
        name: Choice(OUT)
        for name, word in zip(names, words, strict=True)
        if word in _START or word in _OWN or word.startswith(_QUIZ)
    }
    if words[0] == "id":
        meta[names[0]] = Choice("id")
    for word in ("language", "sprache"):
        if word in words[:8]:
            meta[names[words.index(word)]] = Choice("language")
    return Heads(
        rows=1,
        names=names,
        texts={name: words_of(text) or name for name, text in zip(names, rows[0], strict=False)},
        meta=meta | {names[end]: Choice("date")},
        cleaners={end: plain_stamp, start: plain_stamp},
    )


VENDOR: Final = Vendor("microsoft", "Microsoft Forms", sure, heads)
