"""How fast answers come in, beside a bare COPY of the same rows, and how much memory it takes.

    python -m benchmarks.imports [--shared FOLDER]

The importer reads the file, checks every cell, matches touchpoints and segments and stores. The
reference has all of that behind it: finished tuples, written by psycopg's COPY into empty tables
with the same indexes in the same database.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import common

YEARS = (2016, 2017)
COLUMNS = {
    "surveys_response": (
        "workspace_id, id, survey_id, external_id, answered_on, source, language, weight, cluster,"
        " customer_id, segments, import_id"
    ),
    "surveys_answer": "workspace_id, id, response_id, question_id, status, score, raw",
}
TIMES = 10
# What a file ten times as long may need more, of allocators' noise alone.
NOISE_MB = 8.0


def peak_mb() -> float:
    """The most memory this process ever held; ru_maxrss would count the parent's as well."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def import_once(words: Sequence[str]) -> None:
    """In a process of its own: import one file, print seconds and memory as JSON."""
    workspace, file, mapping = words
    common.set_up()
    from django.db import connection

    connection.ensure_connection()
    folding = timed_fold()
    before = peak_mb()
    began = time.perf_counter()
    common.command("import_responses", workspace, file, "--mapping", mapping)
    took = time.perf_counter() - began
    found = {"seconds": took, "folding": sum(folding), "before": before, "peak": peak_mb()}
    print(json.dumps(found))


def timed_fold() -> list[float]:
    """From now on the seconds of every folding of histograms, which the command does at its end."""
    from surveys import histograms

    plain, seconds = histograms.fold, []

    def fold(*, workspace_id: int) -> int:
        began = time.perf_counter()
        days = plain(workspace_id=workspace_id)
        seconds.append(time.perf_counter() - began)
        return days

    histograms.fold = fold
    return seconds


def measured(workspace: str, file: Path, mapping: Path) -> dict[str, float]:
    words = ("--one", workspace, file, mapping)
    result: dict[str, float] = json.loads(common.module("benchmarks.imports", *words))
    return result


def answers_in(workspace: str) -> int:
    from django_scopes import scope

    from cxm.models import Workspace
    from surveys.models import Answer

    owner = Workspace.objects.get(slug=workspace)
    with scope(workspace=owner):
        return Answer.objects.count()


def copied() -> tuple[float, int]:
    """Seconds and answers of a bare COPY of everything that is stored now."""
    from django.db import connection, transaction

    rows: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for name, columns in COLUMNS.items():
            cursor.execute(f"SELECT {columns} FROM {name}")
            rows[name] = cursor.fetchall()
            cursor.execute(f"CREATE TABLE bench_{name} (LIKE {name} INCLUDING ALL)")
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, columns in COLUMNS.items():
            with cursor.copy(f"COPY bench_{name} ({columns}) FROM STDIN") as copy:
                for row in rows[name]:
                    copy.write_row(row)
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        for name in COLUMNS:
            cursor.execute(f"DROP TABLE bench_{name}")
    return took, len(rows["surveys_answer"])


def speed(folder: Path) -> None:
    """Both files into an empty workspace, three times; the median counts."""
    whole, stored, answers = [], [], 0
    for number in range(3):
        workspace = f"speed-{number}"
        common.command("import_touchpoints", workspace, folder / "touchpoints.csv")
        runs = [
            measured(workspace, folder / f"survey_{year}.csv", common.mapping(folder, year))
            for year in YEARS
        ]
        whole.append(sum(run["seconds"] for run in runs))
        stored.append(sum(run["seconds"] - run["folding"] for run in runs))
        answers = answers_in(workspace)
    bare = sorted(seconds / rows for seconds, rows in (copied() for _ in range(3)))[1] * answers

    def row(name: str, seconds: float) -> list[str]:
        ratio = bare / seconds
        held = common.verdict(ratio >= 1 / 3) if ratio != 1 else ""
        return [name, f"{answers / seconds:,.0f}", f"{seconds:.2f}", f"{ratio:.2f}", held]

    common.table(
        f"Import of {' and '.join(map(str, YEARS))}: {answers:,} answers",
        ["", "answers/s", "seconds", "of COPY", "at least 1/3"],
        [
            row("import_responses: read, check, store", sorted(stored)[1]),
            row("... and fold the histograms", sorted(whole)[1]),
            row("bare COPY", bare),
        ],
    )


def memory(folder: Path, scratch: Path) -> None:
    """Peak memory of the file as it is and ten times over."""
    rows, peaks = [], []
    mapping = common.mapping(folder, 2017)
    for times in (1, TIMES):
        file = scratch / f"times-{times}.csv"
        common.repeated(folder / "survey_2017.csv", "RESPNUM", times, file)
        workspace = f"memory-{times}"
        common.command("import_touchpoints", workspace, folder / "touchpoints.csv")
        run = measured(workspace, file, mapping)
        peaks.append(run["peak"])
        rows.append([
            f"survey_2017.csv × {times}", f"{file.stat().st_size / 1e6:.1f}",
            f"{run['before']:.0f}", f"{run['peak']:.0f}", f"{run['peak'] / peaks[0]:.2f}",
            f"{answers_in(workspace) / run['seconds']:,.0f}",
            common.verdict(run["peak"] <= peaks[0] + NOISE_MB) if times > 1 else "",
        ])  # fmt: skip
    common.table(
        "Memory of one import",
        ["", "file MB", "before MB", "peak MB", "ratio", "answers/s", "no more"],
        rows,
    )


def main() -> None:
    options = common.arguments(__doc__ or "")
    if folder := common.airport(options.shared):
        with common.own_data() as data:
            common.set_up()
            common.command("migrate", "--verbosity", "0")
            speed(folder)
            memory(folder, data)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        import_once(sys.argv[2:])
    else:
        main()
