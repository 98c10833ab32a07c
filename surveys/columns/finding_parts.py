"""What was found in columns of options: one each, or several in a cell."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number, quoted
from surveys.columns.choice import Choice
from surveys.columns.finding_words import Found, counted_words
from surveys.columns.joined import taken_apart
from surveys.columns.profile import CUT, Column
from surveys.scales import is_chosen, rank_of


def found_part(column: Column, choice: Choice, rows: int) -> Found:
    """One option of a question: how many chose it, or which ranks it got."""
    if not (choice.group or choice.name):
        return Found("err", _("Write which question it is an option of."))
    if choice.becomes == "rank":
        odd = next((item for item in column.codes if not rank_of(item)), "")
        if odd:
            return Found("warn", _("is no rank. Left empty."), quoted(odd[:30]))
        return Found("ok", counted_words(column.filled), scored=column.filled)
    chosen = sum(n for item, n in column.codes.items() if is_chosen(item))
    words = ngettext("chosen %(n)s time", "chosen %(n)s times", chosen) % {"n": number(chosen)}
    return Found("ok", words, scored=column.filled)


def found_several(column: Column, choice: Choice, rows: int) -> Found:
    """Several options in one cell."""
    if len(choice.options) < 2 or not choice.separator.strip():
        return Found("err", _("Write the options below, one per line, and what divides them."))
    empty = rows - column.filled if choice.blank else 0
    options = sorted(choice.options, key=len, reverse=True)
    unknown: dict[str, int] = {}
    for item, n in column.codes.items():
        # Long cells are cut in the profile, so that their end says nothing.
        for text in taken_apart(item, choice.separator, options)[1] if len(item) < CUT else ():
            unknown[text] = unknown.get(text, 0) + n
    words = ngettext("%(n)s option", "%(n)s options", len(options)) % {"n": number(len(options))}
    words += " · " + counted_words(column.filled)
    if unknown and not choice.other:
        worst = max(unknown, key=lambda text: unknown[text])
        strong = _("“%(code)s” is none of the options, %(n)s times.") % {
            "code": worst[:30], "n": number(unknown[worst]),
        }  # fmt: skip
        words = _("Left empty.") + " " + words
        return Found("warn", words, strong, scored=column.filled, no_answer=empty)
    if unknown:
        others = ngettext("%(n)s other text", "%(n)s other texts", len(unknown))
        words += " · " + others % {"n": number(len(unknown))}
    return Found("ok", words, scored=column.filled, no_answer=empty)
