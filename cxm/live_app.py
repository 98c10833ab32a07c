"""``/live/<workspace>/<what>/``: server-sent events, on the event loop alone.

A stream holds neither a thread nor a connection of the database. Threads of the pages let people
in, and look again every minute whether they still may be there.
"""

import asyncio
import functools
import json
import logging
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs

from django.conf import settings
from django.http import parse_cookie

from cxm.bridge import Message, Receive, Scope, Send
from cxm.live import Hub, RefusedError, Stream, Ticket
from cxm.live_listener import PRESENCE, Listener

HEARTBEAT = 15.0
"""Seconds between signs of life: proxies end what is silent."""
RECHECK = 60.0
"""Seconds after which a removed member loses the stream, at most."""
SWEEP = 5.0
STUCK = 30.0
"""Seconds that a browser may take to accept a few bytes."""
LEAVING = 3.0
"""Seconds in which a tab that dropped its stream may come back without having left."""
MOST = 5000
"""Streams of one process; more are asked to come back later."""

TAB = re.compile(r"[A-Za-z0-9-]{8,40}")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),  # nginx would collect events
    (b"x-content-type-options", b"nosniff"),
]
REASONS = {401: b"sign in first", 403: b"not allowed", 404: b"not found", 405: b"only GET"}

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Doors(Protocol):
    """What the upper apps decide; called on threads, free to query."""

    def admit(self, workspace: str, what: str, session: str) -> Ticket:
        """Let somebody in; raises RefusedError."""

    def welcome(self, tickets: Collection[Ticket]) -> set[Ticket]:
        """Those of the tickets that still hold."""

    def newest(self, topics: Collection[int]) -> Mapping[int, int]:
        """The newest sequence number of each topic."""

    def announce(self, channel: str, payloads: Collection[str]) -> None:
        """Tell every process."""


class Live:
    """The ASGI application of all streams of this process."""

    def __init__(self, *, channel: str, doors: Doors, pool: Executor) -> None:
        self.hub = Hub()
        self.doors = doors
        self.pool = pool
        self.listener = Listener(self.hub, channel, self._catch_up)
        self.tasks: set[asyncio.Task[None]] = set()
        self.ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One stream, from its opening to its end."""
        try:
            if scope["method"] != "GET":
                raise RefusedError(405)
            stream = await self._admitted(scope)
        except RefusedError as refused:
            await _refuse(send, refused.status)
            return
        gone = asyncio.create_task(_left(receive, stream))
        try:
            await self._flow(stream, send)
        finally:
            gone.cancel()
            self.hub.leave(stream)
            self._say_left(stream)

    def end(self) -> None:
        """Let every stream end, so that nothing waits for browsers."""
        self.ended = True
        self.hub.end()

    async def close(self) -> None:
        """End what runs beside the streams."""
        self.end()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _admitted(self, scope: Scope) -> Stream:
        self._start()
        if self.ended or len(self.hub) >= MOST:
            raise RefusedError(503)
        workspace, what = _address(scope)
        session, since, tab = _asked(scope)
        try:
            await asyncio.wait_for(self.listener.listening.wait(), 5)
        except TimeoutError as error:
            raise RefusedError(503) from error
        times = self.listener.times
        ticket = await self._in_thread(self.doors.admit, workspace, what, session)
        stream = Stream(ticket, since=since, tab=tab)
        self.hub.join(stream)
        if self.listener.times != times:  # what happened between may have been missed
            await self._catch_up()
        return stream

    async def _flow(self, stream: Stream, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        text = b"retry: 1500\n\n"
        try:
            while not stream.ended and not self.ended:
                text += stream.take(self.hub.rooms)
                async with asyncio.timeout(STUCK):
                    await send(_body(text or b":\n\n"))
                text = b""
                await _woken(stream)
            await send(_body(b"", more=False))
        except (TimeoutError, OSError):
            return  # the browser takes nothing any more

    # ----- beside the streams -----

    def _start(self) -> None:
        if not self.tasks and not self.ended:
            self._beside(self.listener.run())
            self._beside(self._sweep())
            self._beside(self._recheck())

    def _beside(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _in_thread(self, work: Callable[..., Answer], *arguments: Any) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, functools.partial(work, *arguments))

    async def _catch_up(self) -> None:
        topics = list(self.hub.streams)
        if topics:
            found = await self._in_thread(self.doors.newest, topics)
            for topic, seq in found.items():
                self.hub.happened(topic, seq)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            self.hub.forget_silent()

    async def _recheck(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            await self.recheck()

    async def recheck(self) -> None:
        """End the streams of everybody who may not listen any more."""
        streams = list(self.hub)
        if not streams:
            return
        try:
            kept = await self._in_thread(self.doors.welcome, {s.ticket for s in streams})
        except Exception:
            log.exception("Rights of live streams could not be checked; they end.")
            kept = set()
        for stream in streams:
            if stream.ticket not in kept:
                stream.end()

    def _say_left(self, stream: Stream) -> None:
        ticket = stream.ticket
        heard = self.hub.rooms.heard(ticket.topic, ticket.user, stream.tab)
        if heard is not None and not self.ended:
            self._beside(self._gone(stream, heard))

    async def _gone(self, stream: Stream, heard: float) -> None:
        ticket = stream.ticket
        await asyncio.sleep(LEAVING)
        if self.hub.rooms.heard(ticket.topic, ticket.user, stream.tab) != heard:
            return  # the tab spoke again, here or to another process
        payload = {"topic": ticket.topic, "user": ticket.user, "tab": stream.tab, "gone": True}
        try:
            await self._in_thread(self.doors.announce, PRESENCE, [json.dumps(payload)])
        except Exception:
            log.exception("That somebody left could not be told; silence will tell it.")


async def _woken(stream: Stream) -> None:
    try:
        async with asyncio.timeout(HEARTBEAT):
            await stream.wake.wait()
    except TimeoutError:
        return


async def _left(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def _body(text: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": more}


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    headers += [(b"retry-after", b"5")] if status == 503 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send(_body(REASONS.get(status, b"come back later"), more=False))


def _address(scope: Scope) -> tuple[str, str]:
    path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
    found = re.fullmatch(r"/live/([-\w]+)/([-\w]+)/", path, re.ASCII)
    if found is None:
        raise RefusedError(404)
    return found[1], found[2]


def _asked(scope: Scope) -> tuple[str, int | None, str]:
    """Key of the session, last number that the browser knows, name of its tab."""
    headers = dict(_texts(scope["headers"]))
    cookies = parse_cookie(headers.get("cookie", ""))
    query = parse_qs(scope["query_string"].decode("latin-1"))
    last = headers.get("last-event-id") or query.get("since", [""])[0]
    since = int(last) if re.fullmatch(r"[0-9]{1,18}", last) else None
    tab = query.get("tab", [""])[0]
    session = cookies.get(settings.SESSION_COOKIE_NAME, "")
    return session, since, tab if TAB.fullmatch(tab) else ""


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
