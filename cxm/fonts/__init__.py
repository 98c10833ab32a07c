"""The fonts of the application as TTF, for papers and pictures that lay out their own text.

Cut from ``static/fonts`` (OFL).
"""

from pathlib import Path
from typing import Literal

Face = Literal["sans", "sans-600", "serif", "serif-600"]
FACES: tuple[Face, ...] = ("sans", "sans-600", "serif", "serif-600")

SYSTEM = tuple(
    Path("/usr/share/fonts/truetype") / name
    for name in (
        "dejavu/DejaVuSans.ttf",
        "noto/NotoSansHebrew-Regular.ttf",
        "noto/NotoSansArabic-Regular.ttf",
        "noto/NotoEmoji-Regular.ttf",
        "noto/NotoSansSymbols2-Regular.ttf",
        "noto/NotoSansDevanagari-Regular.ttf",
        "noto/NotoSansThai-Regular.ttf",
        "droid/DroidSansFallbackFull.ttf",
        "wqy/wqy-microhei.ttc",
    )
)
"""Fonts that a computer may have, for what ours lack: other scripts, symbols, emoji."""


def path(face: Face) -> Path:
    """The file of one of our fonts."""
    return Path(__file__).parent / f"{face}.ttf"
