"""The one connection of a process on which PostgreSQL announces what happened."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from psycopg import sql

from cxm.live import Hub

PRESENCE = "cxm_presence"
"""Where tabs announce who is where, as JSON; nothing of it is stored."""

QUIET = 30.0
"""Seconds without a word after which the connection is tried."""
LONGEST_PAUSE = 5.0

log = logging.getLogger(__name__)

# What Django adds for its own cursors, and what a waiting connection cannot use.
_OF_DJANGO = ("context", "cursor_factory", "server_side_binding", "prepare_threshold", "pool")


class Listener:
    """Listens for ever; after each (re)connection ``catch_up`` tells what was missed meanwhile."""

    def __init__(self, hub: Hub, channel: str, catch_up: Callable[[], Awaitable[None]]) -> None:
        self.hub = hub
        self.channel = channel
        self.catch_up = catch_up
        self.listening = asyncio.Event()
        self.times = 0

    async def run(self) -> None:
        pause = 0.1
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**parameters()) as connection:
                    await self._listen(connection)
            except Exception as error:  # whatever it is: streams that hear nothing are worse
                if self.listening.is_set():
                    pause = 0.1
                self.listening.clear()
                log.warning("Live updates wait for the database: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self, connection: psycopg.AsyncConnection[Any]) -> None:
        for channel in (self.channel, PRESENCE):
            await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self.times += 1
        self.listening.set()
        await self.catch_up()
        while True:
            async for found in connection.notifies(timeout=QUIET):
                self.take(found.channel, found.payload)
            await connection.execute("SELECT 1")

    def take(self, channel: str, payload: str) -> None:
        """Pass on one announcement; what cannot be read was not ours."""
        try:
            if channel == PRESENCE:
                self.hub.present(json.loads(payload))
            else:
                topic, _, seq = payload.partition(":")
                self.hub.happened(int(topic), int(seq))
        except (ValueError, KeyError, TypeError):
            log.warning("Announcement on %s not understood.", channel)


def parameters() -> dict[str, Any]:
    """How psycopg reaches the database of the application, without Django's own cursors."""
    from django.db import connection

    given = connection.get_connection_params()
    kept = {name: value for name, value in given.items() if name not in _OF_DJANGO}
    # A server that vanished without a word is noticed within a minute.
    alive = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3}
    return {"connect_timeout": 10, **alive, **kept, "autocommit": True}
