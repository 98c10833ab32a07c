"""The command line where its database is not what it should be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("postgres://me:secret@127.0.0.1:1/cxm", "The database cannot be reached"),
        ("mysql://127.0.0.1/cxm", "names no PostgreSQL server"),
        ("cxm", "names no PostgreSQL server"),
    ],
)
def test_a_server_that_is_not_there(server: str, words: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "manage.py", "export_curve", "firm", "visit"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": server, "CXM_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr
