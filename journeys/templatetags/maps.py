"""Names of a map where there is little room: ``{% load maps %}``."""

from django import template

from cxm.hyphens import cuts

register = template.Library()


@register.filter
def soft(text: str) -> str:
    """A name whose long words may break between syllables, by soft hyphens."""
    return " ".join(_soft(word) for word in str(text).split(" "))


def _soft(word: str) -> str:
    if len(word) < 10:
        return word
    pieces, start = [], 0
    for place in cuts(word):
        if word[place - 1] not in "-/":
            pieces.append(word[start:place])
            start = place
    return "\u00ad".join([*pieces, word[start:]])
