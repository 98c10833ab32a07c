"""``{% map_words as words %}``: what the map's modules say, in the reader's language."""

from typing import Any

from django import template

from journeys.map_words import for_page

register = template.Library()


@register.simple_tag(takes_context=True)
def map_words(context: template.Context) -> dict[str, Any]:
    return for_page(context["request"])
