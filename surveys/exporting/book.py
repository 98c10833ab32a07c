"""The columns of an export: what each question is called, means and may hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from surveys import results_counts as counts
from surveys.asked import in_order
from surveys.models import Kind, Question, Response, Survey
from surveys.results import label
from surveys.results_selection import Selection
from touchpoints.models import Segment

# Only words, or only what their parts say.
WITHOUT_ANSWERS = (Kind.SECTION, Kind.SEVERAL, Kind.RANKING, Kind.MATRIX)
META = ("response", "answered_on", "source", "place", "language", "version", "complete", "weight",
        "cluster")  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One question. ``scores``: its answers have scores; else they are texts."""

    question: Question
    scores: bool
    labels: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def has_answers(self) -> bool:
        return self.question.kind not in WITHOUT_ANSWERS

    @property
    def hides_raw(self) -> bool:
        """Beside a consent people leave their address: it never leaves with the answers."""
        return self.question.kind == Kind.CONSENT

    @property
    def title(self) -> str:
        """The question with what it is a part of."""
        own = self.question.text or self.key
        parent = self.question.parent
        return f"{parent.text}: {own}" if parent else own


@dataclass(frozen=True)
class Book:
    """Everything of an export but its rows."""

    survey: Survey
    selected: Selection
    sources: tuple[str, ...]
    languages: tuple[str, ...]
    columns: tuple[Column, ...]
    places: dict[int, str]
    segments: dict[int, Segment]
    responses: int

    @cached_property
    def answered(self) -> tuple[Column, ...]:
        """The columns of the file."""
        return tuple(column for column in self.columns if column.has_answers)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(segment.dimension for segment in self.segments.values()))

    @cached_property
    def meta(self) -> dict[str, str]:
        """What stands before the answers → the name of its column, which no question has."""
        taken = {column.key for column in self.columns}
        named = {name: name for name in (*META, *self.dimensions)}
        return {name: _free(column, taken) for name, column in named.items()}


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def load_book(survey: Survey, selected: Selection, *, with_portals: bool = False) -> Book:
    """Eleven queries at most, none of which grows with the answers but by counting them."""
    questions = in_order(survey.questions.select_related("touchpoint", "parent"))
    people = counts.people(survey, selected)
    asked = counts.asked_sources(people)
    sources = tuple(sorted({group.source for group in people})) if with_portals else asked
    kept = (selected.source,) if selected.source else sources
    scored = _scored(survey, questions, selected, kept)
    few = _few(survey)
    return Book(
        survey=survey,
        selected=selected,
        sources=kept,
        languages=tuple(counts.languages(survey)),
        columns=tuple(Column(q, q.pk in scored, _labels(q)) for q in questions),
        places={pk: name for pk, name in _places(survey).items() if pk not in few[0]},
        segments={
            s.pk: s
            for s in Segment.objects.order_by("dimension", "position", "pk")
            if s.pk not in few[1]
        },
        responses=sum(group.n for group in people if group.source in kept),
    )


def _places(survey: Survey) -> dict[int, str]:
    return {link.pk: str(link) for link in survey.links.all()}


def _few(survey: Survey) -> tuple[set[int], set[int]]:
    """Links and segments that would name people of an anonymous survey: fewer than k came by them.

    One answer from one letter is that person's answer, whatever the table leaves out.
    """
    if not (survey.is_anonymous and survey.is_collected):
        return set(), set()
    links: Counter[int] = Counter()
    segments: Counter[int] = Counter()
    groups = Response.objects.filter(survey_id=survey.pk).values_list("link_id", "segments")
    for link, within, n in groups.annotate(n=Count("*")).order_by():
        links[link] += n
        segments.update(dict.fromkeys(within, n))
    return (
        {link for link, n in links.items() if n < survey.k},
        {segment for segment, n in segments.items() if n < survey.k},
    )


def _scored(
    survey: Survey, questions: Sequence[Question], selected: Selection, sources: Sequence[str]
) -> set[int]:
    """Questions whose answers have scores: their histograms say so; scales without any too."""
    found = counts.tallies(survey, [q.pk for q in questions], selected, sources)
    with_score = {tally.question for tally in found if tally.score is not None}
    return with_score | {q.pk for q in questions if q.has_scale}


def _labels(question: Question) -> tuple[tuple[str, str], ...]:
    """Code → word; parts of several choices say yes and no by themselves."""
    codes = [str(option["code"]) for option in question.options if "code" in option]
    known = dict.fromkeys([*question.labels, *codes])
    pairs = ((code, label(question, code)) for code in known)
    return tuple((code, words) for code, words in pairs if words != code)
