"""What answers say about a persona: its segment against everybody else, along one map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.models import Workspace
from cxm.statistics import Nps, merged, nps
from cxm.templatetags.ui import number, signed
from journeys import selection, verbatims
from journeys.curve import CurveReading, read_curve
from journeys.insights.changes import CurveComparison, StepChange, compare_curves
from journeys.insights.curve import Curve
from journeys.insights.suppression import hidden_row
from journeys.models import Journey, Persona, StepTouchpoint
from journeys.selection import TARGETED, Choices, Selection
from journeys.verbatims import Quote, Quotes
from surveys import counted, histograms
from surveys.histograms import Slice
from surveys.models import Kind, Question, Response
from touchpoints.models import Segment, Touchpoint

QUOTES = 3


@dataclass(frozen=True)
class Finding:
    """A headline, whether it is proven (None: nothing was tested), and the facts behind it."""

    sentence: str
    proven: bool | None = None
    facts: str = ""


@dataclass(frozen=True)
class PersonaCurve:
    """The segment (``mine``) and everybody else (``others``) along one map."""

    reading: CurveReading
    mine: Curve
    others: Curve
    changes: CurveComparison

    @cached_property
    def finding(self) -> Finding:
        return _finding(self)

    @property
    def query(self) -> str:
        """How the page of the curve shows the same."""
        return self.reading.selection.query()


@dataclass(frozen=True)
class PersonaPage:
    """Everything on the page. ``matching`` is None where it would count fewer than ``k``."""

    persona: Persona
    journeys: tuple[Journey, ...]
    steps: dict[int, int]
    chosen: Journey | None
    curve: PersonaCurve | None
    k: int
    matching: int | None
    total: int
    nps: Nps | None
    nps_hidden: bool
    quotes: Quotes
    places: tuple[str, ...]
    touchpoints: tuple[Touchpoint, ...]
    siblings: tuple[Segment, ...]

    @property
    def maps(self) -> list[tuple[Journey, int]]:
        """Each map with the number of its steps."""
        return [(journey, self.steps.get(journey.pk, 0)) for journey in self.journeys]

    @property
    def quoted(self) -> list[tuple[Quote, str]]:
        """Each comment with what it is about."""
        return list(zip(self.quotes.shown, self.places, strict=True))

    @property
    def nps_margin(self) -> float:
        return (self.nps.ci_high - self.nps.ci_low) / 2 if self.nps else 0.0


def read_persona(
    *,
    workspace: Workspace,
    persona: Persona,
    journeys: Sequence[Journey],
    chosen: Journey | None,
    with_verbatims: bool,
) -> PersonaPage:
    """The page of one persona: a constant number of queries, however many maps and answers."""
    choices = selection.load_choices(workspace)
    joined = Selection().surveys_of(choices)
    k = selection.strictest_k(workspace, joined)
    segment = choices.segment(persona.segment_id)
    matching, total = _matching(workspace, segment, k)
    found, hidden = _nps(workspace, segment, choices, k)
    quotes, places = _quotes(workspace, segment if with_verbatims else None, choices)
    return PersonaPage(
        persona=persona,
        journeys=tuple(journeys),
        steps=_steps(journeys),
        chosen=chosen,
        curve=_curve(workspace, chosen, segment, choices) if chosen and segment else None,
        k=k,
        matching=matching,
        total=total,
        nps=found,
        nps_hidden=hidden,
        quotes=quotes,
        places=places,
        touchpoints=_touchpoints(journeys),
        siblings=_siblings(segment, choices),
    )


def _curve(
    workspace: Workspace, journey: Journey, segment: Segment, choices: Choices
) -> PersonaCurve | None:
    selected = Selection(compare="segment", compare_id=segment.pk)
    reading = read_curve(workspace=workspace, journey=journey, selected=selected, choices=choices)
    if reading.other is None:
        return None
    # The page of the curve asks the other way round: everybody else against the segment.
    changes = compare_curves(reading.curve, reading.other)
    return PersonaCurve(reading, reading.other, reading.curve, changes)


def _finding(curve: PersonaCurve) -> Finding:
    segment = curve.reading.choices.segment(curve.reading.selection.compare_id)
    names = {"group": segment.name if segment else "", "other": _("everybody else")}
    if not curve.mine.shown:
        return Finding(_("%(group)s: too few answers for a curve on this map.") % names)
    proven = curve.changes.proven
    if not proven and not curve.changes.looks:
        return Finding(_("No step has enough answers in both groups."))
    if not proven:
        words = _("No difference is proven between %(group)s and %(other)s.") % names
        return Finding(words, False, _looks(curve.changes.looks))
    return Finding(_sentence(proven, names), True, _facts(proven[0], curve.changes.looks))


def _sentence(proven: Sequence[StepChange], names: dict[str, str]) -> str:
    first = proven[0]
    assert first.difference is not None
    by = first.difference.difference
    values = {"step": first.b.step.name, "by": number(abs(by), 2), **names}
    if by < 0:
        words = _("%(step)s is %(by)s worse for %(group)s than for %(other)s.") % values
    else:
        words = _("%(step)s is %(by)s better for %(group)s than for %(other)s.") % values
    more = len(proven) - 1
    if not more:
        return words
    rest = ngettext("%(n)s more step differs.", "%(n)s more steps differ.", more)
    return f"{words} {rest % {'n': number(more)}}"


def _facts(change: StepChange, looks: int) -> str:
    found = change.difference
    assert found is not None
    values = {
        "mine": signed(found.b), "others": signed(found.a), "n": number(found.n_b),
        "m": number(found.n_a), "looks": _looks(looks),
    }  # fmt: skip
    return _("%(mine)s against %(others)s, n = %(n)s and %(m)s · %(looks)s") % values


def _looks(n: int) -> str:
    return ngettext("Holm, %(n)s test", "Holm, %(n)s tests", n) % {"n": number(n)}


def _matching(workspace: Workspace, segment: Segment | None, k: int) -> tuple[int | None, int]:
    """Answers of asked customers that belong to the segment, and all of them."""
    if segment is None:
        return None, 0
    counts = Response.objects.filter(workspace=workspace, source__in=TARGETED).aggregate(
        total=Count("id"), matching=Count("id", filter=Q(segments__contains=[segment.pk]))
    )
    total, matching = counts["total"], counts["matching"]
    return (None if 0 < matching < k else matching), total


def _nps(
    workspace: Workspace, segment: Segment | None, choices: Choices, k: int
) -> tuple[Nps | None, bool]:
    """The NPS of the segment; hidden where it, or a neighbour by subtraction, is too small."""
    if segment is None:
        return None, False
    surveys = Selection().surveys_of(choices)
    ids = tuple(
        Question.objects.filter(
            workspace=workspace, kind=Kind.NPS, scale_min=0, scale_max=10, is_reversed=False,
            survey__in=[survey.pk for survey in surveys],
        ).values_list("pk", flat=True)
    )  # fmt: skip
    if not ids:
        return None, False
    counts = histograms.read(
        workspace_id=workspace.pk, slice=Slice(ids, sources=TARGETED), by=("question", "segment")
    )
    by_segment = counted.histograms(counts, lambda count: count.segment)
    dimension = [s.pk for s in choices.dimension_of(segment.pk)]
    sizes = [by_segment[id].n if id in by_segment else 0 for id in dimension]
    total = by_segment[0].n if 0 in by_segment else 0
    hidden = hidden_row(sizes, k=k, total=total)[dimension.index(segment.pk)]
    mine = merged([by_segment[segment.pk]]) if segment.pk in by_segment else None
    if mine is None or not mine.n:
        return None, False
    return (None, True) if hidden or mine.n < k else (nps(mine), False)


def _quotes(
    workspace: Workspace, segment: Segment | None, choices: Choices
) -> tuple[Quotes, tuple[str, ...]]:
    """The newest comments of the segment, and what each is about."""
    if segment is None:
        return Quotes(), ()
    surveys = Selection().surveys_of(choices)
    questions = verbatims.text_questions(workspace, surveys)
    quotes = verbatims.read(
        workspace=workspace,
        questions=questions,
        selected=Selection(segment=segment.pk),
        k=selection.strictest_k_verbatims(workspace, surveys),
        limit=QUOTES,
    )
    about = {q.pk: q.touchpoint.name if q.touchpoint else q.text for q in questions}
    return quotes, tuple(about[quote.question] for quote in quotes.shown)


def _steps(journeys: Sequence[Journey]) -> dict[int, int]:
    """How many steps each map has."""
    counted = Journey.objects.filter(pk__in=[journey.pk for journey in journeys])
    return dict(counted.annotate(n=Count("phases__steps")).values_list("pk", "n"))


def _touchpoints(journeys: Sequence[Journey]) -> tuple[Touchpoint, ...]:
    """What is met on the maps, in the order of its first step."""
    links = (
        StepTouchpoint.objects.filter(step__phase__journey__in=[j.pk for j in journeys])
        .select_related("touchpoint")
        .order_by("step__phase__journey__title", "step__phase__position", "step__position", "id")
    )
    return tuple(dict.fromkeys(link.touchpoint for link in links))


def _siblings(segment: Segment | None, choices: Choices) -> tuple[Segment, ...]:
    """The other groups of the same dimension: who the persona does not stand for."""
    if segment is None or not segment.dimension:
        return ()
    return tuple(s for s in choices.dimension_of(segment.pk) if s.pk != segment.pk)
