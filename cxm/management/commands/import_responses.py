"""``manage.py import_responses WORKSPACE FILE --mapping FILE.toml [--dry-run]``"""

import argparse
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope

from cxm.management.workspace_command import WorkspaceCommand
from cxm.models import Workspace
from cxm.tabular import TableError
from journeys.editing import bind_question
from journeys.naming import steps_named
from surveys import histograms, imports
from surveys.importing import ErrorFile, ImportRefusedError, Result, import_responses
from surveys.mapping import Mapping, MappingError, parse_mapping
from surveys.models import Question

_SHOWN = 20


class Command(WorkspaceCommand):
    help = (
        "Import answers from a CSV or XLSX file. The workspace is made when it is new. Responses"
        " that are stored already are skipped, so a repeated import says 0 new and exits with 0;"
        " it exits with 1 when errors kept everything from being stored."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("workspace", help="slug of the workspace")
        parser.add_argument("file", type=Path, help="CSV or XLSX file")
        parser.add_argument("--mapping", type=Path, required=True, help="TOML file")
        parser.add_argument("--dry-run", action="store_true", help="count, store nothing")
        parser.add_argument("--errors", type=Path, help="write every cell error to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._import(**options)
        except MappingError as error:
            raise CommandError(f"{options['mapping']}:\n{error}") from error
        except (ImportRefusedError, TableError) as error:
            self._list_errors(error.result if isinstance(error, ImportRefusedError) else Result())
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self._list_errors(result)
        self._print(result, dry_run=options["dry_run"])

    def _import(
        self,
        *,
        workspace: str,
        file: Path,
        mapping: Path,
        dry_run: bool,
        errors: Path | None,
        **options: Any,
    ) -> Result:
        rules = parse_mapping(mapping.read_bytes())
        with ExitStack() as stack:
            content = stack.enter_context(file.open("rb"))
            sink = ErrorFile(stack.enter_context(errors.open("w", newline=""))) if errors else None
            table = imports.table_of(content, name=file.name, rule=rules.file)
            # One transaction with the workspace: a refused import leaves no empty one behind.
            with transaction.atomic():
                owner = self.existing_or_new(workspace)
                result = import_responses(
                    workspace=owner,
                    table=table,
                    mapping=rules,
                    dry_run=dry_run,
                    progress=self._progress,
                    on_error=sink,
                )
                transaction.set_rollback(dry_run)
        if not dry_run:
            histograms.fold(workspace_id=owner.pk)
            self._bind_steps(owner, rules, result)
        return result

    def _bind_steps(self, workspace: Workspace, rules: Mapping, result: Result) -> None:
        """That a question asks about a step is a row of the journeys."""
        with scope(workspace=workspace):
            questions = Question.objects.filter(survey__name=result.survey)
            for rule in rules.questions:
                steps = steps_named(rule.step) if rule.step else []
                if len(steps) == 1:
                    question = questions.get(key=rule.column)
                    bind_question(step=steps[0], actor=None, question=question)
                elif rule.step:
                    words = _("%(n)d steps are called “%(step)s”: column %(column)s is not bound.")
                    self.stderr.write(
                        words % {"n": len(steps), "step": rule.step, "column": rule.column}
                    )

    def _progress(self, rows: int) -> None:
        if self.stderr.isatty():
            words = ngettext("%(n)d line", "%(n)d lines", rows) % {"n": rows}
            self.stderr.write(f"\r{words}", ending="")

    def _list_errors(self, result: Result) -> None:
        if self.stderr.isatty():
            self.stderr.write("")
        for error in result.errors[:_SHOWN]:
            self.stderr.write(_("line %(error)s") % {"error": error})
        more = result.errors_total - _SHOWN
        if more > 0:
            words = ngettext("and %(n)d more cell", "and %(n)d more cells", more) % {"n": more}
            self.stderr.write(words)

    def _print(self, result: Result, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(_("Dry run: nothing was stored."))
        lines = (
            (_("Survey"), result.survey),
            (_("Lines read"), result.rows),
            (_("New responses"), result.responses_new),
            (_("Responses known already"), result.responses_known),
            (_("Lines left out"), result.rows_left_out),
            (_("New answers"), result.answers_new),
            (_("Scores and texts"), result.scored),
            (_("Never used"), result.never_used),
            (_("No answer"), result.no_answer),
            (_("Empty cells"), result.empty),
            (_("Cells with errors"), result.errors_total),
            (_("Touchpoints matched"), result.touchpoints),
        )
        for words, value in lines:
            self.stdout.write(f"{words}: {value}")
