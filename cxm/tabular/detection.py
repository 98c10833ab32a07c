"""What encoding and which delimiter a text file has."""

import codecs
import csv
from typing import BinaryIO, Final

import charset_normalizer
from django.utils.translation import gettext as _

from cxm.tabular.table import TableError

_SAMPLE: Final = 256 * 1024
_CHUNK: Final = 1024 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Few accents say little about the alphabet; below this the Western code page is taken.
_ENOUGH: Final = 48
_OTHER_ALPHABETS: Final = {
    "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874",
    "shift_jis", "cp932", "euc_jp", "gb18030", "gbk", "gb2312", "big5", "euc_kr", "cp949",
}  # fmt: skip
_DELIMITERS: Final = ",;\t|"


def encoding(file: BinaryIO, *, title: str, wanted: str | None) -> str:
    """Name of the encoding: for UTF-8 the whole file is asked, for the rest a sample."""
    if wanted:
        return _known(wanted)
    file.seek(0)
    sample = file.read(_SAMPLE)
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    wide = _wide(sample)
    if wide:
        return wide
    if b"\0" not in sample and any(byte in _CONTROL for byte in sample[:4096]):
        raise TableError(
            _("%(name)s is not a text file. Choose a CSV or XLSX file.") % {"name": title}
        )
    return "utf-8" if _is_utf8(file) else _code_page(sample, title)


_CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1b\x1c\x1d\x1e\x1f\x1a")


def _known(name: str) -> str:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise TableError(_("There is no encoding “%(name)s”.") % {"name": name[:40]}) from error
    # Codecs such as hex or zlib turn bytes into bytes.
    if not getattr(codec, "_is_text_encoding", True) or codec.name in {
        "idna",
        "punycode",
        "undefined",
    }:
        raise TableError(_("There is no encoding “%(name)s”.") % {"name": name[:40]})
    return "utf-8-sig" if codec.name == "utf-8" else codec.name


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte of Western text is zero."""
    pairs = len(sample) // 2
    if pairs < 4:
        return ""
    even, odd = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else ""


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _code_page(sample: bytes, title: str) -> str:
    if sum(byte > 127 for byte in sample) >= _ENOUGH:
        best = charset_normalizer.from_bytes(sample[: 32 * 1024]).best()
        if best is not None and best.encoding in _OTHER_ALPHABETS:
            return best.encoding
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TableError(
            _(
                "The encoding of %(name)s is not clear."
                " Save the file as UTF-8, or choose the encoding."
            )
            % {"name": title}
        ) from error
    return "cp1252"


def delimiter(file: BinaryIO, *, encoding: str) -> str:
    """The delimiter whose use agrees best over the first lines; a comma when there is none."""
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(file.read(_SAMPLE))
    lines = text.splitlines(keepends=True)
    if len(lines) > 1 and len(text) >= _SAMPLE // 4:
        lines.pop()  # the sample may end in the middle of it
    return max(_DELIMITERS, key=lambda sign: _agreement(lines[:60], sign))


def _agreement(lines: list[str], sign: str) -> tuple[float, int, int]:
    """(share of rows as wide as the heading, −torn cells, width); nothing when it splits nothing.

    A cell is torn where it holds a quoted one: ``A,"B;C"`` split at the semicolon.
    """
    try:
        rows = [row for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return (0.0, 0, 0)
    if not rows or len(rows[0]) < 2:
        return (0.0, 0, 0)
    width = len(rows[0])
    opened = tuple(other + '"' for other in _DELIMITERS if other != sign)
    torn = sum(any(quote in cell for quote in opened) for row in rows for cell in row)
    return (round(sum(len(row) == width for row in rows) / len(rows), 1), -torn, width)
