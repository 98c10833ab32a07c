"""The whole application as the web server runs it, streams included, on the database of a test."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

PATIENCE = 20.0  # only so that a failure ends


@contextmanager
def streaming_server() -> Iterator[str]:
    """The address of a server in this process; it ends with the block."""
    from cxm.asgi import Application

    application = Application(threads=4)
    config = uvicorn.Config(application, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            application.live.end()
            server.should_exit = True
            thread.join()
            # Their connections to the database end with the threads.
            application.bridge.pool.shutdown()


class EventStream:
    """One stream over the network."""

    def __init__(self, origin: str, path: str, session: str, *, last: int | None = None) -> None:
        host, port = origin.removeprefix("http://").split(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=PATIENCE)
        headers = {"Cookie": f"sessionid={session}"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def event(self, name: str = "message") -> Any:
        """Data of the next event of this name; raises EOFError at the end of the stream."""
        found: dict[str, str] = {}
        while line := self.answer.readline().decode():
            key, _, value = line.rstrip("\n").partition(": ")
            if key:
                found[key] = value
                continue
            if "data" in found and found.get("event", "message") == name:
                return json.loads(found["data"])
            found = {}
        raise EOFError

    def hear(self, seq: int) -> None:
        """Wait until this number is told."""
        while self.event()["seq"] != seq:
            pass

    def close(self) -> None:
        self.answer.close()
        self.connection.close()
