"""A small SPSS file made by hand, after the published description of the format (PSPP)."""

import struct
from dataclasses import dataclass, field

NUMBER, TEXT, DAY = (5, 8, 2), (1, 24, 0), (20, 11, 0)
MISSING = -1.7976931348623157e308


@dataclass
class Variable:
    """``missing``: up to three values that its author declared missing."""

    name: str
    label: str = ""
    form: tuple[int, int, int] = NUMBER
    values: dict[float, str] = field(default_factory=dict)
    missing: tuple[float, ...] = ()
    measure: int = 3  # 1 nominal, 2 ordinal, 3 scale

    @property
    def width(self) -> int:
        return 24 if self.form is TEXT else 0


def sav(variables: list[Variable], rows: list[list[float | str | None]]) -> bytes:
    """Uncompressed, little endian, UTF-8; texts have at most 24 bytes, None is missing."""
    out = struct.pack("<4s60s5id9s8s64s3x", b"$FL2", b"@(#) SPSS DATA FILE own test", 2,
                      sum(3 if v.width else 1 for v in variables), 0, 0, len(rows), 100.0,
                      b"01 Jan 26", b"00:00:00", b"")  # fmt: skip
    index, at = {}, 1
    for number, variable in enumerate(variables):
        index[variable.name] = at
        out += _variable(variable, f"V{number}")
        at += 3 if variable.width else 1
    for variable in variables:
        if variable.values:
            out += _labels(variable, index[variable.name])
    measures = b"".join(struct.pack("<3i", v.measure, 8, 1) for v in variables)
    out += struct.pack("<4i", 7, 11, 4, 3 * len(variables)) + measures
    names = "\t".join(f"V{n}={v.name}" for n, v in enumerate(variables)).encode()
    out += struct.pack("<4i", 7, 13, 1, len(names)) + names
    out += struct.pack("<4i", 7, 20, 1, 5) + b"UTF-8"
    out += struct.pack("<2i", 999, 0)
    for row in rows:
        for cell in row:
            if isinstance(cell, str):
                out += cell.encode().ljust(24)
            else:
                out += struct.pack("<d", MISSING if cell is None else cell)
    return out


def _variable(variable: Variable, name: str) -> bytes:
    form = variable.form[0] << 16 | variable.form[1] << 8 | variable.form[2]
    label = variable.label.encode()
    out = struct.pack("<6i8s", 2, variable.width, bool(label), len(variable.missing), form, form,
                      name.encode().ljust(8))  # fmt: skip
    if label:
        out += struct.pack("<i", len(label)) + label + b"\0" * (-len(label) % 4)
    out += b"".join(struct.pack("<d", value) for value in variable.missing)
    if variable.width:  # the rest of a long text
        out += struct.pack("<6i8s", 2, -1, 0, 0, form, form, b"") * 2
    return out


def _labels(variable: Variable, at: int) -> bytes:
    out = struct.pack("<2i", 3, len(variable.values))
    for value, label in variable.values.items():
        text = label.encode()
        out += struct.pack("<dB", value, len(text)) + text + b"\0" * (-(len(text) + 1) % 8)
    return out + struct.pack("<3i", 4, 1, at)
