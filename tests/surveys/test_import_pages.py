"""The pages of an import: every step works, is refused with words, and is closed to others."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from surveys import imports
from surveys.models import Import, Response, SavedMapping, Survey
from tests.surveys.import_steps import TOML, at, checked, file, fresh, upload, with_mapping

pytestmark = pytest.mark.usefixtures("uploads")


def test_the_first_step_asks_for_a_file(client_of: Client) -> None:
    page = client_of.get(at("import-upload")).content.decode()
    assert 'type="file"' in page
    assert "Which file holds the answers?" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"file": ""}, "This field is required"),
        ({"file": file(b"%PDF-1.4 x")}, "is a PDF file"),
        ({"file": file("a,a\n1,2")}, "Two columns are called"),
        ({"file": file("a,b\n1,2,3")}, "Line 2 has 3 cells"),
        ({"toml": file("x = 1")}, "unknown key"),
        ({"encoding": "klingon"}, "Select a valid choice"),
        ({"saved": "999"}, "Select a valid choice"),
        ({"header_rows": "0"}, "greater than or equal to 1"),
    ],
)
def test_an_upload_that_cannot_be_read_says_why(
    client_of: Client, fields: dict[str, Any], words: str
) -> None:
    if fields.get("file"):
        fields["file"].seek(0)
    response = client_of.post(at("import-upload"), {"file": file(), "header_rows": 1} | fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    with scopes_disabled():
        assert not Import.objects.exists()


def test_a_mapping_of_another_workspace_cannot_be_chosen(
    client_of: Client, other_workspace: Any
) -> None:
    with scope(workspace=other_workspace):
        foreign = SavedMapping.objects.create(workspace=other_workspace, name="x", toml=TOML)
    response = client_of.post(at("import-upload"), {"file": file(), "saved": foreign.pk})
    assert response.status_code == 422


def test_columns_are_suggested_and_found_in_words(client_of: Client) -> None:
    page = client_of.get(at("import-columns", upload(client_of))).content.decode()
    assert "40 different, none empty" in page
    assert "Which month and year?" in page
    assert "Counted as a 10, NPS would read" in page
    assert "Could identify people" in page
    assert re.search(r'id="c2-touchpoint"[^>]*value="Coffee bar"', page)
    assert 'name="check" value="1" disabled' in page


def test_a_changed_column_comes_back_with_the_new_counts(client_of: Client) -> None:
    run = upload(client_of)
    response = client_of.post(
        at("import-columns", run) + "?row=c1",
        {"c1-becomes": "date", "c1-month": "2026-03"},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<tr id="c1"')
    assert "March 1, 2026 to March 28, 2026" in page
    assert 'id="totals" hx-swap-oob="true"' in page
    assert 'value="1" disabled' not in page
    assert imports.draft_in(fresh(run)).choices["day"].prefix == "2026-03-"


@pytest.mark.parametrize("field", ["name", "language", "day", "c1-format", "c1-prefix"])
def test_a_nul_is_left_out_of_what_a_form_says(client_of: Client, field: str) -> None:
    run = upload(client_of)
    assert client_of.post(at("import-columns", run), {field: "a\0b"}).status_code == 302
    assert "\0" not in str(imports.draft_in(fresh(run)))


def test_without_script_the_form_does_the_same(client_of: Client) -> None:
    run = upload(client_of)
    form = {"c4-becomes": "segment", "c4-name": "Why", "c4-values": "1 = Work\n0 = Fun",
            "name": "Spring", "source": "qr", "c1-month": "2026-03", "c2-is_reversed-shown": "1",
            "c2-is_reversed": "on", "c99-becomes": "id", "cx-becomes": "id"}  # fmt: skip
    assert client_of.post(at("import-columns", run) + "?show=look", form).status_code == 302
    draft = imports.draft_in(fresh(run))
    assert (draft.name, draft.source) == ("Spring", "qr")
    assert draft.choices["why"].labels == {"1": "Work", "0": "Fun"}
    assert draft.choices["Coffee bar"].is_reversed
    page = client_of.get(at("import-columns", run)).content.decode()
    assert "Fun 20" in page
    assert "Work 20" in page


@pytest.mark.parametrize("show", ["", "look", "out"])
def test_the_columns_can_be_filtered(client_of: Client, show: str) -> None:
    run = upload(client_of)
    page = client_of.get(at("import-columns", run) + f"?show={show}").content.decode()
    assert ('id="c0"' in page) == (show == "")
    assert ('id="c5"' in page) == (show != "look")


def test_an_undecided_file_cannot_be_checked(client_of: Client) -> None:
    run = upload(client_of)
    response = client_of.post(
        at("import-columns", run), {"check": "1", "c0-becomes": "", "c1-becomes": "out"}
    )
    assert response.status_code == 422
    assert "1 column to decide" in response.content.decode()


def test_the_check_shows_errors_by_line_and_column(client_of: Client) -> None:
    run = checked(client_of)
    page = client_of.get(at("import-check", run)).content.decode()
    assert "3 cells will be left empty" in page
    assert "is not in 0 to 10 and no code" in page
    errors = client_of.get(at("import-errors", run))
    text = b"".join(errors.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.startswith("Line,Column,Value,Problem")
    assert "12,nps,11," in text
    with scopes_disabled():
        assert not Response.objects.exists()
        assert not Survey.objects.exists()


def test_a_refused_check_says_why_and_cannot_be_stored(client_of: Client, workspace: Any) -> None:
    run = with_mapping(client_of)
    client_of.post(at("import-columns", run), {"check": "1", "c2-touchpoint": "Moon"})
    page = client_of.get(at("import-check", run)).content.decode()
    assert "no touchpoint “Moon”" in page
    assert "disabled" in page
    client_of.post(at("import-start", run))
    assert fresh(run).state == Import.State.UPLOADED


def test_a_mapping_is_saved_downloaded_reused_and_removed(client_of: Client) -> None:
    run = checked(client_of)
    assert client_of.post(at("mapping-save", run), {"name": ""}).status_code == 422
    client_of.post(at("mapping-save", run), {"name": "Guests"})
    client_of.post(at("mapping-save", run), {"name": "Guests"})
    with scopes_disabled():
        saved = SavedMapping.objects.get()
    kept = reverse("surveys:mapping", kwargs={"workspace": "firm", "mapping": saved.pk})
    download = client_of.get(kept)
    assert "attachment" in download["Content-Disposition"]
    assert download.content == client_of.get(at("import-mapping", run)).content
    again = upload(client_of, saved=saved.pk)
    assert again.result["draft"] == fresh(run).result["draft"]
    assert list(imports.draft_in(again).choices)[2:4] == ["Coffee bar", "nps"]
    removal = reverse("surveys:mapping-removal", kwargs={"workspace": "firm", "mapping": saved.pk})
    assert client_of.post(removal).status_code == 302
    assert client_of.get(kept).status_code == 404


def test_an_undecided_import_has_no_mapping_to_hand_out(client_of: Client) -> None:
    run = upload(client_of)
    assert client_of.get(at("import-mapping", run)).status_code == 404
    assert client_of.post(at("mapping-save", run), {"name": "x"}).status_code == 404


def test_a_file_name_never_becomes_a_path(client_of: Client, uploads: Path) -> None:
    run = upload(client_of, file=file(name="../../evil.csv"))
    assert Path(run.file.path).parent == uploads / "imports"
    assert os.sep not in run.file_name


RUN_PAGES = [
    ("get", "import-columns"), ("post", "import-columns"), ("get", "import-check"),
    ("get", "import-errors"), ("post", "import-start"), ("get", "import-run"),
    ("post", "import-stop"), ("post", "import-removal"), ("post", "mapping-save"),
    ("get", "import-mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "name"), RUN_PAGES)
def test_another_workspaces_import_does_not_exist(
    client_of: Client, sign_in: Callable[..., Client], other_workspace: Any, method: str, name: str
) -> None:
    run = checked(client_of)
    stranger = sign_in("admin", other_workspace)
    assert getattr(stranger, method)(at(name, run, "rival")).status_code == 404
    assert getattr(stranger, method)(at(name, run)).status_code == 404
    assert fresh(run).state == Import.State.UPLOADED


@pytest.mark.parametrize(("method", "name"), [*RUN_PAGES, ("get", "import-upload")])
def test_a_viewer_may_not_import(
    client_of: Client, sign_in: Callable[..., Client], method: str, name: str
) -> None:
    run = None if name == "import-upload" else checked(client_of)
    viewer = sign_in("viewer")
    assert getattr(viewer, method)(at(name, run)).status_code == 403


@pytest.mark.parametrize("name", ["import-start", "import-stop", "import-removal", "mapping-save"])
def test_looking_never_changes_anything(client_of: Client, name: str) -> None:
    assert client_of.get(at(name, checked(client_of))).status_code == 405
