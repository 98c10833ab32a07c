"""What the commands about one workspace share: a ready database, and the workspace by its slug."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cxm.models import Workspace


class WorkspaceCommand(BaseCommand):
    """A command that also works as the very first one: it brings the schema up to date."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        return super().execute(*args, **options)

    def existing(self, slug: str) -> Workspace:
        """The workspace of this slug. Raises ``CommandError`` where there is none."""
        found = Workspace.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no workspace “{slug}”.")
        return found

    def existing_or_new(self, slug: str) -> Workspace:
        """The workspace of this slug, created when it is new: call it in a transaction."""
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError(f"{slug}: {error.messages[0]}") from error
        if len(slug) > 60:
            raise CommandError(f"{slug}: longer than 60 characters.")
        name = slug.replace("-", " ").replace("_", " ").strip().capitalize() or slug
        return Workspace.objects.get_or_create(slug=slug, defaults={"name": name})[0]
