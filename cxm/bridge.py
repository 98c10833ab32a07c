"""Runs a WSGI application inside an ASGI server, on a bounded number of threads.

A request takes a thread only when its body has arrived (large ones wait in a file), so that slow
senders do not use up the threads. The answer is streamed at the speed of whoever reads it, and is
closed as WSGI demands, because Django gives its database connection back then.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from wsgiref.types import WSGIApplication, WSGIEnvironment
from wsgiref.util import FileWrapper

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

IN_MEMORY = 1024 * 1024
BLOCK = 64 * 1024
STREAMS = "cxm.streams"
"""In the environment of a request where the server that answers it can stream as well."""


class Bridge:
    """The WSGI application `pages` as an ASGI one; at most `threads` requests run at once."""

    def __init__(self, pages: WSGIApplication, *, threads: int) -> None:
        self.pages = pages
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        loop = asyncio.get_running_loop()

        def send_now(*messages: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, messages), loop).result()

        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            if await _received(receive, body):
                environ = _environ(scope, body)
                await loop.run_in_executor(self.pool, _answer, self.pages, environ, send_now)


async def _sent(send: Send, messages: Iterable[Message]) -> None:
    for message in messages:
        await send(message)


async def _received(receive: Receive, body: IO[bytes]) -> bool:
    """Store the body of the request; tell whether it came to its end."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    return True


def _environ(scope: Scope, body: IO[bytes]) -> WSGIEnvironment:
    root = scope.get("root_path", "")
    server = scope.get("server") or ("localhost", 80)
    size = body.tell()
    body.seek(0)
    environ: WSGIEnvironment = {
        **_headers(scope["headers"]),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": _bytes_as_text(root),
        "PATH_INFO": _bytes_as_text(scope["path"].removeprefix(root)),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "CONTENT_LENGTH": str(size),  # what arrived: a chunked body does not say
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _file_wrapper,
        STREAMS: "yes",
    }
    return environ


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").upper(), raw_value.decode("latin-1")
        if "_" in name:
            continue  # would pass for a header with a hyphen, set by the proxy
        name = name.replace("-", "_")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        between = "; " if name == "COOKIE" else ","
        values[key] = f"{values[key]}{between}{value}" if key in values else value
    return values


def _raw(text: str) -> bytes:
    return text.encode("latin-1")


def _bytes_as_text(path: str) -> str:
    return path.encode().decode("latin-1")


def _file_wrapper(file: Any, _size: int = 0) -> FileWrapper:
    # Django's own blocks of 4 kB would change threads too often.
    return FileWrapper(file, BLOCK)


def _answer(
    pages: WSGIApplication, environ: WSGIEnvironment, send_now: Callable[..., None]
) -> None:
    """Run the application in this thread and send what it returns, block by block."""
    start: list[Message] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        # Django writes cookies with a space in front, which is no valid value of a header.
        raw = [(_raw(name.lower()), _raw(text.strip())) for name, text in headers]
        start[:] = [{"type": "http.response.start", "status": int(status[:3]), "headers": raw}]
        return lambda block: None

    blocks = pages(environ, start_response)
    try:
        # Changing threads costs more than sending: a page of one block goes in one turn.
        waiting = start
        for block in blocks:
            if len(waiting) > 1:
                send_now(*waiting)
                waiting = []
            waiting.append({"type": "http.response.body", "body": block, "more_body": True})
        send_now(*waiting, {"type": "http.response.body", "body": b""})
    finally:
        if close := getattr(blocks, "close", None):
            close()
