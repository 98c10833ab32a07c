"""The account that the private server runs under; PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cxm.postgres.binaries import Binaries
from cxm.postgres.errors import PostgresError


@dataclass(frozen=True)
class Account:
    """How to start a program: as user `uid` and group `gid`, behind the words of `prefix`."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def run(
        self,
        command: Sequence[str],
        *,
        pgdata: Path | None = None,
        text: str | None = None,
        output: IO[bytes] | int = subprocess.PIPE,
    ) -> subprocess.CompletedProcess[str]:
        """Run `command` to its end with `text` as its input; never raises for its exit code."""
        # PGPORT, PGOPTIONS and the like of the caller must not reach the private server.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        environment |= {"LC_ALL": "C", "HOME": "/"} | ({"PGDATA": str(pgdata)} if pgdata else {})
        who: dict[str, Any] = {}
        if self.uid != os.geteuid():
            who = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            [*self.prefix, *command],
            cwd="/",
            env=environment,
            encoding="utf-8",
            errors="replace",
            check=False,
            stdout=output,
            stderr=subprocess.STDOUT,
            **({"input": text} if text is not None else {"stdin": subprocess.DEVNULL}),
            **who,
        )

    def reaches(self, binaries: Binaries, folder: Path) -> bool:
        """Tell whether this account may enter `folder` and run the programs."""
        script = 'cd "$1" && exec "$0" --version'
        command = ["/bin/sh", "-c", script, binaries.program("postgres"), str(folder)]
        try:
            return self.run(command).returncode == 0
        except OSError:
            return False

    def own(self, folder: Path) -> None:
        """Give `folder` and all in it to this account; nothing above it is touched."""
        if folder.stat().st_uid == self.uid:
            return
        for root, folders, files in os.walk(folder):
            for name in [*folders, *files]:
                os.chown(Path(root) / name, self.uid, self.gid, follow_symlinks=False)
        os.chown(folder, self.uid, self.gid)


def choose(data: Path, pgdata: Path, binaries: Binaries) -> Account:
    """Return the account for the server of `data`: oneself, or as root one with fewer rights.

    Raises PostgresError when no account can reach both the folder and the programs.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    for account in _without_rights(data, pgdata):
        if account.reaches(binaries, data):
            return account
    raise PostgresError(
        "PostgreSQL does not run as root, and the account nobody, which would run it instead, "
        f"may not enter {data} or {binaries.folder}: choose a data folder that every account may "
        "enter (for example CXM_DATA=/srv/cxm), or start CXM as an ordinary user."
    )


def _without_rights(data: Path, pgdata: Path) -> list[Account]:
    owner = pgdata.stat() if pgdata.exists() else None
    if owner and owner.st_uid != 0:
        return [Account(owner.st_uid, owner.st_gid)]
    nobody = pwd.getpwnam("nobody")
    accounts = []
    if unshare := shutil.which("unshare"):
        # Root outside, nobody inside: the files stay root's, the rights are gone. The name
        # must exist because initdb looks it up.
        words = (unshare, "--user", f"--map-user={nobody.pw_uid}", "--")
        accounts.append(Account(0, 0, words))
    above = data.parent.stat()
    if above.st_uid != 0:
        accounts.append(Account(above.st_uid, above.st_gid))
    return [*accounts, Account(nobody.pw_uid, nobody.pw_gid)]
