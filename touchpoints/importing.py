"""Touchpoints from a table: read, compare with the catalogue, then store all of it or nothing.

The comparison is made anew when a person confirms, so that what they see stored is what the
catalogue and the file say at that moment. The same file twice changes nothing the second time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cxm.models import Workspace
from cxm.tabular import Table, TableError, read_table
from touchpoints import words
from touchpoints.merging import known_names
from touchpoints.models import Channel, Touchpoint

MAX_ROWS = 10_000
_LONGEST = {"name": 120, "channel": 80, "owner": 120, "description": 10_000}


@dataclass(frozen=True)
class Fault:
    """Why a line cannot be taken; ``column`` is the head of the file."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class FieldChange:
    """One field of one touchpoint, as stored and as it will be (stored values, not words)."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What a line does: a new touchpoint, or the fields that differ; nothing when none do."""

    line: int
    name: str
    is_new: bool
    fields: list[FieldChange]


@dataclass
class Plan:
    """What storing the file would do. With a fault anywhere nothing may be stored."""

    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def can_run(self) -> bool:
        return not self.faults and bool(self.new or self.changed)


def plan(file: BinaryIO, *, name: str = "") -> Plan:
    """Compare a file with the catalogue of the scope; stores nothing. Raises TableError."""
    table = read_table(file, name=name)
    columns = _columns(table)
    outcome = Plan(ignored=[head for head in table.header if not words.field_of(head)])
    known = _known()
    # By touchpoint, not by name: an old name means the same one.
    seen: dict[int | str, int] = {}
    for line, values in _lines(table, columns, outcome):
        found = known.get(values["name"].lower())
        key = found.pk if found else values["name"].lower()
        if key in seen:
            text = _("“%(name)s” stands on line %(line)d already.")
            text %= {"name": found.name if found else values["name"], "line": seen[key]}
            outcome.faults.append(Fault(line, columns["name"][1], text))
            continue
        seen[key] = line
        _sort_in(outcome, line, values, found)
    return outcome


def _known() -> dict[str, Touchpoint]:
    """The catalogue of the scope by every name that a file may use."""
    rows = list(Touchpoint.objects.select_related("channel"))
    if not rows:
        return {}
    by_id = {row.pk: row for row in rows}
    return {name: by_id[pk] for name, pk in known_names(rows[0].workspace_id).items()}


@transaction.atomic
def run(file: BinaryIO, *, workspace: Workspace, name: str = "") -> Plan:
    """Store a file in one transaction and tell what it did; with a fault nothing is stored.

    Raises TableError.
    """
    # One import at a time per workspace: two at once would both see a touchpoint as new.
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    outcome = plan(file, name=name)
    if not outcome.can_run:
        return outcome
    try:
        _store(workspace, outcome)
    except IntegrityError as error:
        # Server and Python may disagree about capitals of rare letters (İ, Σ).
        raise TableError(_("Two names differ in capitals only. Rename one.")) from error
    return outcome


@transaction.atomic
def _store(workspace: Workspace, outcome: Plan) -> None:
    channels = _channels(workspace, outcome)
    for change in outcome.new:
        touchpoint = Touchpoint(workspace=workspace, name=change.name)
        _take_over(touchpoint, change, channels).save()
    rows = {row.name.lower(): row for row in Touchpoint.objects.all()}
    for change in outcome.changed:
        _take_over(rows[change.name.lower()], change, channels).save()


def _columns(table: Table) -> dict[str, tuple[int, str]]:
    """Field → (place of its column, its head as written)."""
    columns: dict[str, tuple[int, str]] = {}
    for place, head in enumerate(table.header):
        meant = words.field_of(head)
        if meant in columns:
            text = _("The columns “%(a)s” and “%(b)s” mean the same. Remove one.")
            raise TableError(text % {"a": columns[meant][1], "b": head}, line=1)
        if meant:
            columns[meant] = (place, head)
    if "name" not in columns:
        raise TableError(
            _("The first line names no column “name” (or “Touchpoint”, “Kontaktpunkt”)."), line=1
        )
    return columns


def _lines(
    table: Table, columns: dict[str, tuple[int, str]], outcome: Plan
) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines whose values are all known; the others become faults."""
    for count, (line, cells) in enumerate(table.rows, 1):
        if count > MAX_ROWS:
            raise TableError(_("At most %(n)d touchpoints at once.") % {"n": MAX_ROWS}, line=line)
        values: dict[str, str] = {}
        faults: list[Fault] = []
        for name, (place, head) in columns.items():
            value, fault = _value(name, cells[place])
            if fault:
                faults.append(Fault(line, head, fault))
            elif value is not None:
                values[name] = value
        outcome.faults.extend(faults)
        if not faults:
            yield line, values


def _value(name: str, cell: str) -> tuple[str | None, str]:
    """(stored value or None for "leave as it is", what is wrong)."""
    text = cell.strip() if name == "description" else words.tidied(cell)
    if words.is_choice(name):
        if not text:
            return None, ""
        value = words.value_of(name, text)
        known = ", ".join(words.known_values(name))
        wrong = _("“%(value)s” is not known. Known: %(known)s.")
        return value, "" if value else wrong % {"value": text[:60], "known": known}
    if name == "name" and not text:
        return None, _("The name is missing.")
    if len(text) > _LONGEST[name]:
        return None, _("Longer than %(n)d characters.") % {"n": _LONGEST[name]}
    return text, ""


def stored(touchpoint: Touchpoint, name: str) -> str:
    """A field as text, the way a table writes it."""
    if name == "channel":
        return touchpoint.channel.name if touchpoint.channel else ""
    return str(getattr(touchpoint, name))


def _sort_in(outcome: Plan, line: int, values: dict[str, str], known: Touchpoint | None) -> None:
    if known is None:
        fields = [FieldChange(key, "", new) for key, new in values.items() if key != "name" and new]
        outcome.new.append(Change(line, values["name"], True, fields))
        return
    fields = [
        FieldChange(key, old, new)
        for key, new in values.items()
        # The name only finds the touchpoint; capitals in a file do not rename it.
        if key != "name" and not _same(key, old := stored(known, key), new)
    ]
    change = Change(line, known.name, False, fields)
    (outcome.changed if fields else outcome.unchanged).append(change)


def _same(name: str, old: str, new: str) -> bool:
    # A channel is found whatever its capitals; storing it would change nothing.
    return old.lower() == new.lower() if name == "channel" else old == new


def _channels(workspace: Workspace, outcome: Plan) -> dict[str, Channel]:
    """Every channel of the file by its small letters; new ones are made."""
    known = {row.name.lower(): row for row in Channel.objects.all()}
    for change in [*outcome.new, *outcome.changed]:
        for one in change.fields:
            if one.field == "channel" and one.new and one.new.lower() not in known:
                made = Channel.objects.create(workspace=workspace, name=one.new)
                known[one.new.lower()] = made
    return known


def _take_over(touchpoint: Touchpoint, change: Change, channels: dict[str, Channel]) -> Touchpoint:
    for one in change.fields:
        if one.field == "channel":
            touchpoint.channel = channels[one.new.lower()] if one.new else None
        else:
            setattr(touchpoint, one.field, one.new)
    return touchpoint
