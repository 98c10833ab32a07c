"""A survey of 100,000 responses: its results page, and all its answers as a file.

    python -m benchmarks.answers_out [--requests 200]

The page is a whole request of a signed-in member, beside one plain GROUP BY over the same answers;
both must give the same counts and means. The export is the whole response of the server, read to
its end, beside a bare COPY of the joined rows; its memory is measured in a process of its own, for
a tenth of the responses and for all of them.
"""

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import common
from benchmarks.pages import WARM_UP, Numbers, group_by, queries_of, same, signed_in, timed

RESPONSES = 100_000
LIMIT_MS = 100
LEAST = 20_000  # answers per second
FLAT = 1.15  # memory for all of them, as a multiple of that for a tenth

ASKED = 6  # scales of five faces
PLAIN = """
    SELECT a.question_id, count(*), avg(a.score)::float8
    FROM surveys_answer a
    JOIN surveys_response r ON r.workspace_id = a.workspace_id AND r.id = a.response_id
    WHERE a.workspace_id = %(workspace)s AND a.status = 0 AND a.score IS NOT NULL
      AND r.source <> 'portal'
    GROUP BY 1
"""
COPY = """
    COPY (SELECT r.external_id, r.answered_on, r.source, r.language, r.weight, a.question_id,
                 a.status, a.score, a.raw
          FROM surveys_response r
          JOIN surveys_answer a ON a.workspace_id = r.workspace_id AND a.response_id = r.id
          WHERE r.survey_id = {survey}) TO STDOUT (FORMAT csv)
"""

# Two years, four sources, six places; every tenth leaves early and did not come to the end.
PEOPLE = """
    INSERT INTO surveys_response (workspace_id, id, survey_id, external_id, answered_on, source,
        language, weight, cluster, segments, link_id, version, is_complete)
    SELECT %(workspace)s, gen_random_uuid(), %(survey)s, n::text,
           date '2025-01-01' + (n * 700 / %(responses)s)::int,
           l.source, CASE WHEN n %% 3 = 0 THEN 'en' ELSE 'de' END, 1, '',
           ARRAY[(%(segments)s::bigint[])[1 + n %% 2]], l.id, 1 + (n * 3 / %(responses)s)::int,
           n %% 10 <> 0
    FROM generate_series(0, %(responses)s - 1) n
    JOIN (SELECT id, source, row_number() OVER (ORDER BY id) - 1 AS place FROM surveys_link
          WHERE survey_id = %(survey)s) l ON l.place = n %% %(places)s
"""
# A scale question: most answer, some skip, some never used it; means differ by question.
SCALE = """
    INSERT INTO surveys_answer (workspace_id, id, response_id, question_id, status, score, raw)
    SELECT workspace_id, gen_random_uuid(), id, %(question)s,
           CASE WHEN x < 0.03 THEN 2 WHEN x < 0.06 THEN 1 ELSE 0 END,
           CASE WHEN x >= 0.06 THEN y END,
           CASE WHEN x < 0.03 THEN '' WHEN x < 0.06 THEN 'never' ELSE y::text END
    FROM (SELECT workspace_id, id, random() AS x,
                 least(%(high)s, greatest(%(low)s,
                       round(random_normal(%(mean)s, %(spread)s))))::int AS y
          FROM surveys_response WHERE survey_id = %(survey)s
            AND (is_complete OR %(early)s)) people
"""
WORDS = """
    INSERT INTO surveys_answer (workspace_id, id, response_id, question_id, status, score, raw)
    SELECT workspace_id, gen_random_uuid(), id, %(question)s,
           CASE WHEN n %% 3 = 0 THEN 0 ELSE 2 END, NULL,
           CASE WHEN n %% 3 = 0 THEN 'Twenty minutes of waiting, then cake, ' || n ELSE '' END
    FROM (SELECT workspace_id, id, row_number() OVER () AS n
          FROM surveys_response WHERE survey_id = %(survey)s AND is_complete) people
"""


def fill(workspace: Any, name: str, responses: int) -> Any:
    """A survey of ten questions with so many responses, its histograms folded."""
    from django.db import connection
    from django_scopes import scope

    from surveys.histograms import fold
    from surveys.models import Link, Source, Survey
    from touchpoints.models import Segment

    with scope(workspace=workspace):
        survey = Survey.objects.create(
            workspace=workspace, name=name, language="de", source="qr", state="open"
        )
        questions = _questions(workspace, survey)
        sources = [Source.QR, Source.QR, Source.EMAIL, Source.KIOSK, Source.LINK, Source.QR]
        for number, source in enumerate(sources):
            Link.objects.create(
                workspace=workspace, survey=survey, source=source, name=f"Place {number}"
            )
        segments = [
            Segment.objects.get_or_create(workspace=workspace, dimension="Day", name=word)[0].pk
            for word in ("Weekday", "Weekend")
        ]
    with connection.cursor() as cursor:
        values = {"workspace": workspace.pk, "survey": survey.pk, "responses": responses}
        cursor.execute(PEOPLE, values | {"places": len(sources), "segments": segments})
        for statement, more in questions:
            cursor.execute(statement, values | more)
        cursor.execute(
            "INSERT INTO surveys_dirtyday (workspace_id, day) SELECT DISTINCT workspace_id,"
            " answered_on FROM surveys_response WHERE survey_id = %s ON CONFLICT DO NOTHING",
            [survey.pk],
        )
    fold(workspace_id=workspace.pk)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does within a minute
    return survey


def _questions(workspace: Any, survey: Any) -> list[tuple[str, dict[str, Any]]]:
    """Six scales of touchpoints, an NPS, a choice, several choices of four, and a text."""
    from surveys.models import Question
    from touchpoints.models import Touchpoint

    found: list[tuple[str, dict[str, Any]]] = []

    def ask(kind: str, statement: str = SCALE, **more: Any) -> Any:
        fields = {
            name: more.pop(name)
            for name in ("scale_min", "scale_max", "parent", "code", "options", "touchpoint")
            if name in more
        }
        number = len(found) + 1
        asked = Question.objects.create(
            workspace=workspace, survey=survey, key=f"q{number}", text=f"Question {number}?",
            kind=kind, position=number, **fields,
        )  # fmt: skip
        found.append((statement, {"question": asked.pk, "early": number < 4} | more))
        return asked

    for number in range(ASKED):
        place = Touchpoint.objects.create(
            workspace=workspace, name=f"Touchpoint {survey.pk}-{number}"
        )
        ask("faces", scale_min=1, scale_max=5, low=1, high=5, mean=3 + number / 4, spread=1,
            touchpoint=place)  # fmt: skip
    ask("nps", scale_min=0, scale_max=10, low=0, high=10, mean=8, spread=2)
    options = [{"code": code, "texts": {"de": f"Option {code}"}} for code in (1, 2, 3, 4)]
    ask("choice", options=options, low=1, high=4, mean=2, spread=1)
    several = Question.objects.create(
        workspace=workspace, survey=survey, key="several", text="Which of these?", kind="several",
        position=50, options=options,
    )  # fmt: skip
    for code in (1, 2, 3, 4):
        ask("option", parent=several, code=code, low=0, high=1, mean=0.4, spread=0.3)
    ask("text", WORDS)
    return found


def page_numbers(survey: Any) -> Numbers:
    from surveys.results import read_results

    return {
        row.question.pk: (row.estimate.n, row.estimate.mean)
        for row in read_results(survey).shown
        if row.estimate
    }


def measure_page(workspace: Any, survey: Any, requests: int) -> None:
    from django.urls import reverse
    from django_scopes import scope

    client = signed_in(workspace)
    kwargs = {"workspace": workspace.slug, "survey": survey.pk}
    results = reverse("surveys:results", kwargs=kwargs)
    news = reverse("surveys:results-news", kwargs=kwargs)
    comments = reverse("surveys:comments", kwargs=kwargs)

    def ask(address: str, wanted: int = 200) -> Callable[[], None]:
        def request() -> None:
            answer = client.get(address)
            if answer.status_code != wanted:
                raise SystemExit(f"{address} answered {answer.status_code}")

        return request

    from surveys.results_page import stamp

    with scope(workspace=workspace):
        shown, unchanged = page_numbers(survey), stamp(survey)
    plain = {key: row for key, row in group_by(PLAIN, workspace).items() if key in shown}
    reference = common.quantiles(timed(lambda: group_by(PLAIN, workspace), 5))[0]
    rows, june = [], "since=2025-06-01&until=2025-06-30"
    for name, request, limit in (
        ("Results page", ask(results), LIMIT_MS),
        ("Of one source and a month", ask(f"{results}?source=qr&{june}"), 0),
        ("Of one place, from the answers", ask(f"{results}?link={_first_link(survey)}"), 0),
        ("Anything new? (nothing)", ask(f"{news}?stamp={unchanged}", 204), 0),
        ("Comments", ask(comments), 0),
    ):  # fmt: skip
        times = requests if limit else max(requests // 10, 20)
        began = time.process_time()
        taken = timed(request, times)
        busy = (time.process_time() - began) / (times + WARM_UP) * 1000
        half, most = common.quantiles(taken)
        rows.append([
            name, f"{min(taken) * 1000:.1f}", f"{half:.1f}", f"{most:.1f}", f"{busy:.1f}",
            queries_of(request), f"{reference:.1f}",
            f"{half / reference:.2f}", same(shown, plain) if limit else "",
            common.verdict(half <= limit) if limit else "",
        ])  # fmt: skip
    common.table(
        f"Pages of a survey of {RESPONSES:,} responses",
        ["", "best ms", "p50 ms", "p95 ms", "CPU ms", "queries", "GROUP BY ms", "ratio", "figures",
         f"p50 ≤ {LIMIT_MS}"],
        rows,
    )  # fmt: skip


def _first_link(survey: Any) -> int:
    from django_scopes import scope

    from surveys.models import Link

    with scope(workspace=survey.workspace):
        return int(Link.objects.filter(survey=survey)[0].pk)


def export(workspace: Any, survey: int, name: str) -> dict[str, float]:
    """Read one export to its end: seconds, bytes, rows, and the peak memory of this process."""
    from django.urls import reverse

    client = signed_in(workspace)
    client.defaults.pop("HTTP_ACCEPT_ENCODING", None)
    address = reverse(f"surveys:{name}", kwargs={"workspace": workspace.slug, "survey": survey})
    before = peak_kb()
    began = time.perf_counter()
    response = client.get(address)
    size = lines = 0
    first = 0.0
    for chunk in response.streaming_content:
        first = first or time.perf_counter() - began
        size += len(chunk)
        lines += chunk.count(b"\n")
    return {
        "seconds": time.perf_counter() - began, "first": first, "bytes": size, "lines": lines - 1,
        "memory": (peak_kb() - before) / 1024,
    }  # fmt: skip


def peak_kb() -> int:
    """The most memory that this process held; rusage would tell that of the one that made it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def copy_seconds(survey: Any) -> float:
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor, cursor.copy(COPY.format(survey=survey.pk)) as rows:
        for _chunk in rows:
            pass
    return time.perf_counter() - began


def measure_exports(workspace: Any, small: Any, large: Any) -> None:
    from django_scopes import scope

    from surveys.models import Answer

    with scope(workspace=workspace):
        asked = large.questions.values("pk")
        answers = Answer.objects.filter(question_id__in=asked).count()
    reference = answers / copy_seconds(large)
    rows = []
    for name, ending in (
        ("export-answers", "CSV, a row per answer"),
        ("export-responses", "CSV, a row per response"),
        ("export-xlsx", "XLSX"),
        ("export-sav", "SPSS"),
    ):
        few, all_ = (
            json.loads(common.module("benchmarks.answers_out", "--export", name, survey.pk))
            for survey in (small, large)
        )
        rate, growth = answers / all_["seconds"], all_["memory"] / max(few["memory"], 1)
        is_flat = growth <= FLAT or all_["memory"] < few["memory"] + 8
        rows.append([
            ending, f"{answers:,}", f"{all_['seconds']:.1f}", f"{rate:,.0f}", f"{reference:,.0f}",
            f"{rate / reference:.2f}", f"{all_['first'] * 1000:.0f}",
            f"{few['memory']:.0f} → {all_['memory']:.0f}",
            common.verdict(is_flat and (rate >= LEAST or not ending.startswith("CSV"))),
        ])  # fmt: skip
    common.table(
        f"All answers of {RESPONSES:,} responses as a file",
        ["", "answers", "s", "per second", "COPY", "ratio", "first byte ms",
         "MB more, tenth → all", f"flat, CSV ≥ {LEAST:,}"],
        rows,
    )  # fmt: skip


def main() -> None:
    options = common.arguments(__doc__ or "")
    with common.own_data():
        common.set_up()
        common.command("migrate", "--verbosity", "0")
        from cxm.models import Workspace

        workspace = Workspace.objects.create(slug=common.WORKSPACE, name="Bench")
        small = fill(workspace, "A tenth", RESPONSES // 10)
        large = fill(workspace, "All", RESPONSES)
        measure_page(workspace, large, options.requests)
        measure_exports(workspace, small, large)


def child(name: str, survey: int) -> None:
    """One export in this process, which the data folder of the environment belongs to."""
    common.set_up()
    from cxm.models import Membership, User, Workspace

    workspace = Workspace.objects.get(slug=common.WORKSPACE)
    User.objects.filter(email="bench@firm.example").delete()
    Membership.objects.filter(user__isnull=True).delete()
    print(json.dumps(export(workspace, survey, name)))


if __name__ == "__main__":
    import sys

    if "--export" in sys.argv:
        child(sys.argv[2], int(sys.argv[3]))
    else:
        main()
