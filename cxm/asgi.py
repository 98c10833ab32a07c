"""What the web server runs: every page on one of a bounded number of threads."""

import os

from cxm import processes
from cxm.bridge import Bridge, Receive, Scope, Send
from cxm.wsgi import application as pages

processes.follow_parent()
bridge = Bridge(pages, threads=int(os.environ.get("CXM_THREADS", "8")))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer HTTP on a thread; the event loop only waits for visitors and for threads."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        raise ValueError(f"CXM does not speak {scope['type']}.")
    else:
        await bridge(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
