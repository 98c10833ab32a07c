"""Where the server listens: a file that only its owner can reach."""

import hashlib
import os
import re
from pathlib import Path

from cxm.postgres.errors import PostgresError

PORT = 5432
LONGEST = 107  # bytes of a socket's path, of every Unix that matters
PLAIN = re.compile(r"/[A-Za-z0-9_./+ -]*[A-Za-z0-9_./+-]")


def socket_folder(data: Path) -> Path:
    """Return the folder of the socket: the database's own, else a short one below /tmp.

    Some paths are too long for a socket, and a comma would be read as a list of hosts. The short
    name depends on the account and the data folder alone, so that every process finds it.
    """
    folder = data / "postgres"
    if len(os.fsencode(folder / _name())) <= LONGEST and PLAIN.fullmatch(str(folder)):
        return folder
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(f"/tmp/cxm-{os.geteuid()}-{digest}")


def socket_file(data: Path) -> Path:
    """Return the socket itself."""
    return socket_folder(data) / _name()


def _name() -> str:
    return f".s.PGSQL.{PORT}"


def private_folder(data: Path, uid: int, gid: int) -> None:
    """Make the short folder for the account, and refuse one that somebody else prepared."""
    folder = socket_folder(data)
    if folder.parent == data:
        return
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        os.chown(folder, uid, gid)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != uid or found.st_mode & 0o077:
        raise PostgresError(
            f"{folder} belongs to somebody else, and the path of the data folder {data} is too "
            "long or too unusual for a socket: choose another data folder with CXM_DATA."
        )
