"""One touchpoint: side panel, form, retirement."""

from typing import Any

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from tests.factories import ChannelFactory, TouchpointFactory
from touchpoints.models import Channel, Touchpoint

pytestmark = pytest.mark.django_db


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"touchpoints:{name}", kwargs={"workspace": "firm"} | kwargs)


@pytest.fixture
def shop(workspace: Any) -> Any:
    return TouchpointFactory(workspace=workspace, name="Shop", description="At the market")


def everything() -> list[Any]:
    with scopes_disabled():
        return list(Touchpoint.objects.select_related("channel").order_by("pk"))


DATA = {
    "name": "Hotline",
    "media_type": "owned",
    "channel_name": "phone",
    "contact": "direct",
    "stage": "after",
    "owner": "Service",
    "influence": "shared",
    "lifecycle": "active",
    "description": "",
}


def test_panel_as_page_and_fragment(sign_in: Any, shop: Any) -> None:
    client = sign_in("viewer")
    own = url("touchpoint", touchpoint=shop.pk)
    page = client.get(own).content.decode()
    assert "<html" in page
    assert "At the market" in page
    part = client.get(own, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="panel").content.decode()
    assert "<html" not in part
    assert "At the market" in part
    assert url("touchpoint-edit", touchpoint=shop.pk) not in part


def test_admin_may_edit_from_the_panel(sign_in: Any, shop: Any) -> None:
    page = sign_in("admin").get(url("touchpoint", touchpoint=shop.pk)).content.decode()
    assert url("touchpoint-edit", touchpoint=shop.pk) in page


def test_create_makes_the_channel(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    assert client.get(url("touchpoint-create")).status_code == 200
    assert client.post(url("touchpoint-create"), DATA).status_code == 302
    (made,) = everything()
    assert (made.name, made.channel.name, made.stage) == ("Hotline", "phone", "after")


def test_edit_finds_the_known_channel(sign_in: Any, shop: Any, workspace: Any) -> None:
    channel = ChannelFactory(workspace=workspace, name="Phone")
    own = url("touchpoint-edit", touchpoint=shop.pk)
    client = sign_in("admin")
    assert client.get(own).status_code == 200
    assert client.post(own, DATA | {"name": "SHOP"}).status_code == 302
    (kept,) = everything()
    assert (kept.name, kept.channel_id) == ("SHOP", channel.pk)
    client.post(own, DATA | {"channel_name": ""})
    assert everything()[0].channel is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": " sHOP "},
        {"name": "x" * 121},
        {"name": "a\0b"},
        {"media_type": "free"},
        {"channel_name": "x" * 81},
        {"lifecycle": ""},
    ],
)
def test_invalid_form(sign_in: Any, shop: Any, wrong: dict[str, str]) -> None:
    client = sign_in("admin")
    answer = client.post(url("touchpoint-create"), DATA | wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert len(everything()) == 1
    with scopes_disabled():
        assert not Channel.objects.exists()


def test_retire_and_use_again(sign_in: Any, shop: Any) -> None:
    client = sign_in("admin")
    own = url("touchpoint-retirement", touchpoint=shop.pk)
    assert client.get(own).status_code == 405
    client.post(own)
    assert everything()[0].lifecycle == "retired"
    client.post(own, {"return": "1"})
    assert everything()[0].lifecycle == "active"


@pytest.mark.parametrize(("role", "status"), [("marketer", 403), ("outsider", 404)])
def test_who_may_not(sign_in: Any, shop: Any, role: str, status: int) -> None:
    client = sign_in(role)
    for name in ("touchpoint-create", "touchpoint-edit", "touchpoint-retirement"):
        own = url(name) if name.endswith("create") else url(name, touchpoint=shop.pk)
        assert client.post(own, DATA).status_code == status
    assert [row.name for row in everything()] == ["Shop"]
    assert everything()[0].lifecycle == "active"


def test_touchpoint_of_another_workspace(
    sign_in: Any, workspace: Any, other_workspace: Any
) -> None:
    foreign = TouchpointFactory(workspace=other_workspace, name="Theirs")
    client = sign_in("admin")
    assert client.get(url("touchpoint", touchpoint=foreign.pk)).status_code == 404
    assert client.post(url("touchpoint-edit", touchpoint=foreign.pk), DATA).status_code == 404
    assert client.post(url("touchpoint-retirement", touchpoint=foreign.pk)).status_code == 404
    assert everything()[0].name == "Theirs"


def test_panel_asks_as_often_for_many_as_for_few(
    sign_in: Any, shop: Any, workspace: Any, django_assert_max_num_queries: Any
) -> None:
    TouchpointFactory.create_batch(30, workspace=workspace)
    client = sign_in("viewer")
    own = url("touchpoint", touchpoint=shop.pk)
    client.get(own)
    with django_assert_max_num_queries(5):
        client.get(own, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="panel")


def test_two_people_give_the_same_name_at_once(
    sign_in: Any, shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the other one had not stored it yet when the form looked.
    monkeypatch.setattr("touchpoints.catalogue.named", lambda name: None)
    answer = sign_in("admin").post(url("touchpoint-create"), DATA | {"name": "SHOP"})
    assert answer.status_code == 422
    assert "a moment ago" in answer.content.decode()
    assert len(everything()) == 1
