"""SPSS system files, written case by case in constant memory (PSPP's description of the format).

Numbers may be labelled and up to three of their values be missing for a reason; texts may be as
long as SPSS allows, and up to three of at most eight letters be missing for a reason.
"""

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

LONGEST: Final = 32_767
MISSING: Final = -struct.unpack("<d", b"\xff\xff\xff\xff\xff\xff\xef\x7f")[0]
_SEGMENT, _FULL = 252, 255
_BIAS: Final = 100
_FORMATS: Final = {"F": 5, "A": 1, "SDATE": 39}
_MEASURES: Final = {"nominal": 1, "ordinal": 2, "scale": 3}


@dataclass(frozen=True)
class Variable:
    """``width`` 0 is a number, else a text of at most so many bytes."""

    name: str
    label: str = ""
    width: int = 0
    values: Mapping[float, str] = field(default_factory=dict)
    missing: Sequence[float | str] = ()
    decimals: int = 0
    form: str = "F"
    measure: str = "nominal"

    @property
    def segments(self) -> list[int]:
        """The widths of the pieces that long texts are stored in."""
        if self.width <= _FULL:
            return [self.width]
        n = -(-self.width // _SEGMENT)
        return [_FULL] * (n - 1) + [self.width - (n - 1) * _SEGMENT]


def seconds(day: dt.date) -> float:
    """A day as SPSS counts: seconds since the Gregorian calendar began."""
    return (day - dt.date(1582, 10, 14)).days * 86_400.0


def _eights(width: int) -> int:
    return max(-(-width // 8), 1)


class Writer:
    """Writes the dictionary at once and cases one by one; ``close`` before reading the file."""

    def __init__(self, target: BinaryIO, variables: Sequence[Variable], *, label: str = "") -> None:
        self.target = target
        self.variables = variables
        self.short = [f"V{number:07d}" for number in range(1, len(variables) + 1)]
        self.codes = bytearray()
        self.data = bytearray()
        self.number = struct.Struct("<d").pack
        target.write(_header(sum(_elements(v) for v in variables), label))
        self._dictionary()

    def _dictionary(self) -> None:
        places, at, segments = [], 1, 0
        for variable, name in zip(self.variables, self.short, strict=True):
            places.append(at)
            for number, width in enumerate(variable.segments):
                # Further pieces of one text have names of their own, which nobody sees.
                own = name if number == 0 else f"S{segments:07d}"
                segments += number > 0
                self.target.write(_variable(variable, own, width, is_first=number == 0))
                at += _eights(width)
        for variable, place in zip(self.variables, places, strict=True):
            if variable.values:
                self.target.write(_value_labels(variable.values, place))
        self.target.write(_info(3, 4, struct.pack("<8i", 20, 0, 0, -1, 1, 1, 2, 65001)))
        lowest = struct.unpack("<d", b"\xfe\xff\xff\xff\xff\xff\xef\xff")[0]
        self.target.write(_info(4, 8, struct.pack("<3d", MISSING, -MISSING, lowest)))
        self.target.write(_info(11, 4, b"".join(_displayed(v) for v in self.variables)))
        self._long_names()
        self.target.write(_info(20, 1, b"UTF-8"))
        self._missing_texts()
        self.target.write(struct.pack("<2i", 999, 0))

    def _long_names(self) -> None:
        both = list(zip(self.variables, self.short, strict=True))
        names = "\t".join(f"{short}={v.name}" for v, short in both)
        self.target.write(_info(13, 1, names.encode()))
        long = "".join(f"{short}={v.width:05d}\0\t" for v, short in both if v.width > _FULL)
        if long:
            self.target.write(_info(14, 1, long.encode()))

    def _missing_texts(self) -> None:
        found = b""
        for variable in self.variables:
            words = [word for word in variable.missing if isinstance(word, str)]
            if words and variable.width > 8:
                name = variable.name.encode()
                found += struct.pack("<i", len(name)) + name
                found += struct.pack("<bi", len(words), 8)
                found += b"".join(word.encode()[:8].ljust(8) for word in words)
        if found:
            self.target.write(_info(22, 1, found))

    def case(self, values: Sequence[float | str | None]) -> None:
        """One row: numbers (None is missing for no reason) and texts, in the order of variables."""
        for variable, value in zip(self.variables, values, strict=True):
            if variable.width:
                self._text(str(value or ""), variable)
            else:
                self._number(value)  # type: ignore[arg-type]
        if len(self.data) > 65_536:
            self._flush(whole=False)

    def _number(self, value: float | None) -> None:
        if value is None:
            self._put(255)
        elif -_BIAS < value <= 151 and value == int(value):
            self._put(int(value) + _BIAS)
        else:
            self._put(253, self.number(value))

    def _text(self, value: str, variable: Variable) -> None:
        rest = cut(value, variable.width)
        for width in variable.segments:
            piece, rest = rest[: min(width, _FULL)], rest[min(width, _FULL) :]
            size = _eights(width) * 8
            used = _eights(len(piece)) * 8 if piece else 0
            padded = piece.ljust(used)
            for start in range(0, used, 8):
                self._put(253, padded[start : start + 8])
            for _blank in range((size - used) // 8):
                self._put(254)

    def _put(self, code: int, data: bytes = b"") -> None:
        """Eight codes stand before the eight pieces of data that they speak of."""
        if not self.codes:
            self.block = bytearray()
        self.codes.append(code)
        self.block += data
        if len(self.codes) == 8:
            self.data += self.codes
            self.data += self.block
            self.codes.clear()

    def _flush(self, *, whole: bool) -> None:
        if whole and self.codes:
            self.data += self.codes.ljust(8, b"\0")
            self.data += self.block
            self.codes.clear()
        self.target.write(self.data)
        self.data.clear()

    def close(self) -> None:
        self._put(252)
        self._flush(whole=True)


def cut(text: str, width: int) -> bytes:
    """At most so many bytes, never half a letter; SPSS does not keep blanks at the end."""
    data = text.encode()
    return data if len(data) <= width else data[:width].decode(errors="ignore").encode()


def _elements(variable: Variable) -> int:
    return sum(_eights(width) for width in variable.segments)


def _header(elements: int, label: str) -> bytes:
    now = dt.datetime.now(tz=dt.UTC)
    day = f"{now.day:02d} {now.strftime('%b')} {now.year % 100:02d}"
    return struct.pack(
        "<4s60siiiiid9s8s64s3x",
        b"$FL2", b"@(#) SPSS DATA FILE CXM".ljust(60), 2, elements, 1, 0, -1, float(_BIAS),
        day.encode(), now.strftime("%H:%M:%S").encode(), cut(label, 64).ljust(64),
    )  # fmt: skip


def _variable(variable: Variable, name: str, width: int, *, is_first: bool) -> bytes:
    label = cut(variable.label, 255) if is_first else b""
    # Missing values of longer texts stand in a record of their own.
    missing = variable.missing if is_first and variable.width <= 8 else ()
    kind, shown = ("A", width) if variable.width else (variable.form, 11)
    form = (_FORMATS[kind] << 16) | (min(shown, 255) << 8) | variable.decimals
    head = struct.pack("<6i8s", 2, width, bool(label), len(missing), form, form,
                       name.encode().ljust(8))  # fmt: skip
    if label:
        head += struct.pack("<i", len(label)) + label.ljust(-(-len(label) // 4) * 4)
    for value in missing:
        head += value.encode()[:8].ljust(8) if isinstance(value, str) else struct.pack("<d", value)
    blank = struct.pack("<6i8s", 2, -1, 0, 0, 0, 0, b" " * 8)
    return head + blank * (_eights(width) - 1)


def _value_labels(values: Mapping[float, str], place: int) -> bytes:
    found = struct.pack("<2i", 3, len(values))
    for value, words in values.items():
        text = cut(words, 120)
        size = -(-(len(text) + 1) // 8) * 8 - 1
        found += struct.pack("<dB", value, len(text)) + text.ljust(size)
    return found + struct.pack("<3i", 4, 1, place)


def _displayed(variable: Variable) -> bytes:
    shown = min(max(variable.width, 8), 40)
    row = struct.pack("<3i", _MEASURES[variable.measure], shown, 0 if variable.width else 1)
    return row * len(variable.segments)


def _info(kind: int, size: int, content: bytes) -> bytes:
    return struct.pack("<4i", 7, kind, size, len(content) // size) + content


def names(wanted: Sequence[str]) -> list[str]:
    """Names that SPSS takes, one for each: letters, digits and _, different whatever the case."""
    taken: set[str] = set()
    found = []
    for text in wanted:
        plain = "".join(sign if sign.isalnum() or sign == "_" else "_" for sign in text).strip("_")
        base = cut(plain if plain[:1].isalpha() else f"q_{plain}", 56).decode().rstrip("_") or "q"
        if base.upper() in _RESERVED:
            base = f"q_{base}"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}_{number}"
        taken.add(name.casefold())
        found.append(name)
    return found


_RESERVED: Final = {
    "ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH",
}  # fmt: skip
