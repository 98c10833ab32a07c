"""What many ask for at once is made once, and not kept for long."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from journeys.recent import Recent


def test_it_is_made_once_and_again_after_a_while() -> None:
    now = [0.0]
    recent: Recent[int] = Recent(most=2, seconds=1, clock=lambda: now[0])
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [recent.get("a", make), recent.get("a", make)] == [1, 1]
    now[0] = 1.5
    assert recent.get("a", make) == 2
    for key in ("b", "c"):
        recent.get(key, make)
    assert len(recent.kept) == 2
    assert recent.get("a", make) == 5


def test_who_asks_meanwhile_waits_for_the_first() -> None:
    recent: Recent[int] = Recent(most=2, seconds=1000)
    begun, go = threading.Event(), threading.Event()

    def slowly() -> int:
        begun.set()
        assert go.wait(20)
        return 1

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(recent.get, "a", slowly)
        assert begun.wait(20)
        second = pool.submit(recent.get, "a", lambda: pytest.fail("made twice"))
        go.set()
        assert (first.result(), second.result()) == (1, 1)


def test_what_failed_is_tried_again() -> None:
    recent: Recent[int] = Recent(most=2, seconds=1000)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 // 0)
    assert recent.get("a", lambda: 1) == 1
