"""The changes that a browser can ask for: their names, what they need, and which function does it.

A change is posted as JSON: ``{"what": "card-written", "key": uuid, …arguments}``. Everything it
names is looked up inside its own map, so an id of another map or workspace is simply not there.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext as _

from cxm.models import User
from journeys import editing
from journeys.models import (
    Card,
    CardStatus,
    Event,
    Evidence,
    Journey,
    Lane,
    LaneKind,
    Mark,
    Persona,
    Phase,
    Step,
    Tag,
    Upload,
)
from touchpoints.models import Touchpoint

Row = TypeVar("Row", bound=models.Model)

MAX_TEXT = 4000
MAX_CARDS = 2000
"""More cards than this in one change are refused: a map is for reading."""
MAX_ID = 2**63 - 1


class ChangeError(ValueError):
    """What is wrong with the change, in words for the person who made it."""


class GoneError(ChangeError):
    """What the change speaks of is not on the map any more."""


class Args:
    """The arguments of one change, checked one by one as they are taken."""

    def __init__(self, values: Mapping[str, Any], journey: Journey, actor: User) -> None:
        self.values = values
        self.journey = journey
        self.actor = actor

    def text(self, name: str, limit: int = MAX_TEXT, *, required: bool = False) -> str:
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise ChangeError(_("“%(name)s” must be text.") % {"name": name})
        cleaned = value.replace("\x00", "").replace("\r\n", "\n").strip()
        if required and not cleaned:
            raise ChangeError(_("A name is missing."))
        if len(cleaned) > limit:
            raise ChangeError(
                _("The text has %(n)s characters; at most %(limit)s fit.")
                % {"n": len(cleaned), "limit": limit}
            )
        return _unbroken(cleaned)

    def flag(self, name: str) -> bool:
        return self.values.get(name) is True

    def choice(self, name: str, choices: Sequence[str], default: str = "") -> str:
        value = self.values.get(name, default)
        if value not in choices:
            raise ChangeError(_("“%(value)s” is not one of the choices.") % {"value": value})
        return str(value)

    def emotion(self, name: str) -> Decimal | None:
        """A value of the emotion axis with two decimals, or None for "not assumed"."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value)).quantize(Decimal("0.01"))
        except (InvalidOperation, ValueError) as error:
            raise ChangeError(_("The value is not a number.")) from error
        if not number.is_finite() or not -2 <= number <= 2:
            raise ChangeError(_("The value lies outside of −2 to +2."))
        return number

    def count(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        # Counted without zeros in front: the longest digits are neither converted nor cut.
        digits = str(value).lstrip("0") or "0"
        fits = str(value).isdecimal() and len(digits) <= 10 and int(digits) <= 10**9
        if isinstance(value, bool) or not fits:
            raise ChangeError(_("The number of answers is not a number."))
        return int(digits)

    def date(self, name: str) -> datetime.date | None:
        value = self.values.get(name)
        if not value:
            return None
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError as error:
            raise ChangeError(_("“%(value)s” is not a date.") % {"value": value}) from error

    def link(self, name: str) -> str:
        """An address of the web; others, such as scripts, are refused."""
        value = self.text(name, 500)
        if value and not _is_link(value):
            raise ChangeError(_("A link starts with https:// or http://."))
        return value

    # ----- rows of this map -----

    def phase(self, name: str = "phase") -> Phase:
        return self._row(Phase.objects.filter(journey=self.journey), name)

    def step(self, name: str = "step") -> Step:
        rows = Step.objects.filter(phase__journey=self.journey).select_related("phase")
        return self._row(rows, name)

    def lane(self, name: str = "lane") -> Lane:
        return self._row(Lane.objects.filter(journey=self.journey), name)

    def card(self, name: str = "card") -> Card:
        return self._row(self._cards(), name)

    def cards(self, name: str = "cards", *, of_any_map: bool = False) -> list[Card]:
        """The cards of a list of ids, in that order; what is gone is left out."""
        ids = self.values.get(name)
        if not isinstance(ids, list) or not all(_is_id(id) for id in ids):
            raise ChangeError(_("Which cards is not said."))
        if len(ids) > MAX_CARDS:
            raise ChangeError(_("At most %(n)s cards at once.") % {"n": MAX_CARDS})
        rows = Card.objects.select_related("lane", "step") if of_any_map else self._cards()
        found = {card.pk: card for card in rows.filter(pk__in=ids)}
        cards = [found[id] for id in dict.fromkeys(ids) if id in found]
        if not cards:
            raise GoneError(_("These cards are not on the map any more."))
        return cards

    def _cards(self) -> "models.QuerySet[Card]":
        return Card.objects.filter(lane__journey=self.journey).select_related("lane", "step")

    # ----- rows of the workspace -----

    def touchpoint(self, name: str = "touchpoint") -> Touchpoint:
        rows = Touchpoint.objects.filter(workspace=self.journey.workspace_id)
        found = self._row(rows.select_related("merged_into"), name)
        # A page that was open during a merger still names the one that went.
        return found.merged_into or found

    def persona(self, name: str = "persona") -> Persona:
        return self._row(Persona.objects.filter(workspace=self.journey.workspace_id), name)

    def upload(self, name: str = "upload") -> Upload:
        return self._row(Upload.objects.filter(workspace=self.journey.workspace_id), name)

    def map(self, name: str = "map") -> Journey:
        return self._row(Journey.objects.filter(workspace=self.journey.workspace_id), name)

    def maybe(self, take: Callable[[str], Row], name: str) -> Row | None:
        """A row where one is named; null or nothing means none."""
        return None if self.values.get(name) is None else take(name)

    def _row(self, rows: models.QuerySet[Row], name: str) -> Row:
        id = self.values.get(name)
        if not _is_id(id):
            raise ChangeError(_("“%(name)s” is missing.") % {"name": name})
        row = rows.filter(pk=id).first()
        if row is None:
            raise GoneError(_("This is not on the map any more."))
        return row


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID


def _is_link(text: str) -> bool:
    try:
        return urlsplit(text).scheme in ("http", "https", "mailto")
    except ValueError:  # half an address, such as "http://["
        return False


def _unbroken(text: str) -> str:
    """Without halves of characters, which PostgreSQL could not store."""
    return text.encode("utf-8", "replace").decode("utf-8")


Change = Callable[[Args, dict[str, Any]], Event | None]


def _add_card(a: Args, common: dict[str, Any]) -> Event | None:
    lane = a.lane()
    if lane.kind in editing.NO_CARDS:
        raise ChangeError(_("This lane holds no cards."))
    fields: dict[str, Any] = {}
    if a.values.get("upload") is not None:
        fields["upload"] = a.upload()
    if a.values.get("url"):
        fields["url"] = a.link("url")
    text = a.text("text")
    if not text and not fields:
        raise ChangeError(_("The card is empty."))
    return editing.add_card(
        lane=lane, step=a.step(), text=text, before=a.maybe(a.card, "before"), **fields, **common
    )


def _write_card(a: Args, common: dict[str, Any]) -> Event | None:
    card, text = a.card(), a.text("text")
    if not text and not card.upload_id and not card.url:
        return editing.remove_cards(cards=[card], journey=a.journey, **common)
    seen = a.values.get("seen")
    return editing.write_card(
        card=card, text=text, seen=a.text("seen") if seen is not None else None, **common
    )


def _set_card(a: Args, common: dict[str, Any]) -> Event | None:
    takers: dict[str, Callable[[], Any]] = {
        "mark": lambda: a.choice("mark", Mark.values),
        "tag": lambda: a.choice("tag", Tag.values),
        "owner": lambda: a.text("owner", 80),
        "status": lambda: a.choice("status", CardStatus.values),
        "due": lambda: a.date("due"),
        "url": lambda: a.link("url"),
    }
    fields = {name: take() for name, take in takers.items() if name in a.values}
    if "upload" in a.values:
        upload = a.maybe(a.upload, "upload")
        fields["upload_id"] = upload.pk if upload else None
    return editing.set_card(card=a.card(), **fields, **common)


def _set_evidence(a: Args, common: dict[str, Any]) -> Event | None:
    return editing.set_evidence(
        cards=a.cards(),
        journey=a.journey,
        evidence=a.choice("evidence", Evidence.values),
        evidence_source=a.text("source", 200),
        evidence_n=a.count("n"),
        evidence_on=a.date("on"),
        **common,
    )


def _place_card(a: Args, common: dict[str, Any]) -> Event | None:
    lane, step = a.lane(), a.step()
    if lane.kind in editing.NO_CARDS:
        raise ChangeError(_("This lane holds no cards."))
    return editing.place_card(
        card=a.card(), lane=lane, step=step, before=_in_cell(a, lane, step), **common
    )


def _in_cell(a: Args, lane: Lane, step: Step) -> Card | None:
    before = a.maybe(a.card, "before")
    if before is not None and (before.lane_id, before.step_id) != (lane.pk, step.pk):
        return None
    return before


def _copy_cards(a: Args, common: dict[str, Any]) -> Event | None:
    lane = a.lane()
    if lane.kind in editing.NO_CARDS:
        raise ChangeError(_("This lane holds no cards."))
    cards = a.cards(of_any_map=True)
    return editing.copy_cards(cards=cards, lane=lane, step=a.step(), **common)


def _split_card(a: Args, common: dict[str, Any]) -> Event | None:
    card = a.card()
    texts = [line.strip() for line in card.text.split("\n") if line.strip()]
    if len(texts) < 2:
        raise ChangeError(_("Split at line breaks: this card has only one line."))
    return editing.split_card(card=card, texts=texts, **common)


def _merge_cards(a: Args, common: dict[str, Any]) -> Event | None:
    cards = a.cards()
    if len(cards) < 2:
        raise ChangeError(_("Choose two or more cards to merge."))
    return editing.merge_cards(cards=cards, **common)


def _paste(a: Args, common: dict[str, Any]) -> Event | None:
    """A block of texts from a cell on, rows by shown lane, columns by step; it may add steps."""
    block = a.values.get("block")
    if not isinstance(block, list) or not all(
        isinstance(row, list) and all(isinstance(text, str) for text in row) for row in block
    ):
        raise ChangeError(_("The block is not a table of texts."))
    if not block or sum(len(row) for row in block) > MAX_CARDS:
        raise ChangeError(_("At most %(n)s cards at once.") % {"n": MAX_CARDS})
    texts = [[Args({"t": t}, a.journey, a.actor).text("t") for t in row] for row in block]
    return editing.paste_block(
        journey=a.journey,
        lane=a.maybe(a.lane, "lane"),
        lane_name=a.text("lane_name", 80),
        step=a.step(),
        block=texts,
        **common,
    )


def _assume(a: Args, common: dict[str, Any]) -> Event | None:
    return editing.assume(
        step=a.step(), value=a.emotion("value"), persona=a.maybe(a.persona, "persona"), **common
    )


def _open_map(a: Args, common: dict[str, Any]) -> Event | None:
    opens = a.maybe(a.map, "map")
    if opens is not None and opens.pk == a.journey.pk:
        raise ChangeError(_("A step cannot open into its own map."))
    return editing.open_map(step=a.step(), opens=opens, **common)


def _merge_steps(a: Args, common: dict[str, Any]) -> Event | None:
    step, into = a.step(), a.step("into")
    if step.pk == into.pk:
        raise ChangeError(_("Choose two steps to merge."))
    return editing.merge_steps(step=step, into=into, **common)


def _place_step(a: Args, common: dict[str, Any]) -> Event | None:
    phase, before = a.phase(), a.maybe(a.step, "before")
    if before is not None and before.phase_id != phase.pk:
        before = None
    return editing.place_step(step=a.step(), phase=phase, before=before, **common)


def _join(a: Args, common: dict[str, Any]) -> Event | None:
    tail, head = a.card("tail"), a.card("head")
    if tail.pk == head.pk:
        raise ChangeError(_("An arrow needs two cards."))
    return editing.join_cards(tail=tail, head=head, both_ways=a.flag("both_ways"), **common)


CHANGES: dict[str, Change] = {
    "journey-renamed": lambda a, c: editing.rename_journey(
        journey=a.journey, title=a.text("title", 160, required=True), **c
    ),
    "phase-added": lambda a, c: editing.add_phase(
        journey=a.journey,
        name=a.text("name", 120, required=True),
        before=a.maybe(a.phase, "before"),
        **c,
    ),
    "phase-renamed": lambda a, c: editing.rename_phase(
        phase=a.phase(), name=a.text("name", 120, required=True), **c
    ),
    "phase-moved": lambda a, c: editing.place_phase(
        phase=a.phase(), before=a.maybe(a.phase, "before"), **c
    ),
    "phase-collapsed": lambda a, c: editing.collapse_phase(
        phase=a.phase(), collapsed=a.flag("collapsed"), **c
    ),
    "phase-duplicated": lambda a, c: editing.duplicate_phase(phase=a.phase(), **c),
    "phase-removed": lambda a, c: editing.remove_phase(phase=a.phase(), **c),
    "step-added": lambda a, c: editing.add_step(
        phase=a.phase(),
        name=a.text("name", 120, required=True),
        before=a.maybe(a.step, "before"),
        **c,
    ),
    "step-renamed": lambda a, c: editing.rename_step(
        step=a.step(), name=a.text("name", 120, required=True), **c
    ),
    "step-moved": _place_step,
    "step-merged": _merge_steps,
    "step-duplicated": lambda a, c: editing.duplicate_step(step=a.step(), **c),
    "step-moment": lambda a, c: editing.set_moment(
        step=a.step(), is_moment=a.flag("is_moment"), **c
    ),
    "step-opens": _open_map,
    "step-assumed": _assume,
    "step-removed": lambda a, c: editing.remove_step(step=a.step(), **c),
    "touchpoint-added": lambda a, c: editing.add_touchpoint(
        step=a.step(), touchpoint=a.touchpoint(), **c
    ),
    "touchpoint-removed": lambda a, c: editing.remove_touchpoint(
        step=a.step(), touchpoint=a.touchpoint(), **c
    ),
    "touchpoint-moved": lambda a, c: editing.move_touchpoint(
        step=a.step(), touchpoint=a.touchpoint(), to=a.step("to"), **c
    ),
    "persona-added": lambda a, c: editing.add_persona(journey=a.journey, persona=a.persona(), **c),
    "persona-removed": lambda a, c: editing.remove_persona(
        journey=a.journey, persona=a.persona(), **c
    ),
    "lane-added": lambda a, c: editing.add_lane(
        journey=a.journey,
        kind=a.choice("kind", LaneKind.values),
        name=a.text("name", 80),
        note=a.text("note", 120),
        before=a.maybe(a.lane, "before"),
        **c,
    ),
    "lane-renamed": lambda a, c: editing.rename_lane(
        lane=a.lane(),
        name=a.text("name", 80),
        note=a.text("note", 120) if "note" in a.values else None,
        **c,
    ),
    "lane-moved": lambda a, c: editing.place_lane(
        lane=a.lane(), before=a.maybe(a.lane, "before"), **c
    ),
    "lane-collapsed": lambda a, c: editing.fold_lane(
        lane=a.lane(), collapsed=a.flag("collapsed"), **c
    ),
    "lane-hidden": lambda a, c: editing.hide_lane(lane=a.lane(), hidden=a.flag("hidden"), **c),
    "lane-duplicated": lambda a, c: editing.duplicate_lane(lane=a.lane(), **c),
    "lane-removed": lambda a, c: editing.remove_lane(lane=a.lane(), **c),
    "card-added": _add_card,
    "card-written": _write_card,
    "card-set": _set_card,
    "card-evidence": _set_evidence,
    "card-moved": _place_card,
    "card-copied": _copy_cards,
    "card-split": _split_card,
    "card-merged": _merge_cards,
    "card-removed": lambda a, c: editing.remove_cards(cards=a.cards(), journey=a.journey, **c),
    "block-pasted": _paste,
    "arrow-set": _join,
    "arrow-removed": lambda a, c: editing.part_cards(tail=a.card("tail"), head=a.card("head"), **c),
    "undone": lambda a, c: editing.undo(journey=a.journey, **c),
    "redone": lambda a, c: editing.redo(journey=a.journey, **c),
}


def make(values: Mapping[str, Any], *, journey: Journey, actor: User) -> Event | None:
    """Do what a browser asks for; the event, or None where nothing changed.

    Raises ChangeError (with words), GoneError, editing.TextConflictError, undoing.ClashError.
    """
    change = CHANGES.get(str(values.get("what")))
    if change is None:
        raise ChangeError(_("This kind of change is not known; reload the page."))
    return change(Args(values, journey, actor), {"actor": actor})
