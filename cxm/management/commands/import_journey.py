"""``manage.py import_journey WORKSPACE FILE.toml``: draw the map that a file describes."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from cxm.management.workspace_command import WorkspaceCommand
from journeys import editing, importing


class Command(WorkspaceCommand):
    help = (
        "Read a journey map (TOML) into a workspace. Importing the same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", help="address of the workspace; created when it is new")
        parser.add_argument("file", type=Path, help="the map: phases, steps, their touchpoints")

    def handle(self, *args: Any, workspace: str, file: Path, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(self._import(workspace, data))

    @transaction.atomic
    def _import(self, slug: str, data: bytes) -> str:
        """Nothing is created, not even the workspace, when the file has a mistake."""
        workspace = self.existing_or_new(slug)
        with scope(workspace=workspace):
            try:
                outline = importing.read(data, workspace=workspace)
            except importing.JourneyFileError as error:
                raise CommandError(str(error)) from error
            journey, event = editing.import_journey(
                workspace=workspace, actor=None, outline=outline
            )
        steps = sum(len(phase.steps) for phase in outline.phases)
        words = {
            None: _("%(title)s: nothing changed, %(steps)s steps."),
            "journey-created": _("%(title)s: created with %(steps)s steps."),
            "journey-replaced": _("%(title)s: replaced, %(steps)s steps."),
        }[event.what if event else None]
        return words % {"title": journey.title, "steps": steps}
