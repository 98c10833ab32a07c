"""One person's answers in words, question by question, as a page or a file shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from surveys.models import PART_KINDS, Answer, Kind, Question, Status


@dataclass(frozen=True)
class Said:
    """One question and what the person gave; ``is_words`` where these are words of their own."""

    question_id: int
    text: str
    answer: str
    is_words: bool = False
    is_contact: bool = False
    is_silent: bool = False


def said(answers: Iterable[Answer], questions: Iterable[Question], language: str) -> list[Said]:
    """In the order of the survey; several choices and rankings are one line each.

    ``language`` is the one the person answered in; texts fall back to that of the survey.
    """
    by_question = {answer.question_id: answer for answer in answers}
    rows = sorted(questions, key=lambda question: (question.position, question.pk))
    parts: dict[int, list[Question]] = {}
    for row in rows:
        if row.parent_id and row.pk in by_question and row.kind in PART_KINDS.values():
            parts.setdefault(row.parent_id, []).append(row)
    lines = []
    for row in rows:
        if row.pk in parts:
            lines.append(_of_parts(row, parts[row.pk], by_question, language))
        elif row.pk in by_question and row.kind not in PART_KINDS.values():
            lines.append(_one(row, by_question[row.pk], language))
    return lines


def _one(question: Question, answer: Answer, language: str) -> Said:
    silent = silence(answer)
    return Said(
        question.pk,
        in_words(question, language),
        silent or value(question, answer, language),
        is_words=not silent and question.kind == Kind.TEXT,
        is_contact=not silent and question.kind == Kind.CONSENT and "@" in answer.raw,
        is_silent=bool(silent),
    )


def _of_parts(
    question: Question,
    parts: Sequence[Question],
    by_question: Mapping[int, Answer],
    language: str,
) -> Said:
    given = [(part, by_question[part.pk]) for part in parts]
    silent = silence(given[0][1])
    if silent:
        return Said(question.pk, in_words(question, language), silent, is_silent=True)
    if question.kind == Kind.RANKING:
        ranked = sorted((a.score, in_words(p, language)) for p, a in given if a.score is not None)
        words = [f"{rank}. {name}" for rank, name in ranked]
    else:
        words = [
            a.raw if p.code == 0 and a.raw not in ("", "1") else in_words(p, language)
            for p, a in given
            if a.score
        ]
    return Said(question.pk, in_words(question, language), ", ".join(words) or _("none of them"))


def silence(answer: Answer) -> str:
    """What an answer without a score is called; empty where something was said."""
    if answer.status == Status.NEVER_USED:
        return _("never used")
    if answer.status == Status.NO_ANSWER:
        return _("don’t know") if answer.raw == "unknown" else _("no answer")
    return ""


def value(question: Question, answer: Answer, language: str) -> str:
    """A single answer as it reads: "2 of 1–5 (poor)", the chosen word, the text."""
    if question.kind == Kind.CONSENT:
        return answer.raw if "@" in answer.raw else (_("yes") if answer.score else _("no"))
    if answer.raw.startswith("other="):
        return answer.raw.removeprefix("other=")
    label = _label(question, answer, language)
    if question.has_scale and answer.score is not None:
        words = _("%(score)s on a scale from %(low)s to %(high)s") % {
            "score": answer.score,
            "low": question.scale_min,
            "high": question.scale_max,
        }
        if question.is_reversed:
            words = _("%(words)s, where low is best") % {"words": words}
        return f"{words}: {label}" if label else words
    return label or answer.raw


def _label(question: Question, answer: Answer, language: str) -> str:
    for option in question.options:
        if str(option.get("code")) in (str(answer.score), answer.raw):
            return _text(option.get("texts") or {}, language)
    return str(question.labels.get(answer.raw, ""))


def in_words(question: Question, language: str) -> str:
    """How the question reads in that language."""
    return _text(question.texts, language) or question.text or question.key


def _text(texts: Mapping[str, Any], language: str) -> str:
    return str(texts.get(language) or next(iter(texts.values()), ""))
