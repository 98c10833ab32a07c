"""What the home of a workspace says: computed from all its maps in a constant number of queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from cxm.models import Workspace
from journeys import curve_words, pictures, selection, verbatims
from journeys.curve import CurveReading, reading_of
from journeys.curve_words import Finding
from journeys.insights.changes import StepChange
from journeys.insights.curve import StepPoint
from journeys.maps import MapRows, load_maps
from journeys.models import Journey
from journeys.selection import Choices, Selection
from journeys.verbatims import Quote, Quotes
from surveys import histograms
from surveys.histograms import Count
from surveys.models import Question
from touchpoints.models import Lifecycle, Touchpoint

MAPS = 24


@dataclass(frozen=True)
class Card:
    """One map at a glance."""

    reading: CurveReading
    picture: SafeString
    measured: int
    assumed: int
    worse: int

    @property
    def journey(self) -> Journey:
        return self.reading.journey


@dataclass(frozen=True)
class Attention:
    """Something to do: a proven gap, a step never asked or hidden."""

    kind: str
    card: Card
    point: StepPoint
    query: str


@dataclass(frozen=True)
class HomePage:
    finding: Finding
    found_in: CurveReading
    cards: tuple[Card, ...]
    attention: tuple[Attention, ...]
    ownerless: tuple[str, ...]
    waves: CurveReading | None
    changes: tuple[StepChange, ...]
    quotes: Quotes = field(default_factory=Quotes)
    quote_places: tuple[str, ...] = ()

    @property
    def others(self) -> int:
        """How many touchpoints without owner are not named."""
        return max(0, len(self.ownerless) - 3)

    @property
    def quoted(self) -> list[tuple[Quote, str]]:
        """Each comment with what it is about."""
        return list(zip(self.quotes.shown, self.quote_places, strict=True))

    @property
    def attention_count(self) -> int:
        return len(self.attention) + bool(self.ownerless)

    @property
    def other_wave(self) -> str:
        return curve_words.other_group(self.waves) if self.waves else ""


def read_home(*, workspace: Workspace, with_verbatims: bool) -> HomePage:
    """Everything on the page; there must be a map."""
    journeys = _maps(workspace)
    maps = load_maps(journeys)
    choices = selection.load_choices(workspace)
    questions = selection.scale_questions(workspace, choices.surveys)
    counts = histograms.read(
        workspace_id=workspace.pk,
        slice=Selection().slice([question.pk for question in questions]),
        by=("question", "source", "month"),
    )
    reader = _Reader(workspace, choices, questions, counts)
    cards = tuple(_card(reader.read(maps[journey.pk], Selection())) for journey in journeys)
    waves = reader.waves(maps[journeys[0].pk])
    found_in = waves or next((c.reading for c in cards if c.measured), cards[0].reading)
    quotes, places = _quotes(workspace, choices) if with_verbatims else (Quotes(), ())
    return HomePage(
        finding=curve_words.finding(found_in),
        found_in=found_in,
        cards=cards,
        attention=_attention(cards),
        ownerless=_ownerless(workspace),
        waves=waves,
        changes=_changes(waves),
        quotes=quotes,
        quote_places=places,
    )


def _maps(workspace: Workspace) -> list[Journey]:
    """The maps of today, newest first: a future says what is wanted, not what is missed."""
    found = Journey.objects.filter(workspace=workspace).order_by("-updated_at")
    return list(found.filter(future_of=None)[:MAPS]) or list(found[:MAPS])


@dataclass(frozen=True)
class _Reader:
    workspace: Workspace
    choices: Choices
    questions: Sequence[Question]
    counts: Sequence[Count]

    def read(self, rows: MapRows, selected: Selection) -> CurveReading:
        questions = rows.asked(self.questions)
        ids = {question.pk for question in questions}
        counts = [count for count in self.counts if count.question in ids]
        return reading_of(
            workspace=self.workspace, rows=rows, selected=selected, choices=self.choices,
            questions=questions, counts=counts, compared=counts,
        )  # fmt: skip

    def waves(self, rows: MapRows) -> CurveReading | None:
        """The newest survey of a map against the one before it, where both asked the same."""
        survey_of = {question.pk: question.survey_id for question in rows.asked(self.questions)}
        newest: dict[int, dt.date] = {}
        for count in self.counts:
            survey = survey_of.get(count.question)
            if survey and count.month and count.score is not None:
                newest[survey] = max(newest.get(survey, count.month), count.month)
        order = sorted(newest, key=lambda survey: newest[survey])
        if len(order) < 2 or newest[order[-1]] == newest[order[-2]]:
            return None
        selected = Selection(surveys=(order[-1],), compare="survey", compare_id=order[-2])
        found = self.read(rows, selected)
        return found if found.changes and found.changes.looks else None


def _card(reading: CurveReading) -> Card:
    curve = reading.curve
    return Card(
        reading=reading,
        picture=pictures.curve_picture(curve),
        measured=len(curve.shown),
        assumed=len(curve.points) - len(curve.shown),
        worse=sum(1 for p in curve.proven_gaps if p.gap and p.gap.difference < 0),
    )


def _attention(cards: Sequence[Card]) -> tuple[Attention, ...]:
    """The widest proven gap of each map, then what was never asked, then what is hidden."""
    found: list[Attention] = []
    for card in cards:
        spot = card.reading.curve.blind_spot
        if spot:
            found.append(_item("gap", card, spot))
    for kind in ("never_asked", "hidden"):
        for card in cards:
            points = getattr(card.reading, kind)
            # A map that was never measured needs a survey, not a line per step.
            if card.measured:
                found += [_item(kind, card, point) for point in points[:3]]
    return tuple(found[:8])


def _item(kind: str, card: Card, point: StepPoint) -> Attention:
    return Attention(kind, card, point, Selection().query(step=point.step.id))


def _ownerless(workspace: Workspace) -> tuple[str, ...]:
    return tuple(
        Touchpoint.objects.filter(workspace=workspace, owner="")
        .exclude(lifecycle=Lifecycle.RETIRED)
        .order_by("name")
        .values_list("name", flat=True)
    )


def _changes(waves: CurveReading | None) -> tuple[StepChange, ...]:
    """What is proven to have changed, the largest first."""
    return waves.changes.proven[:8] if waves and waves.changes else ()


def _quotes(workspace: Workspace, choices: Choices) -> tuple[Quotes, tuple[str, ...]]:
    """The newest comments of asked customers, and what each is about."""
    questions = verbatims.text_questions(workspace, choices.surveys)
    k = selection.strictest_k_verbatims(workspace, choices.surveys)
    quotes = verbatims.read(
        workspace=workspace, questions=questions, selected=Selection(), k=k, limit=3
    )
    about = {q.pk: q.touchpoint.name if q.touchpoint else q.text for q in questions}
    return quotes, tuple(about[quote.question] for quote in quotes.shown)
