"""A browser at the streams, without a browser and without a network."""

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from cxm.bridge import Message
from cxm.live import RefusedError, Ticket
from cxm.live_app import Live
from cxm.live_listener import parameters

CHANNEL = "cxm_test"
PATIENCE = 20.0  # only so that a failure ends


class Porter:
    """Lets everybody in who is named here: key of the session → topic."""

    def __init__(self, guests: dict[str, int]) -> None:
        self.guests = guests
        self.seqs: dict[int, int] = {}
        self.on_admit: Callable[[], None] = lambda: None

    def admit(self, workspace: str, what: str, session: str) -> Ticket:
        if not session:
            raise RefusedError(401)
        if session not in self.guests:
            raise RefusedError(404)
        topic = self.guests[session]
        newest = self.seqs.get(topic, 0)
        self.on_admit()
        user = sum(session.encode())
        return Ticket(topic, newest, user, workspace=1, session=session, stamp="")

    def welcome(self, tickets: Collection[Ticket]) -> set[Ticket]:
        return {ticket for ticket in tickets if ticket.session in self.guests}

    def newest(self, topics: Collection[int]) -> Mapping[int, int]:
        return {topic: self.seqs.get(topic, 0) for topic in topics}

    def announce(self, channel: str, payloads: Collection[str]) -> None:
        for payload in payloads:
            notify(channel, payload)

    def happen(self, topic: int, *, quietly: bool = False) -> int:
        """Something is stored, and announced unless the announcement is to be lost."""
        self.seqs[topic] = self.seqs.get(topic, 0) + 1
        if not quietly:
            notify(CHANNEL, f"{topic}:{self.seqs[topic]}")
        return self.seqs[topic]


def notify(channel: str, payload: str) -> None:
    ask("SELECT pg_notify(%s, %s)", channel, payload)


def ask(question: str, *values: object) -> Any:
    with psycopg.connect(**parameters()) as connection:
        return connection.execute(question.encode(), values).fetchall()


class Visitor:
    """One open stream."""

    def __init__(self, live: Live, session: str, *, query: str = "", last: str = "") -> None:
        headers = [(b"cookie", f"other=1; sessionid={session}".encode())]
        headers += [(b"last-event-id", last.encode())] if last else []
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/live/firm/visit/",
            "query_string": query.encode(),
            "headers": headers,
        }
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.left = asyncio.Event()
        self.rest = ""
        self.task = asyncio.create_task(live(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.sent.put_nowait(message)

    async def next(self) -> Message:
        return await asyncio.wait_for(self.sent.get(), PATIENCE)

    async def status(self) -> int:
        return int((await self.next())["status"])

    async def event(self, name: str = "message") -> tuple[str, Any]:
        """Id and data of the next event of this name; others are passed over."""
        while True:
            while "\n\n" not in self.rest:
                message = await self.next()
                assert message["more_body"], "the stream ended"
                self.rest += message["body"].decode()
            text, self.rest = self.rest.split("\n\n", 1)
            lines = [line.split(": ", 1) for line in text.splitlines() if line != ":"]
            found = {line[0]: line[1] for line in lines}
            if "data" in found and found.get("event", "message") == name:
                return found.get("id", ""), json.loads(found["data"])

    async def hear(self, seq: int) -> None:
        """Wait until the stream tells this number; fewer may be skipped, never more."""
        while True:
            number, data = await self.event()
            assert number == str(data["seq"])
            assert data["seq"] <= seq
            if data["seq"] == seq:
                return

    async def leave(self) -> None:
        self.left.set()
        await asyncio.wait_for(self.task, PATIENCE)

    async def ended(self) -> None:
        """Wait until the server ends the stream."""
        await asyncio.wait_for(self.task, PATIENCE)


async def entered(live: Live, session: str, **how: str) -> Visitor:
    visitor = Visitor(live, session, **how)
    assert await visitor.status() == 200
    return visitor


def run(porter: Porter, story: Any) -> None:
    """Run ``story(live)`` on an event loop of its own and clean up after it."""

    async def whole() -> None:
        with ThreadPoolExecutor(2) as pool:
            live = Live(channel=CHANNEL, doors=porter, pool=pool)
            try:
                await story(live)
            finally:
                await live.close()

    asyncio.run(whole())
