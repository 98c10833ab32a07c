"""The emotion curve: one point per step, from all answers that are bound to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cxm.statistics import (
    Difference,
    Estimate,
    Histogram,
    Scale,
    against_fixed,
    mean_estimate,
    merged,
    pooled_sd,
    reach,
    with_holm,
)
from journeys.insights.suppression import hidden_row

Id = Any  # a number, a UUID or a name, whatever the caller uses
TOO_FEW, COMPLEMENT = "too_few", "complement"
NEVER_ASKED, NO_ANSWERS = "never_asked", "no_answers"


@dataclass(frozen=True, slots=True)
class Part:
    """One touchpoint of a step (or the step itself) and the questions that ask about it."""

    id: Id
    name: str
    questions: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a map as the curve needs it; `assumed` is the team's emotion value."""

    id: Id
    name: str
    phase_id: Id
    phase: str
    assumed: float | None = None
    parts: tuple[Part, ...] = ()

    @property
    def questions(self) -> tuple[Id, ...]:
        """The questions of all parts, each once."""
        return tuple(dict.fromkeys(q for part in self.parts for q in part.questions))


@dataclass(frozen=True, slots=True)
class PartPoint:
    """One part of a step: its own figure, or the reason why there is none."""

    id: Id
    name: str
    estimate: Estimate | None
    reason: str


@dataclass(frozen=True, slots=True)
class StepPoint:
    """One point of the curve. All figures are emotion values; a hidden point holds no figure."""

    step: Step
    estimate: Estimate | None = None
    reason: str = ""
    gap: Difference | None = None
    n: int | None = None
    n_eff: float | None = None
    never_used: int | None = None
    reach: float | None = None
    distribution: tuple[float, ...] = ()
    median: float | None = None
    parts: tuple[PartPoint, ...] = ()
    sources: Mapping[str, int] = field(default_factory=dict)
    scales: tuple[Scale, ...] = ()
    answers: Histogram | None = None

    @property
    def raw(self) -> Estimate | None:
        """The estimate on the questions' own scale, where all parts share one; else None."""
        if self.estimate is None or len(self.scales) != 1:
            return None
        scale = self.scales[0]
        return self.estimate.rescaled(scale.slope, scale.score(0))


@dataclass(frozen=True, slots=True)
class Curve:
    """The points in order and what stands out; every fact is taken from shown points alone."""

    points: tuple[StepPoint, ...]
    weighted: bool
    k: int
    mean: Estimate | None
    peak: StepPoint | None
    trough: StepPoint | None
    end: StepPoint | None
    joined_scales: tuple[Scale, ...]

    @property
    def shown(self) -> tuple[StepPoint, ...]:
        """The points that have a figure."""
        return tuple(point for point in self.points if point.estimate is not None)

    @property
    def n(self) -> int:
        """The answers behind the shown points."""
        return sum(point.n or 0 for point in self.shown)

    @property
    def proven_gaps(self) -> tuple[StepPoint, ...]:
        """The points proven to lie off the team's assumption, the largest gap first."""
        found = [point for point in self.points if point.gap is not None and point.gap.proven]
        return tuple(sorted(found, key=_gap_size, reverse=True))

    @property
    def blind_spot(self) -> StepPoint | None:
        """The step proven to be worst overrated by the team."""
        below = [p for p in self.proven_gaps if p.gap is not None and p.gap.difference < 0]
        return below[0] if below else None


def _gap_size(point: StepPoint) -> float:
    return abs(point.gap.difference) if point.gap else 0.0


def emotion_curve(
    steps: Sequence[Step],
    answers: Mapping[Id, Histogram],
    scales: Mapping[Id, Scale],
    *,
    k: int = 5,
    weighted: bool = False,
    sources: Mapping[Id, Mapping[str, int]] | None = None,
    also_hidden: Collection[Id] = (),
) -> Curve:
    """The curve of `steps` from raw histograms and scales, both by question id.

    Answers are pooled over a step (the mean over answers, not of means), as emotion values;
    Student's t per step, the linearised error when weighted. Gaps to the assumed value are proven
    by Holm (1979) over all shown steps. `also_hidden` names steps that would give away a hidden
    neighbour (see `suppression`); `sources` counts answers per question and source.
    """
    emotions = {q: found.to_emotion(scales[q]) for q, found in answers.items() if q in scales}
    spread = pooled_sd(emotions.values())
    points = [
        _point(step, emotions, scales, k, weighted, sources or {}, spread, step.id in also_hidden)
        for step in steps
    ]
    gaps = with_holm([_gap(point) for point in points])
    done = tuple(replace(point, gap=gap) for point, gap in zip(points, gaps, strict=True))
    return _curve(done, k=k, weighted=weighted, spread=spread)


def _gap(point: StepPoint) -> Difference | None:
    if point.estimate is None or point.step.assumed is None:
        return None
    return against_fixed(point.estimate, point.step.assumed)


def _curve(points: tuple[StepPoint, ...], *, k: int, weighted: bool, spread: float | None) -> Curve:
    shown = [point for point in points if point.estimate is not None]
    ranked = sorted(shown, key=lambda point: point.estimate.mean if point.estimate else 0.0)
    last = points[-1] if points and points[-1].estimate is not None else None
    pooled = merged(point.answers for point in shown if point.answers is not None)
    used = {scale for point in shown for scale in point.scales}
    return Curve(
        points=points,
        weighted=weighted,
        k=k,
        mean=mean_estimate(pooled, weighted=weighted, pooled_sd=spread) if shown else None,
        peak=ranked[-1] if len(ranked) > 1 else None,
        trough=ranked[0] if len(ranked) > 1 else None,
        end=last,
        joined_scales=tuple(sorted(used)) if len(used) > 1 else (),
    )


def _point(
    step: Step,
    emotions: Mapping[Id, Histogram],
    scales: Mapping[Id, Scale],
    k: int,
    weighted: bool,
    sources: Mapping[Id, Mapping[str, int]],
    spread: float | None,
    hidden: bool,
) -> StepPoint:
    """One step's point; a point that may not be shown keeps its reason and nothing else."""
    found = [q for q in step.questions if q in emotions]
    pooled = merged(emotions[q] for q in found)
    reason = reason_of(pooled, asked=bool(step.questions), k=k, weighted=weighted, hidden=hidden)
    if reason == NO_ANSWERS:
        return StepPoint(step, reason=reason, n=0)
    if reason:
        return StepPoint(step, reason=reason)
    estimate = mean_estimate(pooled, weighted=weighted, pooled_sd=spread)
    used = reach(pooled)
    return StepPoint(
        step=step,
        estimate=estimate,
        n=pooled.n,
        n_eff=estimate.n_eff,
        never_used=pooled.never_used,
        reach=used.share if used else None,
        distribution=five_shares(pooled, weighted=weighted),
        median=estimate.median,
        parts=_parts(step, emotions, pooled.n, k, weighted, spread),
        sources=_sources(found, sources),
        scales=tuple(sorted({scales[q] for q in found if emotions[q].n})),
        answers=pooled,
    )


def reason_of(
    answers: Histogram, *, asked: bool, k: int, weighted: bool = False, hidden: bool = False
) -> str:
    """Why a group has no figure: never_asked, no_answers, too_few, complement; "" where it has."""
    if not asked:
        return NEVER_ASKED
    if not answers.n or (weighted and answers.n_eff <= 0):
        return NO_ANSWERS
    if answers.n < max(k, 2):
        return TOO_FEW
    return COMPLEMENT if hidden else ""


def _parts(
    step: Step,
    emotions: Mapping[Id, Histogram],
    together: int,
    k: int,
    weighted: bool,
    spread: float | None,
) -> tuple[PartPoint, ...]:
    """The parts of a shown step; small parts hide another so that the step gives none away."""
    pooled = [merged(emotions[q] for q in p.questions if q in emotions) for p in step.parts]
    hidden = hidden_row([found.n for found in pooled], k=k, total=together)
    points = []
    for part, found, hide in zip(step.parts, pooled, hidden, strict=True):
        asked = bool(part.questions)
        reason = reason_of(found, asked=asked, k=k, weighted=weighted, hidden=hide)
        estimate = None
        if not reason:
            estimate = mean_estimate(found, weighted=weighted, pooled_sd=spread)
        points.append(PartPoint(part.id, part.name, estimate, reason))
    return tuple(points)


def _sources(found: Sequence[Id], sources: Mapping[Id, Mapping[str, int]]) -> Mapping[str, int]:
    """Answers per source over the questions of a step."""
    counted: dict[str, int] = {}
    for question in found:
        for source, count in sources.get(question, {}).items():
            counted[source] = counted.get(source, 0) + count
    return counted


def five_shares(emotions: Histogram, *, weighted: bool = False) -> tuple[float, ...]:
    """The shares of −2, −1, 0, +1, +2, every answer at its nearest; halves go outwards."""
    shares = [0.0] * 5
    for value, share in zip(emotions.scores, emotions.shares(weighted=weighted), strict=False):
        size = int(abs(value) + 0.5 + 1e-9)
        shares[2 + min(size, 2) * (1 if value > 0 else -1)] += share
    return tuple(shares)
