"""manage.py load_sample: the sample workspace "Café am Markt" and a person per role."""

import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cxm.management.sample import NotASampleError, load_sample


class Command(BaseCommand):
    help = 'Loads the sample workspace "Café am Markt" (invented content; loading twice is once).'

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="build the sample anew")
        parser.add_argument(
            "--today",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day after the newest answer (default: today)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or timezone.localdate()
        try:
            sample = load_sample(today=today, reset=options["reset"])
        except NotASampleError as error:
            raise CommandError(
                f'The workspace "{error}" exists and isn\'t sample content; it was left alone.'
            ) from error
        state = "loaded" if sample.is_new or options["reset"] else "was there already"
        self.stderr.write(f"{sample.workspace.name}: {state}.")
        self.stdout.write("Demo only, never on a public server. Sign in as:")
        for sign_in in sample.sign_ins:
            self.stdout.write(f"{sign_in.role:<10}{sign_in.email:<24}{sign_in.password}")
