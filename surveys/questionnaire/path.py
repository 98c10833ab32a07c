"""Which pages one person gets, in which order, given what they have said so far."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from surveys.models.words import Kind
from surveys.questionnaire.definition import END, Item, Questionnaire
from surveys.questionnaire.rules import Replies, holds, says_something


def pages(
    questionnaire: Questionnaire, replies: Replies, rotation: Sequence[int] = ()
) -> tuple[Item, ...]:
    """The questions that this person is asked, one per page; sections are no pages.

    Rules are judged on ``replies``, so the end of the tuple may change while a person answers;
    what lies before the page they are at does not, unless they go back and say something else.
    ``rotation``: the rotating questions, most wanted first; of them at most ``cap`` are asked.
    """
    candidates = list(_candidates(questionnaire, replies))
    asked = _capped(candidates, replies, questionnaire.cap, rotation)
    shown: list[Item] = []
    until: int | None = None
    for item in _rotated([item for item in candidates if item.id in asked], rotation):
        if until is not None:
            if item.id != until and questionnaire.order[item.id] < questionnaire.order[until]:
                continue
            until = None
        shown.append(item)
        target = _jump(questionnaire, item, replies)
        if target == END:
            break
        until = target
    return tuple(shown)


def open_page(shown: Sequence[Item], replies: Replies) -> Item | None:
    """The first page that has no reply: where a person who comes back goes on."""
    return next((item for item in shown if item.id not in replies), None)


def section_of(questionnaire: Questionnaire, item: Item) -> Item | None:
    """The section that an item stands under."""
    found = None
    for candidate in questionnaire.items:
        if candidate.is_section:
            found = candidate
        if candidate.id in (item.id, item.parent):
            return found
    return None


def _candidates(questionnaire: Questionnaire, replies: Replies) -> Iterator[Item]:
    """Everything whose rules hold: a section's rule stands before all of its questions."""
    section_holds = True
    for item in questionnaire.items:
        if item.is_section:
            section_holds = holds(item.show_if, replies)
            continue
        if not section_holds or not holds(item.show_if, replies):
            continue
        yield item
        if item.kind == Kind.MATRIX:
            used = replies.get(item.id, {}).get("used", ())
            yield from (part for part in item.parts if part.id in used)


def _capped(
    candidates: Sequence[Item], replies: Replies, cap: int | None, rotation: Sequence[int]
) -> set[int]:
    """Who is asked: all that do not rotate, and of those that do the ``cap`` most wanted.

    A question that was answered stays, so that going back does not take away what was said.
    """
    fixed = {item.id for item in candidates if not takes_turns(item)}
    rotating = [item.id for item in candidates if takes_turns(item)]
    if cap is None or len(rotating) <= cap:
        return fixed | set(rotating)
    wanted = {question: place for place, question in enumerate(rotation)}
    rotating.sort(key=lambda question: (question not in replies, wanted.get(question, len(wanted))))
    return fixed | set(rotating[:cap])


def takes_turns(item: Item) -> bool:
    """Of a matrix that rotates its touchpoints do; which were used is asked of everybody."""
    return item.rotates and item.kind != Kind.MATRIX


def _rotated(items: Sequence[Item], rotation: Sequence[int]) -> Iterator[Item]:
    """Neighbours that rotate change places; the others stay where they are."""
    wanted = {question: place for place, question in enumerate(rotation)}
    for rotates, run in groupby(items, key=takes_turns):
        if rotates:
            yield from sorted(run, key=lambda item: wanted.get(item.id, len(wanted)))
        else:
            yield from run


def _jump(questionnaire: Questionnaire, item: Item, replies: Replies) -> int | None:
    """Where the first jump leads whose condition holds; jumps backwards lead nowhere."""
    if item.id not in replies:
        return None
    for jump in item.jumps:
        if not holds(jump.when, replies):
            continue
        if jump.to == END:
            return END
        place = questionnaire.order.get(jump.to)
        if place is not None and place > questionnaire.order[item.id]:
            return jump.to
    return None


def answered(shown: Sequence[Item], replies: Replies) -> int:
    """How many of the shown pages say something."""
    return sum(says_something(replies.get(item.id)) for item in shown)
