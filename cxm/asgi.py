"""What the web server runs: pages on bounded threads, live streams on the event loop."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

from cxm import processes
from cxm.bridge import Bridge, Receive, Scope, Send
from cxm.wsgi import application as pages

processes.follow_parent()
live = get_asgi_application()
bridge = Bridge(pages, threads=int(os.environ.get("CXM_THREADS", "8")))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send `/live/…` to Django's event loop and every other page to a thread."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        raise ValueError(f"CXM does not speak {scope['type']}.")
    elif scope["path"].startswith("/live/"):
        stream: Any = live
        await stream(scope, receive, send)
    else:
        await bridge(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})
