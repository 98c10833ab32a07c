"""A server that is killed in the middle of edits has kept every change that it acknowledged."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from cxm.postgres import cluster

REPOSITORY = Path(__file__).resolve().parents[2]
MAP = "w/cafe-am-markt/journeys/ein-besuch-im-cafe/"


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], str]]]:
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {"CXM_DATA": str(tmp_path / "data")}
    environment.pop("DATABASE_URL", None)
    environment.pop("CXM_PG_FAST", None)  # what is acknowledged must be on the disk

    def start() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "serve", "--demo", "--port", "0"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://\S+/", line):
                return process, found[0]
        pytest.fail("it ended without an address")

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate()
    cluster.stop(tmp_path / "data")


class Editor:
    """Somebody signed in who changes the sample map."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(cookies)
        self.open("accounts/login/").read()
        form = {"login": "marketer@cafe.example", "password": "kaffee-am-markt"}
        self.open("accounts/login/", urllib.parse.urlencode(form).encode()).read()

    def open(self, path: str, data: bytes | None = None, **headers: str) -> Any:
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")
        request = urllib.request.Request(self.address + path, data, headers)
        request.add_header("X-CSRFToken", token or "")
        return self.opener.open(request, timeout=20)

    def add(self, key: str, name: str) -> int:
        """Add a phase; the number of the event, once it is acknowledged."""
        values = {"what": "phase-added", "name": name, "key": key, "since": 10**9}
        answer = self.open(f"{MAP}changes/", json.dumps(values).encode())
        return int(json.load(answer)["made"]["seq"])


def phases(editor: Editor) -> list[str]:
    text = editor.open(f"{MAP}map.toml").read().decode()
    return re.findall(r'name = "(Phase \d+)"', text)


def test_no_acknowledged_change_is_lost(
    serve: Callable[[], tuple[subprocess.Popen[str], str]],
) -> None:
    process, address = serve()
    editor = Editor(address)
    sent: list[tuple[str, str]] = []
    acknowledged: dict[str, int] = {}
    many = threading.Event()

    def edit() -> None:
        try:
            for number in range(10_000):
                name = f"Phase {number}"
                sent.append((str(uuid.uuid4()), name))
                acknowledged[name] = editor.add(*sent[-1])
                if number == 20:
                    many.set()
        except (OSError, HTTPException, ValueError):
            return  # the server is gone

    thread = threading.Thread(target=edit)
    thread.start()
    assert many.wait(60)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    thread.join()

    _, address = serve()
    editor = Editor(address)
    found = phases(editor)
    assert set(acknowledged) <= set(found)
    # What was not acknowledged is sent again with its key, and the last acknowledged one as well.
    again = {name: editor.add(key, name) for key, name in sent[-2:]}
    assert sorted(phases(editor)) == sorted(name for _, name in sent)
    assert all(again[name] == seq for name, seq in acknowledged.items() if name in again)
