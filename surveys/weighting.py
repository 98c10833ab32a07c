"""Weights of a survey: known shares of segments, raked, kept, and read by charts."""

import contextlib
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cxm.statistics import Raking, RakingCell, rake
from surveys.models import Response, Scheme, Source, Survey
from touchpoints.models import Segment

Shares = Mapping[str, Mapping[int, float]]
"""{dimension: {id of a segment: share}}, the shares of a dimension adding up to 1."""


@dataclass(frozen=True)
class Combination:
    """Responses that are in the same segments."""

    segments: tuple[int, ...]
    n: int
    sum_w: float
    sum_w2: float


@dataclass(frozen=True)
class Reached:
    """One segment of a scheme: the share that it shall have, had, and has now.

    ``is_small``: fewer answered than a figure needs. It is not weighted by then, since a weighted
    figure beside a plain one would tell what so few people said.
    """

    segment: Segment | None
    target: float
    before: float
    after: float
    is_small: bool = False

    @property
    def is_empty(self) -> bool:
        return self.before == 0 and not self.is_small

    @property
    def is_reached(self) -> bool:
        return abs(self.after - self.target) < 5e-4


@dataclass(frozen=True)
class Dimension:
    """One dimension of a scheme; ``unknown`` responses are in none of its segments."""

    name: str
    rows: tuple[Reached, ...]
    unknown: int


@dataclass(frozen=True)
class SchemeReading:
    """A scheme as its page shows it. ``later`` responses have come since (or gone: below 0)."""

    scheme: Scheme
    outcome: Mapping[str, Any]
    dimensions: tuple[Dimension, ...]
    later: int

    @property
    def empty(self) -> tuple[Reached, ...]:
        return tuple(row for d in self.dimensions for row in d.rows if row.is_empty)

    @property
    def missed(self) -> tuple[Reached, ...]:
        """Shares that no weight within the bounds reaches, though people of it answered."""
        rows = (row for d in self.dimensions for row in d.rows)
        return tuple(r for r in rows if not (r.is_reached or r.is_empty or r.is_small))

    @property
    def small(self) -> tuple[Reached, ...]:
        """Segments that too few people are of to weight by."""
        return tuple(row for d in self.dimensions for row in d.rows if row.is_small)


def combinations(survey: Survey, segments: Sequence[int]) -> list[Combination]:
    """Responses of a survey by which of these segments they are in: one query.

    Reviews of portals are left out where people were asked as well.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _COMBINATIONS,
            {
                "workspace": survey.workspace_id,
                "survey": survey.pk,
                "segments": list(segments),
                "without": _left_out(survey),
            },
        )
        return [Combination(tuple(ids), n, w, w2) for ids, n, w, w2 in cursor.fetchall()]


_COMBINATIONS = """
    SELECT ARRAY(SELECT held FROM unnest(r.segments) AS held
                 WHERE held = ANY(%(segments)s::bigint[]) ORDER BY held) AS ids,
           count(*), sum(r.weight), sum(r.weight * r.weight)
    FROM surveys_response r
    WHERE r.workspace_id = %(workspace)s AND r.survey_id = %(survey)s
      AND NOT r.source = ANY(%(without)s::text[])
    GROUP BY ids ORDER BY ids
"""


def _left_out(survey: Survey) -> list[str]:
    asked = Response.objects.filter(survey_id=survey.pk).exclude(source=Source.PORTAL).exists()
    return [str(Source.PORTAL)] if asked else []


def counted(survey: Survey) -> int:
    """The responses that weights are made for."""
    people = Response.objects.filter(survey_id=survey.pk)
    return people.exclude(source__in=_left_out(survey)).count()


@transaction.atomic
def save_scheme(
    *, survey: Survey, name: str, shares: Shares, low: float, high: float,
    scheme: Scheme | None = None,
) -> Scheme:  # fmt: skip
    """Keep known shares under a name, and compute the weights that reach them.

    ValueError for shares or bounds that ``cxm.statistics.rake`` refuses.
    """
    kept = scheme or Scheme(workspace_id=survey.workspace_id, survey=survey)
    kept.name, kept.low, kept.high = name, low, high
    kept.targets = [
        {"dimension": dimension, "shares": [[id, share] for id, share in wanted.items()]}
        for dimension, wanted in shares.items()
    ]
    compute(kept)
    return kept


def compute(scheme: Scheme) -> None:
    """Rake the answers that are there now, and store one weight per combination of segments."""
    found = combinations(scheme.survey, scheme.segment_ids)
    small = _small(found, scheme)
    targets = [_shares(target["shares"], small) for target in scheme.targets]
    cells = [
        RakingCell(tuple(_only(c.segments, target) for target in targets), c.n, c.sum_w, c.sum_w2)
        for c in found
    ]
    raking = rake(cells, targets, low=scheme.low, high=scheme.high)
    scheme.cells = [
        [list(c.segments), weight] for c, weight in zip(found, raking.weights, strict=True)
    ]
    scheme.outcome = _outcome(raking) | {"small": sorted(small)}
    scheme.computed_at = timezone.now()
    scheme.save()


def _small(found: Sequence[Combination], scheme: Scheme) -> set[int]:
    """Segments of a scheme that some people are of, but fewer than a figure needs."""
    held = dict.fromkeys(scheme.segment_ids, 0)
    for one in found:
        for id in one.segments:
            held[id] += one.n
    return {id for id, n in held.items() if 0 < n < scheme.survey.k}


def _shares(wanted: Sequence[tuple[int, float]], small: Collection[int]) -> dict[int, float]:
    """The shares of a dimension without the small segments, adding up to 1 again."""
    kept = {int(id): float(share) for id, share in wanted if id not in small}
    total = math.fsum(kept.values())
    return {id: share / total for id, share in kept.items()}


def _only(held: Sequence[int], target: Mapping[int, float]) -> int | None:
    """The segment of a dimension; None where there is none, or several, so that it is not known."""
    inside = [id for id in held if id in target]
    return inside[0] if len(inside) == 1 else None


def _outcome(raking: Raking) -> dict[str, object]:
    return {
        "n": raking.n,
        "n_eff": raking.n_eff,
        "rounds": raking.rounds,
        "trimmed": raking.trimmed,
        "lowest": min(raking.weights, default=1.0),
        "highest": max(raking.weights, default=1.0),
        "unknown": list(raking.unknown),
        "reached": [[m.category, m.before, m.after] for ms in raking.margins for m in ms],
    }


_UNKNOWN = {"n": 0, "n_eff": 0.0, "rounds": 0, "trimmed": 0, "lowest": 1.0, "highest": 1.0}


def read_scheme(scheme: Scheme, *, responses: int | None = None) -> SchemeReading:
    """What a page says about a scheme: at most three queries."""
    segments = Segment.objects.in_bulk(scheme.segment_ids)
    reached = {id: (before, after) for id, before, after in scheme.outcome.get("reached", [])}
    unknown = scheme.outcome.get("unknown") or [0] * len(scheme.targets)
    now = counted(scheme.survey) if responses is None else responses
    small = set(scheme.outcome.get("small", []))
    shares = {
        id: share
        for target in scheme.targets
        for id, share in _shares(target["shares"], small).items()
    }
    return SchemeReading(
        scheme=scheme,
        outcome=_UNKNOWN | scheme.outcome,
        dimensions=tuple(
            Dimension(
                target["dimension"],
                tuple(
                    Reached(
                        segments.get(id),
                        shares.get(id, share),
                        *reached.get(id, (0.0, 0.0)),
                        is_small=id in small,
                    )
                    for id, share in target["shares"]
                ),
                missing,
            )
            for target, missing in zip(scheme.targets, unknown, strict=True)
        ),
        later=now - scheme.outcome.get("n", 0),
    )


@dataclass(frozen=True)
class Candidate:
    """A segment that answers are in, with its number of them."""

    segment: Segment
    n: int


def candidates(survey: Survey) -> tuple[dict[str, list[Candidate]], dict[str, int]]:
    """What can be weighted by: the dimensions that answers are in, all segments of each.

    With it, by dimension, how many responses are in none of its segments.
    """
    segments = list(Segment.objects.filter(workspace_id=survey.workspace_id))
    dimension_of = {segment.pk: segment.dimension for segment in segments}
    held: dict[int, int] = {}
    known: dict[str, int] = {}
    total = 0
    for found in combinations(survey, list(dimension_of)):
        total += found.n
        for id in found.segments:
            held[id] = held.get(id, 0) + found.n
        for name in {dimension_of[id] for id in found.segments}:
            known[name] = known.get(name, 0) + found.n
    rows: dict[str, list[Candidate]] = {}
    for segment in segments:
        if segment.dimension in known:
            rows.setdefault(segment.dimension, []).append(
                Candidate(segment, held.get(segment.pk, 0))
            )
    return rows, {name: total - n for name, n in known.items()}


@transaction.atomic
def compute_again(scheme: Scheme) -> Scheme:
    """The same shares from the answers of now; waits for who changes the shares at this moment."""
    held = Scheme.objects.select_for_update(of=("self",)).select_related("survey__workspace")
    found = held.get(pk=scheme.pk)
    compute(found)
    return found


def compute_stale(workspace_id: int) -> int:
    """Compute the schemes again whose answers have changed; how many these were."""
    found = list(stale_schemes(workspace_id))
    for scheme in found:
        # Removed in this moment: nothing is left to compute.
        with contextlib.suppress(Scheme.DoesNotExist):
            compute_again(scheme)
    return len(found)


def stale_schemes(workspace_id: int) -> Iterator[Scheme]:
    """The schemes whose survey has other answers now than when they were computed."""
    responses: dict[int, int] = {}
    found = Scheme.objects.filter(workspace_id=workspace_id).select_related("survey")
    for scheme in found:
        if scheme.survey_id not in responses:
            responses[scheme.survey_id] = counted(scheme.survey)
        if scheme.outcome.get("n") != responses[scheme.survey_id]:
            yield scheme
