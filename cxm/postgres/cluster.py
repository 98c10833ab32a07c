"""One database cluster on disk: made, started, looked at, stopped. Callers hold the lock."""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cxm.postgres.account import Account, choose
from cxm.postgres.binaries import Binaries, find
from cxm.postgres.errors import PostgresError
from cxm.postgres.sockets import PORT, private_folder, socket_file, socket_folder

USER = DATABASE = "cxm"
PATIENCE = 60.0
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "log_timezone": "UTC",
}
# For tests: what is lost in a power cut is not missed.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Process:
    """What `postmaster.pid` says of a server that is alive."""

    pid: int
    socket_folder: str
    status: str


def cluster_folder(data: Path) -> Path:
    """Return the folder of the database files."""
    return data / "postgres"


def running(pgdata: Path) -> Process | None:
    """Return the live server of `pgdata`; None as well for the stale file of a dead one."""
    try:
        lines = (pgdata / "postmaster.pid").read_text(errors="replace").splitlines()
        process = Process(int(lines[0]), lines[4], lines[7].strip() if len(lines) > 7 else "")
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None
    return process if _is_postgres(process.pid, pgdata) else None


def _is_postgres(pid: int, pgdata: Path) -> bool:
    """Tell a server from another program that was given its process number meanwhile."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    if not Path("/proc/self/cwd").exists():
        command = ["ps", "-p", str(pid), "-o", "command="]
        return "postgres" in subprocess.run(command, capture_output=True, text=True).stdout
    return _works_in(Path(f"/proc/{pid}"), pgdata)


def _works_in(process: Path, pgdata: Path) -> bool:
    try:
        return os.path.samefile(process / "cwd", pgdata)
    except OSError:  # gone, a zombie, or of another account
        return False


def start(data: Path) -> int:
    """Return the process id of the server of `data`, started and made where needed."""
    pgdata, deadline = cluster_folder(data), time.monotonic() + PATIENCE
    while process := running(pgdata):
        if process.status == "ready":
            if Path(process.socket_folder) == socket_folder(data) and socket_file(data).exists():
                return process.pid
            stop(data)  # the data folder was moved, or a cleaner removed the socket
        _wait(deadline, data)
    binaries = find()
    _check_version(pgdata, binaries)
    account = choose(data, pgdata, binaries)
    if not pgdata.exists():
        _create(pgdata, binaries, account)
    account.own(pgdata)
    _clear_remains(pgdata, deadline, data)
    return _launch(data, binaries, account)


def _check_version(pgdata: Path, binaries: Binaries) -> None:
    if not pgdata.exists():
        return
    try:
        made_by = (pgdata / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise PostgresError(
            f"{pgdata} exists but holds no database: move it away, or choose another "
            "data folder with CXM_DATA. Nothing was changed."
        ) from None
    if made_by != str(binaries.major):
        raise PostgresError(
            f"{pgdata} was made by PostgreSQL {made_by}, but the programs in {binaries.folder} "
            f"are PostgreSQL {binaries.major}: name the bin folder of a PostgreSQL {made_by} in "
            "CXM_PG_BIN, or move the data as docs/operations.md describes. Nothing was changed."
        )


def _create(pgdata: Path, binaries: Binaries, account: Account) -> None:
    """Make the cluster beside its place and move it there, so that it is whole or absent."""
    for left_over in pgdata.parent.glob(f"{pgdata.name}.new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    new = Path(tempfile.mkdtemp(prefix=f"{pgdata.name}.new-", dir=pgdata.parent))
    account.own(new)
    command = [binaries.program("initdb"), "--username", USER, "--encoding", "UTF8"]
    command += ["--auth-local", "trust", "--auth-host", "reject", "--data-checksums"]
    command += ["--no-sync"] if fast() else []
    try:
        _initdb(command, new, binaries, account)
        single = [binaries.program("postgres"), "--single", "-j", "postgres"]
        _checked(account, single, new, f"CREATE DATABASE {DATABASE};\n\n")
        new.rename(pgdata)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _initdb(command: list[str], new: Path, binaries: Binaries, account: Account) -> None:
    if binaries.major >= 17:
        locale = ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        _checked(account, [*command, *locale], new)
        return
    # Before 17 only the system knows the case of letters beyond ASCII.
    if account.run([*command, "--locale", "C.UTF-8"], pgdata=new).returncode != 0:
        _checked(account, [*command, "--locale", "C"], new)


def _checked(account: Account, command: list[str], pgdata: Path, text: str | None = None) -> None:
    answer = account.run(command, pgdata=pgdata, text=text)
    # A single-user server goes on after an error and ends well.
    if answer.returncode != 0 or "ERROR:" in answer.stdout:
        raise PostgresError(f"The database could not be made: {_reason(answer.stdout)}")


def _clear_remains(pgdata: Path, deadline: float, data: Path) -> None:
    """Wait for what a killed server left behind, then drop locks that only seem to be held.

    PostgreSQL forgets the lock of a dead process by itself, but not when its number belongs to
    another program by now, or is not free yet because nobody asked how the process ended.
    """
    while any(_works_in(process, pgdata) for process in Path("/proc").glob("[0-9]*")):
        _wait(deadline, data)
    socket = socket_file(data)
    for lock in (pgdata / "postmaster.pid", socket.with_name(f"{socket.name}.lock")):
        if _names_a_process(lock):
            lock.unlink()


def _names_a_process(lock: Path) -> bool:
    try:
        os.kill(int(lock.read_text().split()[0]), 0)
    except PermissionError:
        return True
    except (OSError, IndexError, ValueError):
        return False
    return True


def _launch(data: Path, binaries: Binaries, account: Account) -> int:
    pgdata, log = cluster_folder(data), data / "postgres.log"
    private_folder(data, account.uid, account.gid)
    options = SETTINGS | (FAST if fast() else {})
    options["unix_socket_directories"] = str(socket_folder(data))
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    command = [binaries.program("pg_ctl"), "start", "-w", "-s", "-t", str(int(PATIENCE))]
    with open(log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        began = output.tell()
        answer = account.run(
            [*command, "-o", shlex.join(words)],
            pgdata=pgdata,
            output=output,
        )
    process = running(pgdata)
    if answer.returncode != 0 or process is None:
        said = log.read_bytes()[began:].decode(errors="replace")
        raise PostgresError(f"PostgreSQL did not start: {_reason(said)} (see {log})")
    return process.pid


def stop(data: Path) -> None:
    """Stop the server of `data` and wait for its end; connections are closed."""
    pgdata = cluster_folder(data)
    deadline = time.monotonic() + PATIENCE
    process = running(pgdata)
    if process is None:
        return
    os.kill(process.pid, signal.SIGINT)
    while running(pgdata):
        _wait(deadline, data)
    if socket_folder(data) != pgdata:
        with suppress(OSError):
            socket_folder(data).rmdir()


def _wait(deadline: float, data: Path) -> None:
    if time.monotonic() > deadline:
        raise PostgresError(
            f"The PostgreSQL of {data} neither starts nor stops: see {data / 'postgres.log'}."
        )
    time.sleep(0.02)


def fast() -> bool:
    """Tell whether speed goes before safety (CXM_PG_FAST, for tests)."""
    return os.environ.get("CXM_PG_FAST", "") not in ("", "0")


def _reason(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "rror:" in line or "ERROR" in line]
    return (telling or lines or ["it gave no reason"])[-1].strip()
