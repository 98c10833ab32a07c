"""What the web server runs: pages on one of a bounded number of threads, streams on none."""

import asyncio
import os
import sys

from cxm import processes
from cxm.bridge import Bridge, Receive, Scope, Send
from cxm.live_app import Live
from cxm.wsgi import application as pages
from journeys import live as maps


class Application:
    """Answers HTTP; the event loop only waits: for visitors, for threads, for what happens."""

    def __init__(self, *, threads: int) -> None:
        self.bridge = Bridge(pages, threads=threads)
        self.live = Live(channel=maps.CHANNEL, doors=maps, pool=self.bridge.pool)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"CXM does not speak {scope['type']}.")
        elif scope["path"].removeprefix(scope.get("root_path", "")).startswith("/live/"):
            await self.live(scope, receive, send)
        else:
            await self.bridge(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        # Streams never end by themselves, and the server waits for them before it says goodbye.
        processes.when_told_to_end(lambda: loop.call_soon_threadsafe(self.live.end))
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await self.live.close()
        await send({"type": "lifespan.shutdown.complete"})


# The event loop gets its turn sooner while threads compute: it is what people wait for.
sys.setswitchinterval(0.001)
processes.follow_parent()
application = Application(threads=int(os.environ.get("CXM_THREADS", "8")))
