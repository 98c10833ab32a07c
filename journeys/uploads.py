"""Pictures and files that people put on maps.

A picture is decoded and drawn again: what is stored is never what was sent, so that neither the
place it was taken at nor anything hidden in the file goes on. Every other file is kept as it is
and only ever handed out to be saved.
"""

import hashlib
import io
import re
import threading
import unicodedata
from typing import IO, NamedTuple

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from PIL import Image

from cxm.models import Workspace
from journeys.models import Upload

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 20_000
"""Pixels: one line of forty million is no picture, and takes long to make smaller."""
MAX_TOTAL = 1024**3
"""Bytes that one workspace may keep."""

LONG_SIDE = 1200
PICTURE = "image/webp"
FILE = "application/octet-stream"

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_CLAIMS = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".gif", ".avif")
# A progressive JPEG of thousands of scans takes hours to decode; cameras write about ten.
_MAX_SCANS = 100
ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# One picture at a time is decoded, so that memory stays flat however many arrive.
_decoding = threading.Semaphore(1)


class UploadError(Exception):
    """The file cannot be taken; the message says why in words."""


class Drawn(NamedTuple):
    """A picture as it is stored: WebP bytes, width and height in pixels."""

    data: bytes
    width: int
    height: int


def keep(
    *, workspace: Workspace, file: IO[bytes], name: str, only_pictures: bool = False
) -> Upload:
    """Store a file, or find it where the workspace has the same one already.

    Raises UploadError where it is too large, damaged, not what it says, or there is no room.
    """
    data = file.read(MAX_BYTES + 1)
    if not data:
        raise UploadError(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise UploadError(_("The file is larger than 10 MB."))
    name = clean_name(name)
    if _is_picture(data):
        drawn = redraw(data)
        return _stored(workspace, name, PICTURE, drawn.data, drawn.width, drawn.height)
    _refuse(data, name, only_pictures)
    return _stored(workspace, name, FILE, data, None, None)


def redraw(data: bytes) -> Drawn:
    """The picture upright, at most ``LONG_SIDE`` wide and high, as WebP without metadata.

    Of an animation the first frame. The size is read from the header before anything is decoded.
    """
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _MAX_SCANS:
        raise UploadError(_("This picture cannot be read. Save it again and retry."))
    try:
        with _decoding, Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UploadError(_("The picture has more than 40 megapixels. Make it smaller."))
            if max(image.size) > MAX_SIDE:
                raise UploadError(_("The picture is longer than 20,000 pixels. Make it smaller."))
            return _drawn(image)
    except UploadError:
        raise
    except Image.DecompressionBombError as error:
        raise UploadError(_("The picture has more than 40 megapixels. Make it smaller.")) from error
    except Exception as error:  # Decoders fail in as many ways as there are damaged files.
        raise UploadError(_("This picture is damaged or incomplete.")) from error


def _drawn(image: Image.Image) -> Drawn:
    mode = "RGBA" if image.has_transparency_data else "RGB"
    # Shrinking comes first where it can: all that follows then works on a small picture.
    shown: Image.Image = image if image.mode in (mode, "L", "LA") else image.convert(mode)
    shown.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    upright = _upright(shown, _orientation(image)).convert(mode)
    # What a format keeps beside the pixels would be written along.
    upright.info = {}
    target = io.BytesIO()
    upright.save(target, "WEBP", quality=82, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return Drawn(target.getvalue(), upright.width, upright.height)


def _orientation(image: Image.Image) -> object:
    try:
        return image.getexif().get(ORIENTATION)
    except Exception:  # Odd metadata is no reason to refuse the picture itself.
        return None


def _upright(image: Image.Image, orientation: object) -> Image.Image:
    """Turned as the camera was held: Exif's orientation 2 … 8."""
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def _is_picture(data: bytes) -> bool:
    """By the first bytes; what a name or a browser says about the type is not asked."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"))
    )


def _refuse(data: bytes, name: str, only_pictures: bool) -> None:
    """Raise where a file that is no picture must not be kept."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_svg = name.lower().endswith((".svg", ".svgz")) or (
        start.startswith(b"<") and re.search(rb"<(?:[a-z]+:)?svg[\s>]", start) is not None
    )
    if is_svg:
        raise UploadError(_("SVG can hold scripts. Save the picture as PNG."))
    if name.lower().endswith(_CLAIMS):
        raise UploadError(_("This is not the picture that its name says."))
    if only_pictures:
        raise UploadError(_("Choose a picture: JPEG, PNG, WebP, GIF or AVIF."))


def clean_name(name: str) -> str:
    """The file's name alone: no folders, nothing unprintable, at most 200 characters."""
    base = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    shown = " ".join(shown.split())
    if len(shown) > 200:
        stem, dot, end = shown.rpartition(".")
        shown = f"{stem[: 199 - len(end)]}.{end}" if dot and len(end) < 20 else shown[:200]
    return shown or _("File")


@transaction.atomic
def _stored(
    workspace: Workspace, name: str, kind: str, data: bytes, width: int | None, height: int | None
) -> Upload:
    sha256 = hashlib.sha256(data).hexdigest()
    # Held until the end, so that two at once do not fill the same last room.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    same = Upload.objects.filter(workspace=workspace, sha256=sha256, content_type=kind)
    # A picture is the same whatever it is called; a file is saved under its name.
    found = same.first() if kind == PICTURE else same.filter(name=name).first()
    if found:
        return found
    if used_by(workspace) + len(data) > MAX_TOTAL:
        raise UploadError(_("There is no room left: the files of this workspace fill 1 GB."))
    return Upload.objects.create(
        workspace=workspace,
        name=name,
        content_type=kind,
        sha256=sha256,
        data=data,
        size=len(data),
        width=width,
        height=height,
    )


def used_by(workspace: Workspace) -> int:
    """Bytes that the workspace keeps."""
    return Upload.objects.filter(workspace=workspace).aggregate(sum=Sum("size"))["sum"] or 0
