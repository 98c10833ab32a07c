"""Collecting answers: doors, fillings, their end, and the facts that come of it."""

from surveys.collecting.doors import Door, Shut, shut_for
from surveys.collecting.ending import (
    IDLE,
    finish,
    hold,
    release,
    reopen,
    sweep,
    was_finished,
    withdraw,
)
from surveys.collecting.fillings import Progress, answer, begin
from surveys.collecting.storing import Filled, forget, store
from surveys.collecting.tokens import (
    StampError,
    filling_id,
    hash_word,
    new_token,
    personal_token,
    stamp,
    stamped,
    week_of,
)

__all__ = [
    "IDLE",
    "Door",
    "Filled",
    "Progress",
    "Shut",
    "StampError",
    "answer",
    "begin",
    "filling_id",
    "finish",
    "forget",
    "hash_word",
    "hold",
    "new_token",
    "personal_token",
    "release",
    "reopen",
    "shut_for",
    "stamp",
    "stamped",
    "store",
    "sweep",
    "was_finished",
    "week_of",
    "withdraw",
]
