"""The list of touchpoints and its filters."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import ChannelFactory, TouchpointFactory

pytestmark = pytest.mark.django_db


def url(query: str = "") -> str:
    return reverse("touchpoints:catalogue", kwargs={"workspace": "firm"}) + query


@pytest.fixture
def three(workspace: Any) -> None:
    online = ChannelFactory(workspace=workspace, name="Online")
    TouchpointFactory(
        workspace=workspace, name="Search ad", media_type="paid", channel=online, owner="Marketing"
    )
    TouchpointFactory(workspace=workspace, name="Shop", media_type="owned", stage="before")
    TouchpointFactory(
        workspace=workspace, name="Old magazine", media_type="owned", lifecycle="retired"
    )


def names(client: Any, query: str = "") -> list[str]:
    return [row.name for row in client.get(url(query)).context["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Search ad", "Shop"]),
        ("?lifecycle=all", ["Old magazine", "Search ad", "Shop"]),
        ("?lifecycle=retired", ["Old magazine"]),
        ("?media=paid", ["Search ad"]),
        ("?q=SHO", ["Shop"]),
        ("?q=online", ["Search ad"]),
        ("?owner=Marketing", ["Search ad"]),
        ("?no_owner=1", ["Shop"]),
        ("?sort=-name", ["Shop", "Search ad"]),
        ("?sort=stage", ["Shop", "Search ad"]),
        ("?sort=kind", ["Search ad", "Shop"]),
        ("?q=%00&media=x&channel=x&lifecycle=x&sort=x", ["Search ad", "Shop"]),
        ("?channel=99999999999999999999", []),
        ("?channel=" + "9" * 5000, []),
        ("?q=nothing", []),
    ],
)
def test_filters(sign_in: Any, three: None, query: str, found: list[str]) -> None:
    assert names(sign_in("viewer"), query) == found


def test_filter_by_channel(sign_in: Any, three: None, workspace: Any, everywhere: None) -> None:
    from touchpoints.models import Channel

    channel = Channel.objects.get()
    assert names(sign_in("viewer"), f"?channel={channel.pk}") == ["Search ad"]


def test_counts_tell_what_each_choice_would_show(sign_in: Any, three: None) -> None:
    counts = sign_in("viewer").get(url("?media=paid")).context["counts"]
    assert counts == {"all": 2, "paid": 1, "owned": 1, "earned": 0, "no_owner": 0}


def test_fragment_pushes_the_address_that_reproduces_it(sign_in: Any, three: None) -> None:
    answer = sign_in("viewer").get(
        url("?q=&media=paid&owner="), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="catalogue"
    )
    assert "<html" not in answer.content.decode()
    assert "Search ad" in answer.content.decode()
    assert 'id="count-paid" hx-swap-oob' in answer.content.decode()
    assert answer["HX-Push-Url"] == url("?media=paid")
    assert "HX-Request" in answer["Vary"]


def test_going_back_loads_the_whole_page(sign_in: Any, three: None) -> None:
    answer = sign_in("viewer").get(
        url(),
        HTTP_HX_REQUEST="true",
        HTTP_HX_TARGET="catalogue",
        HTTP_HX_HISTORY_RESTORE_REQUEST="true",
    )
    assert "<html" in answer.content.decode()


def test_only_admins_see_what_changes_things(sign_in: Any, three: None) -> None:
    page = sign_in("analyst").get(url()).content.decode()
    assert reverse("touchpoints:touchpoint-create", kwargs={"workspace": "firm"}) not in page
    assert reverse("touchpoints:export", kwargs={"workspace": "firm"}) in page


def test_empty_and_outsider(sign_in: Any, workspace: Any) -> None:
    assert "Where do customers meet you?" in sign_in("admin").get(url()).content.decode()
    assert sign_in("outsider").get(url()).status_code == 404


def test_nothing_of_others_shows(sign_in: Any, three: None, other_workspace: Any) -> None:
    TouchpointFactory(workspace=other_workspace, name="Theirs", owner="Somebody else")
    page = sign_in("viewer").get(url("?lifecycle=all")).content.decode()
    assert "Theirs" not in page
    assert "Somebody else" not in page


def test_query_count_does_not_grow(sign_in: Any, workspace: Any) -> None:
    client = sign_in("viewer")
    client.get(url())
    asked = []
    for count in (3, 27):
        for _number in range(count):
            channel = ChannelFactory(workspace=workspace)
            TouchpointFactory(workspace=workspace, channel=channel, owner=channel.name)
        with CaptureQueriesContext(connection) as queries:
            client.get(url())
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_many_are_paged(sign_in: Any, workspace: Any) -> None:
    TouchpointFactory.create_batch(120, workspace=workspace)
    client = sign_in("viewer")
    assert len(names(client)) == 100
    assert len(names(client, "?page=2")) == 20


def test_umlauts_stand_beside_their_letter(sign_in: Any, workspace: Any) -> None:
    for name in ("Zeitung", "Über uns", "ÄRZTE", "ärmel", "Anzeige", "Uhr"):
        TouchpointFactory(workspace=workspace, name=name, owner=name)
    client = sign_in("viewer")
    expected = ["Anzeige", "ärmel", "ÄRZTE", "Über uns", "Uhr", "Zeitung"]
    assert names(client) == expected
    assert names(client, "?sort=-owner") == expected[::-1]
