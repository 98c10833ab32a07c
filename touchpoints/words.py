"""How heads and values of a table of touchpoints may be written, in English and in German."""

import re
import unicodedata
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order of an export; the first English word is the one that is written.
FIELDS: Final[dict[str, str | Promise]] = {
    "name": _("Touchpoint"),
    "media_type": _("Media type"),
    "channel": _("Channel"),
    "contact": _("Contact"),
    "stage": _("Stage"),
    "owner": _("Owner"),
    "influence": _("Influence"),
    "lifecycle": _("Lifecycle"),
    "description": _("Description"),
}

_HEADS = {
    "name": "name touchpoint kontaktpunkt bezeichnung",
    "media_type": "mediatype media kind medienart art",
    "channel": "channel kanal",
    "contact": "contact kontakt kontaktart",
    "stage": "stage moment zeitpunkt kaufphase",
    "owner": "owner responsible verantwortlich verantwortliche verantwortung zustaendig",
    "influence": "influence einfluss",
    "lifecycle": "lifecycle status lebenszyklus",
    "description": "description note notes beschreibung notiz bemerkung",
}

_VALUES = {
    "media_type": {
        "paid": "bezahlt gekauft",
        "owned": "eigen eigene eigenes eigener besessen",
        "earned": "verdient erworben",
    },
    "contact": {"direct": "direkt", "indirect": "indirekt"},
    "stage": {
        "before": "beforepurchase vor vorher vordemkauf vorkauf",
        "during": "duringpurchase waehrend beimkauf waehrenddeskaufs kauf",
        "after": "afterpurchase nach nachher nachdemkauf nachkauf",
    },
    "influence": {
        "none": "no kein keine keiner ohne",
        "low": "niedrig gering wenig",
        "shared": "partial geteilt gemeinsam teilweise",
        "full": "voll vollstaendig ganz",
    },
    "lifecycle": {
        "planned": "geplant",
        "active": "inuse aktiv inbetrieb",
        "retired": "stillgelegt eingestellt beendet ausserbetrieb",
    },
}

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def folded(text: str) -> str:
    """Letters only, small, umlauts spelled out: "Media-Type" and "media type" are one word."""
    composed = unicodedata.normalize("NFC", text.casefold())
    return re.sub(r"[\W_]+", "", composed.translate(_FOLD))


def tidied(text: str) -> str:
    """One line, single spaces, and é as one letter: files of a Mac write it as two."""
    return " ".join(unicodedata.normalize("NFC", text).split())


_FIELD_OF = {word: field for field, words in _HEADS.items() for word in words.split()}
_VALUE_OF = {
    field: {word: value for value, others in values.items() for word in [value, *others.split()]}
    for field, values in _VALUES.items()
}


def field_of(head: str) -> str | None:
    """The field that a head names; none for an unknown one."""
    return _FIELD_OF.get(folded(head))


def is_choice(field: str) -> bool:
    return field in _VALUES


def value_of(field: str, text: str) -> str | None:
    """The stored value of a written one; none when it is not known."""
    return _VALUE_OF[field].get(folded(text))


def known_values(field: str) -> list[str]:
    return list(_VALUES[field])
