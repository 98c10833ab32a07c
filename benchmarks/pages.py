"""Server time of the curve and the heatmap on four years of answers, beside a plain GROUP BY.

    python -m benchmarks.pages [--shared FOLDER] [--requests 200]

The page is a whole request of a signed-in member: session, rights, numbers, chart, template, gzip.
The reference is only the numbers: one statement over the answers themselves, without intervals,
corrections and hiding. Both must give the same counts and means.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks import common

LIMIT_MS = 40
WARM_UP = 10
Numbers = Mapping[Any, tuple[int, float]]

# Emotion of each answer, −2 … +2, of everything but review portals.
ANSWERS = """
    FROM surveys_answer a
    JOIN surveys_response r ON r.workspace_id = a.workspace_id AND r.id = a.response_id
    JOIN surveys_question q ON q.id = a.question_id
    {joins}
    WHERE a.workspace_id = %(workspace)s AND a.status = 0 AND a.score IS NOT NULL
      AND r.source <> 'portal'
"""
EMOTION = (
    "avg(CASE WHEN q.is_reversed THEN -1 ELSE 1 END"
    " * (4.0 * (a.score - q.scale_min) / (q.scale_max - q.scale_min) - 2))::float8"
)
BY_STEP = f"""
    SELECT l.step_id, count(*), {EMOTION}
    {ANSWERS.format(joins="JOIN journeys_steptouchpoint l ON l.touchpoint_id = q.touchpoint_id")}
    GROUP BY 1
"""
BY_SEGMENT = f"""
    SELECT ARRAY[q.touchpoint_id, s.id], count(*), {EMOTION}
    {ANSWERS.format(joins="CROSS JOIN LATERAL unnest(0::bigint || r.segments) AS s(id)")}
      AND q.touchpoint_id IS NOT NULL
    GROUP BY q.touchpoint_id, s.id
"""


def group_by(statement: str, workspace: Any) -> Numbers:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, {"workspace": workspace.pk})
        rows = cursor.fetchall()
    # A key of two columns comes as a list.
    return {tuple(key) if isinstance(key, list) else key: (n, mean) for key, n, mean in rows}


def signed_in(workspace: Any) -> Any:
    from django.test import Client

    from cxm.models import Membership, User

    user = User.objects.create_user("bench@firm.example", name="Bench")
    Membership.objects.create(workspace=workspace, user=user, role="marketer")
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(user)
    return client


def timed(action: Callable[[], object], times: int) -> list[float]:
    for _ in range(WARM_UP):
        action()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return seconds


def queries_of(action: Callable[[], object]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def same(shown: Numbers, plain: Numbers) -> str:
    """That every figure of the page is the one of the plain statement, or which is not."""
    off = [
        key
        for key, (n, mean) in shown.items()
        if n != plain[key][0] or abs(mean - plain[key][1]) > 1e-9
    ]
    return f"{len(shown)} equal" if shown and not off else f"DIFFERENT: {off or 'no figures'}"


def curve_numbers(workspace: Any, journey: Any) -> Numbers:
    from journeys.curve import read_curve
    from journeys.selection import Selection, load_choices

    reading = read_curve(
        workspace=workspace,
        journey=journey,
        selected=Selection(),
        choices=load_choices(workspace),
    )
    return {
        point.step.id: (point.estimate.n, point.estimate.mean)
        for point in reading.curve.points
        if point.estimate
    }


def heatmap_numbers(workspace: Any) -> Numbers:
    """Touchpoints × segments from the histograms, which is where the page reads them."""
    from cxm.statistics import merged
    from journeys.selection import TARGETED
    from surveys import counted
    from surveys.histograms import Slice, read
    from surveys.models import SCALE_KINDS, Question

    questions = Question.objects.filter(touchpoint__isnull=False, kind__in=SCALE_KINDS)
    places = {question.pk: question.touchpoint_id for question in questions}
    slice = Slice(questions=tuple(places), sources=TARGETED)
    counts = read(workspace_id=workspace.pk, slice=slice, by=("question", "segment"))
    scales = counted.scales(questions)
    cells: dict[tuple[int, int], list[Any]] = {}
    for (question, segment), found in counted.histograms(
        counts, lambda count: (count.question, count.segment)
    ).items():
        emotion = found.to_emotion(scales[question])
        cells.setdefault((places[question] or 0, segment), []).append(emotion)
    pooled = {key: merged(found) for key, found in cells.items()}
    return {key: (found.n, found.mean()) for key, found in pooled.items() if found.n}


def pages_of(workspace: Any) -> Iterator[tuple[str, str, str, Numbers]]:
    """Name, address, plain statement and the figures that the page draws."""
    from django.urls import NoReverseMatch, reverse

    from journeys.models import Journey

    journey = Journey.objects.get()
    address = {"workspace": workspace.slug}
    curve = reverse("journeys:curve", kwargs=address | {"journey": journey.slug})
    yield "Emotion curve", curve, BY_STEP, curve_numbers(workspace, journey)
    try:
        heatmap = reverse("journeys:heatmap", kwargs=address)
    except NoReverseMatch:
        print("not measured: there is no page journeys:heatmap of a workspace")
        return
    yield "Heatmap by segment", heatmap, BY_SEGMENT, heatmap_numbers(workspace)


def measure(workspace: Any, requests: int) -> None:
    from django_scopes import scope

    client = signed_in(workspace)
    with scope(workspace=workspace):
        pages = list(pages_of(workspace))
    rows = []
    for name, address, statement, shown in pages:

        def page(address: str = address) -> None:
            answer = client.get(address)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")

        def plain(statement: str = statement) -> Numbers:
            return group_by(statement, workspace)

        began = time.process_time()
        half, most = common.quantiles(timed(page, requests))
        busy = (time.process_time() - began) / (requests + WARM_UP) * 1000
        reference = common.quantiles(timed(plain, max(requests // 10, 5)))[0]
        rows.append([
            name, f"{half:.1f}", f"{most:.1f}", f"{busy:.1f}", queries_of(page), f"{reference:.1f}",
            f"{half / reference:.2f}", same(shown, plain()), common.verdict(half <= LIMIT_MS),
        ])  # fmt: skip
    common.table(
        f"Pages on {answers(workspace):,} answers of four years, {requests} requests each",
        [
            "",
            "p50 ms",
            "p95 ms",
            "CPU ms",
            "queries",
            "GROUP BY ms",
            "ratio",
            "figures",
            f"p50 ≤ {LIMIT_MS}",
        ],
        rows,
    )


def answers(workspace: Any) -> int:
    from django_scopes import scope

    from surveys.models import Answer

    with scope(workspace=workspace):
        return Answer.objects.count()


def main() -> None:
    options = common.arguments(__doc__ or "")
    if folder := common.airport(options.shared):
        with common.own_data():
            common.set_up()
            common.command("migrate", "--verbosity", "0")
            measure(common.load_airport(folder), options.requests)


if __name__ == "__main__":
    main()
