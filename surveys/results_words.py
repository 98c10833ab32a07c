"""What a results page says in sentences: the headline and names of questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from cxm.templatetags.ui import number, signed
from surveys.models import Question
from surveys.results_finding import Finding, Named


@dataclass(frozen=True)
class Headline:
    """One sentence or two, whether they are proven, over how many questions, and the figures."""

    words: str
    is_proven: bool
    proof: str
    figures: str


def name(question: Question) -> str:
    """What a question is about: its touchpoint, else its text."""
    touchpoint = question.touchpoint
    return touchpoint.name if touchpoint else question.text.rstrip(".?") or question.key


def asked_as(question: Question) -> str:
    """The text of a question; a part of a matrix may have only its touchpoint."""
    return question.text or name(question)


def language(code: str) -> str:
    """The name of a language in itself, where Django knows it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def headline(found: Finding | None) -> Headline | None:
    if found is None:
        return None
    n = len(found.ordered)
    proof = ngettext("Holm, %(n)s question", "Holm, %(n)s questions", n) % {"n": number(n)}
    if not found.apart:
        words = _("No question is proven to lie below another.")
        return Headline(words, False, _("not proven (%(holm)s)") % {"holm": proof}, _ends(found))
    words = f"{_weak(found)} {_strong(found.best)}".strip()
    return Headline(words, True, _("proven (%(holm)s)") % {"holm": proof}, _figures(found))


def _weak(found: Finding) -> str:
    if found.alone:
        return _("%(name)s is the weak moment.") % {"name": found.least.name}
    return _("%(name)s lies below %(other)s.") % {
        "name": found.least.name, "other": found.most.name,
    }  # fmt: skip


def _strong(best: Sequence[Named]) -> str:
    """Up to three that share the top; more of them are no headline."""
    names = [named.name for named in best]
    if len(names) == 1:
        return _("%(name)s is the strong one.") % {"name": names[0]}
    if len(names) == 2:
        return _("%(one)s and %(two)s carry it.") % {"one": names[0], "two": names[1]}
    if len(names) == 3:
        return _("%(one)s, %(two)s and %(three)s carry it.") % {
            "one": names[0], "two": names[1], "three": names[2],
        }  # fmt: skip
    return ""


def _figures(found: Finding) -> str:
    if not found.alone:
        return _ends(found)
    return _("%(name)s %(mean)s, every other question at least %(step)s higher.") % {
        "name": found.least.name,
        "mean": signed(found.least.estimate.mean),
        "step": number(found.step, 2),
    }


def _ends(found: Finding) -> str:
    return _("Lowest: %(low)s %(low_mean)s. Highest: %(high)s %(high_mean)s.") % {
        "low": found.least.name,
        "low_mean": signed(found.least.estimate.mean),
        "high": found.most.name,
        "high_mean": signed(found.most.estimate.mean),
    }
