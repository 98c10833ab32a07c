"""Questions on a page of answering: ``{% load answering %}``."""

from django import template

from surveys.answering import earlier as _earlier
from surveys.answering.shown import Shown
from surveys.answering.shown import shown as _shown
from surveys.questionnaire import Item, Questionnaire, Replies

register = template.Library()


@register.simple_tag
def shown(
    item: Item, questionnaire: Questionnaire, language: str, replies: Replies | None = None
) -> Shown:
    """``{% shown item questionnaire "de" replies as shown %}``: the plain values of a question."""
    return _shown(item, questionnaire, language, replies or {})


@register.filter
def since(earlier: "_earlier.Earlier") -> str:
    return _earlier.title(earlier)
