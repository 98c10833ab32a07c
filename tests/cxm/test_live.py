"""Streams: who is let in, what they are told, and that nothing is missed."""

import asyncio
import json
from typing import Any

import pytest

from cxm import live_app
from cxm.live import Hub, Stream, Ticket
from cxm.live_app import Live
from cxm.live_listener import PRESENCE
from cxm.live_presence import MOST_TABS, SILENCE, Rooms
from tests.cxm.live_visitor import PATIENCE, Porter, Visitor, ask, entered, notify, run

LISTENERS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND query IN ('LISTEN \"cxm_presence\"', 'SELECT 1') AND pid <> pg_backend_pid()"
)


def here(user: int, cell: str = "1-2", tab: str = "tab-0001", topic: int = 7) -> dict[str, Any]:
    return {
        "topic": topic, "user": user, "tab": tab, "name": f"Person {user}", "initials": "P",
        "colour": 1, "cell": cell,
    }  # fmt: skip


def ticket(user: int = 1, topic: int = 7, newest: int = 0) -> Ticket:
    return Ticket(topic, newest, user, workspace=1, session="s", stamp="")


# ----- what a stream holds -----


def test_many_changes_become_the_newest_one() -> None:
    hub = Hub()
    stream = Stream(ticket(), since=0, tab="")
    hub.join(stream)
    assert b"id:" not in stream.take(hub.rooms)  # it knows the newest already
    for seq in (3, 1, 2):
        hub.happened(7, seq)
    hub.happened(8, 99)
    assert stream.take(hub.rooms) == b'id: 3\ndata: {"seq":3}\n\n'
    assert stream.take(hub.rooms) == b""


def test_a_stream_hears_what_happened_while_it_was_let_in() -> None:
    hub = Hub()
    hub.happened(7, 5)
    stream = Stream(ticket(newest=4), since=4, tab="")
    hub.join(stream)
    assert b"id: 5\n" in stream.take(hub.rooms)


def test_numbers_of_idle_topics_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxm.live.REMEMBERED", 3)
    hub = Hub()
    for topic in range(10):
        hub.happened(topic, 1)
    assert list(hub.newest) == [7, 8, 9]


# ----- who is where -----


def test_a_person_with_two_tabs_is_one_person_where_they_were_last() -> None:
    rooms = Rooms()
    assert rooms.take(here(1, "1-1", "tab-0001")) == [(7, 1)]
    assert rooms.take(here(1, "2-2", "tab-0002")) == [(7, 1)]
    assert [person["cell"] for person in rooms.people(7)] == ["2-2"]
    assert rooms.take(here(1, "2-2", "tab-0002")) == []
    assert rooms.take({**here(1, tab="tab-0002"), "gone": True}) == [(7, 1)]
    assert [person["cell"] for person in rooms.people(7)] == ["1-1"]
    assert rooms.take({**here(1, tab="tab-0001"), "gone": True}) == [(7, 1)]
    assert not rooms.topics


def test_silence_means_to_have_left() -> None:
    now = [100.0]
    rooms = Rooms(clock=lambda: now[0])
    rooms.take(here(1))
    now[0] += SILENCE
    rooms.take(here(2))
    assert rooms.forget_silent() == []
    now[0] += 1
    assert rooms.forget_silent() == [(7, 1)]
    assert [person["id"] for person in rooms.people(7)] == [2]


def test_tabs_of_one_person_are_counted() -> None:
    rooms = Rooms()
    for number in range(5 * MOST_TABS):
        rooms.take(here(1, tab=f"tab-{number:04}"))
    assert len(rooms.topics[7][1]) == MOST_TABS


def test_presence_stays_in_its_topic() -> None:
    hub = Hub()
    near, far = (Stream(ticket(topic=topic), since=0, tab="") for topic in (7, 8))
    for stream in (near, far):
        hub.join(stream)
        stream.take(hub.rooms)
    hub.present(here(3))
    assert b"Person 3" in near.take(hub.rooms)
    assert far.take(hub.rooms) == b""
    late = Stream(ticket(topic=8), since=0, tab="")
    hub.join(late)
    assert b"Person 3" not in late.take(hub.rooms)


# ----- streams on a real database -----


@pytest.mark.django_db
def test_strangers_are_not_let_in() -> None:
    async def story(live: Live) -> None:
        assert await Visitor(live, "").status() == 401
        assert await Visitor(live, "nobody").status() == 404
        assert not live.hub.streams

    run(Porter({"ann": 7}), story)


@pytest.mark.django_db
def test_an_announcement_reaches_every_stream_of_its_topic_and_no_other() -> None:
    porter = Porter({"ann": 7, "ben": 7, "eve": 8})

    async def story(live: Live) -> None:
        ann, ben, eve = [await entered(live, name) for name in porter.guests]
        for visitor in (ann, ben, eve):
            await visitor.hear(0)
        for _ in range(5):
            await asyncio.to_thread(porter.happen, 7)
        await asyncio.gather(ann.hear(5), ben.hear(5))
        await asyncio.to_thread(porter.happen, 8)
        await eve.hear(1)
        await ann.leave()
        assert len(live.hub) == 2

    run(porter, story)


@pytest.mark.django_db
@pytest.mark.parametrize("how", [{"last": "3"}, {"query": "since=3"}])
def test_a_stream_resumes_where_it_was(how: dict[str, str]) -> None:
    porter = Porter({"ann": 7})
    porter.seqs[7] = 5

    async def story(live: Live) -> None:
        again = await entered(live, "ann", **how)
        await again.hear(5)
        porter.seqs[7] = 3
        known = await entered(live, "ann", **how)
        await asyncio.to_thread(notify, "cxm_test", "7:6")
        await known.hear(6)

    run(porter, story)


@pytest.mark.django_db
def test_nothing_is_missed_while_the_database_is_away() -> None:
    porter = Porter({"ann": 7})

    async def story(live: Live) -> None:
        ann = await entered(live, "ann")
        await ann.hear(0)
        await asyncio.to_thread(ask, f"SELECT pg_terminate_backend(pid) FROM ({LISTENERS}) AS l")
        while live.listener.listening.is_set():
            await asyncio.sleep(0.01)
        porter.happen(7, quietly=True)  # stored while nobody listens
        await ann.hear(1)
        await asyncio.to_thread(porter.happen, 7)
        await ann.hear(2)
        assert live.listener.times == 2

    run(porter, story)


@pytest.mark.django_db
def test_streams_share_one_connection() -> None:
    porter = Porter({"ann": 7})

    async def story(live: Live) -> None:
        visitors = [await entered(live, "ann") for _ in range(30)]
        assert len(await asyncio.to_thread(ask, LISTENERS)) == 1
        await asyncio.gather(*(visitor.leave() for visitor in visitors))
        assert not live.hub.streams

    run(porter, story)


@pytest.mark.django_db
def test_a_removed_member_loses_the_stream() -> None:
    porter = Porter({"ann": 7, "ben": 7})

    async def story(live: Live) -> None:
        ann, ben = [await entered(live, name) for name in porter.guests]
        del porter.guests["ann"]
        await live.recheck()
        await ann.ended()
        await asyncio.to_thread(porter.happen, 7)
        await ben.hear(1)

    run(porter, story)


@pytest.mark.django_db
def test_who_comes_moves_and_leaves_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_app, "LEAVING", 0.0)
    porter = Porter({"ann": 7, "ben": 7})
    ben = sum(b"ben")

    async def story(live: Live) -> None:
        watching = await entered(live, "ann")
        assert (await watching.event("presence"))[1] == {"all": True, "here": [], "gone": []}
        other = await entered(live, "ben", query="tab=tab-0001")
        await asyncio.to_thread(notify, PRESENCE, json.dumps(here(ben, "4-5")))
        found = (await watching.event("presence"))[1]
        assert [person["cell"] for person in found["here"]] == ["4-5"]
        await other.leave()
        assert (await watching.event("presence"))[1] == {"here": [], "gone": [ben]}

    run(porter, story)


@pytest.mark.django_db
def test_announcements_of_others_do_no_harm() -> None:
    porter = Porter({"ann": 7})

    async def story(live: Live) -> None:
        ann = await entered(live, "ann")
        for channel, payload in (("cxm_test", "7"), (PRESENCE, "[]"), (PRESENCE, '{"topic": 7}')):
            await asyncio.to_thread(notify, channel, payload)
        await asyncio.to_thread(porter.happen, 7)
        await ann.hear(1)

    run(porter, story)


@pytest.mark.django_db
def test_the_end_of_the_server_ends_every_stream() -> None:
    async def story(live: Live) -> None:
        visitors = [await entered(live, "ann") for _ in range(3)]
        live.end()
        await asyncio.gather(*(visitor.ended() for visitor in visitors))
        assert await Visitor(live, "ann").status() == 503

    run(Porter({"ann": 7}), story)


@pytest.mark.django_db
def test_a_browser_that_accepts_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_app, "STUCK", 0.01)

    class Stuck(Visitor):
        async def _send(self, message: Any) -> None:
            await super()._send(message)
            if message["type"] == "http.response.body":
                await asyncio.sleep(PATIENCE)

    async def story(live: Live) -> None:
        stuck = Stuck(live, "ann")
        await stuck.ended()
        assert not live.hub.streams

    run(Porter({"ann": 7}), story)
