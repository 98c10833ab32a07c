"""``manage.py import_touchpoints WORKSPACE FILE``: a CSV or XLSX file into the catalogue."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django_scopes import scope

from cxm.management.workspace_command import WorkspaceCommand
from cxm.tabular import TableError
from touchpoints import importing


class Command(WorkspaceCommand):
    help = "Store the touchpoints of a CSV or XLSX file. WORKSPACE is created when it is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace", help="the workspace's slug")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        slug: str = options["workspace"]
        try:
            with path.open("rb") as file, transaction.atomic():
                outcome = self._stored(slug, file, path.name)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except TableError as error:
            raise CommandError(error.message) from error
        for head in outcome.ignored:
            self.stderr.write(f"Column {head!r} is not known and was left out.")
        self.stdout.write(
            f"{len(outcome.new)} new, {len(outcome.changed)} changed,"
            f" {len(outcome.unchanged)} unchanged"
        )

    def _stored(self, slug: str, file: Any, name: str) -> importing.Plan:
        workspace = self.existing_or_new(slug)
        with scope(workspace=workspace):
            outcome = importing.run(file, workspace=workspace, name=name)
        for fault in outcome.faults:
            self.stderr.write(f"line {fault.line}, {fault.column}: {fault.message}")
        if outcome.faults:
            # Raised inside of the transaction: a workspace made for this file goes with it.
            raise CommandError("Nothing was stored.")
        return outcome
