"""What every benchmark needs: a data folder of its own, the airport's answers, a table to print."""

import argparse
import contextlib
import csv
import io
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
YEARS = (2014, 2015, 2016, 2017)
WORKSPACE = "airport"


def arguments(description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--shared", type=Path, help="folder with the airport's answers")
    parser.add_argument("--requests", type=int, default=200, help="requests per page")
    parser.add_argument("--seconds", type=int, default=60, help="how long fifty people edit a map")
    parser.add_argument("--streams", type=int, default=1000, help="browsers that only listen")
    return parser.parse_args()


def airport(shared: Path | None) -> Path | None:
    """The folder of survey_2017.csv: FOLDER itself or below it; None (and said so) if absent."""
    for folder in [shared] if shared else [ROOT.parent / "shared"]:
        for found in (folder, folder / "data" / "airport"):
            if (found / "survey_2017.csv").is_file():
                return found
    print("not measured: the airport's answers are not here; name their folder with --shared")
    return None


def mapping(folder: Path, year: int) -> Path:
    """The mapping of one year: beside its answers, else ours."""
    beside = folder / f"survey_{year}.toml"
    return beside if beside.is_file() else HERE / beside.name


@contextlib.contextmanager
def own_data() -> Iterator[Path]:
    """A data folder with a private database that nobody else uses; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cxm-bench-", ignore_cleanup_errors=True) as name:
        # The database's own account must be able to pass through.
        os.chmod(name, 0o711)
        data = Path(name) / "data"
        (data / "static").mkdir(parents=True)
        os.environ["CXM_DATA"] = str(data)
        os.environ.pop("CXM_PG_FAST", None)
        yield data
        from cxm import postgres

        postgres.release(data)


def set_up() -> None:
    """Django and its database in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
    from cxm import postgres

    if not os.environ.get("DATABASE_URL"):
        postgres.ensure_running(postgres.data_folder())
    import django

    django.setup()


def command(*words: object) -> str:
    """Run a command of manage.py in this process; return what it prints."""
    from django.core.management import call_command

    out = io.StringIO()
    call_command(*map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def module(name: str, *words: object) -> str:
    """Run ``python -m name`` in a process of its own; return what it prints."""
    made = subprocess.run(
        [sys.executable, "-m", name, *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return made.stdout


def load_airport(folder: Path, years: Sequence[int] = YEARS) -> Any:
    """Catalogue, answers and journey of the airport; returns the workspace."""
    from django.db import connection

    from cxm.models import Workspace

    command("import_touchpoints", WORKSPACE, folder / "touchpoints.csv")
    for year in years:
        file = folder / f"survey_{year}.csv"
        command("import_responses", WORKSPACE, file, "--mapping", mapping(folder, year))
    command("import_journey", WORKSPACE, folder / "journey.toml")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute
    return Workspace.objects.get(slug=WORKSPACE)


def repeated(file: Path, column: str, times: int, target: Path) -> None:
    """The file several times over, each copy with ids of its own."""
    with file.open(newline="", encoding="utf-8-sig") as source:
        rows = list(csv.reader(source))
    at = rows[0].index(column)
    with target.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(rows[0])
        for number in range(times):
            for row in rows[1:]:
                writer.writerow([*row[:at], f"{number}-{row[at]}", *row[at + 1 :]])


def quantiles(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    return statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=20)[18] * 1000


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([row[0].ljust(len(first)), *rest]))
        if number == 0:
            print("  ".join("-" * width for width in widths))
    sys.stdout.flush()


def verdict(holds: bool) -> str:
    return "holds" if holds else "MISSED"
