"""Pages of a WSGI application behind an ASGI server."""

import asyncio
import io
import threading
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.validate import validator

import pytest

from cxm.bridge import Bridge, Message


def exchange(
    bridge: Bridge, *bodies: bytes, headers: Iterable[tuple[bytes, bytes]] = (), **scope: Any
) -> list[Message]:
    """Send one request whose body arrives in pieces; return the messages of the answer."""
    incoming: list[Message] = [
        {"type": "http.request", "body": body, "more_body": True} for body in bodies
    ]
    incoming.append({"type": "http.request", "body": b"", "more_body": False})
    return asyncio.run(_exchange(bridge, incoming, {"headers": list(headers), **scope}))


async def _exchange(bridge: Bridge, incoming: list[Message], scope: Any) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    full = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "server": ("127.0.0.1", 80),
    }
    await bridge(full | scope, receive, send)
    return sent


def body_of(sent: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent[1:])


def test_an_upload_arrives_whole_though_its_length_was_not_announced() -> None:
    seen: dict[str, Any] = {}

    def pages(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        seen.update(environ, read=environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start("201 Created", [("Content-Type", "text/plain"), ("X-One", " 1")])
        return [b"done"]

    pieces = [bytes([number]) * 300_000 for number in range(8)]
    sent = exchange(
        Bridge(validator(pages), threads=2),
        *pieces,
        path="/café",
        query_string=b"a=1",
        headers=[(b"content-type", b"text/csv"), (b"cookie", b"a=1"), (b"cookie", b"b=2")],
    )
    assert sent[0]["status"] == 201
    assert (b"x-one", b"1") in sent[0]["headers"]
    assert body_of(sent) == b"done"
    assert seen["read"] == b"".join(pieces)
    assert seen["CONTENT_TYPE"] == "text/csv"
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/café"
    assert seen["QUERY_STRING"] == "a=1"


def test_a_header_that_imitates_the_proxy_s_is_dropped() -> None:
    seen: dict[str, Any] = {}

    def pages(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        seen.update(environ)
        start("200 OK", [])
        return []

    headers = [(b"x_forwarded_proto", b"https"), (b"x-real", b"1"), (b"x-real", b"2")]
    exchange(Bridge(pages, threads=1), headers=headers)
    assert "HTTP_X_FORWARDED_PROTO" not in seen
    assert seen["HTTP_X_REAL"] == "1,2"


def test_an_answer_is_streamed_and_closed_in_its_thread() -> None:
    happened: list[Any] = []

    class Answer:
        def __iter__(self) -> Iterator[bytes]:
            for number in range(3):
                happened.append(number)
                yield b"%d" % number

        def close(self) -> None:
            happened.append(threading.current_thread().name.split("_")[0])

    def pages(environ: WSGIEnvironment, start: StartResponse) -> Answer:
        start("200 OK", [])
        return Answer()

    sent = exchange(Bridge(pages, threads=1))
    assert [message.get("body") for message in sent[1:]] == [b"0", b"1", b"2", b""]
    assert happened == [0, 1, 2, "page"]


def test_a_file_goes_out_in_large_blocks() -> None:
    content = b"x" * 200_000

    def pages(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(content), 4096)
        return wrapped

    sent = exchange(Bridge(pages, threads=1))
    assert body_of(sent) == content
    assert len(sent) < 8


def test_a_reader_who_left_before_the_end_of_the_upload_gets_no_answer() -> None:
    def pages(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        pytest.fail("nobody waits for it")

    incoming: list[Message] = [{"type": "http.request", "body": b"1", "more_body": True}]
    incoming.append({"type": "http.disconnect"})
    assert not asyncio.run(_exchange(Bridge(pages, threads=1), incoming, {"headers": []}))


def test_no_more_requests_run_at_once_than_there_are_threads() -> None:
    running, most = 0, 0
    lock = threading.Lock()
    gate = threading.Barrier(2, timeout=10)

    def pages(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait()
        with lock:
            running -= 1
        start("200 OK", [])
        return []

    async def several() -> None:
        bridge = Bridge(pages, threads=2)
        end: Message = {"type": "http.request"}
        await asyncio.gather(*(_exchange(bridge, [end], {"headers": []}) for _ in range(6)))

    asyncio.run(several())
    assert most == 2
