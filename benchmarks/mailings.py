"""20,000 invitations queued; 2,000 sent to a real mail server, the senders killed midway.

None may arrive twice. What a killed sender was handing over stays "unsure", not sent again.
"""

import collections
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from benchmarks import common

PEOPLE = 20_000
SENT = 2_000  # of another list: how fast letters go out says more about mail servers
KILLED_AFTER = 700  # letters that arrived before the senders are killed
MAX_QUEUED = 5.0  # seconds


class Catcher:
    """Counts letters by recipient; keeps none."""

    def __init__(self) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.total = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.counts.update(envelope.rcpt_tos)
        self.total += 1
        return "250 OK"


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[Catcher, int]]:
    from aiosmtpd.controller import Controller

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    catcher = Catcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield catcher, port
    finally:
        controller.stop()


def measure() -> int:
    with mail_server() as (catcher, port):
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        common.set_up()
        common.command("migrate", "--no-input", "-v0")
        from django_scopes import scopes_disabled

        with scopes_disabled():
            return _measure(catcher)


def _measure(catcher: Catcher) -> int:
    from surveys.mailing import sending
    from surveys.models import Invitee

    survey, by = prepared()
    seconds, _large = queued(survey, by, PEOPLE, "p")
    _seconds, mailing = queued(survey, by, SENT, "q")
    started = time.monotonic()
    killed = kill_midway(mailing.pk, catcher)
    between = Invitee.objects.filter(mailing=mailing, state="sending").count()
    finish(mailing.pk, catcher)
    took = time.monotonic() - started
    twice = sum(count > 1 for count in catcher.counts.values())
    lost = SENT - len(catcher.counts)
    unsure = sending.unsure(mailing, now=_later()).count()
    holds = seconds < MAX_QUEUED and not twice and lost <= unsure
    common.table(
        "mailings: one letter each, the sender killed midway",
        ("", "value", "bound", ""),
        [
            ("people queued", f"{PEOPLE:,}", "", ""),
            ("… in seconds", f"{seconds:.2f}", f"< {MAX_QUEUED:.0f}", _said(seconds < MAX_QUEUED)),
            ("people written to", f"{SENT:,}", "", ""),
            ("letters per second", f"{catcher.total / took:.0f}", "", ""),
            ("letters when killed", f"{killed:,}", "", ""),
            ("under way when killed", between, "", ""),
            ("arrived twice", twice, "0", _said(not twice)),
            ("not arrived", lost, f"<= {unsure} unsure", _said(lost <= unsure)),
        ],
    )
    return 0 if holds else 1


def _said(holds: bool) -> str:
    return common.verdict(holds)


def _later() -> Any:
    import datetime as dt

    from django.utils import timezone

    return timezone.now() + dt.timedelta(hours=1)


def prepared() -> tuple[Any, Any]:
    """An open survey of one question, and who writes."""
    from cxm.models import User, Workspace
    from surveys import publishing
    from surveys.models import Kind, Question, Survey

    workspace = Workspace.objects.create(slug="mail", name="Mail")
    by = User.objects.create_user("bench@firm.example")
    survey = Survey.objects.create(workspace=workspace, name="Visit", state="draft")
    Question.objects.create(
        workspace=workspace, survey=survey, key="q1", kind=Kind.FACES, scale_min=1, scale_max=5,
        text="How was it?", texts={"en": "How was it?"},
    )  # fmt: skip
    publishing.publish(survey=survey, by=by)
    survey.refresh_from_db()
    return survey, by


def queued(survey: Any, by: Any, people: int, letter: str) -> tuple[float, Any]:
    """Seconds from the pasted text to a mailing that waits to be sent."""
    from surveys.mailing import lists
    from surveys.mailing.defaults import first_texts
    from surveys.mailing.people import pasted

    text = "email;name\n" + "\n".join(f"{letter}{n}@firm.example;Person {n}" for n in range(people))
    started = time.perf_counter()
    roll = pasted(text, languages=survey.all_languages, segments={})
    seen = lists.outlook(roll, survey=survey)
    mailing = lists.create(survey=survey, name="Bench", people=seen.keep, by=by)
    mailing.subjects, mailing.bodies = first_texts(survey)
    mailing.save()
    lists.start(mailing=mailing, origin="http://firm.example")
    return time.perf_counter() - started, mailing


def sender(mailing_id: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mailings", "--send", str(mailing_id)], cwd=common.ROOT
    )


def kill_midway(mailing_id: int, catcher: Catcher) -> int:
    """Two senders work; both are killed without a word when enough has arrived."""
    senders = [sender(mailing_id), sender(mailing_id)]
    while catcher.total < KILLED_AFTER and any(one.poll() is None for one in senders):
        time.sleep(0.002)
    for one in senders:
        one.send_signal(signal.SIGKILL)
        one.wait()
    return catcher.total


def finish(mailing_id: int, catcher: Catcher) -> None:
    """Others take over at once: no lock of the dead stands in their way."""
    senders = [sender(mailing_id), sender(mailing_id)]
    ended = threading.Event()
    threading.Thread(target=_progress, args=[catcher, ended], daemon=True).start()
    for one in senders:
        one.wait()
    ended.set()


def _progress(catcher: Catcher, ended: threading.Event) -> None:
    while not ended.wait(10):
        print(f"  {catcher.total:,} letters", file=sys.stderr)


def send(mailing_id: int) -> None:
    """A sender: works until nothing is due, or another one has the mailing."""
    common.set_up()
    from django_scopes import scope, scopes_disabled

    from surveys.mailing import sending
    from surveys.models import Mailing

    with scopes_disabled():
        mailing = Mailing.objects.select_related("survey__workspace").get(pk=mailing_id)
    with scope(workspace=mailing.survey.workspace):
        idle = 0
        while idle < 20:
            more = sending.send_batch(mailing)
            idle = 0 if more else idle + 1
            if not more and not sending.due(mailing).exists():
                return
            if not more:
                time.sleep(0.1)


def main() -> int:
    if "--send" in sys.argv:
        send(int(sys.argv[sys.argv.index("--send") + 1]))
        return 0
    common.arguments(__doc__ or "")
    with common.own_data():
        return measure()


if __name__ == "__main__":
    raise SystemExit(main())
