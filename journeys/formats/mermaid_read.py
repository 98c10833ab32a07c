"""Reading Mermaid ``journey`` diagrams: more than Mermaid takes, and everything guessed is told."""

import html
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from cxm.models import Language
from journeys.formats.content import Builder, Content, FormatError, PersonaContent
from journeys.models import LaneKind

FIRST_LANES = (LaneKind.ACTION, LaneKind.TOUCHPOINTS, LaneKind.EMOTION, LaneKind.PAINS)

_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,})[ \t]*mermaid\b.*$", re.IGNORECASE)
_KEYWORD = re.compile(r"(title|section|acctitle|accdescr)(?=[\s:{]|$)(.*)", re.IGNORECASE)
# "Journey;Before;During" is the first line of a spreadsheet.
_HEAD = re.compile(r"journey(?:\s*;?\s*$|\s+(?:title|section|acctitle|accdescr)\b)", re.IGNORECASE)
_ENTITY = re.compile(r"#(\w{1,12});")
# A time of day in a name: Mermaid would cut "Meet at 10:30: 3: Me" after the hour.
_CLOCK = re.compile(r"(.*?\b\d{1,2}:\d{2}\b[^:]*):\s*(-?\d+(?:[.,]\d+)?)\s*(?::(.*))?", re.DOTALL)
_MAX_LINE = 20_000


def is_mermaid(text: str) -> bool:
    """Whether a text is a journey diagram, or holds one in a fenced block of Markdown."""
    return _start(text.splitlines()[:2000]) is not None


def read_mermaid(text: str) -> Content:
    """The map that a diagram draws. Raises FormatError where there is no diagram."""
    lines = text.splitlines()
    start = _start(lines)
    if start is None:
        raise FormatError(_("The text is no Mermaid diagram: no line begins with “journey”."))
    reader = _Reader()
    reader.front_matter(lines[: start[0]])
    reader.header(lines[start[0]], start[0] + 1)
    for number, line in enumerate(lines[start[0] + 1 :], start[0] + 2):
        if start[1] and line.strip().startswith(start[1]):
            break
        reader.line(line, number)
    return reader.done()


def _start(lines: list[str]) -> tuple[int, str] | None:
    """The index of the line ``journey``, and the sign that ends the block where it is fenced."""
    fence, is_front, is_directive = "", False, False
    for number, raw in enumerate(lines):
        line = raw.strip()
        if line == "---" and not fence and (is_front or not any(map(str.strip, lines[:number]))):
            is_front = not is_front
            continue
        if is_front:
            continue
        if is_directive or (line.startswith("%%{") and "}%%" not in line):
            is_directive = "}%%" not in line
            continue
        if _HEAD.match(line):
            return number, fence
        opened = _FENCE.match(raw)
        if opened:
            fence = opened.group(1)
        elif line and not line.startswith("%%") and (fence or not _is_markdown(lines)):
            return None
    return None


def _is_markdown(lines: list[str]) -> bool:
    return any(_FENCE.match(line) for line in lines)


class _Reader:
    """Takes the lines one by one."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.phase: int | None = None
        self.people: dict[str, int] = {}
        self.acting: dict[int, list[int]] = {}
        self.scores: dict[int, Decimal] = {}
        self.is_description = False
        self.is_directive = False

    def note(self, number: int, words: str, *, lost: bool = False) -> None:
        where = _("line %(line)d") % {"line": number}
        self.builder.note("lost" if lost else "guessed", where, words)

    def front_matter(self, lines: list[str]) -> None:
        """The title of the YAML in front; the rest of it is Mermaid's own settings."""
        if not lines or "---" not in (line.strip() for line in lines):
            return
        for number, line in enumerate(lines, 1):
            name, colon, value = line.partition(":")
            if colon and name == "title":
                self.title(value.strip().strip("\"'"), number)

    def header(self, line: str, number: int) -> None:
        rest = line.strip()[len("journey") :].strip().strip(";").strip()
        if rest:
            self.note(number, _("Behind “journey” stands more, which is read as a line."))
            self.line(rest, number)

    def line(self, raw: str, number: int) -> None:
        line = raw.strip()
        if len(line) > _MAX_LINE:
            words = _("The line has more than %(n)s characters and is left out.")
            self.note(number, words % {"n": _MAX_LINE}, lost=True)
            return
        if self.is_directive or line.startswith("%%{"):
            self.is_directive = "}%%" not in line
        elif self.is_description:
            self.is_description = "}" not in line
        elif line and not line.startswith("%%"):
            self.statement(line, number)

    def statement(self, line: str, number: int) -> None:
        """A title, a section or a task; ``number`` is the line in the file."""
        if line.endswith(";") and not re.search(r"#\w+;$", line):
            line = line.rstrip(";").rstrip()
            self.note(number, _("A semicolon at the end is left out; Mermaid would refuse it."))
        keyword = _KEYWORD.match(line)
        if keyword is None:
            self.task(line, number)
            return
        name, rest = keyword.group(1).lower(), keyword.group(2).strip()
        if name == "title":
            self.title(rest, number)
        elif name == "section":
            self.section(rest, number)
        else:
            self.is_description = rest.startswith("{") and "}" not in rest
            self.note(
                number, _("The description for screen readers is not part of a map."), lost=True
            )

    def title(self, text: str, number: int) -> None:
        if not text:
            words = _(
                "The title is empty. Mermaid would take the next line for it; here it is a line."
            )
            self.note(number, words)
            return
        if self.builder.content.title:
            self.note(number, _("There is more than one title; the last one counts."))
        if "#" in _ENTITY.sub("", text):
            self.note(number, _("The title is kept whole; Mermaid drops what follows #."))
        self.builder.title(_decoded(text), _("line %(line)d") % {"line": number})

    def section(self, text: str, number: int) -> None:
        if ":" in text or "#" in _ENTITY.sub("", text):
            self.note(
                number, _("The name holds a sign that Mermaid would refuse here; it is kept.")
            )
        self.phase = self.builder.phase(_decoded(text), where=_("line %(line)d") % {"line": number})

    def task(self, line: str, number: int) -> None:
        """``name: score: actors`` is a step, in a phase of its own where no section was begun."""
        where = _("line %(line)d") % {"line": number}
        name, score, actors = self.parts(line, number)
        if self.phase is None:
            self.note(number, _("The step stands before any section; it gets a phase of its own."))
            self.phase = self.builder.phase(_("Phase 1"), where=where)
        if "#" in _ENTITY.sub("", name):
            self.note(
                number, _("The name holds a sign that Mermaid would refuse here; it is kept.")
            )
        value = self.emotion(score, number)
        step = self.builder.step(
            self.phase, _decoded(name), where=where,
            assumed=None if value is None else f"{value:.2f}",
        )  # fmt: skip
        if value is not None:
            self.scores[step] = value
        self.acting[step] = self.actors(actors, number)

    def parts(self, line: str, number: int) -> tuple[str, str | None, str]:
        """Name, score and actors of a task."""
        clock = _CLOCK.fullmatch(line)
        if clock:
            self.note(number, _("A time of day is read as part of the name; Mermaid would cut it."))
            return clock.group(1), clock.group(2), clock.group(3) or ""
        name, colon, rest = line.partition(":")
        if not colon:
            return name, None, ""
        score, _colon, behind = rest.partition(":")
        actors, colon, dropped = behind.partition(":")
        if colon:
            words = _("What follows the names is left out, as Mermaid does: “%(text)s”.")
            self.note(number, words % {"text": dropped.strip()[:60]}, lost=True)
        return name, score.strip(), actors

    def emotion(self, score: str | None, number: int) -> Decimal | None:
        """The score from 1 to 5 as a value from −2 to +2."""
        if score is None:
            self.note(number, _("The line has no score: a step of which nothing is assumed."))
            return None
        try:
            value = Decimal(score.replace(",", ".")) if len(score) < 40 else Decimal("NaN")
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            words = _("“%(score)s” is no score: nothing is assumed of this step.")
            self.note(number, words % {"score": score[:40]})
            return None
        clamped = min(max(value, Decimal(1)), Decimal(5))
        if clamped != value:
            words = _("The score %(score)s lies outside of 1 to 5 and becomes %(new)s.")
            self.note(number, words % {"score": score[:40], "new": clamped})
        return (clamped - 3).quantize(Decimal("0.01"))

    def actors(self, text: str, number: int) -> list[int]:
        found: dict[int, None] = {}
        for raw in text.split(","):
            name = _decoded(raw)
            if "%%" in raw:
                self.note(number, _("“%%” does not begin a comment here; it stays in the name."))
            if not name or name.casefold() in _all_customers():
                continue
            if name.casefold() not in self.people:
                where = _("line %(line)d") % {"line": number}
                persona = PersonaContent(self.builder.line(name, 120, where))
                self.people[name.casefold()] = self.builder.persona(persona)
            found[self.people[name.casefold()]] = None
        return list(found)

    def done(self) -> Content:
        """The map; who takes part in some steps alone feels something of their own there."""
        everyone = set(self.people.values())
        if any(set(people) not in (set(), everyone) for people in self.acting.values()):
            for step, people in self.acting.items():
                for persona in people if step in self.scores else ():
                    self.builder.assume(step, persona, self.scores[step])
        for kind in FIRST_LANES:
            self.builder.lane(kind.value, where="")
        return self.builder.done()


def _all_customers() -> set[str]:
    """The word that stands for all customers, in every language."""
    before, words = get_language(), set()
    for code in Language.values:
        with override(code):
            words.add(pgettext("who goes through a map", "Customers").casefold())
    assert get_language() == before
    return words


def _decoded(text: str) -> str:
    """With ``#35;`` and ``#amp;`` as the signs that they stand for."""
    return _ENTITY.sub(_sign, text).strip()


def _sign(entity: re.Match[str]) -> str:
    code = entity.group(1)
    if code.isdecimal():
        number = int(code)
        return chr(number) if 0 < number < 0x110000 else entity.group()
    sign = html.unescape(f"&{code};")
    return entity.group() if sign.startswith("&") and code != "amp" else sign
