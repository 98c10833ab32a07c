"""How each question was worded in the versions of a survey, and what each wording gave."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cxm.statistics import Estimate, Histogram, mean_estimate, merged
from cxm.statistics.suppression import hidden_row
from surveys import counted
from surveys import results_counts as counts
from surveys.models import Kind, Question, Survey, Version
from surveys.questionnaire import from_json, in_language
from surveys.results_selection import Selection


@dataclass(frozen=True)
class Wording:
    """One text of one question: the versions that had it, and their answers on −2 … +2."""

    text: str
    numbers: tuple[int, ...]
    since: dt.date
    seen: int
    n: int
    mean: Estimate | None
    hidden: bool


@dataclass(frozen=True)
class History:
    """All wordings of one question, the first one first."""

    question: Question
    wordings: tuple[Wording, ...]


def read_histories(survey: Survey, selected: Selection) -> list[History]:
    """Five queries: questions, versions, who answered, and the counts per version."""
    questions = {q.pk: q for q in survey.questions.select_related("touchpoint")}
    versions = list(survey.versions.order_by("number"))
    people = counts.people(survey, selected)
    asked = [pk for pk, q in questions.items() if q.kind not in (Kind.SECTION, Kind.TEXT)]
    found = counts.tallies(survey, asked, selected, counts.asked_sources(people), by="version")
    by_version = counted.histograms(found, lambda tally: (tally.question, tally.key))
    texts = _texts(versions)
    return [
        History(questions[pk], _wordings(questions[pk], runs, by_version, k=survey.k))
        for pk, runs in texts.items()
        if pk in questions and questions[pk].kind != Kind.SECTION
    ]


def _texts(versions: Iterable[Version]) -> dict[int, dict[str, list[Version]]]:
    """Question → text → the versions that asked it so, in the order of the newest version."""
    found: dict[int, dict[str, list[Version]]] = {}
    order: list[int] = []
    for version in versions:
        questionnaire = from_json(version.definition)
        order = []
        for item in questionnaire.everything():
            if item.kind in (Kind.OPTION, Kind.RANK):
                continue
            words = in_language(item.texts, questionnaire.languages[0], questionnaire.languages)
            runs = found.setdefault(item.id, {})
            runs.setdefault(words or item.place, []).append(version)
            order.append(item.id)
    newest = {pk: found[pk] for pk in order}
    return newest | {pk: runs for pk, runs in found.items() if pk not in newest}


def _wordings(
    question: Question,
    runs: dict[str, list[Version]],
    by_version: dict[tuple[int, int], Histogram],
    *,
    k: int,
) -> tuple[Wording, ...]:
    made = [
        merged(by_version.get((question.pk, v.number), Histogram()) for v in versions)
        for versions in runs.values()
    ]
    ns = [histogram.n for histogram in made]
    gone = hidden_row(ns, k=k, total=sum(ns))
    return tuple(
        _wording(question, text, versions, histogram, hidden=hide or 0 < histogram.n < k)
        for (text, versions), histogram, hide in zip(runs.items(), made, gone, strict=True)
    )


def _wording(
    question: Question, text: str, versions: Sequence[Version], found: Histogram, *, hidden: bool
) -> Wording:
    mean = None
    if question.has_scale and found.n > 1 and not hidden:
        mean = mean_estimate(found.to_emotion(counted.scale_of(question)))
    return Wording(
        text=text,
        numbers=tuple(version.number for version in versions),
        since=versions[0].published_at.date(),
        seen=found.n + found.never_used + found.no_answer,
        n=found.n,
        mean=mean,
        hidden=hidden,
    )
