"""Whether a printed card will work: what the page says beside it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cxm.templatetags.ui import number
from surveys.cards.codes import QUIET
from surveys.cards.design import Card
from surveys.models import Survey

SMALLEST = 0.4  # millimetres of a module that a phone camera still tells apart when printed


@dataclass(frozen=True)
class Check:
    holds: bool
    words: str


def checks(card: Card, survey: Survey, *, is_example: bool, is_active: bool) -> list[Check]:
    """Size, correction, contrast, the address beside it, whether anybody can come."""
    module = card.code_mm / (card.code.side + 2 * QUIET)
    # A camera needs the code to be about a tenth of the distance.
    distance = int(card.code_mm * 10 / 10 // 5 * 5)
    size = _("Code %(mm)d mm, readable from %(cm)d cm, error correction %(level)s") % {
        "mm": card.code_mm,
        "cm": distance,
        "level": card.code.correction,
    }
    found = [
        Check(module >= SMALLEST, size),
        Check(True, _("Smallest square %(mm)s mm") % {"mm": number(module, 1)}),
        Check(True, _("Short address stands beside it, for phones without a camera")),
        Check(True, _("Pure black on white: readable in grey prints as well")),
    ]
    if is_example:
        words = _("The address works on this computer only. Open CXM under its public address.")
        found.append(Check(False, words))
    if not is_active:
        found.append(Check(False, _("This link is off.")))
    if survey.state != Survey.State.OPEN:
        found.append(Check(False, _("The survey is not open.")))
    return found
