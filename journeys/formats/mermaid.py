"""Maps as Mermaid ``journey`` diagrams: what that format can hold, and words for what it cannot.

Checked against the grammar of Mermaid 11. A diagram has a title, sections with tasks, one score
per task and the names of who takes part.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from journeys.formats.content import Content, order_of
from journeys.formats.mermaid_read import read_mermaid
from journeys.rows import Values

__all__ = ["losses", "read_mermaid", "score_of", "write_mermaid"]

# Signs that Mermaid's grammar, its preparation of the text, or HTML would take for their own.
_SIGNS = re.compile(r"[#:;<>&{}%ﬂ¶]")
_KEYWORD = re.compile(r"(?:title|section|acctitle|accdescr|journey)", re.IGNORECASE)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")


def write_mermaid(content: Content) -> str:
    """The diagram as text. Scores are 3 + emotion, 1 to 5, one decimal; 3 where none is said."""
    lines = ["journey"]
    title = _escaped(content.title)
    if title:
        lines.append(f"    title {title}")
    actors = ", ".join(_actors(content))
    felt = _assumptions(content)
    for _id, phase, steps in order_of(content):
        lines.append(f"    section {_name(phase['name'])}")
        for id, step in steps:
            lines.append(f"      {_name(step['name'])}: {score_of(step, felt.get(id))}: {actors}")
    return "\n".join(lines) + "\n"


def customers() -> str:
    """What Mermaid's actor is called where a map has no personas."""
    return pgettext("who goes through a map", "Customers")


def _actors(content: Content) -> list[str]:
    people = [
        content.personas[row["persona_id"]].name
        for _id, row in content.rows("persona")
        if row["persona_id"] in content.personas
    ]
    return [_escaped(name).replace(",", "#44;") for name in people] or [_escaped(customers())]


def _assumptions(content: Content) -> dict[int, list[Decimal]]:
    found: dict[int, list[Decimal]] = {}
    for row in content.state["assumption"].values():
        found.setdefault(row["step_id"], []).append(Decimal(row["value"]))
    return found


def score_of(step: Values, felt: list[Decimal] | None = None) -> str:
    """What Mermaid draws for a step: of the whole team, else the mean over its personas."""
    if step["assumed"] is not None:
        value = Decimal(step["assumed"])
    else:
        value = sum(felt, Decimal(0)) / len(felt) if felt else Decimal(0)
    score = min(max(3 + value, Decimal(1)), Decimal(5)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{score.normalize():f}"


def _name(text: str) -> str:
    """A section or a task: never empty, and never one that begins like a keyword."""
    name = _escaped(text) or "–"
    if _KEYWORD.match(name):
        name = f"#{ord(name[0])};{name[1:]}"
    return name


def _escaped(text: str) -> str:
    text = _SPACE.sub(" ", text).strip()
    return _SIGNS.sub(lambda sign: f"#{ord(sign.group())};", text)


def losses(content: Content) -> list[str]:
    """What a map has and its diagram cannot hold, in words."""
    state = content.state
    steps = state["step"].values()
    unsaid = sum(
        step["assumed"] is None
        and not any(a["step_id"] == id for a in state["assumption"].values())
        for id, step in state["step"].items()
    )
    counted = [
        ngettext("%(n)s lane with its cards", "%(n)s lanes with their cards", n) % {"n": n}
        if (n := len(state["lane"]))
        else "",
        ngettext("the evidence of %(n)s card", "the evidence of %(n)s cards", n) % {"n": n}
        if (n := len(state["card"]))
        else "",
        ngettext(
            "the touchpoint on %(n)s step", "the touchpoints on %(n)s steps", n
        ) % {"n": n}
        if (n := len({row["step_id"] for row in state["touchpoint"].values()}))
        else "",
        ngettext("%(n)s moment of truth", "%(n)s moments of truth", n) % {"n": n}
        if (n := sum(step["is_moment"] for step in steps))
        else "",
        _("how each persona feels: one score per step is left") if state["assumption"] else "",
        _("measured emotion and the number of answers"),
        ngettext(
            "%(n)s step of which nothing is assumed: it is drawn as 3, neither good nor bad",
            "%(n)s steps of which nothing is assumed: they are drawn as 3, neither good nor bad",
            unsaid,
        ) % {"n": unsaid}
        if unsaid
        else "",
    ]  # fmt: skip
    return [words for words in counted if words]
