"""Which answers a chart shows, as its address says it: period, segment, survey, source, compare.

The heatmap, the curve and the exports read the same words from the address, so a link reproduces
a view exactly. Ids of another workspace do not exist here (404); words that mean nothing are told
in words and otherwise ignored.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from cxm.models import Workspace
from surveys.histograms import Slice
from surveys.models import SCALE_KINDS, Kind, Question, Scheme, Source, Survey
from touchpoints.models import Segment

TARGETED: tuple[str, ...] = tuple(source for source in Source.values if source != Source.PORTAL)

CompareKind = Literal["", "segment", "period", "survey"]


class Parameters(Protocol):
    """What is read of ``request.GET``."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Choices:
    """What can be chosen in a workspace; the filters show it and the address is checked by it."""

    surveys: tuple[Survey, ...]
    segments: tuple[Segment, ...]
    # Weights by known shares; None where a page does not offer them.
    schemes: tuple[Scheme, ...] | None = None

    def survey(self, id: int | None) -> Survey | None:
        return next((survey for survey in self.surveys if survey.pk == id), None)

    def segment(self, id: int | None) -> Segment | None:
        return next((segment for segment in self.segments if segment.pk == id), None)

    def scheme(self, id: int | None) -> Scheme | None:
        return next((scheme for scheme in self.schemes or () if scheme.pk == id), None)

    def dimension_of(self, id: int) -> tuple[Segment, ...]:
        """All segments of the dimension that one segment belongs to."""
        found = self.segment(id)
        return tuple(s for s in self.segments if found and s.dimension == found.dimension)

    @property
    def dimensions(self) -> dict[str, list[Segment]]:
        """Segments by dimension, in the order of the catalogue."""
        grouped: dict[str, list[Segment]] = {}
        for segment in self.segments:
            grouped.setdefault(segment.dimension, []).append(segment)
        return grouped


def load_choices(workspace: Workspace, *, with_schemes: bool = False) -> Choices:
    """Surveys and segments of a workspace: two queries, three with weights."""
    surveys = list(Survey.objects.filter(workspace=workspace).order_by("name"))
    for survey in surveys:
        survey.workspace = workspace
    segments = tuple(Segment.objects.filter(workspace=workspace))
    if not with_schemes:
        return Choices(tuple(surveys), segments)
    schemes = Scheme.objects.filter(workspace=workspace, computed_at__isnull=False).defer("cells")
    return Choices(tuple(surveys), segments, tuple(schemes))


@dataclass(frozen=True)
class Selection:
    """A parsed address. Empty means: every survey, targeted sources, all days, everybody."""

    surveys: tuple[int, ...] = ()
    sources: tuple[str, ...] = TARGETED
    since: dt.date | None = None
    until: dt.date | None = None
    segment: int | None = None
    compare: CompareKind = ""
    compare_id: int | None = None
    compare_since: dt.date | None = None
    compare_until: dt.date | None = None
    weighted: bool = False
    # Weights by known shares; then ``weighted`` holds as well.
    scheme: int | None = None
    step: int | None = None
    problems: tuple[str, ...] = ()

    def query(self, **changes: object) -> str:
        """The query string of this view, or of the view after some changes; "" for the default."""
        return urlencode(replace(self, **changes)._pairs())  # type: ignore[arg-type]

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = [("survey", str(id)) for id in self.surveys]
        if self.sources != TARGETED:
            pairs += [("source", source) for source in self.sources]
        days = (("since", self.since), ("until", self.until))
        pairs += [(name, day.isoformat()) for name, day in days if day]
        if self.segment:
            pairs.append(("segment", str(self.segment)))
        if self.compare:
            pairs.append(("compare", self.compare_value))
        if self.compare == "period":
            days = (("compare_since", self.compare_since), ("compare_until", self.compare_until))
            pairs += [(name, day.isoformat()) for name, day in days if day]
        if self.scheme:
            pairs.append(("weights", str(self.scheme)))
        elif self.weighted:
            pairs.append(("weighted", "1"))
        if self.step:
            pairs.append(("step", str(self.step)))
        return pairs

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as hidden form fields."""
        return self._pairs()

    @property
    def compare_value(self) -> str:
        """``segment:7``, ``survey:3``, ``period`` or "": how the address names the comparison."""
        return f"{self.compare}:{self.compare_id}" if self.compare_id else self.compare

    @property
    def is_against_others(self) -> bool:
        """One segment is compared with everybody else: no first segment is chosen."""
        return self.compare == "segment" and not self.segment

    @property
    def blends_sources(self) -> bool:
        """Portal reviews stand beside asked customers: pages must say so."""
        return Source.PORTAL in self.sources and len(self.sources) > 1

    def slice(self, questions: Iterable[int]) -> Slice:
        """The answers of the first group. Read it by ``segment`` to have all segments at once."""
        return Slice(
            questions=tuple(questions),
            segments=(self.segment,) if self.segment else (),
            sources=self.sources,
            since=self.since,
            until=self.until,
            scheme=self.scheme,
        )

    def compared_slice(self, questions: Iterable[int]) -> Slice:
        """The answers of the second group, of whatever kind the comparison is."""
        base = self.slice(questions)
        if self.compare == "segment" and self.compare_id:
            return replace(base, segments=(self.compare_id,))
        if self.compare == "period":
            return replace(base, since=self.compare_since, until=self.compare_until)
        return base

    def surveys_of(self, choices: Choices) -> tuple[Survey, ...]:
        """The surveys of the first group: the chosen ones, else all that are not compared with."""
        if self.surveys:
            return tuple(s for s in choices.surveys if s.pk in self.surveys)
        other = self.compare_id if self.compare == "survey" else None
        return tuple(s for s in choices.surveys if s.pk != other and self._takes(s))

    def _takes(self, survey: Survey) -> bool:
        """Portals stay out, with their thresholds and their name, unless they are chosen."""
        return survey.source != Source.PORTAL or Source.PORTAL in self.sources

    def compared_surveys(self, choices: Choices) -> tuple[Survey, ...]:
        """The surveys of the second group."""
        if self.compare == "survey":
            return tuple(s for s in choices.surveys if s.pk == self.compare_id)
        return self.surveys_of(choices)

    def joined_surveys(self, choices: Choices) -> tuple[Survey, ...]:
        """The surveys of both groups."""
        chosen = {*self.surveys_of(choices)}
        if self.compare:
            chosen |= {*self.compared_surveys(choices)}
        return tuple(s for s in choices.surveys if s in chosen)


def parse(parameters: Parameters, choices: Choices) -> Selection:
    """The selection that an address names. 404 for surveys and segments that are not ours."""
    problems: list[str] = []
    since, until = _period(parameters, "since", "until", problems)
    compare, compare_id = _compare(_last(parameters, "compare"), choices, problems)
    compare_since, compare_until = _period(parameters, "compare_since", "compare_until", problems)
    if (compare_since or compare_until) and _last(parameters, "compare") != "none":
        # Only the form of the days sends these: who fills them in wants to compare days.
        compare, compare_id = "period", None
    if compare == "period" and not (compare_since or compare_until):
        compare_since, compare_until = _before(since, until)
        if compare_until is None:
            problems.append(_("Choose the days to compare with."))
            compare = ""
    scheme = _scheme(_last(parameters, "weights"), choices, problems)
    return Selection(
        surveys=_known(parameters.getlist("survey"), choices.surveys),
        sources=_sources(parameters.getlist("source"), problems),
        since=since,
        until=until,
        segment=next(iter(_known(parameters.getlist("segment"), choices.segments)), None),
        compare=compare,
        compare_id=compare_id,
        compare_since=compare_since if compare == "period" else None,
        compare_until=compare_until if compare == "period" else None,
        weighted=scheme is not None or _last(parameters, "weighted") == "1",
        scheme=scheme,
        step=_number(_last(parameters, "step")),
        problems=tuple(problems),
    )


def _last(parameters: Parameters, name: str) -> str:
    values = parameters.getlist(name)
    return values[-1].strip() if values else ""


def _number(text: str) -> int | None:
    """A row id; anything else is nothing's id."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Http404
    return int(text)


def _known(values: list[str], rows: Sequence[Survey] | Sequence[Segment]) -> tuple[int, ...]:
    ids = tuple(dict.fromkeys(id for id in map(_number, values) if id))
    if not {row.pk for row in rows}.issuperset(ids):
        raise Http404
    return ids


def _sources(values: list[str], problems: list[str]) -> tuple[str, ...]:
    chosen = [value for value in values if value]
    unknown = [value for value in chosen if value not in Source.values]
    if unknown:
        problems.append(_("There is no source “%(name)s”.") % {"name": unknown[0]})
    known = tuple(source for source in Source.values if source in chosen)
    return known or TARGETED


def _compare(text: str, choices: Choices, problems: list[str]) -> tuple[CompareKind, int | None]:
    kind, _colon, id = text.partition(":")
    if kind == "segment":
        return "segment", next(iter(_known([id], choices.segments)), None) or _nothing()
    if kind == "survey":
        return "survey", next(iter(_known([id], choices.surveys)), None) or _nothing()
    if kind == "period" and not id:
        return "period", None
    if text and text != "none":
        problems.append(_("“%(text)s” is nothing to compare with.") % {"text": text})
    return "", None


def _before(since: dt.date | None, until: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """The days before a period: as many of them, or all where it has no end."""
    if since is None or since == dt.date.min:
        return None, None
    last = since - dt.timedelta(days=1)
    try:
        return (last - (until - since) if until else None), last
    except OverflowError:
        return None, last


def _scheme(text: str, choices: Choices, problems: list[str]) -> int | None:
    """The chosen weights. Removed ones are told: the address of a chart may outlive them."""
    if choices.schemes is None or text in ("", "none"):
        return None
    id = _number(text)
    if choices.scheme(id) is None:
        problems.append(_("These weights are gone; every answer counts the same."))
        return None
    return id


def _nothing() -> int:
    raise Http404


def _period(
    parameters: Parameters, first: str, last: str, problems: list[str]
) -> tuple[dt.date | None, dt.date | None]:
    days: list[dt.date | None] = []
    for name in (first, last):
        text = _last(parameters, name)
        try:
            days.append(dt.date.fromisoformat(text) if text else None)
        except ValueError:
            problems.append(_("“%(text)s” is not a date.") % {"text": text})
            days.append(None)
    since, until = days
    if since and until and since > until:
        problems.append(_("The period ends before it begins; it is shown the other way round."))
        since, until = until, since
    return since, until


def strictest_k(workspace: Workspace, surveys: Iterable[Survey]) -> int:
    """The threshold for figures that join several surveys: the highest of them."""
    return max([survey.k for survey in surveys], default=workspace.min_answers)


def strictest_k_verbatims(workspace: Workspace, surveys: Iterable[Survey]) -> int:
    """The threshold for lists of comments that join several surveys."""
    return max([survey.k_verbatims for survey in surveys], default=workspace.min_verbatims)


def scales_and_texts(
    workspace: Workspace, surveys: Iterable[Survey]
) -> tuple[list[Question], list[Question]]:
    """Questions with a scale, and open questions: one query for both."""
    found = (
        Question.objects.filter(
            workspace=workspace,
            survey__in=[survey.pk for survey in surveys],
            kind__in=(*SCALE_KINDS, Kind.TEXT),
        )
        .order_by("survey_id", "position", "id")
        .only(
            "survey_id",
            "kind",
            "scale_min",
            "scale_max",
            "is_reversed",
            "touchpoint_id",
            "replaced_by_id",
        )
    )
    texts = [question for question in found if question.kind == Kind.TEXT]
    return [q for q in found if q.kind != Kind.TEXT and q.has_scale], texts


def scale_questions(workspace: Workspace, surveys: Iterable[Survey]) -> list[Question]:
    """Questions with a scale, for charts of touchpoints and steps: one query."""
    return list(
        Question.objects.filter(
            workspace=workspace,
            survey__in=[survey.pk for survey in surveys],
            kind__in=SCALE_KINDS,
            scale_min__isnull=False,
            scale_max__isnull=False,
        ).order_by("survey_id", "position", "id")
    )
