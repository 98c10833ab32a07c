"""When an answer opens a case: pure matching of rules with what one person answered."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from surveys.models.words import SCALE_KINDS, Kind, Status
from surveys.questionnaire import StoredAnswer

# Scripts that put no space between words: there a word is found inside of another.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
STEM = "*"


@dataclass(frozen=True)
class Asked:
    """What matching needs to know of a question. ``scale``: (lowest, highest) as asked."""

    kind: str
    scale: tuple[int, int] | None = None
    is_reversed: bool = False

    def from_the_worst(self, score: int) -> int:
        """The score as if the scale were upright: on a reversed one, 5 of 1–5 counts as 1."""
        if not self.is_reversed or self.scale is None:
            return score
        return self.scale[0] + self.scale[1] - score


@dataclass(frozen=True)
class Wanted:
    """One rule: ``kind`` is "score", "nps" or "word"; without a ``question`` any of that kind."""

    id: int
    kind: str
    question: int | None = None
    at_most: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fired:
    """A rule that holds, and the question whose answer says so."""

    rule: int
    question: int


def fired(
    rules: Iterable[Wanted], answers: Sequence[StoredAnswer], asked: Mapping[int, Asked]
) -> list[Fired]:
    """The rules that hold, each once: with its worst answer, or the first comment with a word."""
    found = []
    for rule in rules:
        mine = [
            answer
            for answer in answers
            if answer.status == Status.SCORED
            and answer.question_id in asked
            and rule.question in (None, answer.question_id)
        ]
        question = (_word if rule.kind == "word" else _score)(rule, mine, asked)
        if question is not None:
            found.append(Fired(rule.id, question))
    return found


def _score(rule: Wanted, answers: Iterable[StoredAnswer], asked: Mapping[int, Asked]) -> int | None:
    kinds = (Kind.NPS,) if rule.kind == "nps" else SCALE_KINDS
    low: list[tuple[float, int]] = []
    for answer in answers:
        about = asked[answer.question_id]
        if answer.score is None or rule.at_most is None or about.kind not in kinds:
            continue
        # "Any rating" leaves the recommendation out: its 2 of 10 is not a 2 of 5.
        if rule.kind == "score" and rule.question is None and about.kind == Kind.NPS:
            continue
        score = about.from_the_worst(answer.score)
        if score <= rule.at_most:
            low.append((score, answer.question_id))
    return min(low, key=lambda one: one[0])[1] if low else None


def _word(rule: Wanted, answers: Iterable[StoredAnswer], asked: Mapping[int, Asked]) -> int | None:
    for answer in answers:
        if asked[answer.question_id].kind == Kind.TEXT and has_word(answer.raw, rule.words):
            return answer.question_id
    return None


def has_word(text: str, wanted: Iterable[str]) -> bool:
    """Whether one of the words stands in the text, whatever its case and spelling of accents.

    "kalt" is the whole word, "wait*" any word that begins so, "too long" the words in a row.
    """
    said, whole = words_of(text), _plain(text)
    for entry in wanted:
        looked_for = words_of(entry.replace(STEM, ""))
        if not looked_for:
            continue
        if _UNSPACED.search(entry):
            if _plain(entry.replace(STEM, "")) in whole:
                return True
        elif _in_a_row(said, looked_for, is_stem=entry.rstrip().endswith(STEM)):
            return True
    return False


def _in_a_row(said: Sequence[str], looked_for: Sequence[str], *, is_stem: bool) -> bool:
    *first, last = looked_for
    for start in range(len(said) - len(first)):
        end = said[start + len(first)]
        if said[start : start + len(first)] == first and (
            end.startswith(last) if is_stem else end == last
        ):
            return True
    return False


def words_of(text: str) -> list[str]:
    """Runs of letters, digits and their marks, in one spelling (NFKC, case folded)."""
    runs = groupby(_plain(text), key=lambda sign: unicodedata.category(sign)[0] in "LNM")
    return ["".join(signs) for is_word, signs in runs if is_word]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
