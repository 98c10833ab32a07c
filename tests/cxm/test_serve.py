"""`manage.py serve`: one command that starts everything and leaves nothing."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cxm.postgres import cluster

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {"CXM_DATA": str(tmp_path / "data"), "CXM_PG_FAST": "1"}
    environment.pop("DATABASE_URL", None)

    def run(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "serve", *arguments],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate()
    cluster.stop(tmp_path / "data")


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+/", line):
            return found[0]
    pytest.fail("it ended without an address")


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def working_with(data: Path, *, server: bool = True) -> list[int]:
    """Return the processes that were started for this data folder, with those of its server."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            within = os.readlink(process / "cwd").startswith(str(data))
        except OSError:
            continue
        if server if within else f"CXM_DATA={data}".encode() in environment:
            found.append(int(process.name))
    return found


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, "1"), (signal.SIGTERM, "2")])
def test_it_answers_and_leaves_nothing_behind(
    start: Callable[..., subprocess.Popen[str]],
    tmp_path: Path,
    number: signal.Signals,
    workers: str,
) -> None:
    process = start("--port", "0", "--workers", workers)
    url = address(process)
    assert status(f"{url}static/vendor/htmx.min.js") == 200
    assert status(f"{url}no-such-page") == 404
    assert len(working_with(tmp_path / "data")) > 2
    process.send_signal(number)
    process.communicate(timeout=30)
    assert not working_with(tmp_path / "data")


def test_what_it_started_ends_when_it_is_killed(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start("--port", "0")
    address(process)
    process.kill()
    process.communicate()
    for _ in range(600):
        if not working_with(tmp_path / "data", server=False):
            return  # a server may be left to the next start
        time.sleep(0.05)
    pytest.fail("left something behind")


def test_an_answer_does_not_wait_for_the_receipt_of_its_first_part() -> None:
    """asyncio sends at once only through sockets that say that they speak TCP."""
    from cxm.management.commands.serve import listen

    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.proto == socket.IPPROTO_TCP


def test_a_taken_port_is_named(start: Callable[..., subprocess.Popen[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        said, _ = process.communicate(timeout=30)
    assert process.returncode != 0
    assert f"Port {port}" in said
    assert "--port" in said
    assert "Traceback" not in said
