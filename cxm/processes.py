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
    parent = int(os.environ.get(PARENT, "0"))
    if parent and parent != os.getpid():
        threading.Thread(target=_follow, args=[parent], daemon=True).start()


def _follow(parent: int) -> None:
    adopted_by = os.getppid()
    while os.getppid() == adopted_by and _alive(parent):
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
