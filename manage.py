#!/usr/bin/env python
"""The command line of CXM."""

import os
import sys

from cxm import processes
from cxm.postgres import PostgresError, data_folder, ensure_running

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "version",
}


def needs_database(arguments: list[str]) -> bool:
    """Tell whether the command of these arguments works with the database."""
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_DATABASE


def main() -> None:
    """Start the private PostgreSQL where the command needs it, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxm.settings")
    processes.end_orderly()
    processes.follow_parent()
    server = os.environ.get("DATABASE_URL", "")
    if server and not server.startswith(("postgres://", "postgresql://")):
        sys.exit("DATABASE_URL names no PostgreSQL server: it begins with postgres://")
    if needs_database(sys.argv[1:]) and not server:
        try:
            ensure_running(data_folder())
        except PostgresError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        # What the server itself reports has a code; without one there was no connection.
        if getattr(error.__cause__, "sqlstate", None):
            raise
        sys.exit(f"The database cannot be reached: {str(error).strip()}")


if __name__ == "__main__":
    main()
