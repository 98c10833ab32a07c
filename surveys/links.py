"""Ways to a survey: links made, many at once, switched off and on, and what came of each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from surveys.models import Filling, Invitee, Link, Mailing, Response, Source, Survey, link_code
from touchpoints.models import Segment, Touchpoint

MOST: Final = 200  # links made at once
# The sources that a person makes a link for; letters make their own.
OFFERED: Final = (
    *(Source.QR, Source.LINK, Source.KIOSK, Source.EMBED, Source.INTERVIEW, Source.PAPER),
)
_RANGE: Final = re.compile(r"^(?P<before>.*?)(?P<first>\d{1,4})\s*[-–—]\s*(?P<last>\d{1,4})\s*$")


class PlacesError(ValueError):
    """The places cannot be read; the message is for the person who typed them."""


def places(text: str) -> list[str]:
    """Names of places: one per line or comma; "Table 1–18" is eighteen of them.

    Each once, in their order. Raises PlacesError for a range that runs backwards, a name that is
    too long, or too many.
    """
    found: dict[str, None] = {}
    for piece in re.split(r"[\n,;]", text):
        name = " ".join(_CONTROL.sub(" ", piece).split())
        if not name:
            continue
        for one in _range(name):
            if len(one) > 120:
                raise PlacesError(_("A name has at most 120 letters."))
            found.setdefault(one)
        if len(found) > MOST:
            raise PlacesError(_("At most %(n)d at once.") % {"n": MOST})
    return list(found)


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _range(name: str) -> Iterable[str]:
    match = _RANGE.match(name)
    if match is None:
        return [name]
    first, last = int(match["first"]), int(match["last"])
    if last < first:
        raise PlacesError(_("“%(name)s” runs backwards.") % {"name": name[:80]})
    if last - first >= MOST:
        raise PlacesError(_("At most %(n)d at once.") % {"n": MOST})
    return (f"{match['before']}{number}" for number in range(first, last + 1))


def create(
    *,
    survey: Survey,
    source: str,
    names: Sequence[str] = ("",),
    touchpoint: Touchpoint | None = None,
    segment: Segment | None = None,
    pin: str = "",
) -> list[Link]:
    """One link per name. A code that happens to be taken is drawn again."""
    pin_hash = make_password(pin) if pin else ""
    for _attempt in range(5):
        rows = [
            Link(
                workspace_id=survey.workspace_id,
                survey=survey,
                code=link_code(),
                source=source,
                name=name,
                touchpoint=touchpoint,
                segment=segment,
                pin_hash=pin_hash,
            )
            for name in names
        ]
        try:
            with transaction.atomic():
                return Link.objects.bulk_create(rows)
        except IntegrityError:
            continue
    raise RuntimeError("no free code was found")


def switch(*, link: Link, is_active: bool) -> None:
    """People who come by a link that is off read that the survey is over."""
    Link.objects.filter(pk=link.pk).update(is_active=is_active)
    link.is_active = is_active


def can_be_removed(link: Link) -> bool:
    """Whether nobody ever came by it, so that no answer would lose where it came from."""
    return not (
        Response.objects.filter(link_id=link.pk).exists()
        or Filling.objects.filter(link_id=link.pk).exists()
        or Mailing.objects.filter(link=link).exists()
    )


def remove(*, link: Link) -> bool:
    """Take a link away that nobody used; False where somebody did."""
    if not can_be_removed(link):
        return False
    link.delete()
    return True


@dataclass(frozen=True)
class Row:
    """A link with what came of it. ``invited`` is known of letters only, else None, and with it
    the rate: nobody counts who saw a code."""

    link: Link
    started: int
    answers: int
    invited: int | None = None


def rows(survey: Survey) -> list[Row]:
    """Every link of a survey, newest kinds together; four queries however many there are."""
    found = list(
        Link.objects.filter(survey=survey)
        .select_related("touchpoint", "segment")
        .order_by("-is_active", "source", "id")
    )
    responses = {
        link: (begun, complete)
        for link, begun, complete in Response.objects.filter(survey_id=survey.pk)
        .values_list("link_id")
        .annotate(n=Count("id"), complete=Count("id", filter=Q(is_complete=True)))
        .order_by()
    }
    # As on the results page: what has no response yet was begun, or left without a word.
    under_way = dict(
        Filling.objects.filter(
            survey_id=survey.pk,
            state__in=[Filling.State.OPEN, Filling.State.LEFT],
            response_id=None,
        )
        .values_list("link_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    invited = _invited(survey)
    return [
        Row(link, begun + under_way.get(link.pk, 0), complete, invited.get(link.pk))
        for link in found
        for begun, complete in [responses.get(link.pk, (0, 0))]
    ]


def _invited(survey: Survey) -> dict[int, int]:
    reached = Q(invitees__state__in=[Invitee.State.SENT, Invitee.State.ANSWERED])
    counts = (
        Mailing.objects.filter(survey=survey)
        .values_list("link_id")
        .annotate(n=Count("invitees", filter=reached))
        .order_by()
    )
    return dict(counts)
