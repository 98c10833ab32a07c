"""The word that a person keeps to find their answers again; it follows from their address."""

import hashlib

from django.utils.crypto import salted_hmac

from surveys.answering.code_words import WORDS

_SALT = "surveys.answer.word"


def word_of(token: str) -> str:
    """Like "mohn-471-turm": always the same for one token, so that a repeated last answer, whose
    first receipt was lost, shows the word that was stored. Nobody can tell the token from it.
    """
    digest = salted_hmac(_SALT, token, algorithm="sha256").digest()
    number = int.from_bytes(hashlib.sha256(digest).digest()[:12])
    number, first = divmod(number, len(WORDS))
    number, last = divmod(number, len(WORDS))
    return f"{WORDS[first]}-{100 + number % 900}-{WORDS[last]}"
