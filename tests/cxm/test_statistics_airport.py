"""The published answers of an airport's passengers: every figure to four decimals."""

import csv
import math
import re
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from cxm.statistics import (
    Clusters,
    Difference,
    Histogram,
    Scale,
    bonferroni_interval,
    clustered_difference,
    mean_estimate,
    nps,
    reach,
    weighted_difference,
    welch,
)

Answers = list[tuple[float, float, str]]


@pytest.fixture(scope="module")
def airport(shared: Path) -> Path:
    return shared if (shared / "golden.py").exists() else shared / "data" / "airport"


def read(airport: Path, year: int, column: str) -> tuple[Answers, int, dict[str, Any]]:
    """The scored answers of a column (score, weight, run), never used, and its mapping."""
    mapping = tomllib.loads((airport / f"survey_{year}.toml").read_text())
    question = next(q for q in mapping["question"] if q["column"] == column)
    low, high = question["scale"]
    answers: Answers = []
    never = 0
    with (airport / f"survey_{year}.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            value = row[column].strip()
            if not value.lstrip("-").isdigit():
                continue
            if int(value) in question.get("never_used", []):
                never += 1
            elif low <= int(value) <= high and int(value) not in question.get("no_answer", []):
                answers.append((int(value), float(row["WEIGHT"]), row["RUNID"]))
    return answers, never, question


def histogram(answers: Answers, never: int = 0) -> Histogram:
    scores, weights = [x for x, _, _ in answers], [w for _, w, _ in answers]
    return Histogram.from_answers(scores, weights, never_used=never)


def clusters(answers: Answers) -> Clusters:
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    for x, w, run in answers:
        sums[run][0] += 1
        sums[run][1] += w
        sums[run][2] += w * x
    rows = [(int(n), w, wx) for n, w, wx in sums.values()]
    return Clusters.from_rows(rows, total_w2=math.fsum(w * w for _, w, _ in answers))


def golden(airport: Path) -> dict[str, list[str]]:
    """The table of the data's own description, by question."""
    text = (airport / "README.md").read_text()
    rows = re.findall(r"^\| ([A-Z0-9]+) \| (.*) \|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in rest.split("|")] for name, rest in rows}


def test_every_figure_of_2017_comes_out(airport: Path) -> None:
    table = golden(airport)
    assert len(table) == 22
    for column, cells in table.items():
        if column == "NPS":
            continue
        answers, never, question = read(airport, 2017, column)
        found = histogram(answers, never)
        plain, weighted = mean_estimate(found), mean_estimate(found, weighted=True)
        expected = [float(cell) for cell in cells]
        scale = Scale(*question["scale"])
        assert [found.n, found.never_used] == expected[:2]
        got = [plain.mean, plain.ci_low, plain.ci_high, scale.emotion(plain.mean)]
        got += [weighted.mean, weighted.se]
        assert [round(value, 4) for value in got] == expected[2:8], column
        assert round(weighted.n_eff, 1) == expected[8]
        emotions = mean_estimate(found.to_emotion(scale))
        assert round(emotions.mean, 4) == expected[5]


def test_the_nps_of_2017_comes_out(airport: Path) -> None:
    answers, _, _ = read(airport, 2017, "NETPRO")
    found = nps(histogram(answers))
    got = [found.n, round(found.value, 2), round(found.ci_low, 2), round(found.ci_high, 2)]
    assert got == [2746, 39.84, 37.22, 42.45]


def test_reach_comes_out(airport: Path) -> None:
    for column, expected in (("Q7AIRTRAIN", 53.9), ("Q7LTPARKING", 31.5)):
        answers, never, _ = read(airport, 2017, column)
        found = reach(histogram(answers, never))
        assert found is not None
        assert round(100 * found.share, 1) == expected


def steps(airport: Path, column: str) -> list[Difference]:
    a, b = read(airport, 2016, column)[0], read(airport, 2017, column)[0]
    clustered = clustered_difference(clusters(a), clusters(b))
    return [
        welch(histogram(a), histogram(b)),
        weighted_difference(histogram(a), histogram(b)),
        clustered,
        bonferroni_interval(clustered, 18),
    ]


def test_security_got_better_however_strictly_we_ask(airport: Path) -> None:
    found = steps(airport, "Q14PASSTHRU")
    assert [round(step.a, 4) for step in found[:2]] == [4.1768, 4.1896]
    assert [round(step.b, 4) for step in found[:2]] == [4.3070, 4.3256]
    assert [round(step.difference, 3) for step in found] == [0.130, 0.136, 0.136, 0.136]
    assert [round(step.half_width, 3) for step in found] == [0.052, 0.057, 0.064, 0.098]
    assert all(step.proven for step in found)


def test_restaurants_did_not_change(airport: Path) -> None:
    found = steps(airport, "Q7FOOD")
    assert [round(step.difference, 3) for step in found] == [-0.016, -0.034, -0.034, -0.034]
    assert [round(step.half_width, 3) for step in found] == [0.052, 0.057, 0.077, 0.118]
    assert not any(step.proven for step in found)
