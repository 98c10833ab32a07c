"""Time stamps of other tools in one form, where there is only one way to read them."""

import datetime as dt
import re
from typing import Final

ISO: Final = "%Y-%m-%d %H:%M:%S"
MONTH_FIRST: Final = "%m/%d/%Y %H:%M:%S"
DAY_FIRST: Final = "%d/%m/%Y %H:%M:%S"

_CLOCK: Final = (
    r"(?:,?[T\s]+(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2}))?(?:[.,]\d+)?"
    r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)?(?:\s*(?:Uhr|Z|UTC|[A-Z]{3,4}))?"
    r"(?:\s*(?:GMT|UTC)?[+\-−]\d{1,2}(?::?\d{2})?)?(?:\s*\([^()]{1,60}\))?)?\s*\Z"
)
_YEAR_FIRST: Final = re.compile(r"(?P<y>\d{4})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK)
_DOTTED: Final = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<mo>\d{1,2})\.\s?(?P<y>\d{4}|\d{2})" + _CLOCK)
_SLASHED: Final = re.compile(r"(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y>\d{4}|\d{2})" + _CLOCK)
_DAY_NAMED: Final = re.compile(
    r"(?:[^\W\d]+,?\s+)?(?P<d>\d{1,2})\.?\s+(?P<name>[^\W\d]{3,10})\.?,?\s+(?P<y>\d{4})" + _CLOCK
)
_MONTH_NAMED: Final = re.compile(
    r"(?:[^\W\d]{2,10}\.?,?\s+)?(?P<name>[^\W\d]{3,10})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})"
    + _CLOCK
)
_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar jänner", "feb february februar", "mar march mär märz mrz",
            "apr april", "may mai", "jun june juni", "jul july juli", "aug august",
            "sep sept september", "oct october okt oktober", "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip


def plain_stamp(cell: str) -> str:
    """A time stamp as ``ISO``; one of the form 3/4/2026 keeps its order, with clock and century.

    Whether its day or its month stands first is not for this function to say. Anything else comes
    back as it stands.
    """
    text = " ".join(cell.split())
    if match := _YEAR_FIRST.match(text) or _DOTTED.match(text):
        return _iso(match, int(match["mo"])) or cell
    if match := _SLASHED.match(text):
        first, second = int(match["a"]), int(match["b"])
        clock = _clock(match)
        return f"{first}/{second}/{_year(match['y'])} {clock}" if clock else cell
    if match := _DAY_NAMED.match(text) or _MONTH_NAMED.match(text):
        month = _MONTHS.get(match["name"].lower())
        return _iso(match, month) or cell if month else cell
    return cell


def _iso(match: "re.Match[str]", month: int) -> str:
    try:
        day = dt.date(_year(match["y"]), month, int(match["d"]))
    except ValueError:
        return ""
    clock = _clock(match)
    return f"{day.isoformat()} {clock}" if clock else ""


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _clock(match: "re.Match[str]") -> str:
    """ "00:00:00" where the stamp has no clock, "" where it has none that exists."""
    hours, half = int(match["h"] or 0), (match["half"] or "").lower()
    if half:
        if not 1 <= hours <= 12:
            return ""
        hours = hours % 12 + (12 if half.startswith("p") else 0)
    try:
        return dt.time(hours, int(match["m"] or 0), int(match["s"] or 0)).isoformat()
    except ValueError:
        return ""


def with_order(cell: str, *, month_first: bool) -> str:
    """A time stamp as ``ISO`` where the tool is known to write one order."""
    plain = plain_stamp(cell)
    if match := _SLASHED.match(plain):
        first, second = int(match["a"]), int(match["b"])
        month, day = (first, second) if month_first else (second, first)
        try:
            return f"{dt.date(int(match['y']), month, day)} {_clock(match)}"
        except ValueError:
            return cell
    return plain
