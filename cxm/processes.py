"""How our processes end: orderly, and never later than the one that started them."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

PARENT = "CXM_PARENT"


def end_orderly() -> None:
    """Let a signal to end run the clean-up at exit, which stops the private PostgreSQL."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def when_told_to_end(act: Callable[[], object]) -> None:
    """Have ``act`` run on a signal to end, before whatever else that signal does.

    Does nothing outside of the main thread, which receives no signals.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        usual = signal.getsignal(number)
        if callable(usual):
            signal.signal(number, _both(act, usual))


def _both(
    act: Callable[[], object], usual: Callable[[int, FrameType | None], object]
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        act()
        usual(number, frame)

    return handle


def follow_parent() -> None:
    """End this process when the one named in CXM_PARENT is gone, even if that was killed."""
    if parent := int(os.environ.get(PARENT, "0")):
        threading.Thread(target=_follow, args=[parent], daemon=True).start()


def _follow(parent: int) -> None:
    # The number alone would not do: a killed process keeps it until somebody asks how it ended.
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
