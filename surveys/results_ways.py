"""Where answers came from: invited, started, finished and one mean, per source or per place."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Count

from cxm.statistics import Difference, Estimate, Histogram, Share, mean_estimate, welch, wilson
from cxm.statistics.suppression import hidden_row
from surveys import counted
from surveys import results_counts as counts
from surveys.models import Filling, Invitee, Link, Question, Source
from surveys.results import SurveyResults

_WITHOUT_LETTER = (Invitee.State.WAITING, Invitee.State.SPARED, Invitee.State.FAILED)


@dataclass(frozen=True)
class Way:
    """One source, or one place of it. None is unknown; ``mean`` is on −2 … +2."""

    source: Source
    name: str
    link: int | None
    invited: int | None
    started: int
    finished: int
    rate: Share | None
    mean: Estimate | None
    n: int
    why: Literal["", "few", "follows"] = ""
    is_left_out: bool = False


@dataclass(frozen=True)
class Ways:
    """All sources and, for the two with the most answers, how far their means lie apart."""

    rows: tuple[Way, ...]
    first: Way | None = None
    second: Way | None = None
    difference: Difference | None = None


@dataclass(frozen=True)
class Flow:
    """People by link id: letters that went out, and questionnaires without a response.

    ``under_way`` are begun and not ended yet, or were left without a word; ``n_open`` are those
    that may still be ended.
    """

    invited: Counter[int]
    under_way: Counter[int]
    n_open: int = 0


def read_flow(results: SurveyResults) -> Flow:
    """Two queries for surveys that are asked here; of a part of the answers nothing is known."""
    survey = results.survey
    if not survey.is_collected or results.selected.is_narrow:
        return Flow(Counter(), Counter())
    letters = (
        Invitee.objects.filter(mailing__survey=survey)
        .exclude(state__in=_WITHOUT_LETTER)
        .values_list("mailing__link_id")
        .annotate(n=Count("pk"))
    )
    states = (Filling.State.OPEN, Filling.State.LEFT)
    begun = (
        Filling.objects.filter(survey_id=survey.pk, state__in=states, response_id=None)
        .values_list("link_id", "state")
        .annotate(n=Count("id"))
    )
    under_way: Counter[int] = Counter()
    for link, _state, n in begun:
        under_way[link] += n
    n_open = sum(n for _link, state, n in begun if state == Filling.State.OPEN)
    return Flow(Counter(dict(letters)), under_way, n_open)


@dataclass(frozen=True)
class _Group:
    """One row to be: what it is called and how its people are known."""

    key: Hashable
    source: Source
    name: str
    link: int | None
    invited: int
    under_way: int


def by_source(
    results: SurveyResults, links: Sequence[Link], flow: Flow, question: Question | None
) -> Ways:
    """One row per source, those with the most people first."""
    source_of = {link.pk: link.source for link in links}
    invited, under_way = _moved(flow.invited, source_of), _moved(flow.under_way, source_of)
    found = _of_sources(results, question)
    names = {group.source for group in results.people} | set(source_of.values())
    groups = [
        _Group(name, Source(name), str(Source(name).label), None, invited[name], under_way[name])
        for name in sorted(names)
    ]
    rows = _rows(results, groups, found, _hidden_sources(results, found), by_link=False)
    rows.sort(key=lambda way: (way.is_left_out, -way.started))
    return _compared(tuple(rows), found)


def by_place(
    results: SurveyResults, links: Sequence[Link], flow: Flow, question: Question | None
) -> tuple[Way, ...]:
    """One row per link, by source and name."""
    found = _of_places(results, question)
    groups = [
        _Group(
            link.pk, Source(link.source), str(link), link.pk,
            flow.invited[link.pk], flow.under_way[link.pk],
        )
        for link in sorted(links, key=lambda link: (link.source, str(link)))
    ]  # fmt: skip
    gone = _hidden_places(results, groups, found, _of_sources(results, question))
    return tuple(_rows(results, groups, found, gone, by_link=True))


def _moved(found: Counter[int], source_of: dict[int, str]) -> Counter[str]:
    moved: Counter[str] = Counter()
    for link, n in found.items():
        moved[source_of.get(link, Source.LINK)] += n
    return moved


def _of_sources(results: SurveyResults, question: Question | None) -> dict[Hashable, Histogram]:
    """Of the one question, on −2 … +2; portals too, which stand apart in the table."""
    if question is None or not question.has_scale:
        return {}
    scale = counted.scale_of(question)
    return {
        source: histogram.to_emotion(scale)
        for (pk, source), histogram in results.by_source.items()
        if pk == question.pk
    }


def _of_places(results: SurveyResults, question: Question | None) -> dict[Hashable, Histogram]:
    if question is None or not question.has_scale:
        return {}
    every = sorted({group.source for group in results.people})
    found = counts.tallies(results.survey, [question.pk], results.selected, every, by="link")
    scale = counted.scale_of(question)
    made = counted.histograms(found, lambda tally: tally.key)
    return {key: histogram.to_emotion(scale) for key, histogram in made.items()}


def _rows(
    results: SurveyResults,
    groups: Sequence[_Group],
    found: dict[Hashable, Histogram],
    gone: Collection[Hashable],
    *,
    by_link: bool,
) -> list[Way]:
    k = results.survey.k
    started: Counter[Hashable] = Counter()
    finished: Counter[Hashable] = Counter()
    for people in results.people:
        key = people.link if by_link else people.source
        started[key] += people.n
        finished[key] += people.n if people.is_complete else 0
    return [
        _way(
            group,
            started[group.key] + group.under_way,
            finished[group.key],
            found.get(group.key, Histogram()),
            hide=group.key in gone,
            k=k,
            left_out=group.source == Source.PORTAL and group.source not in results.asked,
        )
        for group in groups
    ]


def _hidden_sources(results: SurveyResults, found: Mapping[Hashable, Histogram]) -> set[Hashable]:
    """Sources beside their total, which is that of the question: portals are not in it."""
    ns = {source: found.get(source, Histogram()).n for source in results.asked}
    return _hidden(ns, sum(ns.values()), results.survey.k)


def _hidden(ns: Mapping[str, int] | Mapping[int, int], total: int, k: int) -> set[Hashable]:
    gone = hidden_row(list(ns.values()), k=k, total=total)
    return {key for key, hide in zip(ns, gone, strict=True) if hide}


def _hidden_places(
    results: SurveyResults,
    groups: Sequence[_Group],
    found: Mapping[Hashable, Histogram],
    of_sources: Mapping[Hashable, Histogram],
) -> set[Hashable]:
    """Places of a hidden source stay hidden; those of a shown one must not give each other away."""
    k, gone_sources = results.survey.k, _hidden_sources(results, of_sources)
    by_source: dict[Source, dict[int, int]] = {}
    for group in groups:
        n = found.get(group.key, Histogram()).n
        by_source.setdefault(group.source, {})[group.link or 0] = n
    gone: set[Hashable] = set()
    for source, places in by_source.items():
        whole = of_sources.get(source, Histogram()).n
        is_hidden = source in gone_sources or whole < k
        gone |= set(places) if is_hidden else _hidden(places, whole, k)
    return gone


def _way(
    group: _Group,
    started: int,
    finished: int,
    found: Histogram,
    *,
    hide: bool,
    k: int,
    left_out: bool,
) -> Way:
    why: Literal["", "few", "follows"] = ""
    if found.n and (hide or found.n < k):
        why = "few" if found.n < k else "follows"
    known = group.invited and finished <= group.invited
    return Way(
        source=group.source,
        name=group.name,
        link=group.link,
        invited=group.invited or None,
        started=started,
        finished=finished,
        rate=wilson(finished, group.invited) if known else None,
        mean=mean_estimate(found) if found.n >= max(k, 2) and not why else None,
        n=found.n,
        why=why,
        is_left_out=left_out,
    )


def _compared(rows: tuple[Way, ...], found: dict[Hashable, Histogram]) -> Ways:
    """The two sources with the most answers beside each other (Welch 1947), one look alone."""
    shown = sorted((w for w in rows if w.mean and not w.is_left_out), key=lambda way: -way.n)
    if len(shown) < 2:
        return Ways(rows)
    first, second = shown[:2]
    return Ways(rows, first, second, welch(found[first.source], found[second.source]))
