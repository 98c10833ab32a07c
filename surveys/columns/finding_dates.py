"""What was found in a column of dates: days, a month that is missing, an order to choose."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, quoted
from surveys.columns.choice import Choice
from surveys.columns.finding_words import Found
from surveys.columns.profile import Column
from surveys.columns.suggesting import date_formats, only_days
from surveys.mapping import DateRule


def found_dates(column: Column, choice: Choice, rows: int) -> Found:
    """Every value that was seen is read as it would be stored."""
    if only_days(column) and not choice.prefix:
        return Found("err", _("Which month and year?"), _("Only a day."), asks_month=True)
    asks = only_days(column)
    if column.filled < rows:
        left = rows - column.filled
        words = ngettext("%(n)s line has no date.", "%(n)s lines have no date.", left)
        return Found("err", words % {"n": number(left)}, asks_month=asks)
    if not choice.format and (formats := date_formats(column)):
        return _ask_order(column, formats)
    days = []
    for value in column.codes:
        try:
            days.append(DateRule("", choice.format, choice.prefix).read(value))
        except ValueError:
            words = _("is no date of the form %(form)s.") % {"form": choice.prefix + choice.format}
            return Found("err", words, quoted(value[:30]), asks_month=asks)
    return Found("ok", _days(days, column), asks_month=asks)


def _ask_order(column: Column, formats: list[str]) -> Found:
    """Day or month first: the first value that tells the two apart is shown both ways."""
    turned = next((v for v in column.codes if len(set(_read(v, formats))) > 1), "")
    value = turned or next(iter(column.codes))
    orders = tuple(
        (format, date_format(day, "DATE_FORMAT"))
        for format, day in zip(formats, _read(value, formats), strict=True)
    )
    strong = quoted(value.partition(" ")[0])
    return Found("err", _("Which day is this?"), strong, orders=orders)


def _read(value: str, formats: list[str]) -> list[dt.date]:
    return [DateRule("", format).read(value) for format in formats]


def _days(days: list[dt.date], column: Column) -> str:
    if column.distinct > len(column.codes):
        # Of many time stamps only the most frequent are known.
        words = ngettext("%(n)s time", "%(n)s times", column.distinct)
        words = words % {"n": number(column.distinct)}
        return _("%(times)s, such as %(day)s") % {
            "times": words, "day": date_format(days[0], "DATE_FORMAT"),
        }  # fmt: skip
    n = len(set(days))
    words = ngettext("%(n)s day", "%(n)s days", n) % {"n": number(n)}
    if not days:
        return words
    first, last = (date_format(day, "DATE_FORMAT") for day in (min(days), max(days)))
    return _("%(days)s, %(first)s to %(last)s") % {"days": words, "first": first, "last": last}
