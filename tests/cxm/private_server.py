"""Other processes that hold a private PostgreSQL, and questions to it."""

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from cxm import postgres
from cxm.postgres import cluster, sockets

REPOSITORY = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
# Looks like an ordinary user from inside, and is stopped by permissions like one.
UNPRIVILEGED = ("unshare", "--user", f"--map-user={NOBODY.pw_uid}", "--") if AS_ROOT else ()
HOLDER = """
import sys
from cxm import postgres
try:
    print(postgres.ensure_running(postgres.data_folder()).pid, flush=True)
except postgres.PostgresError as error:
    print(error, flush=True)
sys.stdin.read()
"""


class Holder:
    """Another process that works with the server of a data folder until it is told to leave."""

    def __init__(self, data: Path, *prefix: str) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", HOLDER],
            cwd=REPOSITORY,
            env=os.environ | {"CXM_DATA": str(data), "CXM_PG_FAST": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def server(self) -> int:
        return int(self.said())

    def leave(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def clean_up(folder: Path) -> None:
    if folder.exists():
        postgres.release(folder)
        cluster.stop(folder)


def ask(folder: Path, question: str) -> str:
    settings = postgres.django_settings(folder)
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        autocommit=True,
    ) as connection:
        row = connection.execute(question.encode()).fetchone()
        return str(row[0]) if row else ""


def keep(folder: Path) -> None:
    host = str(sockets.socket_folder(folder))
    with psycopg.connect(host=host, dbname="cxm", user="cxm") as connection:
        connection.execute("SET synchronous_commit = on")  # as it is outside of tests
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")


def alive(pid: int) -> bool:
    """A killed process may stay as a zombie when nobody asks for its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("waited in vain")
