"""The map as TOML: from the command line and back."""

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope, scopes_disabled
from hypothesis import given
from hypothesis import strategies as st

from cxm.models import Workspace
from journeys import importing
from journeys.models import Event, Journey
from journeys.outline import Outline, PhaseOutline, StepOutline, outline_of
from tests.factories import TouchpointFactory

MAP = """
title = "Visit"
[[phase]]
name = "During"
steps = [
  { name = "Order", touchpoints = ["counter"], assumed = 0.5 },
  { name = "Wait", touchpoints = [] },
]
"""


@pytest.fixture
def catalogue(in_scope: Any) -> None:
    TouchpointFactory(workspace=in_scope, name="Counter")


def run(path: Path, text: str | bytes, workspace: str = "firm") -> str:
    path = path / "map.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = StringIO()
    call_command("import_journey", workspace, str(path), stdout=out)
    return out.getvalue()


def test_import_creates_and_repeats_without_change(catalogue: None, tmp_path: Path) -> None:
    assert "created with 2 steps" in run(tmp_path, MAP)
    assert "nothing changed" in run(tmp_path, MAP)
    journey = Journey.objects.get()
    assert Event.objects.count() == 1
    steps = outline_of(journey).phases[0].steps
    assert steps[0] == StepOutline("Order", ("Counter",), Decimal("0.5"))
    assert "replaced" in run(tmp_path, MAP.replace("Wait", "Queue"))


def test_a_new_workspace_is_created(db: None, tmp_path: Path) -> None:
    run(tmp_path, 'title = "Empty"\n[[phase]]\nname = "One"\nsteps = []\n', "new-firm")
    workspace = Workspace.objects.get(slug="new-firm")
    with scope(workspace=workspace):
        assert Journey.objects.get().title == "Empty"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MAP.replace("counter", "Moon"), "no touchpoint of this name: Moon"),
        (MAP.replace("0.5", "2.5"), "Order: assumed is 2.5, which is not between −2 and +2"),
        (MAP.replace("0.5", "nan"), "not between"),
        (MAP.replace("0.5", '"high"'), "must be a number"),
        (MAP.replace("assumed", "believed"), "unknown key “believed”"),
        (MAP.replace('title = "Visit"', ""), "title: the name is missing"),
        ('title = "Visit"', "[[phase]] is missing"),
        ("title = ", "not TOML"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        ("a = " + "[" * 5000, "not TOML"),
    ],
)
def test_mistakes_are_told_and_nothing_is_stored(
    catalogue: None, tmp_path: Path, text: str | bytes, words: str
) -> None:
    with pytest.raises(CommandError, match=r"(?s).*") as told:
        run(tmp_path, text)
    assert words in str(told.value)
    assert not Journey.objects.exists()


def test_everything_is_told_at_once(catalogue: None, tmp_path: Path) -> None:
    text = MAP.replace('"counter"', '"Moon", "Mars"').replace("0.5", "9")
    with pytest.raises(CommandError) as told:
        run(tmp_path, text)
    assert "Moon, Mars" in str(told.value)
    assert "Order: assumed is 9" in str(told.value)


def test_a_mistake_creates_no_workspace(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        run(tmp_path, MAP, "brand-new")
    assert not Workspace.objects.filter(slug="brand-new").exists()


def test_a_missing_file_and_a_bad_address(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_journey", "firm", str(tmp_path / "none.toml"))
    with pytest.raises(CommandError, match="no good"):
        run(tmp_path, MAP, "no good")


def test_the_real_map(shared: Path, db: None) -> None:
    workspace = Workspace.objects.create(slug="airport", name="Airport")
    with scope(workspace=workspace):
        lines = (shared / "touchpoints.csv").read_text().splitlines()[1:]
        for line in lines:
            TouchpointFactory(workspace=workspace, name=line.split(",")[0])
        call_command("import_journey", "airport", str(shared / "journey.toml"), stdout=StringIO())
        outline = outline_of(Journey.objects.get())
        assert [len(phase.steps) for phase in outline.phases] == [3, 2, 1, 4, 2]
        assert importing.read(importing.written(outline).encode(), workspace=workspace) == outline


names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(
    lambda text: text == text.strip() and text.strip() != ""
)
values = st.none() | st.decimals(-2, 2, places=2, allow_nan=False)
steps = st.builds(StepOutline, names, st.just(()), values)
phases = st.builds(PhaseOutline, names, st.lists(steps, max_size=4).map(tuple))


@given(st.builds(Outline, names, st.lists(phases, max_size=4).map(tuple)))
def test_what_was_written_reads_the_same(outline: Outline) -> None:
    problems: list[str] = []
    table = importing._parsed(importing.written(outline).encode())
    assert importing._outline(table, problems) == outline
    assert not problems


@pytest.fixture(autouse=True)
def _any_scope(request: pytest.FixtureRequest) -> Any:
    if "catalogue" in request.fixturenames:
        request.getfixturevalue("catalogue")
        yield
    else:
        with scopes_disabled():
            yield
