"""Who waits for what: the open streams of this process and what each still has to be told.

A stream belongs to a topic, a number that the upper apps give a meaning. What happened is stored
elsewhere; a stream only learns the newest sequence number, so it can be late but never wrong, and
what it has to hold never grows. Everything here runs on the event loop and needs no lock.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cxm.live_presence import Rooms

REMEMBERED = 10_000
"""Topics whose newest number is kept for streams that are just being let in."""


class RefusedError(Exception):
    """Why nobody is let in, as a status of HTTP."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Ticket:
    """What somebody was let in with; ``stamp`` changes when a password does."""

    topic: int
    newest: int
    user: int
    workspace: int
    session: str
    stamp: str


class Stream:
    """One browser: the newest number it was told, and whose presence it must hear of."""

    def __init__(self, ticket: Ticket, *, since: int | None, tab: str) -> None:
        self.ticket = ticket
        self.tab = tab
        self.newest = ticket.newest
        self.told = since
        self.people: set[int] | None = None  # None: everybody, which a new stream must hear
        self.ended = False
        self.wake = asyncio.Event()
        self.wake.set()

    def hear(self, seq: int) -> None:
        """Tell later of this number, unless a newer one is already waiting."""
        if seq > self.newest:
            self.newest = seq
            self.wake.set()

    def see(self, user: int) -> None:
        """Tell later how a person's presence is then."""
        if self.people is not None:
            self.people.add(user)
        self.wake.set()

    def end(self) -> None:
        self.ended = True
        self.wake.set()

    def take(self, rooms: Rooms) -> bytes:
        """What is new, as server-sent events, and forget it; empty where nothing is."""
        self.wake.clear()
        text = ""
        if self.told != self.newest:
            self.told = self.newest
            text += f'id: {self.newest}\ndata: {{"seq":{self.newest}}}\n\n'
        if (seen := self._presence(rooms)) is not None:
            text += f"event: presence\ndata: {json.dumps(seen, separators=(',', ':'))}\n\n"
        return text.encode()

    def _presence(self, rooms: Rooms) -> Mapping[str, Any] | None:
        changed, self.people = self.people, set()
        if changed is None:
            return {"all": True, "here": rooms.people(self.ticket.topic), "gone": []}
        if not changed:
            return None
        found = {user: rooms.person(self.ticket.topic, user) for user in sorted(changed)}
        return {
            "here": [person for person in found.values() if person],
            "gone": [user for user, person in found.items() if not person],
        }


class Hub:
    """The streams of one process, by topic."""

    def __init__(self, rooms: Rooms | None = None) -> None:
        self.streams: dict[int, set[Stream]] = {}
        self.newest: OrderedDict[int, int] = OrderedDict()
        self.rooms = rooms or Rooms()

    def join(self, stream: Stream) -> None:
        """Begin to tell a stream; also of what happened while it was being let in."""
        self.streams.setdefault(stream.ticket.topic, set()).add(stream)
        stream.hear(self.newest.get(stream.ticket.topic, 0))

    def leave(self, stream: Stream) -> None:
        left = self.streams.get(stream.ticket.topic, set())
        left.discard(stream)
        if not left:
            self.streams.pop(stream.ticket.topic, None)

    def happened(self, topic: int, seq: int) -> None:
        """Wake the streams of a topic."""
        self.newest[topic] = max(seq, self.newest.pop(topic, 0))
        if len(self.newest) > REMEMBERED:
            self.newest.popitem(last=False)
        for stream in self.streams.get(topic, ()):
            stream.hear(seq)

    def present(self, payload: Mapping[str, Any]) -> None:
        """Somebody came, moved or left."""
        self._show(self.rooms.take(payload))

    def forget_silent(self) -> None:
        """People who were not heard of for a while have left."""
        self._show(self.rooms.forget_silent())

    def _show(self, changed: Iterable[tuple[int, int]]) -> None:
        for topic, user in changed:
            for stream in self.streams.get(topic, ()):
                stream.see(user)

    def end(self) -> None:
        """End every stream: this process is about to end."""
        for stream in self:
            stream.end()

    def __iter__(self) -> Iterator[Stream]:
        return iter([stream for streams in self.streams.values() for stream in streams])

    def __len__(self) -> int:
        return sum(map(len, self.streams.values()))
