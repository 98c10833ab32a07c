"""Live maps on a real server: how soon a change is seen, by two and by fifty, and a thousand idle.

    python -m benchmarks.live [--seconds 60] [--streams 1000]

Seen means: told by the stream, asked for, and the answer with the cell's new content received.
The reference is PostgreSQL alone: from a commit with NOTIFY to a second bare connection.
"""

import argparse
import asyncio
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import big_map, common
from benchmarks.browsers import Browser, Wire, events

PEOPLE, PER_SECOND = 50, 5
TWO_MS, MANY_MS = 300, 500


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Port and process id of a server on the data folder of this benchmark."""
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "serve", "--port", "0"],
        cwd=common.ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://\S+:(\d+)/", line):
                yield int(found[1]), process.pid
                break
        else:
            raise SystemExit("the server did not start")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def in_thread(work: Callable[[], Any]) -> Any:
    return asyncio.get_running_loop().run_in_executor(None, work)


# ----- two people -----


def commit(journey: Any, card: Any, text: str) -> tuple[int, float]:
    """Rewrite a card right here; its number, and when the transaction was over."""
    from django_scopes import scope

    from journeys.editing import write_card

    with scope(workspace=journey.workspace):
        card.refresh_from_db()
        event = write_card(card=card, text=text, actor=None)
        assert event is not None
        return event.seq, time.perf_counter()


async def two(port: int, journey: Any, people: Sequence[Any], cards: Sequence[Any]) -> list[Any]:
    browsers = [Browser(port, key, journey=journey, people=2) for _, key in people[:2]]
    for browser in browsers:
        await browser.enter()
    await asyncio.sleep(1)
    committed: dict[int, float] = {}
    for number in range(150):
        card = cards[number % len(cards)]
        seq, at = await in_thread(lambda c=card, n=number: commit(journey, c, f"Two {n}"))
        committed[seq] = at
        await asyncio.sleep(0.05)
    await settled(browsers, max(committed))
    seen = [browser.arrived[seq] - at for seq, at in committed.items() for browser in browsers]
    told = [
        min(at for s, at in browser.heard.items() if s >= seq) - committed[seq]
        for browser in browsers for seq in committed
    ]  # fmt: skip
    for browser in browsers:
        await browser.leave()
    return [told, seen]


async def settled(browsers: Sequence[Browser], seq: int) -> None:
    for _ in range(3000):
        if all(browser.seq >= seq for browser in browsers):
            return
        await asyncio.sleep(0.01)
    raise SystemExit("MISSED: not every browser came to know every change")


def bare_notify(times: int = 150) -> list[float]:
    """From a commit to another connection, PostgreSQL alone."""
    import psycopg

    from cxm.live_listener import parameters

    seconds = []
    with psycopg.connect(**parameters()) as one, psycopg.connect(**parameters()) as other:
        other.execute("LISTEN bench")
        for number in range(times):
            one.execute("SELECT pg_notify('bench', %s)", [str(number)])
            began = time.perf_counter()
            next(iter(other.notifies(timeout=5, stop_after=1)))
            seconds.append(time.perf_counter() - began)
    return seconds


# ----- fifty people -----


async def many(
    port: int, journey: Any, people: Sequence[Any], cards: Sequence[Any], seconds: int
) -> tuple[list[Browser], dict[int, float]]:
    """Everybody edits in turn; the browsers at the end, and when each change was sent."""
    browsers = [Browser(port, key, journey=journey, people=PEOPLE) for _, key in people]
    await asyncio.gather(*(browser.enter() for browser in browsers))
    await asyncio.sleep(2)
    sent: dict[int, float] = {}

    async def change(number: int) -> None:
        who, card = browsers[number % PEOPLE], cards[number % len(cards)]
        seq, at = await who.write(card.pk, f"{big_map.WORDS} {number}")
        sent[seq] = at

    began, changes = time.perf_counter(), []
    for number in range(seconds * PER_SECOND):
        await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        changes.append(asyncio.create_task(change(number)))
    await asyncio.gather(*changes)
    await settled(browsers, max(sent))
    for browser in browsers:
        await browser.leave()
    return browsers, sent


def report_many(browsers: list[Browser], sent: dict[int, float], seconds: int, busy: float) -> None:
    wanted = sorted(sent)
    first = wanted[0]
    orders = [[seq for seq in browser.order if seq >= first] for browser in browsers]
    complete = sum(order == wanted for order in orders)
    writer = {seq: n % PEOPLE for n, seq in enumerate(sent)}
    seen = [
        browser.arrived[seq] - at
        for n, browser in enumerate(browsers) for seq, at in sent.items()
        if writer[seq] != n and seq in browser.arrived
    ]  # fmt: skip
    half, p95 = common.quantiles(seen)
    questions = sum(browser.questions for browser in browsers)
    common.table(
        f"{PEOPLE} people in one map, {PER_SECOND} changes per second for {seconds} s",
        ["changes", "seen, p50 ms", "p95 ms", "max ms", "all of them, in one order",
         "questions/s", "server CPU", f"p95 ≤ {MANY_MS}, none lost"],
        [[len(sent), f"{half:.0f}", f"{p95:.0f}", f"{max(seen) * 1000:.0f}",
          f"{complete} of {PEOPLE}", f"{questions / seconds:.0f}", f"{busy / seconds:.0%}",
          common.verdict(p95 <= MANY_MS and complete == PEOPLE)]],
    )  # fmt: skip


# ----- a thousand who only look -----


async def idle(port: int, pid: int, journey: Any, key: str, number: int) -> list[Any]:
    from django.db import connection

    def connections() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            return int(cursor.fetchone()[0])

    path = f"/live/{journey.workspace.slug}/{journey.slug}/?since=0"
    heard: dict[int, float] = {}
    opened = asyncio.Semaphore(0)

    async def listen(who: int) -> None:
        async for name, data in events(port, key, path):
            if name == "open":
                opened.release()
            elif name == "message" and data["seq"] > journey.last_seq:
                heard[who] = time.perf_counter()

    wire = Wire(port, key)
    for _ in range(20):
        await wire.ask(f"/w/{journey.workspace.slug}/journeys/")
    before, memory = connections(), rss(pid)
    began = time.perf_counter()
    tasks = [asyncio.create_task(listen(who)) for who in range(number)]
    for _ in range(number):
        await opened.acquire()
    took = time.perf_counter() - began
    await asyncio.sleep(3)
    after, larger = connections(), rss(pid)
    card = await in_thread(lambda: first_card(journey))
    _, at = await in_thread(lambda: commit(journey, card, "To everybody"))
    while len(heard) < number and time.perf_counter() < at + 30:
        await asyncio.sleep(0.05)
    last = max(heard.values(), default=at) - at
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return [
        f"{number:,} streams", f"{took:.1f}", before, after, f"{memory:.0f}", f"{larger:.0f}",
        f"{(larger - memory) * 1000 / number:.0f}", len(heard), f"{last * 1000:.0f}",
        common.verdict(after <= before + 8 and len(heard) == number),
    ]  # fmt: skip


def first_card(journey: Any) -> Any:
    return cards_of(journey)[0]


def cards_of(journey: Any) -> list[Any]:
    from django_scopes import scope

    from journeys.models import Card

    with scope(workspace=journey.workspace):
        return list(
            Card.objects.filter(lane__journey=journey).select_related("lane", "step").order_by("pk")
        )


def rss(pid: int) -> float:
    """Memory of a process in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024  # type: ignore[index]


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(options: argparse.Namespace, port: int, pid: int) -> None:
    from django_scopes import scope

    workspace = big_map.workspace_of()
    people = big_map.people_of(workspace, PEOPLE)
    with scope(workspace=workspace):
        journey = big_map.make_map(workspace, title="Together", steps=12, lanes=10, cards=60)
    cards = cards_of(journey)
    told, seen = asyncio.run(two(port, journey, people, cards))
    reference = common.quantiles(bare_notify())
    rows = []
    for name, found in (("told by the stream", told), ("seen: the cell's content is there", seen)):
        half, p95 = common.quantiles(found)
        held = common.verdict(p95 <= TWO_MS)
        ratio = f"{half / reference[0]:.0f}"
        rows.append([name, f"{half:.1f}", f"{p95:.1f}", f"{reference[0]:.2f}", ratio, held])
    heads = ["", "p50 ms", "p95 ms", "bare NOTIFY ms", "ratio", f"p95 ≤ {TWO_MS}"]
    common.table("From the commit to two other browsers", heads, rows)
    journey.refresh_from_db()
    before = cpu(pid)
    browsers, sent = asyncio.run(many(port, journey, people, cards, options.seconds))
    report_many(browsers, sent, options.seconds, cpu(pid) - before)
    journey.refresh_from_db()
    row = asyncio.run(idle(port, pid, journey, people[0][1], options.streams))
    common.table(
        "Streams that wait, on one process",
        ["", "opened in s", "connections before", "and after", "MB before", "MB after",
         "kB each", "told of a change", "the last after ms", "≤ 8 connections more, all told"],
        [row],
    )  # fmt: skip


def main() -> None:
    options = common.arguments(__doc__ or "")
    # Two ends of each stream; the server inherits this.
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = options.streams * 2 + 1000
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with common.own_data():
        common.set_up()
        common.command("migrate", "--verbosity", "0")
        with server() as (port, pid):
            measure(options, port, pid)


if __name__ == "__main__":
    main()
