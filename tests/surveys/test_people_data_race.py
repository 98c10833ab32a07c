"""Erasing somebody who is just finishing a questionnaire: what they said goes as well."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django_scopes import scope

from cxm.models import Workspace
from surveys import collecting, people_data
from surveys.models import Answer, Case, Filling, Invitee, Link, Mailing, Response, Rule
from tests.factories import MembershipFactory
from tests.surveys.test_cases_from_answers import asked, unhappy

__all__ = ["asked"]


@pytest.mark.django_db(transaction=True)
def test_an_end_under_way_is_waited_for(
    workspace: Workspace, in_scope: Any, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A job that is really stored would stay for the tests after this one.
    monkeypatch.setattr("surveys.tasks.enqueue_fold", lambda workspace_id: None)
    survey = asked["score"].survey
    link = Link.objects.create(workspace=workspace, survey=survey, source="email")
    mailing = Mailing.objects.create(workspace=workspace, survey=survey, link=link, name="June")
    invitee = Invitee.objects.create(workspace=workspace, mailing=mailing, email="kim@firm.example")
    Rule.objects.update(at_most=2)
    filling = unhappy(asked, invitee=invitee).filling
    stored, asked_for = threading.Event(), threading.Event()

    def finish() -> None:
        with scope(workspace=workspace), transaction.atomic():
            collecting.finish(filling=filling)
            stored.set()
            asked_for.wait(10)
        connection.close()

    def erase() -> None:
        stored.wait(10)
        with scope(workspace=workspace):
            threading.Timer(0.5, asked_for.set).start()
            people_data.erase(workspace=workspace, asked="kim@firm.example", by=by)
        connection.close()

    by = MembershipFactory(workspace=workspace).user
    threads = [threading.Thread(target=finish), threading.Thread(target=erase)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(kind.objects.exists() for kind in (Response, Answer, Filling, Case, Invitee))
