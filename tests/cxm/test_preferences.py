"""Language, theme and profile of a person."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_language_before_sign_in_is_a_cookie(client: Client) -> None:
    login = reverse("account_login")
    answer = client.post(reverse("cxm:language"), {"language": "de", "next": login})
    assert answer["Location"] == login
    assert 'lang="de"' in client.get(login).content.decode()


def test_theme_before_sign_in_is_a_cookie(client: Client) -> None:
    login = reverse("account_login")
    client.post(reverse("cxm:theme"), {"theme": "dark", "next": login})
    assert 'data-theme="dark"' in client.get(login).content.decode()


def test_choices_stay_with_the_person(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    client.post(reverse("cxm:language"), {"language": "de"})
    client.post(reverse("cxm:theme"), {"theme": "dark"})
    user.refresh_from_db()
    assert (user.language, user.theme) == ("de", "dark")
    elsewhere = Client()
    elsewhere.force_login(user)
    page = elsewhere.get(reverse("cxm:profile")).content.decode()
    assert 'lang="de"' in page
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "", "javascript:1"])
def test_only_own_addresses_follow(client: Client, target: str) -> None:
    answer = client.post(reverse("cxm:theme"), {"theme": "dark", "next": target})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("name", ["language", "theme"])
def test_unknown_choice_and_get(client: Client, name: str) -> None:
    assert client.post(reverse(f"cxm:{name}"), {name: "xx"}).status_code == 422
    assert client.get(reverse(f"cxm:{name}")).status_code == 405


def test_profile(client: Client) -> None:
    user = UserFactory()
    url = reverse("cxm:profile")
    assert client.get(url).status_code == 302
    client.force_login(user)
    assert client.get(url).status_code == 200
    answer = client.post(url, {"name": "Jana", "language": "de", "theme": "light"})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language, user.theme) == ("Jana", "de", "light")


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"language": "xx"}])
def test_invalid_profile(client: Client, wrong: dict[str, Any]) -> None:
    user = UserFactory()
    client.force_login(user)
    data = {"name": "Jana", "language": "", "theme": "light"} | wrong
    assert client.post(reverse("cxm:profile"), data).status_code == 422
    user.refresh_from_db()
    assert user.name != "Jana"


@pytest.mark.parametrize("target", ["//evil.example/", "a b", "workspaces", "%0d%0aX: 1"])
def test_a_next_that_is_no_path_leads_home(client: Client, target: str) -> None:
    answer = client.post(reverse("cxm:theme"), {"theme": "dark", "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_form_without_its_token_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "de"})
    answer = strict.post(reverse("cxm:theme"), {"theme": "dark"})
    assert answer.status_code == 403
    assert '<html lang="de"' in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


def test_a_field_of_megabytes_is_refused_in_words(client: Client) -> None:
    answer = client.post(
        reverse("cxm:theme"),
        "theme=" + "x" * 9_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400
    assert "That did not work" in answer.content.decode()
