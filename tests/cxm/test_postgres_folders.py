"""Data folders and accounts: whose they are, what else they hold, how they are called."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cxm import postgres
from cxm.postgres import PostgresError, sockets
from tests.cxm.private_server import (
    AS_ROOT,
    NOBODY,
    UNPRIVILEGED,
    Holder,
    alive,
    ask,
    clean_up,
)

pytestmark = pytest.mark.usefixtures("quick")


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
