"""Whatever is uploaded and whatever a form says: words, or the defined errors, and nothing half."""

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_scopes import scope
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cxm.tabular import TableError
from surveys import imports, vendors
from surveys.columns import Draft, Profile, found, mapping_of, profile, suggest
from surveys.columns.pages import BECOMES
from surveys.import_views import _change
from surveys.importing import ImportRefusedError
from surveys.mapping import FileRule, MappingError, parse_mapping, write_mapping
from surveys.models import Answer, Response
from tests.factories import UserFactory
from tests.surveys.vendors import samples

FIELDS = ("becomes", "touchpoint", "text", "low", "high", "never", "none", "name", "values",
          "format", "prefix", "scores", "times", "separator", "other", "month")  # fmt: skip
SAID = st.one_of(
    st.text(max_size=20),
    st.sampled_from([*dict(BECOMES), "own", "1", "-5", "9" * 400, "A = 5\nB = x", ";", "%d/%m/%Y",
                     "%", "Coffee\nCake", "1 = en", "=", "2026-01"]),
)  # fmt: skip


def drafted(key: str) -> tuple[Draft, Profile]:
    rule = FileRule(vendor=key, left_out=vendors.VENDORS[key].left_out)
    reading = vendors.read(io.BytesIO(samples.EVERY[key]), name="f", rule=rule)
    looked = profile(reading.table)
    hints = vendors.hints(reading.heads)
    return suggest(looked, earlier=[], touchpoints=[], name="f", hints=hints), looked


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_any_form_leads_to_a_mapping_or_to_words(data: st.DataObject) -> None:
    draft, looked = drafted(data.draw(st.sampled_from(list(samples.EVERY))))
    columns = st.integers(0, len(looked.columns) + 1)
    names = st.tuples(columns, st.sampled_from(FIELDS)).map(lambda pair: f"c{pair[0]}-{pair[1]}")
    form = data.draw(st.dictionaries(names, SAID, max_size=8))
    _change(draft, looked, form)
    for column in looked.columns:
        choice = draft.choices[column.name]
        said = found(column, choice, rows=looked.looked_at, touchpoints=set())
        assert said.words
    again = Draft.of_json(draft.as_json())
    assert again == draft
    with contextlib.suppress(MappingError):
        mapping = mapping_of(draft, FileRule())
        assert parse_mapping(write_mapping(mapping)) == mapping


@pytest.mark.parametrize("field", ["low", "high", "times", "scores"])
def test_numbers_beyond_all_scales_are_refused_at_once(field: str) -> None:
    for size in (9, 400, 4000):
        draft, looked = drafted("portal")
        said = "9" * size if field != "scores" else "5 = " + "9" * size
        _change(draft, looked, {f"c2-{field}": said})
        column = looked.columns[2]
        choice = draft.choices[column.name]
        assert found(column, choice, rows=3, touchpoints=set()).level == "err"
        with pytest.raises(MappingError):
            mapping_of(draft, FileRule())


@pytest.mark.django_db
@given(st.data())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)
def test_any_file_is_stored_whole_or_refused(
    workspace: Any, uploads: Path, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(list(samples.EVERY)))
    lines = samples.EVERY[key].splitlines(keepends=True)
    extra = data.draw(st.lists(st.lists(st.text(max_size=6), max_size=28), max_size=3))
    broken = data.draw(st.binary(max_size=12))
    content = b"".join(lines) + samples.as_csv(extra) + broken
    with scope(workspace=workspace):
        Answer.objects.all().delete()
        Response.objects.all().delete()
        try:
            run = imports.receive(
                workspace=workspace,
                user=UserFactory(),
                file=SimpleUploadedFile(f"{key}.csv", content),
                mapping=None,
                rule=FileRule(),
            )
            imports.keep_draft(run, imports.draft_in(run))
            result = imports.read_into(run, dry_run=False) if run.mapping else None
        except (TableError, ImportRefusedError):
            result = None
        stored = Response.objects.count()
        assert stored == (result.responses_new if result else 0)
        imports.forget_file(run) if result else None
