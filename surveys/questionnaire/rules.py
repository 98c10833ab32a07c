"""When a question is asked: conditions on what was said before."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from surveys.questionnaire.definition import Condition, Rule

Reply = Mapping[str, Any]
Replies = Mapping[int, Reply]
"""Id of the question → what was said; see ``replies``."""


def _chosen(reply: Reply) -> set[int]:
    """Codes, the score, the touchpoints used, or 1/0 of a consent: whatever can be compared."""
    if "score" in reply:
        return {reply["score"]}
    if "yes" in reply:
        return {int(reply["yes"])}
    other = {0} if reply.get("other") else set()
    return {*reply.get("codes", ()), *reply.get("used", ()), *other}


def _compares(reply: Reply, to: tuple[int, ...]) -> bool:
    return bool(to) and reply.get("score") is not None


def says_something(reply: Reply | None) -> bool:
    """Neither absent, nor skipped, nor "don't know", nor "never used"."""
    if not reply:
        return False
    return not (reply.get("skipped") or reply.get("unknown") or reply.get("never"))


CHECKS: Final[dict[str, Callable[[Reply, tuple[int, ...]], bool]]] = {
    "is": lambda reply, to: bool(_chosen(reply) & set(to)),
    "is_not": lambda reply, to: bool(_chosen(reply)) and not _chosen(reply) & set(to),
    "at_most": lambda reply, to: _compares(reply, to) and reply["score"] <= to[0],
    "at_least": lambda reply, to: _compares(reply, to) and reply["score"] >= to[0],
    "answered": lambda reply, _to: True,
}
# These look at replies that say nothing as well.
SILENT: Final = {"skipped", "never", "unknown"}


def holds(rule: Rule, replies: Replies) -> bool:
    """Whether any alternative holds wholly; without alternatives it always does."""
    return not rule or any(all(_true(c, replies) for c in together) for together in rule)


def _true(condition: Condition, replies: Replies) -> bool:
    reply = replies.get(condition.question)
    if condition.check in SILENT:
        return bool(reply and reply.get(condition.check))
    check = CHECKS.get(condition.check)
    if check is None or reply is None or not says_something(reply):
        return False
    return check(reply, condition.to)
