"""What a draft may hold: texts, languages, rules and options are read strictly."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from surveys.models import Question, Survey
from surveys.questionnaire import CHECKS, END, SILENT
from touchpoints.models import Segment

LONGEST_TEXT: Final = 1_000
LONGEST_HELP: Final = 2_000
LONGEST_OPTION: Final = 300
MOST_QUESTIONS: Final = 500
MOST_OPTIONS: Final = 100
MOST_CONDITIONS: Final = 50
MOST_LANGUAGES: Final = 40
WIDEST_SCALE: Final = 100

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class BuildError(ValueError):
    """The change cannot be made; the message says why, to the person who edits."""


class StaleError(BuildError):
    """Somebody else changed the same question meanwhile. ``theirs`` is the question as it is."""

    def __init__(self, *, theirs: Question, mine: Mapping[str, Any]) -> None:
        self.theirs, self.mine = theirs, dict(mine)
        words = {"theirs": theirs.text, "mine": self._wording(theirs)}
        super().__init__(
            _("Somebody changed this question meanwhile. Now: “%(theirs)s”. Yours: “%(mine)s”.")
            % words
        )

    def _wording(self, theirs: Question) -> str:
        texts: Mapping[str, str] = self.mine.get("texts", {})
        return next((text for text in texts.values() if text), theirs.text)


def text(value: Any, longest: int = LONGEST_TEXT) -> str:
    """One text without control signs; BuildError if it is too long or none."""
    if not isinstance(value, str):
        raise BuildError(_("This is not a text."))
    clean = _CONTROL.sub("", value.replace("\r\n", "\n")).strip()
    if len(clean) > longest:
        raise BuildError(_("This text is too long: at most %(n)d letters.") % {"n": longest})
    return clean


def texts(
    value: Mapping[str, Any], languages: Iterable[str], longest: int = LONGEST_TEXT
) -> dict[str, str]:
    """{language: text} in languages of the survey; empty texts are left out by the caller."""
    if not isinstance(value, Mapping):
        raise BuildError(_("This is not a text."))
    if set(value) - set(languages):
        raise BuildError(_("The survey does not have this language."))
    return {code: text(words, longest) for code, words in value.items()}


def merged(before: Mapping[str, str], change: Mapping[str, str]) -> dict[str, str]:
    """``before`` with the languages of ``change`` in place; empty texts go."""
    return {code: words for code, words in {**before, **change}.items() if words}


def languages(value: Sequence[str]) -> list[str]:
    """Codes of languages, each once."""
    found = list(dict.fromkeys(value))
    if not all(isinstance(code, str) and _LANGUAGE.match(code) for code in found):
        raise BuildError(_("This is not a language."))
    if len(found) > MOST_LANGUAGES:
        raise BuildError(_("At most %(n)d languages.") % {"n": MOST_LANGUAGES})
    return found


def scale(low: Any, high: Any) -> tuple[int, int]:
    """The ends of a scale; BuildError where it does not ascend or is too wide to be shown."""
    if not (type(low) is int and type(high) is int and low < high):
        raise BuildError(_("A scale goes from a lower to a higher number."))
    if high - low > WIDEST_SCALE or abs(low) > 1000 or abs(high) > 1000:
        raise BuildError(_("A scale has at most %(n)d steps.") % {"n": WIDEST_SCALE})
    return low, high


def options(value: Sequence[Mapping[str, Any]], survey: Survey) -> list[dict[str, Any]]:
    """[{"code" or None for a new one, "texts", "segment"?}] checked against the survey."""
    if len(value) > MOST_OPTIONS:
        raise BuildError(_("At most %(n)d answers to choose from.") % {"n": MOST_OPTIONS})
    named = {option["segment"] for option in value if option.get("segment")}
    segments = [segment for segment in named if type(segment) is int]
    found = Segment.objects.filter(workspace=survey.workspace_id, pk__in=segments).count()
    if found < len(named):
        raise BuildError(_("This segment is not in the workspace."))
    return [_option(option, survey) for option in value]


def _option(option: Mapping[str, Any], survey: Survey) -> dict[str, Any]:
    code = option.get("code")
    if code is not None and (type(code) is not int or abs(code) > 1000):
        raise BuildError(_("This is not an answer of the question."))
    words = texts(option.get("texts", {}), survey.all_languages, LONGEST_OPTION)
    # Labels are one line: they stand in cells, on buttons and in files.
    lines = {language: " ".join(said.split()) for language, said in words.items()}
    read = {"code": code, "texts": {language: said for language, said in lines.items() if said}}
    return read | ({"segment": option["segment"]} if option.get("segment") else {})


def rule(value: Sequence[Sequence[Mapping[str, Any]]], known: set[int]) -> list[list[dict]]:  # type: ignore[type-arg]
    """A rule as it is stored; its questions are among the ``known`` ones."""
    found = [[_condition(condition, known) for condition in together] for together in value]
    if sum(map(len, found)) > MOST_CONDITIONS:
        raise BuildError(_("At most %(n)d conditions.") % {"n": MOST_CONDITIONS})
    return [together for together in found if together]


def _condition(condition: Mapping[str, Any], known: set[int]) -> dict[str, Any]:
    question, check, to = condition.get("question"), condition.get("is"), condition.get("to", ())
    if question not in known or type(question) is not int:
        raise BuildError(_("A rule asks for a question that is not in this survey."))
    if check not in CHECKS and check not in SILENT:
        raise BuildError(_("A rule cannot ask for that."))
    to = list(to)[:MOST_OPTIONS]
    if not all(type(code) is int for code in to):
        raise BuildError(_("A rule cannot ask for that."))
    if check in ("is", "is_not", "at_most", "at_least") and not to:
        raise BuildError(_("Choose the answer that the rule asks for."))
    silent = check in SILENT or check == "answered"
    return {"question": question, "is": check, "to": [] if silent else to}


def jumps(value: Sequence[Mapping[str, Any]], known: set[int]) -> list[dict[str, Any]]:
    """Jumps as they are stored; they lead to known questions or to the end."""
    if len(value) > MOST_CONDITIONS:
        raise BuildError(_("At most %(n)d conditions.") % {"n": MOST_CONDITIONS})
    if any(jump.get("to") not in {*known, END} for jump in value):
        raise BuildError(_("It leads to a question that is not in this survey."))
    return [{"when": rule(jump.get("when", ()), known), "to": jump["to"]} for jump in value]
