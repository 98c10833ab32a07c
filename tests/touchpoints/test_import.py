"""Touchpoints from tables and into them: preview, confirmation, command line, export."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.urls import reverse
from django_scopes import scope, scopes_disabled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxm.models import Workspace
from cxm.tabular import TableError
from tests.factories import ChannelFactory, MembershipFactory, TouchpointFactory, UserFactory
from touchpoints import importing, words
from touchpoints.models import Channel, Touchpoint

pytestmark = pytest.mark.django_db

GOOD = """name,media_type,channel,owner
Shop,owned,on site,Sales
Search ad,paid,Online,
"""


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return Path(settings.MEDIA_ROOT)


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"touchpoints:{name}", kwargs={"workspace": "firm"} | kwargs)


def upload(client: Any, content: str | bytes, name: str = "t.csv") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(url("import"), {"file": SimpleUploadedFile(name, raw)})


def stored() -> list[tuple[str, str, str, str]]:
    with scopes_disabled():
        rows = Touchpoint.objects.select_related("channel").order_by("name")
        return [(r.name, r.media_type, r.channel.name if r.channel else "", r.owner) for r in rows]


def plan(text: str) -> importing.Plan:
    return importing.plan(io.BytesIO(text.encode()))


# ---------- reading ----------


def test_german_heads_and_values_without_case(in_scope: Any) -> None:
    outcome = plan(
        "KONTAKTPUNKT;Medienart;Kontakt;Zeitpunkt;Einfluß\nLaden;EIGEN;Direkt;vor;Geteilt\n"
    )
    (change,) = outcome.new
    assert change.name == "Laden"
    assert {one.field: one.new for one in change.fields} == {
        "media_type": "owned",
        "contact": "direct",
        "stage": "before",
        "influence": "shared",
    }


def test_every_written_word_is_read() -> None:
    for field in words.FIELDS:
        assert words.field_of(field) == field
        assert words.field_of(str(words.FIELDS[field])) == field
    for field in ("media_type", "contact", "stage", "influence", "lifecycle"):
        for value in words.known_values(field):
            assert words.value_of(field, value) == value


def test_missing_columns_and_empty_choices_leave_values(in_scope: Any) -> None:
    TouchpointFactory(workspace=in_scope, name="Shop", owner="Sales", stage="after")
    assert plan("name\nshop\n").unchanged
    assert plan("name,stage\nShop,\n").unchanged
    (change,) = plan("name,owner,stage\nShop,,before\n").changed
    assert [(one.field, one.old, one.new) for one in change.fields] == [
        ("owner", "Sales", ""),
        ("stage", "after", "before"),
    ]


def test_faults_name_line_and_column(in_scope: Any) -> None:
    outcome = plan(f"name,Medienart,owner\nA,free,\n,paid,\nB,paid,{'x' * 121}\nC,,\nc,,\n")
    assert [(f.line, f.column) for f in outcome.faults] == [
        (2, "Medienart"),
        (3, "name"),
        (4, "owner"),
        (6, "name"),
    ]
    assert not outcome.can_run


def test_unknown_columns_are_named(in_scope: Any) -> None:
    assert plan("name,Colour,Budget\nA,red,3\n").ignored == ["Colour", "Budget"]


@pytest.mark.parametrize(
    "text", ["", "owner\nSales\n", "name,Kontaktpunkt\nA,B\n", "name,owner\nA,\0\n"]
)
def test_no_table(in_scope: Any, text: str) -> None:
    with pytest.raises(TableError):
        plan(text)


def test_one_fault_stores_nothing(in_scope: Any) -> None:
    outcome = importing.run(io.BytesIO(b"name,media_type\nA,paid\nB,free\n"), workspace=in_scope)
    assert outcome.faults
    assert stored() == []


CELL = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="İΣς"
    ),
    max_size=20,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            CELL.filter(words.tidied), CELL, CELL, st.sampled_from(["paid", "owned", "earned"])
        ),
        max_size=5,
        unique_by=lambda row: words.tidied(row[0]).lower(),
    )
)
def test_what_is_exported_reads_back_as_unchanged(in_scope: Any, rows: Any) -> None:
    from cxm.tabular import write_csv

    Touchpoint.objects.all().delete()
    Channel.objects.all().delete()
    head = ["name", "owner", "channel", "media_type"]
    raw = "".join(write_csv(head, rows, bom=True)).encode()
    first = importing.run(io.BytesIO(raw), workspace=in_scope)
    assert len(first.new) == Touchpoint.objects.count() == len(rows)
    again = importing.run(io.BytesIO(raw), workspace=in_scope)
    assert (again.new, again.changed, len(again.unchanged)) == ([], [], len(rows))
    kept = [
        [importing.stored(row, field) for field in words.FIELDS]
        for row in Touchpoint.objects.select_related("channel")
    ]
    out = "".join(write_csv(list(words.FIELDS), kept, bom=True)).encode()
    assert len(importing.plan(io.BytesIO(out)).unchanged) == len(rows)


# ---------- pages ----------


def test_upload_preview_confirm(sign_in: Any, workspace: Any, uploads: Path) -> None:
    with scope(workspace=workspace):
        TouchpointFactory(workspace=workspace, name="Shop", owner="Nobody")
    client = sign_in("admin")
    assert client.get(url("import")).status_code == 200
    answer = upload(client, GOOD)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert [change["name"] for change in page.context["new"]] == ["Search ad"]
    assert "<del>Nobody</del>" in text
    assert "<ins>Sales</ins>" in text
    assert stored() == [("Shop", "owned", "", "Nobody")]
    token = page.context["token"]
    assert client.post(url("import-run", token=token)).status_code == 302
    assert stored() == [
        ("Search ad", "paid", "Online", ""),
        ("Shop", "owned", "on site", "Sales"),
    ]
    assert list((uploads / "previews").iterdir()) == []
    assert client.post(url("import-run", token=token)).status_code == 404


def test_confirming_compares_anew(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    token = client.get(upload(client, GOOD)["Location"]).context["token"]
    with scope(workspace=workspace):
        ChannelFactory(workspace=workspace, name="ONLINE")
        TouchpointFactory(workspace=workspace, name="shop")
    client.post(url("import-run", token=token))
    assert stored() == [
        ("Search ad", "paid", "ONLINE", ""),
        ("shop", "owned", "on site", "Sales"),
    ]


def test_faults_are_shown_and_cannot_be_stored(sign_in: Any, workspace: Any) -> None:
    client = sign_in("admin")
    page = client.get(upload(client, "name,media_type\nShop,free\n")["Location"])
    assert "“free” is not known" in page.content.decode()
    assert client.post(url("import-run", token=page.context["token"])).status_code == 422
    assert stored() == []


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a;b\n1;2\n", b"name\n\0\n", b"PK\x03\x04"])
def test_a_file_that_is_no_table(sign_in: Any, workspace: Any, content: bytes) -> None:
    answer = upload(sign_in("admin"), content)
    assert answer.status_code == 422
    assert stored() == []


def test_no_file(sign_in: Any, workspace: Any) -> None:
    answer = sign_in("admin").post(url("import"))
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()


def test_xlsx(sign_in: Any, workspace: Any) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(csv.reader(io.StringIO(GOOD))):
            sheet.write_row(line, 0, row)
    client = sign_in("admin")
    page = client.get(upload(client, target.getvalue(), "t.xlsx")["Location"])
    client.post(url("import-run", token=page.context["token"]))
    assert len(stored()) == 2


def test_a_preview_belongs_to_one_person(sign_in: Any, workspace: Any, client: Any) -> None:
    token = client.get(upload(sign_in("admin"), GOOD)["Location"]).context["token"]
    other = MembershipFactory(workspace=workspace, user=UserFactory(), role="admin").user
    client.force_login(other)
    assert client.get(url("import-check", token=token)).status_code == 404
    assert client.post(url("import-run", token=token)).status_code == 404
    assert client.get(url("import-check", token="guess")).status_code == 404


def test_a_preview_belongs_to_one_workspace(
    sign_in: Any, workspace: Any, other_workspace: Any
) -> None:
    client = sign_in("admin")
    MembershipFactory(
        workspace=other_workspace, user=UserFactory._meta.model.objects.get(), role="admin"
    )
    token = client.get(upload(client, GOOD)["Location"]).context["token"]
    elsewhere = reverse("touchpoints:import-run", args=["rival", token])
    assert client.post(elsewhere).status_code == 404
    assert stored() == []


@pytest.mark.parametrize(("role", "status"), [("marketer", 403), ("outsider", 404)])
def test_who_may_not_import(sign_in: Any, workspace: Any, role: str, status: int) -> None:
    client = sign_in(role)
    assert upload(client, GOOD).status_code == status
    assert client.post(url("import-run", token="x")).status_code == status


# ---------- export ----------


def test_export_csv_of_what_is_filtered(sign_in: Any, workspace: Any) -> None:
    TouchpointFactory(workspace=workspace, name="=cmd()", media_type="paid")
    TouchpointFactory(workspace=workspace, name="Shop", owner="Öl")
    client = sign_in("analyst")
    raw = client.get(url("export") + "?media=paid&format=csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw)))
    assert [(row["name"], row["media_type"]) for row in rows] == [("'=cmd()", "paid")]
    whole = client.get(url("export")).getvalue().decode("utf-8-sig")
    assert "Öl" in whole


def test_export_xlsx(sign_in: Any, workspace: Any) -> None:
    TouchpointFactory(workspace=workspace, name="=cmd()")
    raw = sign_in("analyst").get(url("export") + "?format=xlsx").getvalue()
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert sheet is not None
    assert sheet["A2"].value == "=cmd()"
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("outsider", 404)])
def test_who_may_not_export(sign_in: Any, workspace: Any, role: str, status: int) -> None:
    assert sign_in(role).get(url("export")).status_code == status


# ---------- command line ----------


def test_command_makes_the_workspace_once(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "t.csv"
    file.write_text(GOOD)
    call_command("import_touchpoints", "new-firm", str(file))
    assert capsys.readouterr().out.strip() == "2 new, 0 changed, 0 unchanged"
    call_command("import_touchpoints", "new-firm", str(file))
    assert capsys.readouterr().out.strip() == "0 new, 0 changed, 2 unchanged"
    assert Workspace.objects.get().slug == "new-firm"


@pytest.mark.parametrize(
    ("slug", "content"),
    [("new", "name,media_type\nA,paid\nB,free\n"), ("new", ""), ("no slug", GOOD)],
)
def test_command_with_errors_leaves_nothing(tmp_path: Path, slug: str, content: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(content)
    with pytest.raises(CommandError):
        call_command("import_touchpoints", slug, str(file))
    assert not Workspace.objects.exists()


def test_command_without_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_touchpoints", "new", str(tmp_path / "away.csv"))


def test_the_airport_imports(shared: Path, capsys: Any) -> None:
    call_command("import_touchpoints", "airport", str(shared / "touchpoints.csv"))
    assert capsys.readouterr().out.strip() == "23 new, 0 changed, 0 unchanged"
    with scopes_disabled():
        reviews = Touchpoint.objects.get(name="Online reviews")
    assert (reviews.media_type, reviews.influence, reviews.owner) == ("earned", "none", "")


def test_letters_of_two_signs_are_the_same_letter(in_scope: Any) -> None:
    TouchpointFactory(workspace=in_scope, name="Café")
    assert plan("name,Zusta\u0308ndig\nCafe\u0301,\n").unchanged


def test_a_name_that_only_the_server_finds_equal(
    in_scope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(importing, "_store", refuse)
    with pytest.raises(TableError, match="capitals"):
        importing.run(io.BytesIO("name\nΟΔΟΣ\nοδοσ\n".encode()), workspace=in_scope)
