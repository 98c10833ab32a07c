"""Who is where, in the memory of this process: each tab says so again and again, or has left."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SILENCE = 30.0
"""Seconds after which a tab that says nothing counts as left; tabs speak every ten."""
MOST_TABS = 12
"""Tabs of one person in one topic that are told apart; the oldest is forgotten."""


@dataclass(frozen=True)
class Place:
    """What one tab of one person last said."""

    name: str
    initials: str
    colour: int
    cell: str
    heard: float


class Rooms:
    """Topic → person → tab. A person with two tabs is one person, where they were last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.topics: dict[int, dict[int, dict[str, Place]]] = {}

    def take(self, payload: Mapping[str, Any]) -> list[tuple[int, int]]:
        """Believe what was announced; returns (topic, person) where others see a difference."""
        topic, user, tab = int(payload["topic"]), int(payload["user"]), str(payload["tab"])
        before = self.person(topic, user)
        if payload.get("gone"):
            self._remove(topic, user, tab)
        else:
            tabs = self.topics.setdefault(topic, {}).setdefault(user, {})
            tabs.pop(tab, None)  # the newest stands last
            tabs[tab] = Place(
                str(payload["name"]),
                str(payload["initials"]),
                int(payload["colour"]),
                str(payload["cell"]),
                self.clock(),
            )
            if len(tabs) > MOST_TABS:
                del tabs[next(iter(tabs))]
        return [] if before == self.person(topic, user) else [(topic, user)]

    def person(self, topic: int, user: int) -> dict[str, Any] | None:
        tabs = self.topics.get(topic, {}).get(user)
        if not tabs:
            return None
        last = next(reversed(tabs.values()))
        return {
            "id": user,
            "name": last.name,
            "initials": last.initials,
            "colour": last.colour,
            "cell": last.cell,
        }

    def people(self, topic: int) -> list[dict[str, Any]]:
        """Everybody in a topic, those who came first first."""
        found = (self.person(topic, user) for user in self.topics.get(topic, {}))
        return [person for person in found if person]

    def heard(self, topic: int, user: int, tab: str) -> float | None:
        """When a tab spoke last, in seconds of the clock; None: it is not here."""
        place = self.topics.get(topic, {}).get(user, {}).get(tab)
        return place.heard if place else None

    def forget_silent(self) -> list[tuple[int, int]]:
        """Forget tabs that fell silent; returns (topic, person) where others see a difference."""
        until = self.clock() - SILENCE
        silent = [key for key, place in self._tabs() if place.heard < until]
        before = {key[:2]: self.person(*key[:2]) for key in silent}
        for topic, user, tab in silent:
            self._remove(topic, user, tab)
        return [key for key, person in before.items() if person != self.person(*key)]

    def _tabs(self) -> Iterator[tuple[tuple[int, int, str], Place]]:
        for topic, people in self.topics.items():
            for user, tabs in people.items():
                for tab, place in tabs.items():
                    yield (topic, user, tab), place

    def _remove(self, topic: int, user: int, tab: str) -> None:
        people = self.topics.get(topic, {})
        tabs = people.get(user, {})
        tabs.pop(tab, None)
        if not tabs:
            people.pop(user, None)
        if not people:
            self.topics.pop(topic, None)
