"""The private PostgreSQL: started, shared, killed and found again, with the real programs."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from cxm import postgres
from cxm.postgres import PostgresError, binaries, sockets
from tests.cxm.private_server import (
    Holder,
    alive,
    ask,
    clean_up,
    keep,
    wait_until,
)

pytestmark = pytest.mark.usefixtures("quick")


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
