"""Two senders at the same moment: nobody gets two letters."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django_scopes import scope

from surveys.mailing import sending
from surveys.models import Invitee, Mailing

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(workspace: Any, *acts: Callable[[], object]) -> None:
    """Each in a thread with a connection of its own; all begin together."""
    barrier, failed = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            with scope(workspace=workspace):
                barrier.wait()
                act()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def test_of_one_mailing(workspace: Any, catcher: Any, mail_to: Callable[..., Mailing]) -> None:
    with scope(workspace=workspace):
        mailing = mail_to(*(f"p{n}@x.example" for n in range(30)))
        copies = [Mailing.objects.select_related("survey__workspace").get(pk=mailing.pk)] * 3
    at_once(workspace, *(lambda one=one: sending.send_batch(one) for one in copies))
    assert set(Counter(to for _sender, to in catcher.envelopes).values()) == {1}
    assert len(catcher.letters) == 30


def test_claims_without_the_lock(workspace: Any, mail_to: Callable[..., Mailing]) -> None:
    with scope(workspace=workspace):
        mailing = mail_to(*(f"p{n}@x.example" for n in range(20)))
        Mailing.objects.update(state=Mailing.State.SENDING)
        ids = list(Invitee.objects.values_list("pk", flat=True))
    claimed: list[int] = []

    def claim() -> None:
        mine = Mailing.objects.select_related("survey__workspace").get(pk=mailing.pk)
        claimed.extend(one for one in ids if sending._claim(mine, one))

    at_once(workspace, claim, claim, claim)
    assert sorted(claimed) == ids


def test_of_two_mailings_to_the_same_people(
    workspace: Any, catcher: Any, mail_to: Callable[..., Mailing]
) -> None:
    people = [f"p{n}@x.example" for n in range(25)]
    with scope(workspace=workspace):
        mailings = [mail_to(*people), mail_to(*reversed(people), name="Other")]
    at_once(workspace, *(lambda one=one: sending.send_batch(one) for one in mailings))
    assert Counter(to for _sender, to in catcher.envelopes) == Counter(people)
