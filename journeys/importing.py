"""A map as TOML: phases, steps, their touchpoints and what the team assumes; read and written."""

import tomllib
from decimal import Decimal
from typing import Any

import tomli_w
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.models import Workspace
from journeys.outline import Outline, PhaseOutline, StepOutline
from touchpoints.merging import known_names
from touchpoints.models import Touchpoint

MAX_BYTES = 1_000_000
MAX_STEPS = 500


class JourneyFileError(ValueError):
    """What is wrong with the file, one sentence per mistake."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse(data: bytes) -> Outline:
    """The outline that a file describes, with touchpoints by the names that it says.

    Raises JourneyFileError with everything that is wrong at once.
    """
    problems: list[str] = []
    outline = _outline(_parsed(data), problems)
    if problems:
        raise JourneyFileError(*problems)
    return outline


def read(data: bytes, *, workspace: Workspace) -> Outline:
    """The outline that a file describes, its touchpoints checked against the catalogue.

    Raises JourneyFileError with everything that is wrong at once; nothing is stored.
    """
    problems: list[str] = []
    outline = _outline(_parsed(data), problems)
    named = dict.fromkeys(
        name for phase in outline.phases for step in phase.steps for name in step.touchpoints
    )
    catalogue = _catalogue(workspace)
    missing = [name for name in named if name.casefold() not in catalogue]
    if missing:
        problems.append(
            ngettext(
                "The catalogue has no touchpoint of this name: %(names)s.",
                "The catalogue has no touchpoints of these names: %(names)s.",
                len(missing),
            )
            % {"names": ", ".join(missing)}
        )
    if problems:
        raise JourneyFileError(*problems)
    return _spelled(outline, catalogue)


def _catalogue(workspace: Workspace) -> dict[str, str]:
    """{any name that a file may use: the name of today}."""
    rows = Touchpoint.objects.filter(workspace=workspace).values_list("pk", "name")
    today = dict(rows)
    known = known_names(workspace.pk, key=str.casefold)
    return {name: today[pk] for name, pk in known.items()}


def _spelled(outline: Outline, catalogue: dict[str, str]) -> Outline:
    """Touchpoints by the names of the catalogue, whatever the case in the file."""
    return Outline(
        outline.title,
        tuple(
            PhaseOutline(
                phase.name,
                tuple(
                    StepOutline(
                        step.name,
                        tuple(dict.fromkeys(catalogue[t.casefold()] for t in step.touchpoints)),
                        step.assumed,
                    )
                    for step in phase.steps
                ),
            )
            for phase in outline.phases
        ),
    )


def _parsed(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise JourneyFileError(_("The file is larger than 1 MB; a map is not."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JourneyFileError(_("The file is not UTF-8 text.")) from error
    try:
        # Decimals keep what was written: 0.1 stays 0.1.
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise JourneyFileError(_("The file is not TOML: %(error)s") % {"error": error}) from error


def _outline(table: dict[str, Any], problems: list[str]) -> Outline:
    _unknown(table, {"title", "phase"}, _("the file"), problems)
    title = _text(table.get("title"), _("title"), 160, problems)
    phases = tuple(
        _phase(phase, number, problems)
        for number, phase in enumerate(_tables(table.get("phase"), "[[phase]]", problems), 1)
    )
    if sum(len(phase.steps) for phase in phases) > MAX_STEPS:
        problems.append(_("A map holds at most %(n)s steps.") % {"n": MAX_STEPS})
    return Outline(title, phases)


def _phase(table: dict[str, Any], number: int, problems: list[str]) -> PhaseOutline:
    where = _("phase %(number)s") % {"number": number}
    _unknown(table, {"name", "steps"}, where, problems)
    name = _text(table.get("name"), where, 120, problems)
    steps = _tables(table.get("steps", []), where, problems)
    return PhaseOutline(name, tuple(_step(step, name or where, problems) for step in steps))


def _step(table: dict[str, Any], phase: str, problems: list[str]) -> StepOutline:
    _unknown(table, {"name", "touchpoints", "assumed"}, phase, problems)
    name = _text(table.get("name"), _("a step of %(phase)s") % {"phase": phase}, 120, problems)
    touchpoints = table.get("touchpoints", [])
    if not isinstance(touchpoints, list) or not all(isinstance(t, str) for t in touchpoints):
        problems.append(_("%(step)s: touchpoints must be a list of names.") % {"step": name})
        touchpoints = []
    cleaned = dict.fromkeys(name.strip() for name in touchpoints if name.strip())
    return StepOutline(name, tuple(cleaned), _assumed(table.get("assumed"), name, problems))


def _assumed(value: Any, step: str, problems: list[str]) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        problems.append(_("%(step)s: assumed must be a number.") % {"step": step})
        return None
    exact = Decimal(value)
    if not (exact.is_finite() and -2 <= exact <= 2):
        problems.append(
            _("%(step)s: assumed is %(value)s, which is not between −2 and +2.")
            % {"step": step, "value": value}
        )
        return None
    return exact.quantize(Decimal("0.01"))


def _text(value: Any, where: str, length: int, problems: list[str]) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        problems.append(_("%(where)s: the name is missing.") % {"where": where})
    if len(text) > length or "\x00" in text:
        problems.append(
            _("%(where)s: the name is longer than %(length)s characters.")
            % {"where": where, "length": length}
        )
    return text[:length].replace("\x00", "")


def _tables(value: Any, where: str, problems: list[str]) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    problems.append(_("%(where)s is missing, or is not a list of tables.") % {"where": where})
    return []


def _unknown(table: dict[str, Any], known: set[str], where: str, problems: list[str]) -> None:
    for key in sorted(set(table) - known):
        problems.append(_("%(where)s: unknown key “%(key)s”.") % {"where": where, "key": key})


def written(outline: Outline) -> str:
    """The outline as TOML; reading it again gives the same outline."""
    return tomli_w.dumps(
        {
            "title": outline.title,
            "phase": [
                {"name": phase.name, "steps": [_step_table(step) for step in phase.steps]}
                for phase in outline.phases
            ],
        }
    )


def _step_table(step: StepOutline) -> dict[str, Any]:
    table: dict[str, Any] = {"name": step.name, "touchpoints": list(step.touchpoints)}
    if step.assumed is not None:
        table["assumed"] = float(step.assumed)
    return table
