"""QR codes (ISO/IEC 18004) of an address, as modules, SVG and PNG."""

import io
from dataclasses import dataclass
from typing import Final

import segno

QUIET: Final = 4  # modules of white around a code, as the standard asks for


@dataclass(frozen=True)
class Code:
    """``modules`` are rows of dark (True) and light, without the white border."""

    address: str
    modules: tuple[tuple[bool, ...], ...]
    correction: str

    @property
    def side(self) -> int:
        return len(self.modules)


def code(address: str) -> Code:
    """Error correction M (15 % of the code may be damaged), more where it costs no room."""
    made = segno.make_qr(address, error="m", boost_error=True)
    modules = tuple(tuple(bool(module) for module in row) for row in made.matrix)
    return Code(address, modules, made.error or "M")


def path(made: Code) -> str:
    """The dark modules as one SVG path in units of a module, rows as runs."""
    pieces = []
    for y, row in enumerate(made.modules):
        x = 0
        while x < made.side:
            if not row[x]:
                x += 1
                continue
            start = x
            while x < made.side and row[x]:
                x += 1
            pieces.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
    return "".join(pieces)


def svg(made: Code) -> str:
    """A file of its own: black on white with its quiet zone."""
    side = made.side + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET} -{QUIET} {side} {side}"'
        f' width="60mm" height="60mm" shape-rendering="crispEdges"><path fill="#fff"'
        f' d="M-{QUIET} -{QUIET}h{side}v{side}h-{side}z"/><path d="{path(made)}"/></svg>'
    )


def png(made: Code, *, pixels: int = 1200) -> bytes:
    """Black on white, every module the same whole number of pixels, at most ``pixels`` wide."""
    file = io.BytesIO()
    scale = max(1, pixels // (made.side + 2 * QUIET))
    segno.make_qr(made.address, error="m", boost_error=True).save(
        file, kind="png", scale=scale, border=QUIET
    )
    return file.getvalue()
