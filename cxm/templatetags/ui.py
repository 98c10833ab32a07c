"""Marks, numbers and form fields for templates: ``{% load ui %}``."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cxm import svg

register = template.Library()

MINUS = "\u2212"
Number: TypeAlias = float | int | Decimal


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """``{% icon "plus" %}``: hidden from screen readers unless it has a label of its own."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="i {}" viewBox="0 0 24 24" {}><use href="{}#{}"/></svg>',
        css, mark_safe(spoken), static("icons.svg"), name,
    )  # fmt: skip


def _rounded(value: Number, digits: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@register.filter
def number(value: Number | None, digits: int = 0) -> str:
    """2,809 in English, 2.809 in German, with a real minus; an unknown value is a dash."""
    if value is None:
        return "\u2013"
    # A page shows hundreds of figures; number_format would look up the same signs for each.
    text = f"{_rounded(value, digits):,.{digits}f}".translate(
        {
            ord(","): formats.get_format("THOUSAND_SEPARATOR"),
            ord("."): formats.get_format("DECIMAL_SEPARATOR"),
        }
    )
    return text.replace("-", MINUS)


@register.filter
def signed(value: Number | None, digits: int = 2) -> str:
    """+1.07, −0.22, ±0.00: always with a sign, also when it rounds to zero."""
    if value is None:
        return "\u2013"
    exact = _rounded(value, digits)
    sign = "\u00b1" if exact == 0 else "+" if exact > 0 else MINUS
    return sign + number(abs(exact), digits)


@register.filter
def percent(value: Number | None, digits: int = 0) -> str:
    """A fraction 0–1 as a percentage: 73%, in German 73 % with a narrow no-break space."""
    if value is None:
        return "\u2013"
    gap = "\u202f" if (get_language() or "").startswith("de") else ""
    return f"{number(Decimal(str(value)) * 100, digits)}{gap}%"


@register.filter
def share(part: Number | None, whole: Number | None) -> str:
    """``{{ part|share:whole }}`` as a percentage; a dash when there is no whole."""
    return percent(part / whole if part is not None and whole else None)  # type: ignore[operator]


@register.filter
def quoted(text: str) -> str:
    """A text in the quotation marks of the language: “so” in English, „so“ in German."""
    return _("“%(text)s”") % {"text": text}


@register.filter
def tone(value: Number | None) -> str:
    """Class for a signed text: ``neg``, ``pos`` or nothing. Only for what is proven."""
    if not value:
        return ""
    return "neg" if value < 0 else "pos"


@register.filter
def emotion(value: Number | None) -> str:
    """Class of the nine-step emotion scale for a score from −2 to +2: ``n4`` … ``z0`` … ``p4``."""
    if value is None:
        return ""
    step = max(-4, min(4, int(_rounded(Decimal(str(value)) * 2, 0))))
    return "z0" if step == 0 else f"n{-step}" if step < 0 else f"p{step}"


@register.filter
def initials(name: str) -> str:
    """Two letters for a person: first and last word, or the first two of one word.

    Numbers are no names: "Marek Vogt, 31" is MV.
    """
    every = str(name).replace("@", " ").split()
    words = [word for word in every if word[0].isalpha()] or every
    letters = words[0][:2] if len(words) == 1 else "".join(w[0] for w in (words[:1] + words[-1:]))
    return letters.upper()


def person_colour(seed: object) -> int:
    """Which of the three colours of people somebody has, everywhere the same."""
    return sum(str(seed).encode()) % 3 + 1


@register.simple_tag
def avatar(name: str, seed: object = "") -> SafeString:
    """A round badge with initials; the name always stands beside it, so it is not spoken."""
    colour = person_colour(seed or name)
    return format_html(
        '<span class="avatar c{}" aria-hidden="true">{}</span>', colour, initials(name)
    )


_POE = {
    "paid": ("p", '<rect x="1" y="1" width="16" height="16" rx="2" fill="currentColor"/>', 12.7),
    "owned": (
        "o",
        '<circle cx="9" cy="9" r="7.6" fill="none" stroke="currentColor" stroke-width="1.6"/>',
        12.7,
    ),
    "earned": (
        "e",
        '<path d="M3.5 1h11A2.5 2.5 0 0 1 17 3.5v7a2.5 2.5 0 0 1-2.5 2.5H8l-4.5 4v-4'
        'A2.5 2.5 0 0 1 1 10.5v-7A2.5 2.5 0 0 1 3.5 1Z" stroke="currentColor" stroke-width="1.4"/>',
        10.6,
    ),
}


@register.simple_tag
def poe(media_type: str, quiet: bool = False) -> SafeString:
    """The touchpoint mark: shape and letter. ``quiet`` where the word stands beside it."""
    css, shape, baseline = _POE[str(media_type)]
    word = {"p": _("Paid"), "o": _("Owned"), "e": _("Earned")}[css]
    spoken = 'aria-hidden="true"' if quiet else format_html('role="img" aria-label="{}"', word)
    return format_html(
        '<svg class="poe {}" viewBox="0 0 18 18" {}>{}<text x="9" y="{}">{}</text></svg>',
        css, mark_safe(spoken), mark_safe(shape), baseline, css.upper(),
    )  # fmt: skip


_TICK = mark_safe(
    '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="7" fill="currentColor"/>'
    '<path class="tick" d="m4 7.2 2.1 2.1L10.2 5" fill="none" stroke-width="1.6" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_RING = mark_safe(
    '<svg viewBox="0 0 14 14" aria-hidden="true"><circle cx="7" cy="7" r="6.3" fill="none" '
    'stroke="currentColor" stroke-width="1.3" stroke-dasharray="2.6 2.2"/></svg>'
)


@register.simple_tag
def proof(proven: bool, words: str = "") -> SafeString:
    """Filled tick "proven" or dashed ring "not proven"; other words may replace them."""
    text = words or (_("proven") if proven else _("not proven"))
    css, mark = ("proof", _TICK) if proven else ("proof no", _RING)
    return format_html('<span class="{}">{}{}</span>', css, mark, text)


_EVIDENCE = {
    "measured": '<circle cx="6" cy="6" r="5.3" fill="currentColor"/>',
    "anecdote": '<circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" '
    'stroke-width="1.2"/><path d="M6 1.2a4.8 4.8 0 0 0 0 9.6Z" fill="currentColor"/>',
    "assumption": '<circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" '
    'stroke-width="1.3" stroke-dasharray="2 1.9"/>',
}


@register.simple_tag
def evidence(kind: str, n: int | None = None, short: bool = False) -> SafeString:
    """measured (full), anecdote (half), assumption (dashed); ``short`` shows mark and count."""
    words = {"measured": _("Measured"), "anecdote": _("Anecdote"), "assumption": _("Assumption")}
    word, count = words[str(kind)], "" if n is None else number(n)
    text = format_html('<span class="vh">{} </span>{}', word, count) if short else word
    if not short and n is not None:
        text = format_html('{} <span class="num">n = {}</span>', word, count)
    return format_html(
        '<span class="ev"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>'
        "<span>{}</span></span>",
        mark_safe(_EVIDENCE[str(kind)]), text,
    )  # fmt: skip


@register.simple_tag
def interval_bar(
    mean: float | None,
    low: float | None = None,
    high: float | None = None,
    start: float = -2,
    end: float = 2,
    width: int = 96,
    mark: float | None = 0,
) -> SafeString:
    """Point and interval on ``start``…``end`` (default the emotion scale), spoken in words."""
    if mean is None:
        return SafeString("")
    ends = (low, high) if low is not None and high is not None else None
    label = signed(mean)
    if ends:
        label = _("%(mean)s, 95%% interval %(low)s to %(high)s") % {
            "mean": label, "low": signed(ends[0]), "high": signed(ends[1]),
        }  # fmt: skip
    return svg.interval(mean, ends, span=(start, end), width=width, label=label, mark=mark)


@register.simple_tag
def stacked(counts: Sequence[int], width: int = 150) -> SafeString:
    """Distribution of five answer classes, worst first: counts of 1, 2, 3, 4, 5."""
    total = sum(counts)
    label = _("Answers 1 to 5: %(shares)s") % {
        "shares": ", ".join(share(count, total) for count in counts)
    }
    return svg.stacked(counts, width=width, label=label)


@register.simple_tag
def sparkline(
    values: Sequence[float | None], label: str, width: int = 96, height: int = 30
) -> SafeString:
    """A small line; ``label`` says what it shows ("2012 to 2018"). ``None`` breaks the line."""
    return svg.sparkline(values, width=width, height=height, label=label)


@register.simple_tag
def evidence_bar(measured: int, anecdote: int, assumption: int) -> SafeString:
    """How a map's steps are known, as a bar of three parts with the counts in its label."""
    label = _("Evidence: %(m)s measured, %(a)s anecdotes, %(s)s assumptions") % {
        "m": measured, "a": anecdote, "s": assumption,
    }  # fmt: skip
    return svg.evidence_bar(measured, anecdote, assumption, label=label)


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """A thin bar; write the count in words beside it."""
    return svg.progress(done, total, label=label)


@register.filter
def answers(n: int) -> str:
    """ "1 answer", "2,809 answers": the n that stands beside every figure."""
    return ngettext("%(n)s answer", "%(n)s answers", n) % {"n": number(n)}


@register.inclusion_tag("_field.html")
def field(bound: BoundField, label: str = "", help: str = "") -> dict[str, Any]:
    """A labelled form field with help and errors, tied together for screen readers."""
    widget = bound.field.widget
    described = [f"{bound.auto_id}_help"] if (help or bound.help_text) else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs: dict[str, str | bool] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "help": help or bound.help_text,
        "single": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, (RadioSelect, CheckboxSelectMultiple)),
    }
