"""The lists behind the map's pickers, and a touchpoint made on the spot."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from journeys.map_words import for_page
from tests.factories import JourneyFactory, TouchpointFactory
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


def test_touchpoints_in_use_are_offered_by_name(workspace: Any, sign_in: Any) -> None:
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Flight <screens>")
        TouchpointFactory(workspace=workspace, name="Old desk", lifecycle="retired")
    client: Client = sign_in("viewer")
    page = client.get(reverse("journeys:touchpoint-options", args=[workspace.slug])).content
    assert b"Flight &lt;screens&gt;" in page
    assert b"Old desk" not in page
    found = client.get(
        reverse("journeys:touchpoint-options", args=[workspace.slug]), {"q": "kiosk"}
    )
    assert b"data-id" not in found.content


def test_maps_are_offered_without_templates(workspace: Any, sign_in: Any) -> None:
    with scope(workspace=workspace):
        JourneyFactory(workspace=workspace, title="Moving house")
        JourneyFactory(workspace=workspace, title="Moving template", is_template=True)
    page = sign_in("viewer").get(
        reverse("journeys:map-options", args=[workspace.slug]), {"q": "moving"}
    )
    assert b"Moving house" in page.content
    assert b"Moving template" not in page.content


def test_a_touchpoint_is_made_once(workspace: Any, sign_in: Any) -> None:
    client, address = sign_in("admin"), reverse("journeys:touchpoint-quick", args=[workspace.slug])
    first = client.post(address, {"name": "  Kiosk ", "media_type": "paid"}).json()
    again = client.post(address, {"name": "kiosk", "media_type": "owned"}).json()
    assert first["id"] == again["id"]
    with scope(workspace=workspace):
        found = Touchpoint.objects.get(pk=first["id"])
    assert (found.name, found.media_type) == ("Kiosk", "paid")


@pytest.mark.parametrize(
    "data", [{"name": ""}, {"name": "x" * 121}, {"name": "Kiosk", "media_type": "free"}]
)
def test_what_cannot_be_made_is_refused_in_words(
    workspace: Any, sign_in: Any, data: dict[str, str]
) -> None:
    answer = sign_in("admin").post(
        reverse("journeys:touchpoint-quick", args=[workspace.slug]), data
    )
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_who_may_not_keep_the_catalogue_makes_nothing(workspace: Any, sign_in: Any) -> None:
    address = reverse("journeys:touchpoint-quick", args=[workspace.slug])
    assert sign_in("marketer").post(address, {"name": "Kiosk"}).status_code == 403


def test_every_word_that_the_modules_use_is_there(workspace: Any, sign_in: Any, rf: Any) -> None:
    """A key without words would stand on the screen as it is."""
    import re
    from pathlib import Path
    from types import SimpleNamespace

    from django.conf import settings

    request = SimpleNamespace(
        workspace=workspace, member=SimpleNamespace(capabilities=frozenset({"edit"}))
    )
    words = for_page(request)["words"]  # type: ignore[arg-type]
    sources = [path.read_text() for path in Path(settings.BASE_DIR, "static/js/map").glob("*.js")]
    used = {key for source in sources for key in re.findall(r'\btext\("([a-z_]+)"', source)}
    used |= {key for source in sources for key in re.findall(r'\brow\("([a-z_]+)"', source)}
    assert used <= set(words), used - set(words)
