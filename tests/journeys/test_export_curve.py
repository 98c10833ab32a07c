"""The curve on the command line: the real figures to four decimals, and what is refused."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cxm.models import Workspace
from tests.factories import (
    JourneyFactory,
    PhaseFactory,
    QuestionFactory,
    SegmentFactory,
    StepFactory,
    SurveyFactory,
    TouchpointFactory,
    answer,
    meet,
)
from tests.journeys import airport

# data/airport/README.md, 2017: steps that meet one touchpoint alone.
GOLDEN = {
    "Travel": ("2319", "162", "4.2104", "4.1736", "4.2472", "1.2104"),
    "Follow the road signs": ("1908", "791", "4.0084", "3.9689", "4.0479", "1.0084"),
    "Eat and drink": ("2421", "341", "3.6154", "3.5783", "3.6526", "0.6154"),
    "Use the Wi-Fi": ("2142", "592", "4.0798", "4.0372", "4.1225", "1.0798"),
    "Use the restrooms": ("2653", "105", "4.1312", "4.0982", "4.1642", "1.1312"),
    "Wait and board": ("2762", "21", "4.3946", "4.3676", "4.4217", "1.3946"),
}
WEIGHTED = {"Travel": ("4.2172", "1908.3"), "Eat and drink": ("3.6548", "2004.5")}


def run(*arguments: str) -> dict[str, dict[str, str]]:
    out = StringIO()
    call_command("export_curve", *arguments, stdout=out)
    return {row["step"]: row for row in csv.DictReader(StringIO(out.getvalue()))}


@pytest.fixture
def real(shared: Path, db: None) -> Workspace:
    workspace = Workspace.objects.create(slug="airport", name="Airport")
    airport.load(workspace, shared)
    return workspace


def test_the_real_figures(real: Workspace) -> None:
    rows = run("airport", "departing-from-the-airport", "--survey", "Airport customer survey 2017")
    names = ("n", "never_used", "mean", "ci_low", "ci_high", "emotion")
    for step, expected in GOLDEN.items():
        assert tuple(rows[step][name] for name in names) == expected, step
    drop = rows["Drop bags"]
    assert (drop["reason"], drop["mean"], drop["n"]) == ("never_asked", "", "")
    weighted = run("airport", "Departing from the airport", "--weighted")
    for step, (mean, n_eff) in WEIGHTED.items():
        assert (weighted[step]["mean"], weighted[step]["n_eff"]) == (mean, n_eff)
    business = run("airport", "Departing from the airport", "--segment", "Purpose=Business")
    assert 0 < int(business["Travel"]["n"]) < 2319


@pytest.fixture
def small(in_scope: Any) -> Any:
    touchpoint: Any = TouchpointFactory(workspace=in_scope)
    survey = SurveyFactory(workspace=in_scope, name="Guests")
    question = QuestionFactory(workspace=in_scope, survey=survey, touchpoint=touchpoint)
    phase = PhaseFactory(
        workspace=in_scope, journey=JourneyFactory(workspace=in_scope, slug="visit", title="Visit")
    )
    step: Any = StepFactory(workspace=in_scope, phase=phase, name="=Order")
    meet(step, touchpoint)
    groups: list[Any] = [SegmentFactory(workspace=in_scope, name=name) for name in ("A", "B", "C")]
    for group, n in zip(groups, (8, 6, 2), strict=True):
        answer(question, *([3, 4] * 4)[:n], segments=(group.pk,))
    return in_scope


def test_a_hidden_figure_is_empty_with_its_reason(small: Any) -> None:
    rows = run("firm", "visit", "--segment", "Purpose=A")
    # A formula in a name is exported inert.
    assert rows["'=Order"]["n"] == "8"
    out = StringIO()
    with pytest.raises(CommandError, match="No step"):
        call_command("export_curve", "firm", "visit", "--segment", "Purpose=B", stdout=out)
    (row,) = csv.DictReader(StringIO(out.getvalue()))
    assert (row["reason"], row["mean"], row["n"], row["reach"]) == ("complement", "", "", "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "visit"), "no workspace"),
        (("firm", "trip"), "no journey"),
        (("firm", "visit", "--survey", "Moon"), "There is: Guests"),
        (("firm", "visit", "--segment", "A"), "NAME=VALUE"),
        (("firm", "visit", "--segment", "Purpose=Z"), "no segment"),
    ],
)
def test_refusals_are_told(small: Any, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*arguments)
