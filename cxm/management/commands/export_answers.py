"""``export_answers WORKSPACE SURVEY FOLDER``: all responses as CSV, and the mapping beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify
from django_scopes import scope

from cxm.models import Workspace
from cxm.tabular import write_csv
from surveys.exporting import Book, load_book, mapping_of, wide_header, wide_rows
from surveys.mapping import write_mapping
from surveys.models import Survey
from surveys.results_selection import Selection


class Command(BaseCommand):
    help = (
        "Writes NAME.csv and NAME.toml; `import_responses WORKSPACE NAME.csv --mapping NAME.toml`"
        " stores the same answers again, here or in another workspace."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace", help="short name of the workspace")
        parser.add_argument("survey", help="name of the survey, or its number")
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            workspace = Workspace.objects.get(slug=options["workspace"])
        except Workspace.DoesNotExist as error:
            raise CommandError(f"There is no workspace “{options['workspace']}”.") from error
        with scope(workspace=workspace):
            book = load_book(_survey(options["survey"]), Selection(), with_portals=True)
            self.stdout.write(_write(book, options["folder"]))


def _survey(name: str) -> Survey:
    found = Survey.objects.select_related("workspace")
    survey = found.filter(name=name).first()
    if survey is None and name.isascii() and name.isdecimal():
        survey = found.filter(pk=int(name)).first()
    if survey is None:
        raise CommandError(f"The workspace has no survey “{name}”.")
    return survey


def _write(book: Book, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    name = slugify(book.survey.name) or "survey"
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        file.writelines(write_csv(wide_header(book), wide_rows(book), bom=True))
    (folder / f"{name}.toml").write_text(write_mapping(mapping_of(book)), encoding="utf-8")
    return f"{book.responses} responses in {folder / name}.csv, mapping {name}.toml"
