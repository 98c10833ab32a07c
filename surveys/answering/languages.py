"""Which language a person reads: the one they chose, their browser's, else the survey's first."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation.trans_real import parse_accept_lang_header

# Written from right to left, beside those that Django knows.
_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ku-arab", "ps", "sd", "ug", "ur", "yi"}


class Language(NamedTuple):
    """One language of a survey. ``words`` is the one that buttons and hints are written in."""

    code: str
    name: str
    direction: str
    words: str


@lru_cache(maxsize=1)
def spoken() -> tuple[str, ...]:
    """The languages of our own buttons and hints; more than the application itself speaks."""
    known = [offered for offered, _name in settings.LANGUAGES]
    catalogues = [path for folder in settings.LOCALE_PATHS for path in sorted(folder.iterdir())]
    found = [path.name for path in catalogues if (path / "LC_MESSAGES" / "django.mo").is_file()]
    return tuple(dict.fromkeys([*known, *found]))


@lru_cache(maxsize=256)
def language(code: str) -> Language:
    """Name in itself, direction, and the language of our own words beside it."""
    base = code.lower().split("-")[0]
    info = LANG_INFO.get(code.lower()) or LANG_INFO.get(base) or {}
    name = str(info.get("name_local") or code)
    right_to_left = {code.lower(), base} & _RIGHT_TO_LEFT
    return Language(
        code,
        name[:1].upper() + name[1:],
        "rtl" if right_to_left else "ltr",
        next((offered for offered in (code.lower(), base) if offered in spoken()), "en"),
    )


def choose(languages: Sequence[str], *, asked: str = "", accepted: str = "") -> Language:
    """``asked``: by the address; ``accepted``: the header Accept-Language, the best one first.

    "de-AT" in a browser finds "de" in a survey, and the other way round.
    """
    for wanted in (asked, *_accepted(accepted)):
        if found := _match(languages, wanted.lower()):
            return language(found)
    return language(languages[0])


@lru_cache(maxsize=512)
def _accepted(header: str) -> tuple[str, ...]:
    return tuple(code for code, _quality in parse_accept_lang_header(header[:200]))


def _match(languages: Sequence[str], wanted: str) -> str:
    if not wanted or wanted == "*":
        return ""
    exact = next((code for code in languages if code.lower() == wanted), "")
    base = wanted.split("-")[0]
    return exact or next((code for code in languages if code.lower().split("-")[0] == base), "")
