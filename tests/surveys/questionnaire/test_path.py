"""The way through a questionnaire, against a second implementation that thinks otherwise."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.models import Kind
from surveys.questionnaire import (
    Item,
    Problem,
    Questionnaire,
    answered,
    findings,
    open_page,
    pages,
    section_of,
)
from tests.surveys.questionnaire.drawn import questionnaires, replies, reply_to


def is_true(condition: Any, said: dict[int, Any]) -> bool:
    """One condition, case by case."""
    reply = said.get(condition.question)
    if not reply:
        return False
    silent = any(reply.get(word) for word in ("skipped", "unknown", "never"))
    if condition.check in ("skipped", "unknown", "never"):
        return bool(reply.get(condition.check))
    if silent or condition.check not in ("is", "is_not", "at_most", "at_least", "answered"):
        return False
    if condition.check == "answered":
        return True
    if condition.check in ("at_most", "at_least"):
        if "score" not in reply or not condition.to:
            return False
        over = reply["score"] - condition.to[0]
        return bool(over <= 0 if condition.check == "at_most" else over >= 0)
    values: set[int] = set()
    if "score" in reply:
        values = {reply["score"]}
    elif "yes" in reply:
        values = {1 if reply["yes"] else 0}
    else:
        values = set(reply.get("codes", [])) | set(reply.get("used", []))
        values |= {0} if reply.get("other") else set()
    meets = not values.isdisjoint(condition.to)
    return meets if condition.check == "is" else bool(values) and not meets


def rule_holds(rule: Any, said: dict[int, Any]) -> bool:
    if len(rule) == 0:
        return True
    return any(not [c for c in together if not is_true(c, said)] for together in rule)


def naive(questionnaire: Questionnaire, said: dict[int, Any], rotation: Sequence[int]) -> list[int]:
    """Step by step with plain lists: who may come, who of the rotating, then walk with jumps."""
    line: list[Item] = []
    everything: list[int] = []
    open_section = True
    for item in questionnaire.items:
        everything += [item.id, *(part.id for part in item.parts)]
        if item.kind == Kind.SECTION:
            open_section = rule_holds(item.show_if, said)
        elif open_section and rule_holds(item.show_if, said):
            line.append(item)
            if item.kind == Kind.MATRIX:
                used = said.get(item.id, {}).get("used", [])
                line += [part for part in item.parts if part.id in used]

    def wanted(item: Item) -> int:
        return list(rotation).index(item.id) if item.id in rotation else len(rotation)

    def turns(item: Item) -> bool:
        return item.rotates and item.kind != Kind.MATRIX

    rotating = [item for item in line if turns(item)]
    if questionnaire.cap is not None:
        first = [item for item in rotating if item.id in said]
        rest = [item for item in rotating if item.id not in said]
        best = sorted(first, key=wanted) + sorted(rest, key=wanted)
        rotating = best[: questionnaire.cap]
    line = [item for item in line if not turns(item) or item in rotating]
    turned: list[Item] = []
    while line:
        run = [line.pop(0)]
        while line and turns(line[0]) == turns(run[0]):
            run.append(line.pop(0))
        turned += sorted(run, key=wanted) if turns(run[0]) else run

    way: list[int] = []
    wait = -1
    for item in turned:
        if everything.index(item.id) < wait:
            continue
        wait = -1
        way.append(item.id)
        for jump in item.jumps if item.id in said else ():
            if not rule_holds(jump.when, said):
                continue
            if jump.to == 0:
                return way
            if jump.to in everything and everything.index(jump.to) > everything.index(item.id):
                wait = everything.index(jump.to)
                break
    return way


@st.composite
def situations(draw: Any) -> tuple[Questionnaire, dict[int, Any], list[int]]:
    questionnaire = draw(questionnaires())
    said = draw(replies(questionnaire))
    ids = [item.id for item in questionnaire.items]
    rotation = draw(st.lists(st.sampled_from(ids), unique=True) if ids else st.just([]))
    return questionnaire, said, rotation


@settings(max_examples=60, deadline=None)
@given(situations())
def test_it_is_the_way_that_the_naive_one_finds(situation: Any) -> None:
    questionnaire, said, rotation = situation
    way = [item.id for item in pages(questionnaire, said, rotation)]
    assert way == naive(questionnaire, said, rotation)


@settings(max_examples=60, deadline=None)
@given(situations())
def test_no_page_twice_no_section_and_the_cap_holds(situation: Any) -> None:
    questionnaire, said, rotation = situation
    way = pages(questionnaire, said, rotation)
    assert len({item.id for item in way}) == len(way)
    assert not any(item.is_section for item in way)
    if questionnaire.cap is not None:
        turning = [item for item in way if item.rotates and item.kind != Kind.MATRIX]
        assert len(turning) <= questionnaire.cap


@settings(max_examples=60, deadline=None)
@given(questionnaires(), st.data())
def test_every_walk_ends_and_going_back_leads_the_same_way(
    questionnaire: Questionnaire, data: Any
) -> None:
    said: dict[int, Any] = {}
    limit = len(questionnaire.order)
    for _step in range(limit + 1):
        way = pages(questionnaire, said)
        item = open_page(way, said)
        if item is None:
            break
        assert item.id not in said
        said[item.id] = data.draw(reply_to(item))
    else:
        raise AssertionError("a person never came to an end")
    way = pages(questionnaire, said)
    for item in way:
        again = pages(questionnaire, said | {item.id: said[item.id]})
        assert again == way
    assert answered(way, said) <= len(way)


@settings(max_examples=60, deadline=None)
@given(questionnaires(), st.data())
def test_what_lies_behind_does_not_change_where_nothing_is_wrong(
    questionnaire: Questionnaire, data: Any
) -> None:
    """With rules that look back only, going on never alters the pages up to the present one."""
    wrong = {Problem.LOOKS_AHEAD, Problem.CIRCLE, Problem.GONE}
    if wrong & {finding.problem for finding in findings(questionnaire)}:
        return
    said: dict[int, Any] = {}
    while item := open_page(way := pages(questionnaire, said), said):
        behind = way[: way.index(item) + 1]
        said[item.id] = data.draw(reply_to(item))
        assert pages(questionnaire, said)[: len(behind)] == behind


@settings(max_examples=60, deadline=None)
@given(questionnaires(), st.data())
def test_what_is_called_unreachable_is_never_reached(
    questionnaire: Questionnaire, data: Any
) -> None:
    """In order, that is: with a rule that looks ahead (which forbids opening) one may come back."""
    found = findings(questionnaire)
    if {Problem.LOOKS_AHEAD, Problem.CIRCLE} & {finding.problem for finding in found}:
        return
    dead = {finding.item for finding in found if finding.problem == Problem.UNREACHABLE}
    said: dict[int, Any] = {}
    while item := open_page(pages(questionnaire, said), said):
        assert item.id not in dead
        said[item.id] = data.draw(reply_to(item))


@given(questionnaires())
def test_sections_stand_before_what_is_in_them(questionnaire: Questionnaire) -> None:
    current = None
    for item in questionnaire.items:
        current = item if item.is_section else current
        assert section_of(questionnaire, item) == current


def test_a_circle_of_rules_is_found_and_still_ends() -> None:
    from surveys.questionnaire import Condition

    def waiting(pk: int, other: int) -> Item:
        rule = ((Condition(other, "answered"),),)
        return Item(pk, f"q{pk}", Kind.TEXT, {"de": "?"}, {}, show_if=rule)

    circle = Questionnaire(1, 0, ("de",), {}, True, (waiting(1, 2), waiting(2, 1)))
    assert pages(circle, {}) == ()
    problems = [finding.problem for finding in findings(circle)]
    assert problems.count(Problem.CIRCLE) == 2
    assert problems.count(Problem.UNREACHABLE) == 2
