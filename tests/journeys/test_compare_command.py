"""The comparison on the command line: the real figures, and what is refused."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cxm.models import Workspace
from tests.factories import QuestionFactory, SurveyFactory, answer
from tests.journeys import airport

NAMES = ("Airport customer survey 2016", "Airport customer survey 2017")
SECURITY = "How easy was passing through security and screening?"


def run(workspace: str, question: str, *surveys: str) -> dict[str, dict[str, str]]:
    out = StringIO()
    chosen = [part for name in surveys for part in ("--survey", name)]
    call_command("compare", workspace, "--question", question, *chosen, stdout=out)
    return {row["method"]: row for row in csv.DictReader(StringIO(out.getvalue()))}


@pytest.fixture
def real(shared: Path, db: None) -> Workspace:
    workspace = Workspace.objects.create(slug="airport", name="Airport")
    for year in (2016, 2017):
        airport.load(workspace, shared, year)
    # As an import does: a planner that believes the tables empty loops over all of both.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE surveys_response, surveys_answer")
    return workspace


def half(row: dict[str, str]) -> float:
    return (float(row["ci_high"]) - float(row["ci_low"])) / 2


def test_the_real_figures(real: Workspace) -> None:
    rows = run("airport", SECURITY.upper(), *NAMES)
    assert list(rows) == ["naive", "weighted", "clustered"]
    golden = {
        "naive": (4.1768, 4.3070, 0.130, 0.052),
        "weighted": (4.1896, 4.3256, 0.136, 0.057),
        "clustered": (4.1896, 4.3256, 0.136, 0.064),
    }
    for method, (a, b, change, plus_minus) in golden.items():
        row = rows[method]
        assert float(row["a"]) == pytest.approx(a, abs=5e-5)
        assert float(row["b"]) == pytest.approx(b, abs=5e-5)
        assert float(row["difference"]) == pytest.approx(change, abs=5e-4)
        assert half(row) == pytest.approx(plus_minus, abs=5e-4)
        assert (row["proven"], row["n_a"], row["n_b"]) == ("yes", "2641", "2407")
    food = run("airport", "Restaurants", *NAMES)
    expected = {"naive": (-0.016, 0.052), "weighted": (-0.034, 0.057), "clustered": (-0.034, 0.077)}
    for method, (change, plus_minus) in expected.items():
        assert float(food[method]["difference"]) == pytest.approx(change, abs=5e-4)
        assert half(food[method]) == pytest.approx(plus_minus, abs=5e-4)
        assert food[method]["proven"] == "no"


@pytest.fixture
def small(in_scope: Any) -> Any:
    """Two surveys with a rating, an NPS question, a rare one, and one on another scale."""
    asked = {}
    for name in ("First", "Second"):
        survey = SurveyFactory(workspace=in_scope, name=name)
        for key, text, kind, low, high in (
            ("q1", "How was the room?", "rating", 1, 5),
            ("q2", "Would you recommend us?", "nps", 0, 10),
            ("q3", "How was the sauna?", "rating", 1, 5),
            ("q4", "How was the bar?", "rating", 1, 5 if name == "First" else 7),
        ):
            asked[name, key] = QuestionFactory(
                workspace=in_scope, survey=survey, key=key, text=text, kind=kind,
                scale_min=low, scale_max=high,
            )  # fmt: skip
    for name, scores in (("First", (2, 3)), ("Second", (4, 5))):
        answer(asked[name, "q1"], *scores * 6)
        answer(asked[name, "q2"], *([9, 3] if name == "First" else [10, 9]) * 6, cluster="")
        answer(asked[name, "q3"], *scores * 2)
        answer(asked[name, "q4"], *scores * 6)
    return in_scope


def test_by_words_or_column_and_the_nps(small: Any) -> None:
    by_words = run("firm", "how was  the ROOM?", "First", "second")
    by_column = run("firm", "Q1", "First", "Second")
    assert by_words == by_column
    assert float(by_words["naive"]["difference"]) == pytest.approx(2)
    points = run("firm", "Would you recommend us?", "First", "Second")
    assert float(points["naive"]["a"]) == pytest.approx(0)
    assert float(points["weighted"]["b"]) == pytest.approx(100)


@pytest.mark.parametrize(
    ("question", "surveys", "words"),
    [
        ("How was the room?", ("First",), "exactly twice"),
        ("How was the room?", ("First", "Second", "First"), "exactly twice"),
        ("How was the room?", ("First", "first"), "same one"),
        ("How was the room?", ("First", "Third"), "There is: First, Second"),
        ("How was the rooms?", ("First", "Second"), "Near: “How was the room"),
        ("How was the bar?", ("First", "Second"), "another scale"),
        ("How was the sauna?", ("First", "Second"), "fewer than 5 answers"),
    ],
)
def test_refusals_are_told(small: Any, question: str, surveys: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("firm", question, *surveys)


def test_nowhere(db: None) -> None:
    with pytest.raises(CommandError, match="no workspace"):
        run("nowhere", "Restaurants", "A", "B")
