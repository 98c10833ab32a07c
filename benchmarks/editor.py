"""Server time of the map editor: pages of large and usual maps, past states, one edit.

    python -m benchmarks.editor [--requests 200]

A page is a whole request of a signed-in marketer: session, rights, rows, template, gzip. Beside it
stands what the least possible page would take: reading the same cards by one statement and joining
them to text. Beside one edit stands the bare transaction: one row updated, one event inserted.
"""

import itertools
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks import big_map, common
from benchmarks.pages import WARM_UP, signed_in, timed

PAGES = (
    # name, steps, lanes, cards, at most ms
    ("60 steps × 25 lanes × 1,500 cards", 60, 25, 1500, 250),
    ("12 steps × 10 lanes × 60 cards", 12, 10, 60, 60),
)
EDIT_MS, EDIT_QUERIES, EDIT_KB = 25, 12, 20
EVENTS = (200, 20_000)


def queries_of(action: Callable[[], object]) -> int:
    """Questions to the database, without the BEGIN and COMMIT around them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        action()
    return sum(query["sql"] not in ("BEGIN", "COMMIT") for query in captured.captured_queries)


def measured(action: Callable[[], object], times: int) -> tuple[float, float, float]:
    """p50, p95 and time of the processor per run, in milliseconds."""
    began = time.process_time()
    half, p95 = common.quantiles(timed(action, times))
    return half, p95, (time.process_time() - began) / (times + WARM_UP) * 1000


def address(journey: Any, name: str = "journeys:journey") -> str:
    from django.urls import reverse

    return reverse(name, kwargs={"workspace": journey.workspace.slug, "journey": journey.slug})


def measure_pages(client: Any, workspace: Any, requests: int) -> list[Any]:
    rows, made = [], []
    for name, steps, lanes, cards, most in PAGES:
        journey = big_map.make_map(workspace, title=name, steps=steps, lanes=lanes, cards=cards)
        made.append(journey)
        analyze()
        url = address(journey)

        def page(url: str = url) -> Any:
            answer = client.get(url)
            if answer.status_code != 200:
                raise SystemExit(f"{url} answered {answer.status_code}")
            return answer

        half, p95, busy = measured(page, max(20, requests * 60 // (steps * lanes)))
        reference = common.quantiles(timed(lambda j=journey: least_page(j), 50))[0]
        packed = len(page().content)
        plain = len(client.get(url, HTTP_ACCEPT_ENCODING="identity").content)
        rows.append([
            name, f"{half:.0f}", f"{p95:.0f}", f"{busy:.0f}", queries_of(page),
            f"{packed / 1000:.0f}", f"{plain / 1000:.0f}", f"{reference:.1f}",
            f"{half / reference:.0f}", f"≤ {most}", common.verdict(half <= most),
        ])  # fmt: skip
    heads = ["", "p50 ms", "p95 ms", "CPU ms", "queries", "kB", "unpacked kB", "least ms", "ratio",
             "p50", ""]  # fmt: skip
    common.table("Page of a map to edit", heads, rows)
    return made


def least_page(journey: Any) -> str:
    from django.db import connection
    from django.utils.html import escape

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.lane_id, c.step_id, c.text, c.mark, c.tag, c.evidence "
            "FROM journeys_card c JOIN journeys_lane l ON l.id = c.lane_id "
            "WHERE l.journey_id = %s ORDER BY c.position, c.id",
            [journey.pk],
        )
        rows = cursor.fetchall()
    return "".join(f'<div data-card="{row[0]}">{escape(row[3])}</div>' for row in rows)


def measure_edit(client: Any, journey: Any, requests: int) -> None:
    from django_scopes import scope

    from journeys.models import Card

    with scope(workspace=journey.workspace):
        cards = list(Card.objects.filter(lane__journey=journey).order_by("pk")[:50])
    turn = itertools.count()
    url, seq = address(journey, "journeys:changes-create"), [journey.last_seq]
    sizes: list[int] = []

    def edit() -> None:
        n = next(turn)
        values = {
            "what": "card-written", "key": str(uuid.uuid4()), "since": seq[0],
            "card": cards[n % len(cards)].pk, "text": f"{big_map.WORDS} {n}",
        }  # fmt: skip
        answer = client.post(url, json.dumps(values), content_type="application/json")
        if answer.status_code != 200:
            raise SystemExit(f"{url} answered {answer.status_code}")
        seq[0] = client_seq(answer)
        sizes.append(len(answer.content))

    half, p95, busy = measured(edit, requests)
    queries = queries_of(edit)
    bare = common.quantiles(timed(lambda: bare_edit(journey, cards[0].pk), requests))[0]
    largest = max(sizes) / 1000
    held = half <= EDIT_MS and queries <= EDIT_QUERIES and largest <= EDIT_KB
    common.table(
        "One edit in the large map: a card rewritten, the answer applied",
        ["", "p50 ms", "p95 ms", "CPU ms", "queries", "kB at most", "bare transaction ms", "ratio",
         f"≤ {EDIT_MS} ms, {EDIT_QUERIES} queries, {EDIT_KB} kB"],
        [["card-written", f"{half:.1f}", f"{p95:.1f}", f"{busy:.1f}", queries, f"{largest:.1f}",
          f"{bare:.1f}", f"{half / bare:.1f}", common.verdict(held)]],
    )  # fmt: skip


def client_seq(answer: Any) -> int:
    import gzip

    packed = answer.headers.get("Content-Encoding") == "gzip"
    seq: int = json.loads(gzip.decompress(answer.content) if packed else answer.content)["seq"]
    return seq


def bare_edit(journey: Any, card: int) -> None:
    """What no editor can do without, in one transaction; the event goes to a table of no use."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE journeys_journey SET updated_at = now() WHERE id = %s", [journey.pk])
        cursor.execute("UPDATE journeys_card SET text = text || '' WHERE id = %s", [card])
        cursor.execute(
            "INSERT INTO bench_event (journey, changes) VALUES (%s, %s)",
            [journey.pk, json.dumps([["card", card, {"text": "a"}, {"text": "b"}]])],
        )


def measure_past(client: Any, workspace: Any, requests: int) -> None:
    from django_scopes import scope

    from journeys.log import SNAPSHOT_EVERY, state_at
    from journeys.rows import load_state

    rows, first = [], 0.0
    for number in EVENTS:
        journey = big_map.make_map(
            workspace, title=f"{number} events", steps=12, lanes=10, cards=60
        )
        with scope(workspace=workspace):
            big_map.write_events(journey, number)
        analyze()
        # Just before a snapshot is where most events have to be read.
        past = (number - 1) // SNAPSHOT_EVERY * SNAPSHOT_EVERY - 1
        past = past if past > 2 else number - 1

        def state(journey: Any = journey, past: int = past) -> Any:
            with scope(workspace=workspace):
                return state_at(journey, past)

        url = address(journey)
        read = common.quantiles(timed(state, requests))[0]
        page = common.quantiles(timed(lambda url=url: client.get(url), requests))[0]
        asof = timed(lambda url=url, past=past: client.get(f"{url}?at={past}"), requests)
        if client.get(f"{url}?at={past}").status_code != 200:
            raise SystemExit(f"{url}?at={past} was refused")
        with scope(workspace=workspace):
            same = "equal" if state_at(journey, number) == load_state(journey.pk) else "DIFFERENT"
        first = first or page
        rows.append([
            f"{number:,} events", f"{page:.0f}", f"{page / first:.2f}", f"{read:.1f}",
            f"{common.quantiles(asof)[0]:.0f}", same,
        ])  # fmt: skip
    common.table(
        "Opening a map of many events, and its state of then",
        ["", "page p50 ms", "ratio", "state p50 ms", "page as of then ms", "log and rows"],
        rows,
    )


def analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    options = common.arguments(__doc__ or "")
    with common.own_data():
        common.set_up()
        common.command("migrate", "--verbosity", "0")
        from django.db import connection
        from django_scopes import scope

        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE bench_event (id bigserial PRIMARY KEY, journey bigint, changes jsonb)"
            )
        workspace = big_map.workspace_of()
        client = signed_in(workspace)
        with scope(workspace=workspace):
            large, _usual = measure_pages(client, workspace, options.requests)
            measure_edit(client, large, options.requests)
            measure_past(client, workspace, max(20, options.requests // 4))


if __name__ == "__main__":
    main()
