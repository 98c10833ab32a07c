"""The secret key of an installation that names none."""

import os
import secrets
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(data: Path) -> str:
    """Return the key kept in the data folder, made on the first start (readable by its owner only).

    Raises ImproperlyConfigured when the data folder cannot be written or the file is empty.
    """
    path = data / "secret_key"
    try:
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        _create(path)
        key = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {data} cannot be used ({error.strerror}: {error.filename}): give "
            "this account the right to read and write there, or choose another with CXM_DATA."
        ) from error
    if len(key) < 40:
        raise ImproperlyConfigured(f"{path} holds no key: remove it, and a new one is made.")
    return key


def _create(path: Path) -> None:
    """Write a whole new file and link it into place: of two starters one wins, both read it."""
    if path.exists():
        return
    new = path.with_name(f".secret_key-{os.getpid()}-{time.monotonic_ns()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        os.link(new, path)
    except FileExistsError:
        pass
    finally:
        new.unlink()
