"""How often one connection may begin: in memory only, by a keyed hash that changes each day.

A café's guests share one address, so the limits are wide: they stop a program, not a full house.
Each process counts for itself.
"""

import datetime as dt
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.utils.crypto import salted_hmac

_SECRET = secrets.token_hex(16)  # of this process: a hash says nothing outside of it


def caller(address: str) -> str:
    """A name for a connection from which nobody gets the address back."""
    return salted_hmac(_SECRET + dt.date.today().isoformat(), address).hexdigest()[:24]


class Limit:
    """At most ``times`` within ``seconds`` per name; ``many`` of them are looked at as a crowd."""

    def __init__(
        self,
        *,
        times: int,
        seconds: float,
        names: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.times, self.seconds, self.names, self.clock = times, seconds, names, clock
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def count(self, name: str) -> int:
        """Note one more; return how many there were in this span, this one included."""
        now = self.clock()
        with self._lock:
            since, count = self._counts.get(name, (now, 0))
            if now - since >= self.seconds:
                since, count = now, 0
            self._counts[name] = (since, count + 1)
            self._counts.move_to_end(name)
            while len(self._counts) > self.names:
                self._counts.popitem(last=False)
        return count + 1

    def allows(self, name: str) -> bool:
        """Note one more; False where it is too many."""
        return self.count(name) <= self.times

    def forget(self, name: str) -> None:
        """Begin anew for one name; the others stay counted."""
        with self._lock:
            self._counts.pop(name, None)

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()
