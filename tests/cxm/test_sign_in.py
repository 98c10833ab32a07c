"""Signing in, the forgotten password and the second step, as a person meets them."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

PASSWORD = "a-long-enough-secret"


@pytest.fixture
def person(db: None) -> Any:
    user = UserFactory(email="jana@markt.example")
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client: Client, password: str = PASSWORD) -> Any:
    page = {"login": "jana@markt.example", "password": password}
    return client.post(reverse("account_login"), page)


def test_the_right_password_lets_in(client: Client, person: Any) -> None:
    assert enter(client).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_password_says_so_beside_the_form(client: Client, person: Any) -> None:
    page = enter(client, "wrong").content.decode()
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_alone(client: Client, db: None) -> None:
    page = client.get(reverse("account_signup"))
    assert "invitation" in page.content.decode()
    client.post(reverse("account_signup"), {"email": "new@x.example", "password1": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_inactive"]
)
def test_pages_before_signing_in(client: Client, db: None, name: str, language: str) -> None:
    page = client.get(reverse(name), headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


def test_a_forgotten_password_is_replaced_by_mail(client: Client, person: Any) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": person.email}, follow=True)
    assert answer.status_code == 200
    link = re.search(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    new = {"password1": "another-long-secret", "password2": "another-long-secret"}
    done = client.post(form.request["PATH_INFO"], new, follow=True)
    assert done.status_code == 200
    assert enter(client, "another-long-secret").status_code == 302
    used = Client().get(link[1], follow=True)
    assert "no longer works" in used.content.decode()


def test_an_unknown_address_learns_nothing_on_the_page(client: Client, db: None) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "no@x.example"}, follow=True)
    assert "If the address has an account" in answer.content.decode()
    assert "no account has it" in mail.outbox[0].body


def test_signing_in_and_out_makes_no_noise(client: Client, person: Any) -> None:
    enter(client)
    page = client.get(reverse("account_logout"))
    assert 'class="toast ' not in page.content.decode()
    client.post(reverse("account_logout"))
    assert 'class="toast ' not in client.get(reverse("account_login")).content.decode()


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_the_second_step_is_turned_on_asked_for_and_turned_off(client: Client, person: Any) -> None:
    enter(client)
    ask = client.get(reverse("mfa_activate_totp"))
    assert client.get(ask["Location"]).status_code == 200
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000"})
    assert "aria-invalid" in wrong.content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert "Recovery codes" in client.get(reverse("mfa_index")).content.decode()
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert codes.status_code == 200

    other = Client()
    assert enter(other).url == reverse("mfa_authenticate")
    assert other.get(reverse("mfa_authenticate")).status_code == 200
    assert "_auth_user_id" not in other.session
    other.post(reverse("mfa_authenticate"), {"code": codes.context["unused_codes"][0]})
    assert other.session["_auth_user_id"] == str(person.pk)

    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert enter(Client()).url != reverse("mfa_authenticate")


@pytest.mark.parametrize(
    "name", ["account_logout", "account_change_password", "mfa_index", "account_email"]
)
def test_pages_of_the_own_account(client: Client, person: Any, name: str) -> None:
    assert client.get(reverse(name)).status_code == 302
    enter(client)
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert "css/bare.css" in page.content.decode()
