"""The steps of one import through the pages: uploaded, decided, checked, queued, stored."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cxm.models import User, Workspace
from cxm.tabular import Table, TableError, read_table
from surveys import vendors
from surveys.columns import Draft, Profile, draft_of, mapping_of, profile, suggest
from surveys.importing import ErrorFile, ImportRefusedError, Result, import_responses
from surveys.mapping import FileRule, Mapping, MappingError, parse_mapping, write_mapping
from surveys.models import Import, SavedMapping
from touchpoints.merging import spoken_names

WAITING = (Import.State.QUEUED, Import.State.RUNNING)
OPEN = (Import.State.UPLOADED, Import.State.FAILED, Import.State.STOPPED)
_KEPT_DAYS = 7


def table_of(file: Any, *, name: str, rule: FileRule) -> Table:
    """A file read as a mapping says. Raises TableError."""
    if own := vendors.own_form(file):
        rule = replace(rule, vendor=own)
    if rule.vendor:
        return vendors.read(file, name=name, rule=rule).table
    return read_table(
        file,
        name=name,
        encoding=rule.encoding,
        delimiter=rule.delimiter,
        header_rows=rule.header_rows,
    )


def recognised(file: Any, *, name: str, rule: FileRule) -> FileRule:
    """The rule with the tool that the file looks like an export of. Raises TableError."""
    if own := vendors.own_form(file):
        return replace(rule, vendor=own, left_out=())
    if rule.vendor or rule.header_rows != 1:
        return rule
    found = vendors.recognise(vendors.first_lines(file, name=name, rule=rule))
    return replace(rule, vendor=found[0].key, left_out=found[0].left_out) if found else rule


def receive(
    *,
    workspace: Workspace,
    user: User,
    file: "UploadedFile[Any]",
    mapping: Mapping | None,
    rule: FileRule,
) -> Import:
    """Keep an uploaded file until it is stored, with a first draft. Raises TableError."""
    name = (file.name or "").replace("\0", "")[:255]
    rule = rule if mapping else recognised(file, name=name, rule=rule)
    run = Import(workspace=workspace, created_by=user, file_name=name)
    _look_into(run, file, rule, mapping)
    if mapping and mapping.is_exact:
        # Our own export: the mapping says everything, and choosing anew would lose some of it.
        run.mapping = write_mapping(mapping)
        run.result["exact"] = True
    file.seek(0)
    # The person's file name never becomes a path.
    run.file.save(f"{uuid.uuid4().hex}.table", file)
    return run


def read_again(run: Import, rule: FileRule) -> None:
    """Look into the file anew, as of another tool or with other rows left out.

    Choices stay where the columns do. Raises TableError; then nothing changes.
    """
    before, header = draft_in(run), profile_of(run).header
    with _opened(run) as file:
        own = vendors.own_form(file)
        _look_into(run, file, replace(rule, vendor=own) if own else rule, None)
    if profile_of(run).header == header:
        run.result["draft"] = before.as_json()
    run.mapping = ""
    run.save(update_fields=["result", "mapping", "rows_total"])


def _look_into(run: Import, file: Any, rule: FileRule, mapping: Mapping | None) -> None:
    """Count what is in the columns, and draft what they become."""
    name = run.file_name
    reading = vendors.read(file, name=name, rule=rule) if rule.vendor else None
    looked = profile(reading.table if reading else table_of(file, name=name, rule=rule))
    if reading and rule.left_out and not looked.rows and reading.marked:
        # Somebody tries it out with previews only: then they are what there is.
        _look_into(run, file, replace(rule, left_out=()), mapping)
        return
    draft = draft_of(mapping, looked.header) if mapping else _draft(run, looked, rule, reading)
    run.rows_total = looked.rows
    run.result = {
        "profile": looked.as_json(),
        "draft": draft.as_json(),
        "rule": vars(rule),
        "marked": reading.marked if reading else {},
        "heading": reading.table.header_rows if reading else rule.header_rows,
        "missing": [c for c in mapping.columns if c not in looked.header] if mapping else [],
    }


def _draft(run: Import, looked: Profile, rule: FileRule, reading: vendors.Reading | None) -> Draft:
    # A column "Q1" of another tool is another question.
    earlier = [found for found in earlier_mappings() if found.file.vendor == rule.vendor]
    if reading:
        for mapping in earlier:
            if vendors.is_same_survey(mapping, reading.heads):
                return draft_of(mapping, looked.header)
    draft = suggest(
        looked,
        earlier=[] if reading else earlier,
        touchpoints=spoken_names(run.workspace_id),
        name=Path(run.file_name).stem.replace("_", " ")[:160],
        hints=vendors.hints(reading.heads) if reading else None,
    )
    draft.language = run.workspace.language
    if reading:
        draft.source = vendors.VENDORS[rule.vendor].source
        draft.name = reading.heads.title or draft.name
        draft.by_content = not draft.columns("id")
    return draft


def earlier_mappings() -> Iterator[Mapping]:
    """Mappings of this workspace from the newest, those that still can be read."""
    texts = [
        *Import.objects.filter(state=Import.State.DONE).values_list("mapping", flat=True)[:5],
        *SavedMapping.objects.order_by("-updated_at").values_list("toml", flat=True)[:20],
    ]
    for text in texts:
        try:
            yield parse_mapping(text)
        except MappingError:
            continue


def profile_of(run: Import) -> Profile:
    return Profile.of_json(run.result["profile"])


def draft_in(run: Import) -> Draft:
    return Draft.of_json(run.result["draft"])


def rule_of(run: Import) -> FileRule:
    plain = run.result["rule"]
    return FileRule(**{**plain, "left_out": tuple(plain.get("left_out", ()))})


def keep_draft(run: Import, draft: Draft) -> None:
    """Store the choices; a mapping that is complete is kept beside them."""
    run.result["draft"] = draft.as_json()
    run.result.pop("check", None)
    try:
        run.mapping = write_mapping(mapping_of(draft, rule_of(run)))
    except MappingError:
        run.mapping = ""
    run.save(update_fields=["result", "mapping"])


def errors_file(run: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / f"{run.pk}-errors.csv"


@contextmanager
def errors_written(run: Import) -> Iterator[ErrorFile]:
    """A sink that writes every cell error of a run into its CSV file."""
    path = errors_file(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield ErrorFile(file)


def _opened(run: Import) -> Any:
    try:
        return run.file.open("rb")
    except (OSError, ValueError) as error:
        raise TableError(_("The uploaded file is gone. Upload it again.")) from error


def read_into(run: Import, *, dry_run: bool, **options: Any) -> Result:
    """Import the file of a run. Raises TableError, ImportRefusedError, ImportStoppedError."""
    mapping = parse_mapping(run.mapping)
    with _opened(run) as file, errors_written(run) as sink:
        return import_responses(
            workspace=run.workspace,
            table=table_of(file, name=run.file_name, rule=mapping.file),
            mapping=mapping,
            dry_run=dry_run,
            on_error=sink,
            **options,
        )


def check(run: Import) -> None:
    """Count everything without storing it, and keep the counts for the page."""
    problems: list[str] = []
    try:
        result = read_into(run, dry_run=True)
    except ImportRefusedError as error:
        result, problems = error.result, error.problems
    except TableError as error:
        result, problems = Result(), [error.message]
    run.result["check"] = result.as_json() | {"problems": problems}
    run.save(update_fields=["result"])


def start(run: Import) -> bool:
    """Queue a checked run; False when it is not open any more."""
    from surveys.tasks import import_file

    with transaction.atomic():
        changed = Import.objects.filter(pk=run.pk, state__in=OPEN).update(
            state=Import.State.QUEUED, rows_done=0, message="", finished_at=None
        )
        if changed:
            import_file.defer(import_id=run.pk)
    return bool(changed)


def stop(run: Import) -> bool:
    """Ask a waiting or running import to end; nothing of it is stored then."""
    return bool(
        Import.objects.filter(pk=run.pk, state__in=WAITING).update(
            state=Import.State.STOPPED, finished_at=timezone.now()
        )
    )


def forget_file(run: Import) -> None:
    """Delete the uploaded file and what was seen in its columns."""
    if run.file:
        run.file.delete(save=False)
    Import.objects.filter(pk=run.pk).update(file="")


def discard(run: Import) -> None:
    """Delete a run that is not under way, with its files. Stored answers stay."""
    forget_file(run)
    errors_file(run).unlink(missing_ok=True)
    run.delete()


def forget_old(now: dt.datetime) -> int:
    """Delete uploads that nobody finished within a week; return how many.

    Also what a killed process left of finished ones, and lists of errors of that age.
    """
    limit = now - dt.timedelta(days=_KEPT_DAYS)
    old = Import.objects.filter(created_at__lt=limit)
    for run in old.filter(state=Import.State.DONE):
        forget_file(run)
        errors_file(run).unlink(missing_ok=True)
    for run in (unfinished := list(old.filter(state__in=OPEN))):
        discard(run)
    return len(unfinished)


def save_mapping(*, workspace: Workspace, name: str, toml: str) -> SavedMapping:
    """Keep a mapping under a name; one of that name is replaced."""
    saved, _made = SavedMapping.objects.update_or_create(
        workspace=workspace, name=name, defaults={"toml": toml}
    )
    return saved
