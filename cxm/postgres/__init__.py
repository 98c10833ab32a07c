"""The private PostgreSQL of one data folder, shared by every process that works with it.

Each process holds a lease, a shared lock on a file. The first one starts the server and the last
one stops it; a process that is killed loses its lease by itself and leaves a server that the next
one takes over. Only the standard library is used: the settings import this module.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxm.postgres import cluster
from cxm.postgres.errors import PostgresError
from cxm.postgres.sockets import PORT, socket_folder

__all__ = ["PostgresError", "Server", "data_folder", "django_settings", "ensure_running", "release"]

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Server:
    """A running private server: its data folder, the folder of its socket, its process id."""

    data: Path
    socket_folder: Path
    pid: int


# Data folder → process and file descriptor of the lease. A fork inherits the entry, not the lease.
_leases: dict[Path, tuple[int, int]] = {}


def data_folder() -> Path:
    """Return the data folder: CXM_DATA, else `var` beside the code."""
    chosen = os.environ.get("CXM_DATA")
    return Path(os.path.abspath(Path(chosen).expanduser())) if chosen else REPOSITORY / "var"


def django_settings(data: Path) -> dict[str, Any]:
    """Return the entry of Django's DATABASES for the private server of `data`."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(socket_folder(data)),
        "PORT": str(PORT),
        "NAME": cluster.DATABASE,
        "USER": cluster.USER,
        "PASSWORD": "",
        "OPTIONS": {},
    }


def ensure_running(data: Path) -> Server:
    """Return the private server of `data`, started if it is not running, and lease it.

    The lease ends with the process (or with `release`); the last one out stops the server.
    Raises PostgresError with one sentence that says what to do.
    """
    with _reported(data):
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with _lock(data):
            _lease(data)
            try:
                pid = cluster.start(data)
            except BaseException:
                _end_lease(data)
                raise
    return Server(data, socket_folder(data), pid)


def release(data: Path) -> None:
    """Give up this process's lease of `data`; stop the server if no other process has one."""
    import fcntl

    owner, lease = _leases.get(data, (0, -1))
    if owner != os.getpid():
        return
    with _reported(data), _lock(data):
        try:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            cluster.stop(data)
        except BlockingIOError:
            pass  # somebody still works with it
        finally:
            _end_lease(data)


def _lease(data: Path) -> None:
    import fcntl

    if _leases.get(data, (0, -1))[0] == os.getpid():
        return
    lease = os.open(data / "postgres.lease", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lease, fcntl.LOCK_SH)
    _leases[data] = (os.getpid(), lease)


def _end_lease(data: Path) -> None:
    owner, lease = _leases.pop(data, (0, -1))
    if owner == os.getpid():
        os.close(lease)


def _release_all() -> None:
    for data in list(_leases):
        # Fails where the data folder is gone, and a server without its files ends by itself.
        with suppress(PostgresError):
            release(data)


atexit.register(_release_all)


@contextmanager
def _lock(data: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    import fcntl

    lock = os.open(data / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _reported(data: Path) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise PostgresError(
            "The private PostgreSQL needs Linux or macOS: name a server in DATABASE_URL."
        ) from error
    except OSError as error:
        raise PostgresError(
            f"The data folder {data} cannot be used ({error.strerror}: {error.filename}): "
            "give this account the right to write there, or choose another with CXM_DATA."
        ) from error
