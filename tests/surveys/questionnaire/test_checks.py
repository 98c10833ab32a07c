"""What stands in the way of opening, one by one."""

from typing import Any

import pytest

from surveys.models import Kind
from surveys.questionnaire import (
    END,
    Condition,
    Finding,
    Item,
    Jump,
    Option,
    Problem,
    Questionnaire,
    findings,
)


def asked(pk: int, kind: Kind = Kind.FACES, **more: Any) -> Item:
    scale = {Kind.FACES: (1, 5), Kind.NPS: (0, 10)}.get(kind)
    texts = more.pop("texts", {"de": "Wie?", "en": "How?"})
    return Item(pk, f"q{pk}", kind, texts, {}, scale=scale, **more)


def checked(*items: Item, anonymous: bool = True) -> list[Finding]:
    return findings(Questionnaire(1, 0, ("de", "en"), {}, anonymous, items))


def found(*items: Item) -> set[tuple[Problem, int]]:
    return {(finding.problem, finding.item) for finding in checked(*items)}


def only_if(question: int, check: str, *to: int) -> Any:
    return ((Condition(question, check, to),),)


def test_nothing_is_wrong() -> None:
    assert checked(asked(1), asked(2, show_if=only_if(1, "at_most", 2))) == []


def test_no_question() -> None:
    assert found() == {(Problem.EMPTY, 0)}
    assert found(asked(1, Kind.SECTION)) == {(Problem.EMPTY, 0)}


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (asked(1, texts={"en": "How?"}), Problem.NO_TEXT),
        (asked(1, Kind.CHOICE), Problem.NO_OPTIONS),
        (asked(1, Kind.CHOICE, options=(Option(1, {}), Option(2, {}))), Problem.NO_OPTIONS),
        (asked(1, Kind.MATRIX), Problem.NO_TOUCHPOINT),
        (asked(1, Kind.RATING), Problem.NO_OPTIONS),
        (asked(1, Kind.CONSENT, asks_contact=True), Problem.CONTACT),
        (asked(1, jumps=(Jump((), 9),)), Problem.GONE),
        (asked(1, jumps=(Jump((), 1),)), Problem.BACKWARDS),
        (asked(1, show_if=only_if(9, "answered")), Problem.GONE),
        (asked(1, show_if=only_if(1, "answered")), Problem.CIRCLE),
    ],
)  # fmt: skip
def test_what_blocks(item: Item, problem: Problem) -> None:
    blocking = [finding for finding in checked(item) if finding.blocks]
    assert problem in {finding.problem for finding in blocking}


def test_a_rule_that_looks_ahead() -> None:
    assert (Problem.LOOKS_AHEAD, 1) in found(asked(1, show_if=only_if(2, "answered")), asked(2))


def test_an_answer_that_is_not_offered_makes_it_unreachable() -> None:
    choice = asked(1, Kind.CHOICE, options=(Option(1, {"de": "a"}), Option(2, {"de": "b"})))
    assert found(choice, asked(2, show_if=only_if(1, "is", 3))) >= {
        (Problem.IMPOSSIBLE, 2),
        (Problem.UNREACHABLE, 2),
    }
    # One dead alternative of two hinders nobody.
    alive = (*only_if(1, "is", 3), *only_if(1, "is", 2))
    problems = found(choice, asked(2, show_if=alive))
    assert (Problem.UNREACHABLE, 2) not in problems


def test_what_all_jump_past_and_what_waits_for_it() -> None:
    past = asked(1, jumps=(Jump((), 3),))
    problems = found(past, asked(2), asked(3), asked(4, show_if=only_if(2, "answered")))
    assert {(Problem.UNREACHABLE, 2), (Problem.UNREACHABLE, 4)} <= problems
    assert (Problem.UNREACHABLE, 3) not in problems


def test_a_jump_with_a_condition_before_one_without() -> None:
    ways = (Jump(only_if(1, "at_most", 2), 3), Jump((), END))
    problems = found(asked(1, jumps=ways), asked(2), asked(3))
    assert (Problem.UNREACHABLE, 2) in problems
    assert (Problem.UNREACHABLE, 3) not in problems


def test_a_section_that_nobody_gets() -> None:
    section = asked(2, Kind.SECTION, show_if=only_if(1, "at_least", 9))
    assert (Problem.UNREACHABLE, 3) in found(asked(1), section, asked(3))


def test_what_is_missing_in_a_language_hinders_not() -> None:
    finding = next(iter(checked(asked(1, texts={"de": "Wie?"}))))
    assert (finding.problem, finding.language, finding.blocks) == (
        Problem.TRANSLATION, "en", False,
    )  # fmt: skip


def test_a_text_repeats_what_was_not_said_yet() -> None:
    assert (Problem.PIPING, 1) in found(asked(1, texts={"de": "Zu {q2}"}), asked(2))
    assert (Problem.PIPING, 2) not in found(asked(1), asked(2, texts={"de": "Zu {q1}"}))
