"""Rules, jumps and questions in words, for the list, the editor and screen readers."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.templatetags.ui import number
from surveys.models import SCALE_KINDS, Kind
from surveys.questionnaire import END, Condition, Item, Jump, Questionnaire, Rule, in_language

ICONS: Final = {
    Kind.FACES: "smile",
    Kind.RATING: "sliders-horizontal",
    Kind.MATRIX: "table",
    Kind.NPS: "gauge",
    Kind.CSAT: "star",
    Kind.CES: "scale",
    Kind.CHOICE: "circle-check",
    Kind.SEVERAL: "list-checks",
    Kind.RANKING: "arrow-up-down",
    Kind.TEXT: "text-align-start",
    Kind.CONSENT: "shield-check",
    Kind.SECTION: "rows-3",
}
# What can be asked of an earlier question, by kind; the words stand between it and the answers.
_CHECKS: Final = {
    "at_most": gettext_lazy("is at most"),
    "at_least": gettext_lazy("is at least"),
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "answered": gettext_lazy("was answered"),
    "skipped": gettext_lazy("was skipped"),
    "unknown": gettext_lazy("was “don’t know”"),
    "never": gettext_lazy("was never used"),
}
_MANY: Final = {
    "is": gettext_lazy("includes"),
    "is_not": gettext_lazy("does not include"),
}
_SECONDS: Final = {Kind.TEXT: 18, Kind.MATRIX: 8, Kind.RANKING: 20, Kind.SEVERAL: 8}
_USUAL_SECONDS: Final = 5


def checks(item: Item) -> list[tuple[str, str]]:
    """(name, words) of what a rule can ask of a question."""
    names = ["answered"]
    if item.kind in SCALE_KINDS:
        names = ["at_most", "at_least", "is", "is_not", *names]
    elif item.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.MATRIX, Kind.CONSENT):
        names = ["is", "is_not", *names]
    if not item.is_required:
        names.append("skipped")
    names += ["unknown"] * item.offers_unknown + ["never"] * item.offers_never_used
    return [(name, _check(item, name)) for name in names]


def _check(item: Item, name: str) -> str:
    if name in _MANY and item.kind in (Kind.SEVERAL, Kind.MATRIX):
        return str(_MANY[name])
    return str(_CHECKS.get(name, name))


def answers(item: Item, questionnaire: Questionnaire) -> list[tuple[int, str]]:
    """(code, words) that a rule can compare with."""
    if item.kind == Kind.MATRIX:
        return [(part.id, part.place or part.key) for part in item.parts]
    if item.kind == Kind.CONSENT:
        return [(1, _("yes")), (0, _("no"))]
    words = {option.code: _said(option.texts, questionnaire) for option in item.options}
    if item.scale:
        codes = range(item.scale[1], item.scale[0] - 1, -1)
        return [(code, f"{code} {words.get(code, '')}".strip()) for code in codes]
    other = [(0, _("Other"))] if item.has_other else []
    return [(code, text or str(code)) for code, text in words.items()] + other


def _said(texts: Mapping[str, str], questionnaire: Questionnaire) -> str:
    return in_language(texts, questionnaire.languages[0], questionnaire.languages)


def _number(questionnaire: Questionnaire, question: int) -> str:
    place = questionnaire.numbers.get(question)
    return number(place) if place else ""


def condition(which: Condition, questionnaire: Questionnaire) -> str:
    """ "3 is at most 2", "1 includes Food or Drinks"."""
    item = questionnaire.by_id.get(which.question)
    if item is None:
        return _("a question that is gone")
    check = _check(item, which.check)
    name = _number(questionnaire, item.id)
    if item.parent is not None and item.place:
        name = f"{name} ({item.place})"
    if which.check in ("at_most", "at_least"):
        said = ", ".join(map(str, which.to[:1]))
    else:
        offered = dict(answers(item, questionnaire))
        said = joined((offered.get(code, f"“{code}”") for code in which.to), _("or"))
    return " ".join(filter(None, (name, check, said)))


def joined(parts: Iterable[str], word: str) -> str:
    """a, b or c."""
    found = list(parts)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {word} {found[-1]}"


def rule(which: Rule, questionnaire: Questionnaire) -> str:
    """All alternatives of a rule; "" where it always holds."""
    alternatives = (
        joined((condition(each, questionnaire) for each in together), _("and"))
        for together in which
    )
    return joined(alternatives, _("or"))


def jump(which: Jump, questionnaire: Questionnaire) -> str:
    """ "If 3 is at most 2: go to 7"."""
    target = questionnaire.by_id.get(which.to)
    if which.to == END:
        place = _("the end")
    elif target is None:
        place = _("a question that is gone")
    else:
        place = _number(questionnaire, which.to) or _said(target.texts, questionnaire)
    if which.when:
        words = {"rule": rule(which.when, questionnaire), "place": place}
        return _("If %(rule)s: go to %(place)s") % words
    return _("Then go to %(place)s") % {"place": place}


def seconds(questionnaire: Questionnaire) -> int:
    """About how long answering takes who is asked everything; of rotating ones the cap."""
    total = 0
    rotating: list[int] = []
    for item in questionnaire.items:
        if item.is_section:
            continue
        one = _SECONDS.get(item.kind, _USUAL_SECONDS)
        if item.kind == Kind.MATRIX and item.rotates:
            total += one
            rotating += [_USUAL_SECONDS] * len(item.parts)
            continue
        one += _USUAL_SECONDS * len(item.parts) if item.kind == Kind.MATRIX else 0
        if item.rotates:
            rotating.append(one)
        else:
            total += one
    cap = len(rotating) if questionnaire.cap is None else questionnaire.cap
    return total + sum(sorted(rotating, reverse=True)[:cap])


def at_most_seen(questionnaire: Questionnaire) -> int:
    """How many questions one person meets at most, counting a matrix once."""
    asked = [item for item in questionnaire.items if not item.is_section]
    rotating = sum(item.rotates and item.kind != Kind.MATRIX for item in asked)
    cap = rotating if questionnaire.cap is None else min(questionnaire.cap, rotating)
    return len(asked) - rotating + cap


def language_name(code: str) -> str:
    """The language in its own words, as people look for it."""
    info = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.split("-")[0].lower())
    name = info.get("name_local", "") if info else ""
    if not name:
        return code
    own = name[:1].upper() + name[1:]
    return own if code.lower() in LANG_INFO else f"{own} ({code})"


def is_rtl(code: str) -> bool:
    info = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.split("-")[0].lower()) or {}
    return bool(info.get("bidi"))
