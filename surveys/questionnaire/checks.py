"""What is wrong with a questionnaire before anybody meets it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models.words import PART_KINDS, SCALE_KINDS, Kind
from surveys.questionnaire.definition import END, Condition, Item, Questionnaire, Rule
from surveys.questionnaire.piping import mentions
from surveys.questionnaire.rules import CHECKS, SILENT


class Problem(StrEnum):
    EMPTY = "empty"
    NO_TEXT = "no-text"
    NO_OPTIONS = "no-options"
    LOOKS_AHEAD = "looks-ahead"
    CIRCLE = "circle"
    GONE = "gone"
    IMPOSSIBLE = "impossible"
    UNREACHABLE = "unreachable"
    BACKWARDS = "backwards"
    PIPING = "piping"
    TRANSLATION = "translation"
    NO_TOUCHPOINT = "no-touchpoint"
    CONTACT = "contact"


@dataclass(frozen=True)
class Finding:
    """``item`` is the id of the question, 0 for the whole survey; ``blocks`` forbids opening."""

    problem: Problem
    item: int
    words: str
    blocks: bool = True
    language: str = ""


def findings(questionnaire: Questionnaire) -> list[Finding]:
    """Everything found, in the order of the questions; what blocks comes first."""
    found = [*_whole(questionnaire)]
    circles = _circles(questionnaire)
    for item in questionnaire.items:
        found += _item(questionnaire, item, circles)
    found += _unreachable(questionnaire)
    return sorted(found, key=lambda finding: not finding.blocks)


def _whole(questionnaire: Questionnaire) -> Iterator[Finding]:
    if not any(not item.is_section for item in questionnaire.items):
        yield Finding(Problem.EMPTY, 0, _("There is no question yet."))
    for language in questionnaire.languages[1:]:
        lacking = sum(missing(item, language) for item in questionnaire.items)
        if lacking:
            words = ngettext("%(n)d text is missing.", "%(n)d texts are missing.", lacking)
            yield Finding(Problem.TRANSLATION, 0, words % {"n": lacking}, False, language)


def missing(item: Item, language: str) -> int:
    """How many of a question's texts are not said in this language."""
    options = [option for option in item.options if any(option.texts.values())]
    return sum(
        bool(any(texts.values()) and not texts.get(language))
        for texts in (item.texts, item.help_texts, *(option.texts for option in options))
    )


Circles = set[tuple[int, int]]


def _item(questionnaire: Questionnaire, item: Item, circles: Circles) -> Iterator[Finding]:
    base = questionnaire.languages[0]
    if not item.texts.get(base, "").strip():
        yield Finding(Problem.NO_TEXT, item.id, _("The question has no text."))
    if item.kind in (Kind.CHOICE, *PART_KINDS) and len(item.options) < 2 - item.has_other:
        yield Finding(Problem.NO_OPTIONS, item.id, _("There is too little to choose from."))
    if item.kind in (Kind.CHOICE, *PART_KINDS) and not all(
        any(option.texts.values()) for option in item.options
    ):
        yield Finding(Problem.NO_OPTIONS, item.id, _("An answer to choose from has no text."))
    if item.kind == Kind.MATRIX and not item.parts:
        yield Finding(Problem.NO_TOUCHPOINT, item.id, _("No touchpoint was chosen."))
    if item.asks_contact and questionnaire.is_anonymous:
        words = _("An anonymous survey cannot ask for an address.")
        yield Finding(Problem.CONTACT, item.id, words)
    for part in (item, *item.parts):
        if part.kind in SCALE_KINDS and part.scale is None:
            yield Finding(Problem.NO_OPTIONS, item.id, _("The scale has no ends."))
    yield from _rule(questionnaire, item, item.show_if, circles)
    for jump in item.jumps:
        # A jump is decided after its question, so it may look at it; it makes nobody wait.
        yield from _rule(questionnaire, item, jump.when, set(), own=True)
    for jump in item.jumps:
        place = questionnaire.order.get(jump.to)
        if jump.to != END and place is None:
            yield Finding(Problem.GONE, item.id, _("It leads to a question that is gone."))
        elif jump.to != END and place is not None and place <= questionnaire.order[item.id]:
            words = _("It leads back; a person would go round and round.")
            yield Finding(Problem.BACKWARDS, item.id, words)
    yield from _piping(questionnaire, item)


def _piping(questionnaire: Questionnaire, item: Item) -> Iterator[Finding]:
    places = {other.key: questionnaire.order[other.id] for other in questionnaire.items}
    for key in sorted(mentions(item.texts) | mentions(item.help_texts)):
        if places.get(key, len(questionnaire.order)) >= questionnaire.order[item.id]:
            words = _("The text repeats {%(key)s}, which was not answered before.")
            yield Finding(Problem.PIPING, item.id, words % {"key": key}, False)


def _rule(
    questionnaire: Questionnaire, item: Item, rule: Rule, circles: Circles, *, own: bool = False
) -> Iterator[Finding]:
    """``own``: the rule may look at the question itself and at its parts."""
    last = questionnaire.order[item.id] + (len(item.parts) if own else -1)
    for condition in (condition for together in rule for condition in together):
        other = questionnaire.by_id.get(condition.question)
        if other is None:
            yield Finding(Problem.GONE, item.id, _("Its rule asks for a question that is gone."))
        elif (item.id, other.parent or other.id) in circles:
            words = _("It waits for question “%(key)s”, which waits for it.")
            yield Finding(
                Problem.CIRCLE,
                item.id,
                words % {"key": questionnaire.numbers.get(other.id, other.key)},
            )
        elif questionnaire.order[other.id] > last:
            words = _("Its rule looks at question “%(key)s”, which comes later.")
            yield Finding(
                Problem.LOOKS_AHEAD,
                item.id,
                words % {"key": questionnaire.numbers.get(other.id, other.key)},
            )
        elif not _possible(condition, other):
            words = _("Its rule asks for an answer that question “%(key)s” does not offer.")
            # One alternative of several may be dead without the question being so.
            yield Finding(
                Problem.IMPOSSIBLE,
                item.id,
                words % {"key": questionnaire.numbers.get(other.id, other.key)},
                False,
            )


def _circles(questionnaire: Questionnaire) -> Circles:
    """Pairs (question, the one it waits for) that wait for each other, however long the way."""
    waits = {
        item.id: {
            (other.parent or other.id)
            for together in item.show_if
            for c in together
            if (other := questionnaire.by_id.get(c.question))
        }
        for item in questionnaire.items
    }
    return {
        (item, other)
        for item, others in waits.items()
        for other in others
        if _leads(waits, other, item)
    }


def _leads(waits: dict[int, set[int]], start: int, end: int) -> bool:
    seen: set[int] = set()
    open_ends = [start]
    while open_ends:
        item = open_ends.pop()
        if item == end:
            return True
        if item not in seen:
            seen.add(item)
            open_ends += waits.get(item, ())
    return False


def _possible(condition: Condition, other: Item) -> bool:
    """Whether any answer of the other question fulfils the condition."""
    if condition.check in SILENT:
        return {
            "skipped": not other.is_required,
            "never": other.offers_never_used,
            "unknown": other.offers_unknown,
        }[condition.check]
    if condition.check not in CHECKS:
        return False
    if condition.check == "answered":
        return True
    codes = _offered(other)
    if condition.check == "is":
        return bool(codes & set(condition.to))
    if condition.check == "is_not":
        return bool(codes - set(condition.to)) or len(codes) > 1
    scale = other.scale
    if scale is None or not condition.to:
        return False
    low, high = scale
    return low <= condition.to[0] if condition.check == "at_most" else high >= condition.to[0]


def _offered(other: Item) -> set[int]:
    if other.kind == Kind.MATRIX:
        return {part.id for part in other.parts}
    if other.kind == Kind.CONSENT:
        return {0, 1}
    return set(other.codes) | ({0} if other.has_other else set())


def _unreachable(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Questions that nobody can ever be asked: every alternative is dead, or all jump past them."""
    dead: set[int] = set()
    section: Item | None = None
    past = 0
    for item in questionnaire.items:
        if questionnaire.order[item.id] < past:
            dead.add(item.id)
            # A section is no page: its rule holds for what follows even where it is jumped over.
            section = item if item.is_section else section
            continue
        if not _can_be(questionnaire, item, dead):
            dead.add(item.id)
        if item.is_section:
            section = item
        elif section and not _can_be(questionnaire, section, dead):
            dead.add(item.id)
        if item.id not in dead and not (section and section.show_if):
            past = _always_to(questionnaire, item)
    for item in questionnaire.items:
        if item.id in dead and not item.is_section:
            yield Finding(Problem.UNREACHABLE, item.id, _("It cannot be reached."))


def _can_be(questionnaire: Questionnaire, item: Item, dead: set[int]) -> bool:
    return not item.show_if or any(
        all(_alive(questionnaire, item, c, dead) for c in together) for together in item.show_if
    )


def _alive(questionnaire: Questionnaire, item: Item, condition: Condition, dead: set[int]) -> bool:
    other = questionnaire.by_id.get(condition.question)
    if other is None or other.id in dead or other.parent in dead:
        return False
    return questionnaire.order[other.id] < questionnaire.order[item.id] and _possible(
        condition, other
    )


def _always_to(questionnaire: Questionnaire, item: Item) -> int:
    """The first place that a question leads to which everybody gets and nobody just goes on from.

    Jumps are tried in their order, so what follows one without a condition is never reached, but
    those before it may lead to an earlier place.
    """
    if item.show_if or item.rotates:
        return 0
    targets = []
    for jump in item.jumps:
        end = len(questionnaire.order)
        place = end if jump.to == END else questionnaire.order.get(jump.to, -1)
        if place > questionnaire.order[item.id]:
            targets.append(place)
            if not jump.when:
                return min(targets)
    return 0
