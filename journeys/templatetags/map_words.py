"""``{% map_words as words %}``: what the map's modules say, in the reader's language."""

from typing import Any

from django import template
from django.urls import reverse

from journeys.map_words import for_page

register = template.Library()


@register.simple_tag(takes_context=True)
def map_words(context: template.Context) -> dict[str, Any]:
    request, journey = context["request"], context["journey"]
    found = for_page(request)
    # The id of a step takes the place of 0.
    found["urls"]["ask"] = reverse(
        "journeys:step-ask", args=[request.workspace.slug, journey.slug, 0]
    )
    return found
