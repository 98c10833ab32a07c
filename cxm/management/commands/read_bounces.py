"""manage.py read_bounces: mail that came back, from standard input or a maildir."""

import mailbox
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from surveys.mailing import bounces


class Command(BaseCommand):
    help = (
        "Reads delivery reports of survey letters. One from standard input (for a pipe of the mail"
        " server), or every new one of a maildir."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("maildir", nargs="?", type=Path, help="folder with new/, cur/, tmp/")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["maildir"]
        if folder is None:
            content = sys.stdin.buffer.read(bounces.LARGEST)
            self.stdout.write(str(bounces.take(content)))
            return
        if not (folder / "new").is_dir():
            raise CommandError(f"{folder} is no maildir: it has no folder new/.")
        counts: Counter[str] = Counter()
        box = mailbox.Maildir(folder, create=False)
        for key in box.keys():  # noqa: SIM118 — a mailbox is no dictionary: it changes below
            if box.get_message(key).get_subdir() != "new":
                continue
            counts[str(bounces.take(box.get_bytes(key)))] += 1
            self._seen(box, key)
        for words, n in sorted(counts.items()):
            self.stdout.write(f"{n} {words}")

    def _seen(self, box: "mailbox.Maildir", key: str) -> None:
        """Moved to cur/: it is read once."""
        message = box.get_message(key)
        message.set_subdir("cur")
        message.add_flag("S")
        box[key] = message
