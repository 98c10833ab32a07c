"""``manage.py export_curve WORKSPACE JOURNEY``: the numbers of an emotion curve as CSV."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django_scopes import scope

from cxm.management.workspace_command import WorkspaceCommand
from cxm.models import Workspace
from cxm.tabular import write_csv
from journeys import curve_rows, selection
from journeys.curve import CurveReading, read_curve
from journeys.models import Journey
from journeys.selection import Choices, Selection


class Command(WorkspaceCommand):
    help = "Write the emotion curve of a journey as CSV: one row per step."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", help="address of the workspace")
        parser.add_argument("journey", help="address or title of the journey")
        parser.add_argument("--segment", metavar="NAME=VALUE", help='such as "Purpose=Business"')
        parser.add_argument("--survey", metavar="NAME", help="the answers of one survey alone")
        parser.add_argument("--weighted", action="store_true", help="with the survey's weights")

    def handle(self, *args: Any, workspace: str, journey: str, **options: Any) -> None:
        found = self.existing(workspace)
        with scope(workspace=found):
            reading = self._read(found, journey, options)
        for line in write_csv(curve_rows.heads(reading), curve_rows.rows(reading)):
            self.stdout.write(line, ending="")
        if not reading.curve.shown:
            raise CommandError("No step has enough answers for a figure.")

    def _read(self, workspace: Workspace, name: str, options: dict[str, Any]) -> CurveReading:
        journeys = Journey.objects.filter(workspace=workspace)
        journey = journeys.filter(slug=name).first() or journeys.filter(title=name).first()
        if journey is None:
            raise CommandError(f"There is no journey “{name}” in {workspace.slug}.")
        choices = selection.load_choices(workspace)
        selected = Selection(
            surveys=_survey(options["survey"], choices),
            segment=_segment(options["segment"], choices),
            weighted=options["weighted"],
        )
        return read_curve(workspace=workspace, journey=journey, selected=selected, choices=choices)


def _survey(name: str | None, choices: Choices) -> tuple[int, ...]:
    if not name:
        return ()
    found = tuple(survey.pk for survey in choices.surveys if survey.name == name)
    if not found:
        names = ", ".join(survey.name for survey in choices.surveys) or "none"
        raise CommandError(f"There is no survey “{name}”. There is: {names}.")
    return found


def _segment(text: str | None, choices: Choices) -> int | None:
    if not text:
        return None
    dimension, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"“{text}” is not NAME=VALUE.")
    for segment in choices.segments:
        if (segment.dimension, segment.name) == (dimension.strip(), value.strip()):
            return segment.pk
    raise CommandError(f"There is no segment “{text}”.")
