"""A café's open survey with its link, and a person at its door."""

import html as html_text
import re
from typing import Any

from django.test import Client
from django_scopes import scope

from cxm.models import Workspace
from surveys import publishing
from surveys.models import Kind, Link, Question, Survey
from tests.factories import TouchpointFactory


def choices(*words: str) -> list[dict[str, Any]]:
    return [{"code": code, "texts": {"en": word}} for code, word in enumerate(words, 1)]


class Cafe:
    """A survey with a link; ``ask`` adds questions, ``open`` publishes them."""

    def __init__(self, workspace: Workspace, **survey: Any) -> None:
        self.workspace = workspace
        fields = {"name": "Your visit", "language": "en", "state": Survey.State.DRAFT} | survey
        with scope(workspace=workspace):
            self.survey = Survey.objects.create(workspace=workspace, **fields)
            self.link = Link.objects.create(
                workspace=workspace, survey=self.survey, source="qr", name="Table 4"
            )
        self.rows: dict[str, Question] = {}

    def ask(self, key: str, kind: Kind, **fields: Any) -> Question:
        fields.setdefault("texts", {"en": f"Question {key}?"})
        if kind in (Kind.RATING, Kind.FACES, Kind.CSAT):
            fields.setdefault("scale_min", 1)
            fields.setdefault("scale_max", 5)
        if kind == Kind.NPS:
            fields |= {"scale_min": 0, "scale_max": 10}
        with scope(workspace=self.workspace):
            row = Question.objects.create(
                workspace=self.workspace, survey=self.survey, key=key, kind=kind,
                position=len(self.rows) + 1, **fields,
            )  # fmt: skip
            self.rows[key] = row
            codes = {Kind.SEVERAL: Kind.OPTION, Kind.RANKING: Kind.RANK}
            for option in row.options if kind in codes else []:
                self._part(row, codes[kind], option["code"])
            if kind == Kind.SEVERAL and row.has_other:
                self._part(row, Kind.OPTION, 0)
        return row

    def _part(self, row: Question, kind: Kind, code: int, **fields: Any) -> Question:
        key = f"{row.key}.{code}"
        self.rows[key] = Question.objects.create(
            workspace=self.workspace, survey=self.survey, key=key, kind=kind, parent=row,
            code=code, position=row.position, **fields,
        )  # fmt: skip
        return self.rows[key]

    def matrix(self, key: str, *places: str, **fields: Any) -> Question:
        row = self.ask(key, Kind.MATRIX, **fields)
        with scope(workspace=self.workspace):
            for code, name in enumerate(places, 1):
                touchpoint = TouchpointFactory(workspace=self.workspace, name=name)
                self._part(
                    row, Kind.FACES, code, touchpoint=touchpoint, scale_min=1, scale_max=5
                )  # fmt: skip
        return row

    def open(self) -> "Cafe":
        with scope(workspace=self.workspace):
            publishing.publish(survey=self.survey, by=None)
        self.survey.refresh_from_db()
        return self

    @property
    def path(self) -> str:
        return f"/m/{self.link.code}/"


class Person:
    """Somebody with a browser that sends what the page's own form holds."""

    def __init__(self, client: Client, path: str, **headers: str) -> None:
        self.client = client
        self.client.defaults |= {"HTTP_USER_AGENT": "Mozilla/5.0 (Phone)", **headers}
        self.path = path
        self.page: Any = None

    def open(self, path: str = "") -> Any:
        self.page = self.client.get(path or self.path)
        return self.page

    @property
    def text(self) -> str:
        text: str = self.page.content.decode()
        return text

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.text)
        return {name: html_text.unescape(value) for name, value in found}

    @property
    def action(self) -> str:
        match = re.search(r'<form method="post" action="([^"]+)" class="q"', self.text)
        assert match, self.text
        return html_text.unescape(match[1])

    def say(self, value: Any = None, **fields: Any) -> Any:
        data = self.hidden() | fields
        if value is not None:
            data["value"] = value
        answer = self.client.post(self.action, data)
        self.page = self.client.get(answer["Location"]) if answer.status_code == 303 else answer
        self.path = answer["Location"] if answer.status_code == 303 else self.path
        return answer
