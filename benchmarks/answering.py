"""Fifty people answer at once, on a real server, against a view that only stores a row.

    python -m benchmarks.answering [--seconds 60]

A visit is twelve requests: the page, the start, ten answers, of which the last finishes. The
ceiling is the same server, the same middleware and the same database with a view that inserts one
row and says so. Both are measured in turns, so that what else the machine does meets both.
"""

import asyncio
import os
import statistics
import time
from typing import Any

from benchmarks import common
from benchmarks.live import server
from benchmarks.phones import Phone

PEOPLE = 50
SHARE, P95_MS, SEEN_S = 0.40, 100, 2.0
ROUNDS = 5
PAUSE_S = 1.0  # between two taps of one person; without it fifty people are a queue of fifty


def make_survey(workspace: Any) -> tuple[str, Any]:
    """An open survey of ten scales, each about a touchpoint; its code, and its first touchpoint."""
    from django_scopes import scope

    from surveys import publishing
    from surveys.models import Kind, Link, Question, Survey
    from touchpoints.models import Touchpoint

    with scope(workspace=workspace):
        survey = Survey.objects.create(
            workspace=workspace, name="Bench", language="en", state=Survey.State.DRAFT
        )
        first = None
        for number in range(10):
            place = Touchpoint.objects.create(workspace=workspace, name=f"Place {number}")
            first = first or place
            Question.objects.create(
                workspace=workspace, survey=survey, key=f"q{number}", kind=Kind.FACES,
                position=number, texts={"en": f"How was place {number} today?"},
                scale_min=1, scale_max=5, touchpoint=place, is_required=True,
            )  # fmt: skip
        publishing.publish(survey=survey, by=None)
        link = Link.objects.create(workspace=workspace, survey=survey, source="qr")
    return link.code, survey


async def bares(phones: list[Phone], until: float) -> int:
    """How many rows were stored until then."""

    async def one(phone: Phone) -> int:
        done = 0
        while time.perf_counter() < until:
            await phone.bare()
            done += 1
        return done

    return sum(await asyncio.gather(*(one(phone) for phone in phones)))


async def visits(phones: list[Phone], code: str, until: float) -> int:
    """How many whole visits were finished until then; none is broken off."""

    async def one(phone: Phone) -> int:
        done = 0
        while time.perf_counter() < until:
            await phone.visit(code, done)
            done += 1
        return done

    return sum(await asyncio.gather(*(one(phone) for phone in phones)))


async def measure(port: int, pid: int, code: str, seconds: int) -> None:
    phones = [Phone(port, number) for number in range(PEOPLE)]
    for phone in phones:
        await phone.connect()
    span = max(2.0, seconds / (2 * ROUNDS))
    await bares(phones, time.perf_counter() + 1)
    await visits(phones, code, time.perf_counter() + 1)
    rates: list[list[float]] = []
    waits: tuple[list[float], list[float]] = ([], [])
    memory: list[float] = []
    cpu, finished = [0.0, 0.0], 0
    for _round in range(ROUNDS):
        pair = []
        for kind in (0, 1):
            for phone in phones:
                phone.seconds.clear()
            began, busy = time.perf_counter(), cycles(pid)
            if kind:
                finished += await visits(phones, code, began + span)
            else:
                await bares(phones, began + span)
            spent = time.perf_counter() - began
            seen = [second for phone in phones for second in phone.seconds]
            waits[kind].extend(seen)
            cpu[kind] += cycles(pid) - busy
            pair.append(len(seen) / spent)
        rates.append(pair)
        memory.append(resident(pid))
    for phone in phones:
        phone.pause = PAUSE_S
        phone.seconds.clear()
    began = time.perf_counter()
    finished += await visits(phones, code, began + span)
    paced = [second for phone in phones for second in phone.seconds]
    pace = len(paced) / (time.perf_counter() - began)
    for phone in phones:
        await phone.leave()
    each = [spent / len(seen) * 1000 for spent, seen in zip(cpu, waits, strict=True)]
    report(rates, (*waits, paced), [*each, pace], memory, finished)


def resident(pid: int) -> float:
    """Megabytes of the server."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def cycles(pid: int) -> float:
    """Seconds of the processor that the server has used; the database counts for itself."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(
    rates: list[Any], waits: Any, more: list[float], memory: list[float], finished: int
) -> None:
    bare, visit = (statistics.median(pair[kind] for pair in rates) for kind in (0, 1))
    share = statistics.median(pair[1] / pair[0] for pair in rates)
    rows = []
    for name, rate, seen, cpu in (
        ("bare view, no pause", bare, waits[0], f"{more[0]:.2f}"),
        ("answering, no pause", visit, waits[1], f"{more[1]:.2f}"),
        (f"answering, {PAUSE_S:.0f} s between two taps", more[2], waits[2], ""),
    ):
        half, p95 = common.quantiles(seen)
        rows.append([name, f"{rate:.0f}", f"{half:.0f}", f"{p95:.0f}", cpu])
    common.table(
        f"{PEOPLE} people at once, each request on its own",
        ["", "requests/s", "p50 ms", "p95 ms", "CPU ms of the server"], rows,
    )  # fmt: skip
    p95 = common.quantiles(waits[2])[1]
    growth = memory[-1] - memory[1]
    common.table(
        "Against the ceiling",
        ["", "measured", "wanted", ""],
        [
            ["share of the bare view", f"{share:.0%}", f"≥ {SHARE:.0%}",
             common.verdict(share >= SHARE)],
            ["whole responses per second", f"{visit / 12:.0f}", "", f"{finished} in all"],
            ["p95 of people who take a second", f"{p95:.0f} ms", f"≤ {P95_MS} ms",
             common.verdict(p95 <= P95_MS)],
            ["memory of the server", f"{memory[-1]:.0f} MB",
             f"{growth:+.1f} MB since the second round", common.verdict(growth < 15)],
        ],
    )  # fmt: skip


async def seen_after(port: int, code: str, survey: Any) -> float:
    """From the last answer of a visit until the histograms that the curve reads hold it."""
    from django_scopes import scope

    from surveys import histograms
    from surveys.models import Question

    with scope(workspace=survey.workspace):
        question = Question.objects.filter(survey=survey).order_by("position")[0]

        def count() -> int:
            rows = histograms.read(
                workspace_id=survey.workspace_id, slice=histograms.Slice(questions=(question.pk,))
            )
            return sum(row.n for row in rows)

        before = count()
        phone = Phone(port, 99)
        await phone.connect()
        await phone.visit(code, 0)
        began = time.perf_counter()
        while count() == before:
            if time.perf_counter() - began > 30:
                raise SystemExit("MISSED: the answer was never seen")
        spent = time.perf_counter() - began
        await phone.leave()
    return spent


def main() -> None:
    options = common.arguments(__doc__ or "")
    with common.own_data():
        common.set_up()
        common.command("migrate", "--verbosity", "0")
        from django.db import connection

        from cxm.models import Workspace

        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, said text)")
        workspace = Workspace.objects.create(slug="bench", name="Bench")
        code, survey = make_survey(workspace)
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare_settings"
        with server() as (port, pid):
            asyncio.run(measure(port, pid, code, options.seconds))
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
            spent = asyncio.run(seen_after(port, code, survey))
        common.table(
            "A new answer in the counts of the curve",
            ["", "after", "wanted", ""],
            [["seen", f"{spent * 1000:.0f} ms", f"≤ {SEEN_S:.0f} s",
              common.verdict(spent <= SEEN_S)]],
        )  # fmt: skip


if __name__ == "__main__":
    main()
