"""The emotion curve from plain rows, against loops over raw answers."""

import statistics
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxm.statistics import Histogram, Scale
from journeys.insights.changes import COLUMNS, compare_curves, rows_of
from journeys.insights.curve import Curve, Part, Step, emotion_curve, five_shares
from tests import oracles

FIVE, ELEVEN = Scale(1, 5), Scale(0, 10)


def step(name: str, *questions: str, assumed: float | None = None) -> Step:
    parts = tuple(Part(q, q, (q,)) for q in questions)
    return Step(name, name, "visit", "Visit", assumed, parts)


def curve(
    steps: list[Step], answers: dict[str, list[int]], scale: Scale = FIVE, **options: object
) -> Curve:
    histograms = {q: Histogram.from_answers(found) for q, found in answers.items()}
    return emotion_curve(steps, histograms, dict.fromkeys(answers, scale), **options)  # type: ignore[arg-type]


@given(
    st.lists(st.integers(1, 5), min_size=5, max_size=30),
    st.lists(st.integers(1, 5), min_size=1, max_size=30),
)
def test_a_step_is_the_mean_over_the_answers_of_its_parts(a: list[int], b: list[int]) -> None:
    point = curve([step("Order", "counter", "menu")], {"counter": a, "menu": b}).points[0]
    answers = [x - 3 for x in a + b]
    assert point.estimate is not None
    assert point.estimate.mean == pytest.approx(statistics.fmean(answers))
    if len(set(answers)) > 1:
        expected = oracles.mean_interval(answers)
        assert (point.estimate.ci_low, point.estimate.ci_high) == pytest.approx(expected[1:])
        raw = oracles.mean_interval(a + b)
        assert point.raw is not None
        assert (point.raw.mean, point.raw.ci_low, point.raw.ci_high) == pytest.approx(raw)
    assert point.n == len(answers)
    assert point.median == statistics.median(answers)
    assert point.distribution == pytest.approx(
        [answers.count(value) / len(answers) for value in (-2, -1, 0, 1, 2)]
    )


def test_a_weighted_curve_shows_the_effective_number() -> None:
    scores, weights = [1, 2, 5, 5, 4, 3], [1.0, 2.0, 0.5, 1.5, 3.0, 1.0]
    found = emotion_curve(
        [step("Order", "q")],
        {"q": Histogram.from_answers(scores, weights)},
        {"q": FIVE},
        weighted=True,
    ).points[0]
    mean, error, n_eff = oracles.weighted_mean([x - 3 for x in scores], weights)
    assert found.estimate is not None
    assert (found.estimate.mean, found.estimate.se, found.n_eff) == pytest.approx(
        (mean, error, n_eff)
    )


def test_scales_are_joined_only_as_emotion_values_and_it_is_said() -> None:
    histograms = {
        "stars": Histogram.from_answers([1, 3, 5]),
        "nps": Histogram.from_answers([0, 5, 10]),
        "more": Histogram.from_answers([2, 4, 4, 5, 5]),
    }
    steps = [step("Pay", "stars", "nps"), step("Leave", "more")]
    found = emotion_curve(steps, histograms, {"stars": FIVE, "nps": ELEVEN, "more": FIVE})
    mixed, single = found.points
    assert found.joined_scales == (ELEVEN, FIVE)
    assert mixed.estimate is not None
    assert mixed.estimate.mean == 0
    assert mixed.raw is None
    assert single.raw is not None
    assert single.raw.mean == 4
    rows = list(rows_of(found))
    assert rows[0]["mean"] is None
    assert rows[0]["emotion"] == 0
    assert rows[1]["mean"] == 4
    assert all(tuple(row) == COLUMNS for row in rows)


def test_a_reversed_scale_turns_its_raw_interval_round() -> None:
    found = curve([step("Wait", "q")], {"q": [1, 1, 2, 2, 5]}, Scale(1, 5, is_reversed=True))
    point = found.points[0]
    assert point.estimate is not None
    assert point.raw is not None
    assert point.estimate.mean == pytest.approx(0.8)
    assert (point.raw.mean, point.raw.ci_low, point.raw.ci_high) == pytest.approx(
        oracles.mean_interval([1, 1, 2, 2, 5])
    )


def test_a_gap_in_the_line_says_why_and_shows_nothing() -> None:
    steps = [step("a", "full"), step("b", "few"), step("c"), step("d", "silent"), step("e", "far")]
    answers = {"full": [1, 2, 3, 4, 5, 5], "few": [1, 2, 3, 4], "silent": [], "far": [3] * 8}
    found = curve(steps, answers, also_hidden={"e"})
    reasons = [point.reason for point in found.points]
    assert reasons == ["", "too_few", "never_asked", "no_answers", "complement"]
    hidden = found.points[1]
    assert (hidden.n, hidden.estimate, hidden.answers, hidden.reach) == (None, None, None, None)
    row = list(rows_of(found))[1]
    assert [key for key, value in row.items() if value is not None] == ["step", "phase", "reason"]
    assert found.n == 6
    assert found.mean is not None
    assert found.mean.n == 6


def test_peak_trough_and_end_are_marked_among_shown_points() -> None:
    answers = {"low": [1, 2] * 5, "high": [4, 5] * 5, "mid": [3, 4] * 5, "few": [5]}
    steps = [step(name, name) for name in ("mid", "high", "low", "few")]
    found = curve(steps, answers)
    assert found.peak is not None
    assert found.trough is not None
    assert (found.peak.step.name, found.trough.step.name, found.end) == ("high", "low", None)
    ended = curve(steps[:3], answers)
    assert ended.end is not None
    assert ended.end.step.name == "low"
    assert curve(steps[:1], answers).peak is None


def test_gaps_are_proven_over_all_steps_at_once() -> None:
    scores = [2, 3, 3, 4, 3, 2, 4, 3, 4, 4, 3, 3]
    one = curve([step("0", "q0", assumed=0.7)], {"q0": scores})
    assert one.points[0].gap is not None
    assert one.points[0].gap.proven
    steps = [step(str(i), f"q{i}", assumed=0.7) for i in range(8)]
    several = curve(steps, {f"q{i}": scores for i in range(8)})
    assert all(p.gap is not None and not p.gap.proven for p in several.points)
    assert several.proven_gaps == ()


def test_the_blind_spot_is_the_most_overrated_step() -> None:
    steps = [step("fine", "fine", assumed=-1.0), step("bad", "bad", assumed=1.0)]
    found = curve(steps, {"fine": [4, 5] * 20, "bad": [1, 2] * 20})
    assert found.blind_spot is not None
    assert found.blind_spot.step.name == "bad"
    assert [p.step.name for p in found.proven_gaps] == ["fine", "bad"]


def test_reach_and_sources_are_those_of_all_parts() -> None:
    histograms = {
        "a": Histogram.from_answers([4] * 6, never_used=2),
        "b": Histogram.from_answers([5] * 6, never_used=6),
    }
    found = emotion_curve(
        [step("Park", "a", "b")],
        histograms,
        {"a": FIVE, "b": FIVE},
        sources={"a": {"qr": 6}, "b": {"qr": 2, "link": 4}},
    ).points[0]
    assert (found.never_used, found.reach) == (8, 0.6)
    assert found.sources == {"qr": 8, "link": 4}


def test_a_small_part_hides_another_of_its_step() -> None:
    answers = {"a": [4] * 3, "b": [3, 4] * 20, "c": [2, 5] * 4, "d": []}
    parts = curve([step("Park", "a", "b", "c", "d")], answers).points[0].parts
    assert [part.reason for part in parts] == ["too_few", "", "complement", "no_answers"]
    assert [part.estimate is None for part in parts] == [True, False, True, True]


def test_a_question_of_two_parts_counts_once() -> None:
    shared = Step("s", "s", "p", "P", None, (Part(1, "x", ("q",)), Part(2, "y", ("q",))))
    assert curve([shared], {"q": [1, 2, 3, 4, 5]}).points[0].n == 5


def test_five_shares_round_outwards_and_alike_on_both_sides() -> None:
    shares = five_shares(Histogram.from_answers(list(range(11))).to_emotion(ELEVEN))
    assert shares == pytest.approx([2 / 11, 2 / 11, 3 / 11, 2 / 11, 2 / 11])


@given(
    st.lists(st.integers(1, 5), min_size=5, max_size=30),
    st.lists(st.integers(1, 5), min_size=5, max_size=30),
)
def test_two_curves_differ_by_welch(a: list[int], b: list[int]) -> None:
    if len(set(a)) < 2 or len(set(b)) < 2:
        return
    found = compare_curves(curve([step("s", "q")], {"q": a}), curve([step("s", "q")], {"q": b}))
    difference = found.changes[0].difference
    assert difference is not None
    got = (difference.difference, difference.ci_low, difference.ci_high, difference.p)
    assert got == pytest.approx(oracles.welch(a, b), abs=1e-9)
    assert found.looks == 1


def test_changes_are_proven_over_all_steps_shown_in_both() -> None:
    steps = [step("up", "up"), step("same", "same"), step("few", "few")]
    before = curve(steps, {"up": [1, 2] * 10, "same": [3, 4] * 10, "few": [3] * 9})
    after = curve(steps, {"up": [4, 5] * 10, "same": [4, 3] * 10, "few": [3] * 2})
    found = compare_curves(before, after)
    assert found.looks == 2
    assert [change.b.step.name for change in found.proven] == ["up"]
    assert found.changes[2].difference is None


def test_only_curves_of_one_kind_compare() -> None:
    one = curve([step("a", "q")], {"q": [3, 4] * 5})
    with pytest.raises(ValueError, match="same steps"):
        compare_curves(one, curve([step("b", "q")], {"q": [3, 4] * 5}))
    with pytest.raises(ValueError, match="weighted"):
        compare_curves(one, replace(one, weighted=True))


def test_a_journey_without_answers_has_no_facts() -> None:
    found = curve([step("a"), step("b", "q")], {"q": []})
    assert (found.mean, found.peak, found.end, found.n) == (None, None, None, 0)
    assert curve([], {}).points == ()
