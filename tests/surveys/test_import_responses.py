"""The command ``import_responses``: counts, words, refusals, and a kill halfway."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_scopes import scope, scopes_disabled

from cxm.models import Workspace
from journeys.models import StepQuestion
from surveys.models import Response
from tests.factories import PhaseFactory, StepFactory
from tests.surveys.guests import HEADER, MAPPING, ROW


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW}\n2,2026-03-01,,,,,,,9,,\n")
    (tmp_path / "a.toml").write_text(MAPPING.replace('touchpoint = "coffee BAR"\n', ""))
    return tmp_path


def run(files: Path, slug: str = "new-firm", **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    options = {"mapping": files / "a.toml"} | options
    call_command("import_responses", slug, str(files / "a.csv"), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_the_command_makes_the_workspace_and_prints_counts(files: Path) -> None:
    out, err = run(files, errors=files / "errors.csv")
    assert "New responses: 2" in out
    assert "line 3, coffee: “9” is not in 1 to 5" in err
    assert "3,coffee,9," in (files / "errors.csv").read_text()
    assert Workspace.objects.get(slug="new-firm").name == "New firm"
    assert "New responses: 0" in run(files)[0]


@pytest.mark.django_db
def test_a_dry_run_of_the_command_leaves_no_workspace(files: Path) -> None:
    assert "nothing was stored" in run(files, dry_run=True)[0]
    assert not Workspace.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "%PDF-1.4", "PDF"),
        ("a.csv", "id,day\n1,2026-03-01", "no column"),
        ("a.csv", f"{HEADER}\n,2026-03-01,,,,,,,5,,", "No line could be stored"),
        ("a.toml", "x = 1", "unknown key"),
    ],
)
def test_the_command_fails_with_words(files: Path, name: str, content: str, words: str) -> None:
    (files / name).write_text(content)
    with pytest.raises(CommandError, match=words):
        run(files)


@pytest.mark.django_db
def test_the_command_refuses_a_slug_and_a_missing_file(files: Path) -> None:
    with pytest.raises(CommandError, match="slug"):
        run(files, slug="a b")
    with pytest.raises(CommandError, match="No such file"):
        run(files, mapping=files / "missing.toml")


@pytest.mark.django_db
def test_a_step_named_in_the_mapping_is_bound(files: Path) -> None:
    mapping = files / "a.toml"
    text = mapping.read_text().replace("scale = [1, 5]", 'scale = [1, 5]\nstep = "Drink"')
    mapping.write_text(text)
    assert "0 steps are called “Drink”: column coffee is not bound" in run(files)[1]
    workspace = Workspace.objects.get(slug="new-firm")
    with scope(workspace=workspace):
        phase = PhaseFactory(workspace=workspace, journey__title="Visit")
        StepFactory(workspace=workspace, phase=phase, name="Drink")
    run(files)
    with scope(workspace=workspace):
        assert StepQuestion.objects.get().question.key == "coffee"
    mapping.write_text(text.replace('"Drink"', '"Visit / drink"'))
    assert "called" not in run(files)[1]


@pytest.mark.django_db
def test_a_folder_is_no_file(files: Path) -> None:
    (files / "a.csv").unlink()
    (files / "a.csv").mkdir()
    with pytest.raises(CommandError, match=r"a\.csv: Is a directory$"):
        run(files)


_SLOW = """
import os, sys, time
import django
django.setup()
from django.core.management import call_command
from surveys.importing import storing
plain = storing.copy
def copy(cursor, statement, lines):
    plain(cursor, statement, lines)
    print("copied", flush=True)
    time.sleep(60)
storing.copy = copy
call_command("import_responses", "new-firm", sys.argv[1], f"--mapping={sys.argv[2]}")
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_killed_midway_leaves_nothing_and_can_be_repeated(files: Path) -> None:
    name = connection.settings_dict["NAME"]
    script = _SLOW.replace(
        "django.setup()",
        f"django.setup()\nfrom django.conf import settings\nfrom django.db import connection\n"
        f"connection.settings_dict['NAME'] = {name!r}",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(files / "a.csv"), str(files / "a.toml")],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "cxm.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "copied\n"
    process.kill()
    process.wait()
    process.stdout.close()
    with scopes_disabled():
        assert not Response.objects.exists()
        assert not Workspace.objects.exists()
    assert "New responses: 2" in run(files)[0]
    with scopes_disabled():
        assert Response.objects.count() == 2
