"""Facts can be distributed by workspace: the schema keeps what docs/decisions.md promises."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django_scopes.exceptions import ScopeError

from touchpoints.models import Fact

pytestmark = pytest.mark.django_db

FACTS = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Fact))


def rows(query: str, *params: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def test_the_facts_are_known() -> None:
    assert FACTS == [
        "surveys_answer",
        "surveys_filling",
        "surveys_histogram",
        "surveys_response",
        "touchpoints_contact",
        "touchpoints_customer",
    ]


@pytest.mark.parametrize("table", FACTS)
def test_every_key_of_a_fact_begins_with_the_workspace(table: str) -> None:
    keys = rows(
        "SELECT i.indisprimary, array_agg(a.attname ORDER BY k.nr)"
        " FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, nr)"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
        " WHERE i.indrelid = %s::regclass AND i.indisunique GROUP BY i.indexrelid, i.indisprimary",
        table,
    )
    assert [columns for primary, columns in keys if primary] == [["workspace_id", "id"]]
    assert all("workspace_id" in columns for _, columns in keys)


@pytest.mark.parametrize("table", FACTS)
def test_no_foreign_key_and_no_trigger_touches_a_fact(table: str) -> None:
    assert not rows(
        "SELECT conname FROM pg_constraint WHERE contype = 'f'"
        " AND (conrelid = %s::regclass OR confrelid = %s::regclass)",
        table,
        table,
    )
    assert not rows("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", table)


def test_every_row_of_a_workspace_says_so_and_fails_without_scope() -> None:
    exempt = {"Workspace", "User", "Membership"}
    for app in ("cxm", "touchpoints", "surveys", "journeys"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in exempt or model._meta.auto_created:
                continue
            assert "workspace" in {f.name for f in model._meta.get_fields()}, model
            with pytest.raises(ScopeError):
                model._default_manager.count()
