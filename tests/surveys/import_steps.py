"""A file of guests, and the steps of its import as a client takes them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from surveys.models import Import

LINES = "id,day,Coffee bar,nps,why,zip\n" + "".join(
    f"{number},{number % 28 + 1},{number % 5 + 1},{number % 12},{number % 2},94{number}\n"
    for number in range(1, 41)
)
TOML = """
[survey]
name = "Guests"
language = "en"
source = "interview"
[response]
id = "id"
answered_on = { column = "day", prefix = "2026-03-", format = "%Y-%m-%d" }
[[question]]
column = "Coffee bar"
text = "How was the coffee?"
kind = "rating"
scale = [1, 5]
touchpoint = "Coffee bar"
[[question]]
column = "nps"
text = "Would you recommend us?"
kind = "nps"
"""


def file(content: str | bytes = LINES, name: str = "guests.csv") -> SimpleUploadedFile:
    raw = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, raw)


def at(name: str, run: Any = None, slug: str = "firm") -> str:
    kwargs = {"workspace": slug} | ({"run": getattr(run, "pk", run)} if run else {})
    return reverse(f"surveys:{name}", kwargs=kwargs)


def upload(client: Client, **fields: Any) -> Import:
    response = client.post(at("import-upload"), {"file": file(), "header_rows": 1} | fields)
    assert response.status_code == 302, response.content.decode()
    with scopes_disabled():
        return Import.objects.latest("id")


def fresh(run: Import) -> Import:
    with scopes_disabled():
        return Import.objects.select_related("workspace").get(pk=run.pk)


def with_mapping(client: Client) -> Import:
    return upload(client, toml=file(TOML, "guests.toml"))


def checked(client: Client) -> Import:
    run = with_mapping(client)
    assert client.post(at("import-columns", run), {"check": "1"}).status_code == 302
    return fresh(run)
