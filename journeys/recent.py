"""What many people ask for within a moment: made once, given to all of them.

Fifty people on a map ask for the same news when somebody changes a card. Whether they may have it
was checked before, for each; what they get does not depend on who they are.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Keeps the last ``most`` answers for ``seconds``; who asks meanwhile waits for the first."""

    def __init__(
        self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.seconds = seconds
        self.clock = clock
        self.lock = Lock()
        self.kept: OrderedDict[Hashable, tuple[float, Future[Made]]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The answer for ``key``, made by ``make`` if nobody had it made a moment ago."""
        with self.lock:
            at, found = self.kept.get(key, (0.0, None))
            if found is not None and self.clock() - at <= self.seconds:
                first = False
            else:
                first, found = True, Future()
                self.kept[key] = (self.clock(), found)
                self.kept.move_to_end(key)
                while len(self.kept) > self.most:
                    self.kept.popitem(last=False)
        if first:
            self._make(key, found, make)
        return found.result()

    def _make(self, key: Hashable, found: "Future[Made]", make: Callable[[], Made]) -> None:
        try:
            found.set_result(make())
        except BaseException as error:
            with self.lock:
                self.kept.pop(key, None)
            found.set_exception(error)
