"""``manage.py add_member WORKSPACE EMAIL``: let a person in, the first one included."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from cxm.management.workspace_command import WorkspaceCommand
from cxm.models import Membership, Role, User


class Command(WorkspaceCommand):
    help = (
        "Give a person a role in a workspace; both are created when they are new. A new person"
        " gets a password, which is printed once. Others are invited on the page Members."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", help="address of the workspace")
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMIN.value)
        parser.add_argument("--name", default="", help="the person's name, when they are new")

    @transaction.atomic
    def handle(self, *args: Any, workspace: str, email: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email}: {error.messages[0]}") from error
        found = self.existing_or_new(workspace)
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            password = secrets.token_urlsafe(12)
            person = User.objects.create_user(email, password, name=options["name"])
            self.stdout.write(f"{person.email}  password: {password}")
        Membership.objects.update_or_create(
            workspace=found, user=person, defaults={"role": options["role"]}
        )
        self.stdout.write(f"{person.email} is {options['role']} of {found.slug}.")
