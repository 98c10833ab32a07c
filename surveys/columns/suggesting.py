"""What columns probably are: as in earlier mappings, or as their name and content say."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from surveys.columns.choice import OUT, Choice, Draft
from surveys.columns.drafting import draft_of
from surveys.columns.profile import Column, Profile
from surveys.mapping import DateRule, Mapping

FORMATS: Final = (
    "%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%Y%m%d",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %H:%M", "%m/%d/%y", "%d/%m/%y",
    "%m/%d/%y %H:%M", "%d/%m/%y %H:%M", "%m/%d/%y %H:%M:%S", "%d/%m/%y %H:%M:%S",
)  # fmt: skip
_ID: Final = re.compile(r"(id|nr|no|number|response_?id|resp(ondent)?_?(num|nr|id|no)?|#)\Z")
_DATE: Final = re.compile(r"date|datum|day\b|\btag\b|submitted|timestamp|zeitpunkt")
# (column, plain name → touchpoint) → choice
Hints = Callable[[Column, dict[str, str]], Choice]
_SCORES: Final = {str(number) for number in range(-1, 100)}
_PERSONAL: Final = re.compile(
    r"zip|postcode|plz|city|ort\b|state|street|stra(ss|ß)e|address|mail|phone|telefon|birth|geburt"
    r"|\bname|vorname|nachname|\bip\b|income|gender|\bage\b|q19age|country|county"
)


def plain(name: str) -> str:
    """A column name without case and signs: "*RESPNUM" and "RespNum" are the same."""
    return re.sub(r"[^\w#]+", " ", name.casefold()).strip()


def is_personal(name: str) -> bool:
    return bool(_PERSONAL.search(plain(name).replace("_", " ")))


def suggest(
    profile: Profile,
    *,
    earlier: Iterable[Mapping],
    touchpoints: Iterable[str],
    name: str,
    hints: "Hints | None" = None,
) -> Draft:
    """A draft for a new file; ``earlier`` mappings count from the newest to the oldest.

    ``hints`` (column, touchpoint of that name) → choice: what is known of the tool that wrote it.
    """
    known: dict[str, Choice] = {}
    for mapping in earlier:
        for title, choice in draft_of(mapping, list(mapping.columns)).choices.items():
            known.setdefault(plain(title), choice)
    names = {plain(touchpoint): touchpoint for touchpoint in touchpoints}
    draft = Draft(name)
    taken: set[str] = set()
    for column in profile.columns:
        # What an earlier mapping left out is left out again.
        choice = known.get(plain(column.name)) or (
            hints(column, names)
            if hints
            else _guess(column, profile, names, taken, is_new=not known)
        )
        if choice.becomes in taken:
            choice = Choice(OUT)
        if choice.becomes in ("id", "date", "weight", "cluster", "customer", "language", "source"):
            taken.add(choice.becomes)
        draft.choices[column.name] = choice
    return draft


def _guess(
    column: Column,
    profile: Profile,
    touchpoints: dict[str, str],
    taken: set[str],
    *,
    is_new: bool,
) -> Choice:
    name = plain(column.name)
    if "id" not in taken and _ID.match(name) and column.distinct == profile.looked_at:
        return Choice("id")
    if "date" not in taken and column.filled:
        if found := date_formats(column):
            # Of two ways to read them a person chooses one.
            return Choice("date", format=found[0] if len(found) == 1 else "")
        if _DATE.search(name) and only_days(column):
            return Choice("date", format="%Y-%m-%d")
    if re.search(r"weight|gewicht", name) and column.numbers == column.filled:
        return Choice("weight")
    return _question(column, name, touchpoints) if is_new or name in touchpoints else Choice(OUT)


def _question(column: Column, name: str, touchpoints: dict[str, str]) -> Choice:
    touchpoint = touchpoints.get(name, "")
    low, high = column.low, column.high
    is_coded = column.filled and column.numbers == column.filled and column.distinct <= 12
    text = Choice("rating", touchpoint=touchpoint, text=touchpoint or column.name)
    if is_coded and low is not None and high is not None and set(column.codes) <= _SCORES:
        if re.search(r"nps|recommend|netpro|weiterempf", name):
            return replace(text, becomes="nps", low="0", high="10")
        if touchpoint or _is_rated(column, name):
            top = 5 if high <= 6 else 10 if high <= 11 else int(high)
            bottom = 0 if top == 10 and low == 0 else 1
            if low >= 0 and top > bottom:
                return replace(text, low=str(bottom), high=str(top))
    if re.search(r"comment|kommentar|verbatim|bemerkung|anything else|freitext", name):
        return (
            Choice("text", text=column.name) if column.numbers < column.filled / 2 else Choice(OUT)
        )
    return Choice(OUT)


def _is_rated(column: Column, name: str) -> bool:
    """Called like a question, and every score from 1 to 5 was given."""
    is_question = re.match(r"(q|f|frage)[ _]?\d+", name) is not None
    return is_question and not is_personal(name) and set("12345") <= set(column.codes)


def only_days(column: Column) -> bool:
    """Whether the cells are days of a month without month and year."""
    return bool(column.codes) and all(
        item.isdigit() and 1 <= int(item) <= 31 for item in column.codes
    )


def date_formats(column: Column) -> list[str]:
    """The strptime format that reads every value seen, or two: 3/4/2026 is April or March."""
    values = list(column.codes)
    # Eight digits are a date only together with separators or a plausible century.
    if not values or not all(re.search(r"[-./]|^(19|20)\d{6}$", value) for value in values):
        return []
    fitting = [
        format
        for format in FORMATS
        if not (column.day_first and format.startswith("%m/"))
        and not (column.month_first and format.startswith("%d/"))
        and all(_reads(format, value) for value in values)
    ]
    first = fitting[:1]
    if first and first[0].startswith("%m/"):
        turned = "%d/%m/" + first[0][6:]
        return [first[0], turned] if turned in fitting else first
    return first


def _reads(format: str, value: str) -> bool:
    try:
        return 1900 <= DateRule("", format).read(value).year <= 2200
    except ValueError:
        return False
