"""Who is told of a comment: in the application and by mail."""

import datetime as dt
import email.policy
import socket
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from procrastinate.contrib.django.models import ProcrastinateJob

from cxm.models import Membership, User
from journeys import editing, letters, tasks
from journeys.mentions import unread
from journeys.models import Journey, Notification
from tests.factories import UserFactory
from tests.journeys.talking import PLAN, browser_of, person, say, url


@pytest.fixture
def ann(workspace: Any) -> User:
    return person(workspace, "Ann Berg", email="ann@firm.example", language="de")


@pytest.fixture
def omar(workspace: Any) -> User:
    return person(workspace, "Omar Diaz", "marketer")


@pytest.fixture
def journey(in_scope: Any, omar: User) -> Journey:
    return editing.create_journey(workspace=in_scope, actor=omar, outline=PLAN)


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("id").values_list("user__name", "comment__text")
    return list(rows)


def test_who_is_told(journey: Journey, ann: User, omar: User, in_scope: Any) -> None:
    kim = person(in_scope, "Kim")
    thread = say(journey, omar, "@Ann Berg and @Omar Diaz, why?")
    assert told() == [("Ann Berg", "@Ann Berg and @Omar Diaz, why?")]
    editing.answer_comment(thread=thread, actor=kim, text="Because")
    assert told()[1:] == [("Omar Diaz", "Because")]
    editing.answer_comment(thread=thread, actor=omar, text="I see, @kim")
    assert told()[2:] == [("Kim", "I see, @kim")]


def test_people_of_other_workspaces_are_not_told(
    journey: Journey, omar: User, other_workspace: Any
) -> None:
    person(other_workspace, "Eve Outside")
    UserFactory(name="Nobody Here")
    say(journey, omar, "@Eve Outside @Nobody Here")
    assert told() == []


def test_who_left_is_not_told(journey: Journey, ann: User, omar: User) -> None:
    thread = say(journey, ann)
    Membership.objects.filter(user=ann).delete()
    editing.answer_comment(thread=thread, actor=omar, text="Ann?")
    assert told() == []


def test_an_edit_tells_only_who_is_new(journey: Journey, ann: User, omar: User) -> None:
    comment = say(journey, omar, "@Ann Berg")
    editing.edit_comment(comment=comment, actor=omar, text="@Ann Berg!")
    assert len(told()) == 1
    assert len(jobs()) == 1


def test_a_thousand_mentions_are_bounded(journey: Journey, omar: User, in_scope: Any) -> None:
    for n in range(60):
        person(in_scope, f"Person-{n:03}")
    say(journey, omar, " ".join(f"@Person-{n:03}" for n in range(60)))
    assert len(told()) == 50


def test_the_page_and_the_bell(journey: Journey, ann: User, omar: User) -> None:
    client = browser_of(ann)
    assert "Noch" not in client.get(url("notifications-count")).content.decode()
    for text in ("@Ann <b>one</b>", "@Ann two"):
        say(journey, omar, text)
    assert ">2<" in client.get(url("notifications-count")).content.decode()
    page = client.get(url("notifications")).content.decode()
    assert "&lt;b&gt;one" in page
    assert f"?comment={Notification.objects.first().comment_id}" in page  # type: ignore[union-attr]
    first = Notification.objects.first()
    assert first is not None
    client.post(url("notifications-reading"), {"id": first.pk})
    assert unread(journey.workspace, ann) == 1
    client.post(url("notifications-reading"))
    assert unread(journey.workspace, ann) == 0
    assert client.get(url("notifications-count")).content.strip() == b""


def test_reading_a_thread_reads_its_notifications(journey: Journey, ann: User, omar: User) -> None:
    thread = say(journey, omar, "@Ann")
    editing.answer_comment(thread=thread, actor=omar, text="@Ann?")
    say(journey, omar, "@Ann elsewhere")
    browser_of(ann).post(url("thread-reading", journey, comment=thread.pk))
    assert unread(journey.workspace, ann) == 1


def test_others_notifications_stay_unread(journey: Journey, ann: User, omar: User) -> None:
    thread = say(journey, omar, "@Ann")
    row = Notification.objects.get()
    client = browser_of(omar)
    client.post(url("notifications-reading"), {"id": row.pk})
    client.post(url("notifications-reading"))
    client.post(url("thread-reading", journey, comment=thread.pk))
    assert unread(journey.workspace, ann) == 1
    assert "@Ann" not in client.get(url("notifications")).content.decode()


def test_notifications_stay_in_their_workspace(
    journey: Journey, ann: User, omar: User, other_workspace: Any
) -> None:
    from tests.factories import MembershipFactory

    MembershipFactory(workspace=other_workspace, user=ann)
    say(journey, omar, "@Ann secret")
    page = browser_of(ann).get(url("notifications", workspace="rival")).content.decode()
    assert "secret" not in page
    assert browser_of(omar).get(url("notifications", workspace="rival")).status_code == 404


def test_query_count_does_not_grow(journey: Journey, ann: User, omar: User) -> None:
    client = browser_of(ann)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("notifications")).status_code == 200
        return len(queries)

    for _ in range(3):
        say(journey, omar, "@Ann")
    client.get(url("notifications"))
    few = asked()
    for _ in range(27):
        say(journey, omar, "@Ann")
    assert asked() == few


# ---------- mail ----------


class Post:
    """Keeps what the loopback server received; ``refuse`` makes it turn mails away."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refuse = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            return "451 later"
        self.mails.append(message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = Post()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield kept
    server.stop()


def jobs() -> list[Any]:
    """The mails that were queued here; the table of jobs outlives tests in a browser."""
    known = set(Notification.objects.values_list("pk", flat=True))
    queued = ProcrastinateJob.objects.filter(task_name="journeys.mail_notification")
    return [job for job in queued if job.args["notification_id"] in known]


def run_jobs() -> None:
    """What the worker does with the jobs that were queued."""
    for job in jobs():
        tasks.mail_notification.func(**job.args)


def test_a_mail_in_the_language_of_the_reader(
    journey: Journey, ann: User, omar: User, post: Post
) -> None:
    editing.rename_journey(journey=journey, actor=omar, title="Besuch\nBcc: x@y.example")
    journey.refresh_from_db()
    comment = say(journey, omar, "@Ann Berg <b>schau</b>")
    with scopes_disabled():
        run_jobs()
        run_jobs()
    (letter,) = post.mails
    assert letter["To"] == "ann@firm.example"
    assert letter["Bcc"] is None
    assert "Omar Diaz" in letter["Subject"]
    body = letter.get_content()
    assert "<b>schau</b>" in body
    assert letter.get_content_type() == "text/plain"
    assert f"http://cxm/w/firm/journeys/{journey.slug}/?comment={comment.pk}" in body
    assert Notification.objects.get().mailed_at is not None


def test_the_browser_names_the_address(journey: Journey, ann: User, omar: User) -> None:
    browser_of(omar).post(url("comment-create", journey), {"text": "@Ann Berg"})
    (job,) = jobs()
    assert job.args["origin"] == "http://testserver"


def test_a_refused_mail_is_tried_again(journey: Journey, ann: User, omar: User, post: Post) -> None:
    say(journey, omar, "@Ann Berg")
    row = Notification.objects.get()
    post.refuse = True
    with pytest.raises(OSError):  # noqa: PT011
        letters.send(row.pk, "http://cxm")
    post.refuse = False
    letters.send(row.pk, "http://cxm")
    assert len(post.mails) == 1


def test_no_mail_for_what_was_read_or_for_who_left(
    journey: Journey, ann: User, omar: User, post: Post, in_scope: Any
) -> None:
    say(journey, omar, "@Ann Berg one")
    Notification.objects.update(read_at=timezone.now())
    say(journey, omar, "@Ann Berg two")
    Membership.objects.filter(user=ann).delete()
    run_jobs()
    letters.send(10**9, "http://cxm")
    assert post.mails == []


def test_removing_a_comment_takes_its_notification_along(
    journey: Journey, ann: User, omar: User, post: Post
) -> None:
    comment = say(journey, omar, "@Ann Berg")
    editing.remove_comment(comment=comment, actor=omar)
    run_jobs()
    assert not Notification.objects.exists()
    assert post.mails == []


def test_times_in_words(journey: Journey, omar: User, in_scope: Any) -> None:
    from journeys.comments import when_words

    now = timezone.localtime()
    before = now - dt.timedelta(days=400)
    assert str(before.year) in when_words(before)
    with scope(workspace=in_scope):
        # On the hour the words have no minutes.
        assert ":" in when_words(now.replace(minute=5))
