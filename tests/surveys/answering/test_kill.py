"""The server is killed while two hundred people answer: what it acknowledged is there, once."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cxm.postgres import cluster

REPOSITORY = Path(__file__).resolve().parents[3]
PEOPLE, QUESTIONS = 200, 5

MAKE = f"""
from django_scopes import scope
from cxm.models import Workspace
from surveys import publishing
from surveys.models import Kind, Link, Question, Survey
workspace = Workspace.objects.create(slug="cafe", name="Cafe")
with scope(workspace=workspace):
    survey = Survey.objects.create(workspace=workspace, name="Visit", language="en", state="draft")
    for number in range({QUESTIONS}):
        Question.objects.create(
            workspace=workspace, survey=survey, key=f"q{{number}}", kind=Kind.TEXT,
            position=number, texts={{"en": f"Question {{number}}?"}},
        )
    publishing.publish(survey=survey, by=None)
    print("CODE", Link.objects.create(workspace=workspace, survey=survey).code)
"""
READ = """
import datetime as dt, json
from django.utils import timezone
from django_scopes import scope
from cxm.models import Workspace
from surveys import collecting
from surveys.models import Answer, Response
with scope(workspace=Workspace.objects.get(slug="cafe")):
    collecting.sweep(before=timezone.now() + dt.timedelta(minutes=1))
    said = {}
    for response, raw in Answer.objects.values_list("response_id", "raw"):
        said.setdefault(str(response), []).append(raw)
    complete = Response.objects.filter(is_complete=True).count()
    print("SAID", json.dumps([complete, list(said.values())]))
"""


class Server:
    """A real server on a data folder and a port of its own, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {"CXM_DATA": str(folder)}
        self.environment.pop("DATABASE_URL", None)
        self.environment.pop("CXM_PG_FAST", None)  # what is acknowledged must be on the disk
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "serve", "--port", str(self.port)],
            cwd=REPOSITORY, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if re.search(r"http://\S+/", line):
                return
        pytest.fail("it ended without an address")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def run(self, script: str, mark: str) -> str:
        """What a script prints after its mark."""
        made = subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", script],
            cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return str(re.findall(rf"^{mark} (.*)$", made.stdout, re.MULTILINE)[0])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data")
    yield made
    if made.process and made.process.poll() is None:
        made.process.terminate()
        made.process.communicate()
    cluster.stop(tmp_path / "data")


class Phone:
    """One person whose browser sends again whatever was not acknowledged."""

    def __init__(self, server: Server, code: str, number: int) -> None:
        self.server, self.code, self.number = server, code, number
        self.acknowledged: list[str] = []
        self.failures = 0

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """(where it leads, page), after as many tries as it takes."""
        headers = {
            "User-Agent": "Mozilla/5.0 (Phone)",
            "X-Forwarded-For": f"10.0.{self.number // 250}.{self.number % 250}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        for _try in range(300):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
                connection.request(method, path, urlencode(form or {}), headers)
                answer = connection.getresponse()
                page = answer.read().decode()
                connection.close()
                if answer.status < 500:
                    return answer.headers.get("Location", ""), page
            except (OSError, http.client.HTTPException):
                pass
            self.failures += 1
            time.sleep(0.2)
        raise AssertionError("the server did not come back")

    def visit(self, noted: Callable[[], None]) -> None:
        _where, page = self.ask("GET", f"/m/{self.code}/")
        found = re.search(r'name="stamp" value="([^"]+)"', page)
        assert found, page
        path, form = f"/m/{self.code}/", {"stamp": found[1]}
        path, _page = self.ask("POST", path, form)
        # Every fourth person puts the phone away in the middle.
        for number in range(3 if self.number % 4 == 0 else QUESTIONS):
            said = f"person {self.number} question {number}"
            path, page = self.ask("POST", path, {"value": said})
            assert path, page
            self.acknowledged.append(said)
            noted()


def test_no_acknowledged_answer_is_lost_or_doubled(server: Server) -> None:
    server.start()
    code = server.run(MAKE, "CODE")
    phones = [Phone(server, code, number) for number in range(PEOPLE)]
    count, many, lock = [0], threading.Event(), threading.Lock()

    def noted() -> None:
        with lock:
            count[0] += 1
        if count[0] >= PEOPLE:
            many.set()

    threads = [threading.Thread(target=phone.visit, args=[noted]) for phone in phones]
    for thread in threads:
        thread.start()
    assert many.wait(240)
    server.kill()
    server.start()
    for thread in threads:
        thread.join()
    assert sum(phone.failures for phone in phones) > 0, "nobody noticed that it was killed"
    complete, said = json.loads(server.run(READ, "SAID"))
    kept = [[raw for raw in answers if raw] for answers in said]
    assert sorted(map(sorted, kept)) == sorted(sorted(phone.acknowledged) for phone in phones)
    assert len(said) == PEOPLE
    assert complete == PEOPLE - PEOPLE // 4
