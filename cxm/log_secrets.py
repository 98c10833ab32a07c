"""Addresses that open somebody's answers, letters or maps do not stand in the log."""

import logging
import re
from typing import Final

# What follows the first part is a secret: /m/<code>/<token>/, /m/i/<letter>/, /u/<token>/,
# /s/<token>/, and invitations.
_SECRET: Final = re.compile(r"(/(?:m/[A-Za-z0-9]+|u|s|invitations)/)([^/\s?]{16,})")


class HideSecrets(logging.Filter):
    """Puts "…" in place of the secret part of an address, in whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = _SECRET.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
