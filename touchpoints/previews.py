"""Where an uploaded table waits until its preview is confirmed: below MEDIA_ROOT, never served.

The token names the file and is signed for one workspace and one person; nobody else's works.
"""

import time
import uuid
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files.base import File

from cxm.models import User, Workspace

_SALT = "touchpoints.previews"
_HOURS = 24


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "previews"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(file: File[bytes], *, workspace: Workspace, user: User) -> str:
    """Store an upload and return its token; what nobody confirmed within a day is removed."""
    _tidy()
    name = uuid.uuid4().hex
    with (_folder() / name).open("wb") as target:
        for block in file.chunks():
            target.write(block)
    told = {"file": name, "title": (file.name or "")[:120], "w": workspace.pk, "u": user.pk}
    return signing.dumps(told, salt=_SALT)


def find(token: str, *, workspace: Workspace, user: User) -> tuple[Path, str] | None:
    """(file, its name) of a token; none when it is not this person's, or is gone."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return None
    path = _folder() / told["file"]
    if (told["w"], told["u"]) != (workspace.pk, user.pk) or not path.is_file():
        return None
    return path, told["title"]


def drop(path: Path) -> None:
    path.unlink(missing_ok=True)


def _tidy() -> None:
    oldest = time.time() - _HOURS * 3600
    for path in _folder().iterdir():
        if path.is_file() and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
