"""How our processes end: orderly, and never later than the one that started them."""

import os
import signal
import sys
import threading
import time
from types import FrameType

PARENT = "CXM_PARENT"


def end_orderly() -> None:
    """Let a signal to end run the clean-up at exit, which stops the private PostgreSQL."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def follow_parent() -> None:
    """End this process when the one named in CXM_PARENT is gone, even if that was killed."""
    if parent := int(os.environ.get(PARENT, "0")):
        threading.Thread(target=_follow, args=[parent], daemon=True).start()


def _follow(parent: int) -> None:
    # The number alone would not do: a killed process keeps it until somebody asks how it ended.
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
