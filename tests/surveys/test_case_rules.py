"""Which answers open a case: scores on their own scale, words in any spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.case_rules import Asked, Wanted, fired, has_word
from surveys.models import Status
from surveys.questionnaire import StoredAnswer

FIVE = Asked("rating", (1, 5))
SCHOOL = Asked("rating", (1, 5), is_reversed=True)
NPS = Asked("nps", (0, 10))
TEXT = Asked("text")


def scored(question: int, score: int) -> StoredAnswer:
    return StoredAnswer(question, Status.SCORED, score, str(score))


@pytest.mark.parametrize(
    ("about", "score", "opens"),
    [(FIVE, 2, True), (FIVE, 3, False), (SCHOOL, 4, True), (SCHOOL, 2, False), (NPS, 2, False)],
)
def test_a_score_counts_from_its_bad_end(about: Asked, score: int, opens: bool) -> None:
    rule = Wanted(1, "score", at_most=2)
    assert bool(fired([rule], [scored(7, score)], {7: about})) is opens


def test_a_rule_fires_once_with_the_worst_answer() -> None:
    rule = Wanted(1, "score", at_most=2)
    answers = [scored(7, 2), scored(8, 5), scored(9, 5)]
    found = fired([rule], answers, {7: FIVE, 8: SCHOOL, 9: FIVE})
    assert [(one.rule, one.question) for one in found] == [(1, 8)]


def test_a_recommendation_has_its_own_rule() -> None:
    rule = Wanted(1, "nps", at_most=6)
    assert fired([rule], [scored(7, 6)], {7: NPS})
    assert not fired([rule], [scored(7, 7)], {7: NPS})
    assert not fired([rule], [scored(7, 2)], {7: FIVE})


def test_silence_opens_nothing() -> None:
    rule = Wanted(1, "score", at_most=2)
    answers = [
        StoredAnswer(7, Status.NEVER_USED, None, "never"),
        StoredAnswer(8, Status.NO_ANSWER, None, ""),
    ]
    assert not fired([rule], answers, {7: FIVE, 8: FIVE})


@pytest.mark.parametrize(
    ("text", "words", "has"),
    [
        ("Der Kaffee war KALT!", ("kalt",), True),
        ("Erkaltet", ("kalt",), False),
        ("Es war kälter", ("kalt*",), False),
        ("we were waiting", ("wait",), False),
        ("we were waiting", ("wait*",), True),
        ("It was far too loud.", ("dirty", "too loud"), True),
        ("loud, too", ("too loud",), False),
        ("Cafe\u0301 zu", ("CAFÉ",), True),
        ("STRASSE", ("straße",), True),
        ("don’t", ("t",), True),
        ("咖啡太冷了", ("太冷",), True),
        ("القهوة باردة", ("باردة",), True),
        ("", ("cold",), False),
        ("!!!", ("!",), False),
        ("anything", (), False),
    ],
)
def test_words(text: str, words: tuple[str, ...], has: bool) -> None:
    assert has_word(text, words) is has


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=4))
def test_no_text_and_no_word_fails(text: str, words: list[str]) -> None:
    assert has_word(text, words) in (True, False)


@given(st.lists(st.from_regex(r"[a-zäöüß]{1,8}", fullmatch=True), min_size=1, max_size=6))
def test_every_word_of_a_text_is_found(words: list[str]) -> None:
    text = ", ".join(words)
    assert all(has_word(text.upper(), [word]) for word in words)
    assert has_word(text, [" ".join(words)])


def test_only_comments_are_searched() -> None:
    rule = Wanted(1, "word", words=("cold",))
    answer = StoredAnswer(7, Status.SCORED, None, "cold")
    assert fired([rule], [answer], {7: TEXT})
    assert not fired([rule], [answer], {7: Asked("choice")})
