"""Browsers of the live benchmarks without their windows: a stream each, and the question behind it.

They wait like static/js/map/live.js before they ask, and ask one question at a time.
"""

import asyncio
import json
import random
import re
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode


class Wire:
    """One kept connection that answers one request after the other."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookie = f"sessionid={session}; csrftoken={'a' * 32}"
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(
        self, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> tuple[int, bytes]:
        """Status and body; a connection that the server has closed is opened again."""
        for last in (False, True):
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                return await self._exchange(path, body, kind)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.writer.close()
                self.writer = None
                if last:
                    raise
        raise AssertionError

    async def _exchange(self, path: str, body: bytes | None, kind: str) -> tuple[int, bytes]:
        assert self.reader is not None
        assert self.writer is not None
        self.writer.write(request(path, self.cookie, self.port, body, kind))
        status, headers = await answered(self.reader)
        if "content-length" in headers:
            return status, await self.reader.readexactly(int(headers["content-length"]))
        if headers.get("transfer-encoding") != "chunked":
            return status, b""
        found = b""
        while size := int(await self.reader.readline(), 16):
            found += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return status, found

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()


def request(path: str, cookie: str, port: int, body: bytes | None, kind: str) -> bytes:
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Cookie: {cookie}",
    ]
    if body is not None:
        lines += [
            f"X-CSRFToken: {'a' * 32}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
        ]
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


async def answered(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first = await reader.readline()
    if not first:
        raise ConnectionResetError("closed while it was not used")
    status = int(first.split()[1])
    headers: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return status, headers


async def events(port: int, session: str, path: str) -> AsyncIterator[tuple[str, Any]]:
    """Name and data of each event of a stream; first ("open", None)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(path, f"sessionid={session}", port, None, ""))
    try:
        status, _ = await answered(reader)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        yield "open", None
        name = "message"
        while line := await reader.readline():
            found = re.fullmatch(rb"(event|data): (.*)\n", line)
            if found and found[1] == b"event":
                name = found[2].decode()
            elif found:
                yield name, json.loads(found[2])
                name = "message"
    finally:
        writer.close()


class Browser:
    """One person with the map open: what arrived, in which order, and when."""

    def __init__(self, port: int, session: str, *, journey: Any, people: int) -> None:
        self.port = port
        self.session = session
        self.people = people
        self.below = f"/w/{journey.workspace.slug}/journeys/{journey.slug}/"
        self.live = f"/live/{journey.workspace.slug}/{journey.slug}/"
        self.seq = self.wanted = journey.last_seq
        self.order: list[int] = []
        self.arrived: dict[int, float] = {}
        self.heard: dict[int, float] = {}
        self.questions = 0
        self.open = asyncio.Event()
        self.new = asyncio.Event()
        self.tab = uuid.uuid4().hex
        self.asking, self.posting = Wire(port, session), Wire(port, session)
        self.tasks: list[asyncio.Task[None]] = []

    async def enter(self) -> None:
        self.tasks = [asyncio.create_task(work) for work in (self._listen(), self._ask())]
        if self.people > 1:
            self.tasks.append(asyncio.create_task(self._be_present()))
        await self.open.wait()

    async def _listen(self) -> None:
        path = f"{self.live}?since={self.seq}&tab={self.tab}"
        async for name, data in events(self.port, self.session, path):
            self.open.set()
            if name == "message":
                self.wanted = max(self.wanted, data["seq"])
                self.heard.setdefault(data["seq"], time.perf_counter())
                self.new.set()

    async def _ask(self) -> None:
        while True:
            await self.new.wait()
            self.new.clear()
            while self.wanted > self.seq:
                await asyncio.sleep((30 + random.random() * min(300, 6 * (self.people - 1))) / 1000)
                if self.wanted > self.seq:
                    await self._news()

    async def _news(self) -> None:
        self.questions += 1
        status, body = await self.asking.ask(f"{self.below}news/?since={self.seq}")
        if status != 200:
            raise SystemExit(f"news answered {status}")
        self.take(json.loads(body))

    def take(self, answer: dict[str, Any]) -> None:
        """Believe an answer as the page does: what is not newer than the page is left alone."""
        if answer["seq"] <= self.seq:
            return
        now = time.perf_counter()
        for event in answer["events"]:
            if event["seq"] > self.seq:
                self.order.append(event["seq"])
                self.arrived[event["seq"]] = now
        self.seq = answer["seq"]

    async def write(self, card: int, text: str) -> tuple[int, float]:
        """Rewrite a card; its number, and when it was sent."""
        values = {
            "what": "card-written", "key": str(uuid.uuid4()), "card": card, "text": text,
            "since": self.seq,
        }  # fmt: skip
        sent = time.perf_counter()
        status, body = await self.posting.ask(f"{self.below}changes/", json.dumps(values).encode())
        if status != 200:
            raise SystemExit(f"changes answered {status}: {body[:200]!r}")
        answer = json.loads(body)
        self.take(answer)
        return int(answer["made"]["seq"]), sent

    async def _be_present(self) -> None:
        wire = Wire(self.port, self.session)
        while True:
            body = urlencode({"tab": self.tab, "cell": ""}).encode()
            await wire.ask(f"{self.below}presence/", body, "application/x-www-form-urlencoded")
            await asyncio.sleep(10)

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.asking.close()
        self.posting.close()
