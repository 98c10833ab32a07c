"""The rows of the page of a comparison: ladders and list with words and places of their marks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from journeys import compare_figures, compare_words
from journeys.compare import Compared, Pair, scale_of
from journeys.compare_choice import Choice
from journeys.compare_figures import Axis, Bar
from journeys.compare_words import Verdict
from journeys.insights.comparison import Ladder, Rung


@dataclass(frozen=True)
class RungRow:
    rung: Rung
    title: str
    explanation: str
    bar: Bar
    spoken: str
    tone: str


@dataclass(frozen=True)
class LadderRows:
    """One question with its four steps."""

    pair: Pair
    name: str
    ladder: Ladder
    rows: tuple[RungRow, ...]
    digits: int

    @property
    def has_clusters(self) -> bool:
        return any(row.rung.clusters for row in self.rows)

    @property
    def quoted(self) -> str:
        """The name inside of a sentence."""
        return compare_words.quoted(self.name, self.pair)


@dataclass(frozen=True)
class ListRow:
    """One question in the list; without figures it says why."""

    pair: Pair
    name: str
    ladder: Ladder
    query: str
    chosen: bool
    digits: int
    why: str
    plain: Bar | None = None
    corrected: Bar | None = None
    spoken: str = ""


@dataclass(frozen=True)
class Page:
    """Everything that the page shows of one comparison."""

    found: Compared
    chosen: LadderRows
    contrast: LadderRows | None
    contrast_words: str
    verdict: Verdict
    axis: Axis
    items: tuple[ListRow, ...]
    list_axis: Axis
    one_scale: bool
    counted: str


def build(choice: Choice, found: Compared) -> Page:
    """The page about the chosen question, else the biggest change. At least one pair is needed."""
    names = short_names(found.pairs)
    ordered = found.comparison.by_size()
    ladder = found.by_key[choice.question][1] if choice.question else ordered[0]
    other = _contrast(ladder, found)
    axis = compare_figures.axis_of([ladder, *([other] if other else [])])
    chosen = _ladder(found, names, ladder, axis)
    units = _units(found)
    list_axis = compare_figures.small_axis(
        [(one, units[number]) for number, one in enumerate(found.comparison.ladders)]
    )
    return Page(
        found=found,
        chosen=chosen,
        contrast=_ladder(found, names, other, axis) if other else None,
        contrast_words=compare_words.contrast(other) if other else "",
        verdict=compare_words.verdict(choice, chosen.name, chosen.pair, ladder, found.k),
        axis=axis,
        items=tuple(
            _item(choice, found, names, one, ladder, list_axis, units) for one in ordered
        ),
        list_axis=list_axis,
        one_scale=len(set(units)) == 1,
        counted=compare_words.counted(len(found.comparison.changed), found.comparison.looks),
    )  # fmt: skip


def short_names(pairs: Sequence[Pair]) -> list[str]:
    """The touchpoint's name, but the words of the question where two ask about one touchpoint."""
    often = Counter(pair.name for pair in pairs)
    return [pair.name if often[pair.name] == 1 else pair.b.text for pair in pairs]


def _units(found: Compared) -> list[float]:
    """What changes are divided by in the list: nothing on one scale, else the scale's length."""
    if len({scale_of(pair.b) for pair in found.pairs}) == 1:
        return [1.0] * len(found.pairs)
    return [200.0 if p.is_nps else float((p.b.scale_max or 1) - (p.b.scale_min or 0))
            for p in found.pairs]  # fmt: skip


def _contrast(ladder: Ladder, found: Compared) -> Ladder | None:
    """A question with the other verdict on the same scale, whose interval widens most."""
    mine = found.pairs[ladder.look.id]
    others = [
        one
        for one in found.comparison.ladders
        if one.rungs
        and one.proven != ladder.proven
        and scale_of(found.pairs[one.look.id].b) == scale_of(mine.b)
    ]
    return max(others, key=_widening, default=None) if ladder.rungs else None


def _widening(ladder: Ladder) -> float:
    return ladder.rungs[2].difference.half_width / (ladder.rungs[0].difference.half_width or 1)


def _ladder(found: Compared, names: Sequence[str], ladder: Ladder, axis: Axis) -> LadderRows:
    pair = found.pairs[ladder.look.id]
    digits = 1 if pair.is_nps else 3
    looks = found.comparison.looks
    rows = tuple(
        RungRow(
            rung=rung,
            title=compare_words.title(rung, looks),
            explanation=compare_words.explanation(rung, ladder, looks),
            bar=compare_figures.bar(axis, rung.difference),
            spoken=compare_words.spoken(rung, digits),
            tone=_tone(pair, rung),
        )
        for rung in ladder.rungs
    )
    return LadderRows(pair, names[ladder.look.id], ladder, rows, digits)


def _tone(pair: Pair, rung: Rung) -> str:
    """Green or red only for what is proven; on a reversed scale less is better."""
    if not rung.difference.proven:
        return ""
    return "pos" if (rung.difference.difference > 0) != pair.b.is_reversed else "neg"


def _item(
    choice: Choice,
    found: Compared,
    names: Sequence[str],
    ladder: Ladder,
    chosen: Ladder,
    axis: Axis,
    units: Sequence[float],
) -> ListRow:
    pair, number = found.pairs[ladder.look.id], ladder.look.id
    digits = 1 if pair.is_nps else 2
    row = ListRow(
        pair=pair,
        name=names[number],
        ladder=ladder,
        query=query(choice, pair.key),
        chosen=ladder is chosen,
        digits=digits,
        why="" if ladder.rungs else compare_words.why(ladder, found.k),
    )
    if not ladder.rungs:
        return row
    first, last = ladder.rungs[0], ladder.rungs[-1]
    return replace(
        row,
        plain=compare_figures.bar(axis, first.difference, units[number]),
        corrected=compare_figures.bar(axis, last.difference, units[number]),
        spoken=compare_words.spoken(last, digits),
    )


def query(choice: Choice, question: str) -> str:
    """The address of one question in the same two groups."""
    if choice.a is None or choice.b is None:
        return ""
    pairs = [("a", choice.a.survey.pk), ("b", choice.b.survey.pk)]
    if choice.since:
        pairs = [("survey", choice.a.survey.pk)]
    found = [(name, str(value)) for name, value in pairs]
    if choice.since:
        found.append(("since", choice.since.isoformat()))
    return urlencode([*found, ("question", question)])
