"""make bench: each benchmark in a process and a data folder of its own."""

import subprocess
import sys

from benchmarks.common import ROOT, arguments

NAMES = (
    *("imports", "pages", "weight", "editor", "editor_browser", "live"),
    *("answers_out", "answering", "mailings"),
)


def main() -> int:
    arguments(__doc__ or "")
    failed = 0
    for name in NAMES:
        command = [sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
