"""The private PostgreSQL: started, shared, killed and found again, with the real programs."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from cxm import postgres
from cxm.postgres import PostgresError, binaries, cluster, sockets

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


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXM_PG_FAST", "1")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    clean_up(folder)


@pytest.fixture
def hold(data: Path) -> Iterator[Callable[..., Holder]]:
    holders: list[Holder] = []

    def start(*prefix: str) -> Holder:
        holders.append(Holder(data, *prefix))
        return holders[-1]

    yield start
    for holder in holders:
        if holder.process.poll() is None:
            holder.leave()


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


def test_a_fresh_folder_with_spaces_becomes_a_server(tmp_path: Path) -> None:
    folder = tmp_path / "our  data" / "deeper"
    try:
        server = postgres.ensure_running(folder)
        assert ask(folder, "SHOW data_checksums") == "on"
        assert ask(folder, "SHOW server_encoding") == "UTF8"
        assert ask(folder, "SELECT lower('ÄRGER')") == "ärger"
        assert postgres.ensure_running(folder) == server
        if len(str(folder)) < 80:
            assert server.socket_folder == folder / "postgres"
    finally:
        clean_up(folder)
    assert not alive(server.pid)


def test_only_a_private_socket_listens(data: Path) -> None:
    server = postgres.ensure_running(data)
    assert ask(data, "SHOW listen_addresses") == ""
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    assert sockets.socket_file(data).stat().st_mode & 0o077 == 0
    assert data.stat().st_mode & 0o066 == 0


def test_the_variables_of_the_caller_do_not_reach_the_server(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1234")
    monkeypatch.setenv("PGDATA", "/nowhere")
    postgres.ensure_running(data)
    assert ask(data, "SHOW port") == "5432"


def test_a_second_process_shares_the_server_and_the_last_one_stops_it(
    data: Path, hold: Callable[..., Holder]
) -> None:
    server = postgres.ensure_running(data)
    other = hold()
    assert other.server() == server.pid
    postgres.release(data)
    assert alive(server.pid)
    assert ask(data, "SELECT 1") == "1"
    other.leave()
    assert not alive(server.pid)
    assert not (data / "postgres" / "postmaster.pid").exists()


def test_two_starters_at_once_get_one_server(data: Path, hold: Callable[..., Holder]) -> None:
    starters = [hold() for _ in range(3)]
    assert len({starter.server() for starter in starters}) == 1


def test_a_killed_application_leaves_a_server_that_the_next_one_takes_over(
    data: Path, hold: Callable[..., Holder]
) -> None:
    first = hold()
    pid = first.server()
    first.kill()
    assert alive(pid)
    assert postgres.ensure_running(data).pid == pid
    postgres.release(data)
    assert not alive(pid)


def test_a_killed_server_is_started_again_with_its_data(data: Path) -> None:
    pid = postgres.ensure_running(data).pid
    keep(data)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not alive(pid))
    assert (data / "postgres" / "postmaster.pid").exists()
    server = postgres.ensure_running(data)
    assert server.pid != pid
    assert ask(data, "SELECT number FROM kept") == "42"


def test_all_killed_at_once_starts_again(data: Path, hold: Callable[..., Holder]) -> None:
    first = hold()
    pid = first.server()
    keep(data)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    first.kill()
    for each in [pid, *map(int, children)]:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    wait_until(lambda: not alive(pid))
    assert postgres.ensure_running(data).pid != pid
    assert ask(data, "SELECT number FROM kept") == "42"


def test_a_stale_number_that_another_program_has_now_does_not_block(data: Path) -> None:
    pid = postgres.ensure_running(data).pid
    stale = (data / "postgres" / "postmaster.pid").read_text()
    postgres.release(data)
    lines = stale.splitlines()
    lines[0] = str(os.getpid())
    (data / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    server = postgres.ensure_running(data)
    assert server.pid not in (pid, os.getpid())
    assert ask(data, "SELECT 1") == "1"


def test_a_socket_that_was_swept_away_comes_back(data: Path) -> None:
    postgres.ensure_running(data)
    sockets.socket_file(data).unlink()
    postgres.ensure_running(data)
    assert ask(data, "SELECT 1") == "1"


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PostgresError, match="cannot be used") as error:
        postgres.ensure_running(tmp_path / "file" / "data")
    assert "CXM_DATA" in str(error.value)
    assert str(tmp_path / "file" / "data") in str(error.value)


@pytest.mark.skipif(AS_ROOT and not shutil.which("unshare"), reason="needs unshare")
def test_a_data_folder_of_somebody_else_is_named(data: Path, hold: Callable[..., Holder]) -> None:
    data.mkdir(mode=0o555)
    said = hold(*UNPRIVILEGED).said()
    assert str(data) in said
    assert "CXM_DATA" in said
    assert not list(data.iterdir())


@pytest.mark.skipif(AS_ROOT and not shutil.which("unshare"), reason="needs unshare")
def test_an_ordinary_user_runs_the_server(data: Path, hold: Callable[..., Holder]) -> None:
    holder = hold(*UNPRIVILEGED)
    pid = holder.server()
    if AS_ROOT:
        return  # its socket is named for another account; that it runs and stops is the point
    assert ask(data, "SELECT 1") == "1"
    holder.leave()
    assert not alive(pid)


@pytest.mark.skipif(not AS_ROOT, reason="only root has rights to drop")
def test_root_gives_its_rights_away(data: Path) -> None:
    above = data.parent.stat().st_mode
    server = postgres.ensure_running(data)
    status = Path(f"/proc/{server.pid}/status").read_text()
    rights = next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff"))
    assert int(rights, 16) == 0
    assert data.parent.stat().st_mode == above


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, other than pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="cxm-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    clean_up(folder / "data")
    shutil.rmtree(folder)


@pytest.mark.skipif(not AS_ROOT, reason="only root becomes nobody")
def test_root_becomes_nobody_where_there_is_no_unshare(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxm.postgres.account.shutil.which", lambda name: None)
    data = open_folder / "data"
    try:
        server = postgres.ensure_running(data)
    except PostgresError as error:
        pytest.skip(f"the programs are out of nobody's reach: {error}")
    assert Path(f"/proc/{server.pid}").stat().st_uid == NOBODY.pw_uid
    assert (data / "postgres").stat().st_uid == NOBODY.pw_uid
    assert data.stat().st_uid == 0
    assert ask(data, "SELECT 1") == "1"
    postgres.release(data)
    assert not alive(server.pid)


@pytest.mark.skipif(not AS_ROOT, reason="only root becomes nobody")
def test_a_folder_that_nobody_may_enter_is_named_and_stays_closed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cxm.postgres.account.shutil.which", lambda name: None)
    data.parent.chmod(0o700)
    with pytest.raises(PostgresError, match="nobody") as error:
        postgres.ensure_running(data)
    assert str(data) in str(error.value)
    assert data.parent.stat().st_mode & 0o777 == 0o700
    assert not (data / "postgres").exists()


def test_the_folder_of_another_major_version_is_left_alone(data: Path) -> None:
    folder = data / "postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("12\n")
    (folder / "postmaster.pid").write_text("1\n")
    with pytest.raises(PostgresError, match="PostgreSQL 12") as error:
        postgres.ensure_running(data)
    assert "Nothing was changed" in str(error.value)
    assert {each.name: each.read_text() for each in folder.iterdir()} == {
        "PG_VERSION": "12\n",
        "postmaster.pid": "1\n",
    }


def test_a_folder_with_other_things_is_left_alone(data: Path) -> None:
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "letters.txt").write_text("mine")
    with pytest.raises(PostgresError, match="holds no database"):
        postgres.ensure_running(data)
    assert [each.name for each in (data / "postgres").iterdir()] == ["letters.txt"]


def test_a_first_start_that_was_interrupted_is_repeated(data: Path) -> None:
    half = data / "postgres.new-half"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    postgres.ensure_running(data)
    assert ask(data, "SELECT 1") == "1"
    assert not half.exists()


@pytest.mark.parametrize("name", ["long" * 30, "one,two", "Ärger", "it's $HOME"])
def test_an_unusual_path_gets_a_short_private_socket(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    try:
        server = postgres.ensure_running(folder)
        assert str(server.socket_folder).startswith(f"/tmp/cxm-{os.geteuid()}-")
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
        assert ask(folder, "SELECT 1") == "1"
    finally:
        clean_up(folder)
    assert not server.socket_folder.exists()


def test_a_short_folder_that_was_prepared_by_others_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "one,two"
    trap = sockets.socket_folder(folder)
    trap.mkdir(mode=0o777)
    trap.chmod(0o777)
    try:
        with pytest.raises(PostgresError, match="belongs to somebody else"):
            postgres.ensure_running(folder)
    finally:
        trap.rmdir()


def test_programs_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = binaries.find()
    monkeypatch.setenv("CXM_PG_BIN", str(found.folder))
    assert binaries.find() == found
    monkeypatch.setenv("CXM_PG_BIN", str(tmp_path))
    with pytest.raises(PostgresError, match="CXM_PG_BIN"):
        binaries.find()


def test_the_system_s_programs_do_as_well(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin")):
        if (binaries.major_version(folder) or 0) >= binaries.OLDEST:
            monkeypatch.setenv("CXM_PG_BIN", str(folder))
            postgres.ensure_running(data)
            assert ask(data, "SELECT lower('ÄRGER')") == "ärger"
            return
    pytest.skip("the system has no PostgreSQL of its own")


def test_a_fork_does_not_stop_the_server_of_its_parent(data: Path) -> None:
    server = postgres.ensure_running(data)
    child = os.fork()
    if child == 0:
        postgres.release(data)
        os._exit(0)
    os.waitpid(child, 0)
    assert alive(server.pid)
    assert ask(data, "SELECT 1") == "1"
