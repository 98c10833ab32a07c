"""What the editor's form says about a question, as fields of ``change_question``."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from surveys.building import words
from surveys.building.limits import BuildError
from surveys.models import Question
from surveys.questionnaire import Questionnaire
from touchpoints.models import Touchpoint

_FLAGS: Final = (
    *("is_reversed", "has_other", "is_required", "offers_never_used", "offers_unknown"),
    *("rotates", "asks_contact"),
)


class Form:
    """A posted form, read by name; whatever is no whole number where one must be is refused."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def one(self, name: str) -> str:
        return str(self.data.get(name, ""))

    def whole(self, name: str) -> int | None:
        return whole(self.one(name))

    def several(self, name: str) -> list[int]:
        found = [whole(value) for value in self.data.getlist(name)]
        return [value for value in found if value is not None]

    def by_language(self, prefix: str) -> dict[str, str]:
        """{language: text} of the fields "<prefix>-<language>"."""
        start = f"{prefix}-"
        return {
            name.removeprefix(start): str(value)
            for name, value in self.data.items()
            if name.startswith(start)
        }

    def numbers(self, pattern: str) -> list[int]:
        """The numbers at the place of ``(\\d+)`` in names of fields, in their order."""
        matches = (re.match(pattern, name) for name in self.data)
        return sorted({int(match[1]) for match in matches if match and len(match[1]) < 10})


def whole(value: str) -> int | None:
    """A whole number, None where nothing is said; BuildError for anything else."""
    value = value.strip().replace("\u2212", "-")
    if not value:
        return None
    if not re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        raise BuildError(_("“%(value)s” is not a whole number.") % {"value": value[:40]})
    return int(value)


def fields(data: Any, question: Question) -> dict[str, Any]:
    """Everything that the form says; what it does not show is left as it is.

    ``shows`` names the groups of fields that stand in the form, so that a box without a tick is
    told from one that is not there.
    """
    form = Form(data)
    shown = set(data.getlist("shows"))
    found: dict[str, Any] = {}
    if form.one("kind"):
        found["kind"] = form.one("kind")
    if texts := form.by_language("text"):
        found["texts"] = texts
    if helps := form.by_language("help"):
        found["help_texts"] = helps
    if "touchpoint" in data:
        found["touchpoint"] = _touchpoint(form)
    found |= {flag: flag in data for flag in _FLAGS if flag in shown}
    for end in ("scale_min", "scale_max"):
        if end in data and form.whole(end) is not None:
            found[end] = form.whole(end)
    if "options" in shown:
        found["options"] = options(form, question)
    if "rules" in shown:
        found["show_if"] = rule(form, "if")
        found["jumps"] = jumps(form)
    return found


def _touchpoint(form: Form) -> Touchpoint | None:
    pk = form.whole("touchpoint")
    if pk is None:
        return None
    found = Touchpoint.objects.filter(pk=pk).first()
    if found is None:
        raise BuildError(_("This touchpoint is not in the workspace."))
    return found


def options(form: Form, question: Question) -> list[dict[str, Any]]:
    """The rows of the table of answers; ``op`` moves, removes or adds one."""
    rows = []
    for place in form.numbers(r"option-(\d+)-code\Z"):
        row: dict[str, Any] = {
            "code": form.whole(f"option-{place}-code"),
            "texts": _kept(form, question, place),
        }
        if segment := form.whole(f"option-{place}-segment"):
            row["segment"] = segment
        rows.append(row)
    return moved(rows, form.one("op"), "option", {"code": None, "texts": {}})


def _kept(form: Form, question: Question, place: int) -> dict[str, str]:
    """Words of languages that the form does not show stay with their code."""
    code = form.whole(f"option-{place}-code")
    before: dict[str, str] = next((o["texts"] for o in question.options if o["code"] == code), {})
    spoken = set(question.survey.all_languages)
    known = {language: text for language, text in before.items() if language in spoken}
    return known | form.by_language(f"option-{place}-text")


def moved(rows: list[Any], op: str, name: str, new: Any) -> list[Any]:
    """The rows after a press on "up", "down", "remove" or "add" of a table."""
    if op == f"{name}-add":
        return [*rows, new]
    match = re.fullmatch(rf"{name}-(up|down|remove)-(\d{{1,4}})", op)
    if match is None or int(match[2]) >= len(rows):
        return rows
    place = int(match[2])
    row = rows.pop(place)
    if match[1] != "remove":
        rows.insert(max(place + (1 if match[1] == "down" else -1), 0), row)
    return rows


def rule(form: Form, prefix: str) -> list[list[dict[str, Any]]]:
    """Alternatives "<prefix>-<a>-<c>-question|is|to"; conditions without a question are none.

    ``op`` may remove one, or add one: "<prefix>-or" an alternative, "<prefix>-<a>-and" to it.
    """
    op = form.one("op")
    found = []
    for alternative in form.numbers(rf"{prefix}-(\d+)-\d+-question\Z"):
        together = []
        for place in form.numbers(rf"{prefix}-{alternative}-(\d+)-question\Z"):
            name = f"{prefix}-{alternative}-{place}"
            if op != f"{name}-remove" and (said := _condition(form, name)):
                together.append(said)
        if op == f"{prefix}-{alternative}-and" and together:
            together.append(dict(together[-1]))
        found.append(together)
    if op == f"{prefix}-or":
        found.append([{"question": form.whole("earlier") or 0, "is": "", "to": []}])
    return [together for together in found if together]


def _condition(form: Form, name: str) -> dict[str, Any] | None:
    question = form.whole(f"{name}-question")
    if question is None:
        return None
    return {"question": question, "is": form.one(f"{name}-is"), "to": form.several(f"{name}-to")}


def completed(
    said: list[list[dict[str, Any]]], questionnaire: Questionnaire
) -> list[list[dict[str, Any]]]:
    """The same rule with a check and an answer that each question has: a choice made anew."""
    return [[_complete(one, questionnaire) for one in together] for together in said]


def _complete(said: dict[str, Any], questionnaire: Questionnaire) -> dict[str, Any]:
    item = questionnaire.by_id.get(said["question"])
    if item is None:
        raise BuildError(_("There is no earlier question that it could ask for."))
    names = [name for name, _words in words.checks(item)]
    check = said["is"] if said["is"] in names else names[0]
    offered = [code for code, _words in words.answers(item, questionnaire)]
    to = [code for code in said["to"] if code in offered]
    if check in ("at_most", "at_least"):
        low, high = item.scale or (0, 0)
        to = to[:1] or [low + 1 if check == "at_most" else high - 1]
    elif check in ("is", "is_not"):
        to = to or offered[:1]
    return {"question": item.id, "is": check, "to": to}


def jumps(form: Form) -> list[dict[str, Any]]:
    found = []
    for place in form.numbers(r"jump-(\d+)-to\Z"):
        target = form.whole(f"jump-{place}-to")
        if target is None or form.one("op") == f"jump-{place}-remove":
            continue
        found.append({"when": rule(form, f"jump-{place}-if"), "to": target})
    if form.one("op") == "jump-add":
        own = {"question": form.whole("own") or 0, "is": "", "to": []}
        found.append({"when": [[own]], "to": 0})
    return found


def parts(data: Any) -> tuple[list[int], dict[int, Mapping[str, str]]]:
    """The touchpoints of a matrix in order, and their texts; ``op`` and "touchpoint-new" apply."""
    form = Form(data)
    rows = []
    texts: dict[int, Mapping[str, str]] = {}
    for place in form.numbers(r"part-(\d+)-touchpoint\Z"):
        pk = form.whole(f"part-{place}-touchpoint")
        if pk is not None:
            rows.append(pk)
            texts[pk] = form.by_language(f"part-{place}-text")
    rows = moved(rows, form.one("op"), "part", None)
    new = form.whole("touchpoint-new")
    return [*rows, *([new] if new and new not in rows else [])], texts
