"""Weights of a survey: made from known shares, shown, kept up, and what counts by them."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from surveys import histograms, tasks, weighting
from surveys.histograms import Slice
from surveys.models import Answer, Question, Response, Scheme
from tests import oracles
from tests.factories import (
    QuestionFactory,
    SegmentFactory,
    StepFactory,
    TouchpointFactory,
    answer,
    meet,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


class Firm:
    """A survey with 12 answers of women, 8 of men and 1 of nobody known; nobody is old."""

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace
        self.question: Question = QuestionFactory(workspace=workspace)
        self.survey = self.question.survey
        make = SegmentFactory
        self.women = make(workspace=workspace, dimension="Sex", name="Women").pk
        self.men = make(workspace=workspace, dimension="Sex", name="Men").pk
        self.old = make(workspace=workspace, dimension="Age", name="60+").pk
        self.young = make(workspace=workspace, dimension="Age", name="under 60").pk
        answer(self.question, *[5] * 12, segments=(self.women, self.young))
        answer(self.question, *[2] * 8, segments=(self.men,))
        answer(self.question, 3)

    def url(self, name: str, **more: int) -> str:
        kwargs = {"workspace": self.workspace.slug, "survey": self.survey.pk, **more}
        return reverse(f"surveys:{name}", kwargs=kwargs)

    def typed(self, **shares: str) -> dict[str, str]:
        """The form, by the names of segments here."""
        posted = {f"share-{getattr(self, name)}": share for name, share in shares.items()}
        return {"name": "Truth", "low": "0.3", "high": "3", **posted}


@pytest.fixture
def firm(workspace: Any) -> Firm:
    with scope(workspace=workspace):
        return Firm(workspace)


def kept(firm: Firm) -> Scheme:
    with scope(workspace=firm.workspace):
        return Scheme.objects.select_related("survey").get()


def test_shares_become_weights(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in("marketer")
    form = client.get(firm.url("scheme-create")).content.decode()
    assert "Women" in form
    assert "60.0%" in form
    assert "1 response is in none of these" in form
    response = client.post(firm.url("scheme-create"), firm.typed(women="50", men="50"))
    scheme = kept(firm)
    assert response.url == firm.url("scheme", scheme=scheme.pk)  # type: ignore[attr-defined]
    page = client.get(response.url).content.decode()  # type: ignore[attr-defined]
    assert "Every share is reached." in page
    assert "n = 21, n_eff = 20" in page
    assert "weights 0.83 to 1.25" in page
    assert "1 response is in none of these segments" in page
    assert {tuple(ids): round(w, 4) for ids, w in scheme.cells} == {
        (): 1.0, (firm.women,): 0.8333, (firm.men,): 1.25,
    }  # fmt: skip
    listed = client.get(firm.url("schemes")).content.decode()
    assert "Truth" in listed
    assert "older than the answers" not in listed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"women": "50", "men": "49"}, "Sex adds up to 99.0%, not to 100."),
        ({"women": "100", "men": "0"}, "nobody weighs nothing"),
        ({}, "at least one dimension"),
        ({"women": "x", "men": "50"}, "Enter a number"),
        ({"women": "nan", "men": "50"}, "Enter a number"),
        ({"women": "-50", "men": "150"}, "One field"),
    ],
)
def test_a_form_that_cannot_be(
    sign_in: SignIn, firm: Firm, typed: dict[str, str], words: str
) -> None:
    response = sign_in("marketer").post(firm.url("scheme-create"), firm.typed(**typed))
    assert response.status_code == 422
    if words != "One field":
        assert words in response.content.decode()
    with scope(workspace=firm.workspace):
        assert not Scheme.objects.exists()


@pytest.mark.parametrize(("low", "high"), [("0", "3"), ("1.5", "3"), ("0.3", "0.9"), ("", "3")])
def test_bounds_that_do_not_hold_one(sign_in: SignIn, firm: Firm, low: str, high: str) -> None:
    data = firm.typed(women="50", men="50") | {"low": low, "high": high}
    response = sign_in("marketer").post(firm.url("scheme-create"), data)
    assert response.status_code == 422


def test_a_name_is_given_once(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in("marketer")
    data = firm.typed(women="50", men="50")
    client.post(firm.url("scheme-create"), data)
    again = client.post(firm.url("scheme-create"), data | {"name": "truth"})
    assert again.status_code == 422
    changed = client.post(
        firm.url("scheme-edit", scheme=kept(firm).pk), firm.typed(women="40", men="60")
    )
    assert changed.status_code == 302
    assert dict(map(tuple, kept(firm).targets[0]["shares"])) == {firm.women: 0.4, firm.men: 0.6}


def test_a_share_that_nobody_can_reach_is_named(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in("marketer")
    page = client.post(
        firm.url("scheme-create"), firm.typed(old="30", young="70"), follow=True
    ).content.decode()
    assert "Nobody of “60+” answered: its share of 30.0% cannot be reached." in page
    assert "Not every share can be reached." in page


def test_a_share_beyond_the_bounds_is_named(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in("marketer")
    page = client.post(
        firm.url("scheme-create"), firm.typed(women="2", men="98"), follow=True
    ).content.decode()
    assert "instead of 98.0%" in page
    assert "lie on a bound" in page


def test_later_answers_are_said_and_taken_in(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in("marketer")
    client.post(firm.url("scheme-create"), firm.typed(women="50", men="50"))
    scheme = kept(firm)
    with scope(workspace=firm.workspace):
        answer(firm.question, 1, segments=(firm.men,))
        assert list(weighting.stale_schemes(firm.workspace.pk)) == [scheme]
    page = client.get(firm.url("scheme", scheme=scheme.pk)).content.decode()
    assert "1 response has come since" in page
    client.post(firm.url("scheme-computation", scheme=scheme.pk))
    assert kept(firm).outcome["n"] == 22
    with scope(workspace=firm.workspace):
        assert not list(weighting.stale_schemes(firm.workspace.pk))


def test_weights_can_be_removed(sign_in: SignIn, firm: Firm) -> None:
    client = sign_in("marketer")
    client.post(firm.url("scheme-create"), firm.typed(women="50", men="50"))
    client.post(firm.url("scheme-removal", scheme=kept(firm).pk))
    assert "No weights yet" in client.get(firm.url("schemes")).content.decode()


def test_readers_see_and_outsiders_do_not(sign_in: SignIn, firm: Firm) -> None:
    with scope(workspace=firm.workspace):
        weighting.save_scheme(
            survey=firm.survey, name="Truth", shares={"Sex": {firm.women: 0.5, firm.men: 0.5}},
            low=0.3, high=3,
        )  # fmt: skip
    page = sign_in("viewer").get(firm.url("scheme", scheme=kept(firm).pk)).content.decode()
    assert "Compute again" not in page
    other = sign_in("outsider")
    assert other.get(firm.url("scheme", scheme=kept(firm).pk)).status_code == 404


def test_a_survey_without_segments(sign_in: SignIn, workspace: Any) -> None:
    with scope(workspace=workspace):
        question = QuestionFactory(workspace=workspace)
        answer(question, 4)
    url = reverse("surveys:scheme-create", args=[workspace.slug, question.survey_id])
    assert "Nothing to weight by" in sign_in("marketer").get(url).content.decode()


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 5]),
        st.sampled_from([(), (0,), (1,), (0, 2), (1, 2), (1, 3), (2,), (0, 1)]),
        st.sampled_from([0.5, 1.0, 2.0]),
    ),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=PEOPLE, later=PEOPLE)
def test_counts_are_those_of_every_answer_with_its_weight(
    in_scope: Any, people: Any, later: Any
) -> None:
    from django.db import transaction

    with transaction.atomic():
        check_counts(in_scope, people, later)
        transaction.set_rollback(True)


def check_counts(workspace: Any, people: Any, later: Any) -> None:
    question = QuestionFactory(workspace=workspace, survey__min_answers=3)
    other = QuestionFactory(workspace=workspace)
    ids = [SegmentFactory(workspace=workspace, dimension=d).pk for d in "AABB"]

    def store(asked: Question, rows: Any) -> None:
        for score, held, weight in rows:
            segments = tuple(ids[i] for i in held)
            answer(asked, score, segments=segments, weight=weight, day=dt.date(2026, 1, 5))

    store(question, people)
    scheme = weighting.save_scheme(
        survey=question.survey, name="Truth", low=0.3, high=3,
        shares={"A": {ids[0]: 0.3, ids[1]: 0.7}, "B": {ids[2]: 0.6, ids[3]: 0.4}},
    )  # fmt: skip
    store(question, later)
    store(other, people)  # another survey, which the scheme says nothing about
    weights = {tuple(held): weight for held, weight in scheme.cells}
    expected: dict[tuple[int, int, int], list[float]] = {}
    responses = {row.id: row for row in Response.objects.all()}
    for said in Answer.objects.all():
        row = responses[said.response_id]
        own = weights.get(tuple(sorted(set(row.segments) & set(ids))), 1.0)
        weight = row.weight * (own if said.question_id == question.pk else 1.0)
        for segment in (0, *row.segments):
            key = (said.question_id, segment, said.score or 0)
            found = expected.setdefault(key, [0, 0.0, 0.0])
            found[0] += 1
            found[1] += weight
            found[2] += weight**2
    for folded in (False, True):
        if folded:
            histograms.fold(workspace_id=workspace.pk)
        counts = histograms.read(
            workspace_id=workspace.pk,
            slice=Slice((question.pk, other.pk), scheme=scheme.pk),
            by=("question", "segment"),
        )
        got = {(c.question, c.segment, c.score): (c.n, c.sum_w, c.sum_w2) for c in counts}
        assert got == {key: pytest.approx(tuple(row)) for key, row in expected.items()}
    sums = histograms.read_clusters(
        workspace_id=workspace.pk, slice=Slice((question.pk,), scheme=scheme.pk)
    )
    total = sum(row[1] for key, row in expected.items() if key[:2] == (question.pk, 0))
    assert sum(row.sum_w for row in sums) == pytest.approx(total)


def test_a_scheme_of_another_workspace_weighs_nothing(in_scope: Any, other_workspace: Any) -> None:
    question = QuestionFactory(workspace=in_scope)
    answer(question, 4, 4)
    with scope(workspace=other_workspace):
        theirs = QuestionFactory(workspace=other_workspace)
        foreign = Scheme.objects.create(
            workspace=other_workspace, survey=theirs.survey, name="x", cells=[[[], 3.0]]
        )
    counts = histograms.read(
        workspace_id=in_scope.pk, slice=Slice((question.pk,), scheme=foreign.pk)
    )
    assert [(c.n, c.sum_w) for c in counts] == [(2, 2.0)]


def test_a_chart_is_weighted_by_known_shares(sign_in: SignIn, firm: Firm) -> None:
    """Women say 5, men 2, nobody known 3; 21 answers, raked to half and half."""
    with scope(workspace=firm.workspace):
        scheme = weighting.save_scheme(
            survey=firm.survey, name="Truth", shares={"Sex": {firm.women: 0.5, firm.men: 0.5}},
            low=0.3, high=3,
        )  # fmt: skip
        place = TouchpointFactory(workspace=firm.workspace, name="Bar")
        Question.objects.filter(pk=firm.question.pk).update(touchpoint=place)
        step = StepFactory(workspace=firm.workspace, name="Order")
        meet(step, place)
        slug = step.phase.journey.slug
    client = sign_in("analyst")
    curve = f"/w/firm/journeys/{slug}/curve"
    page = client.get(f"{curve}/").content.decode()
    assert f'href="?weights={scheme.pk}"' in page
    plain = read_csv(client, f"{curve}.csv")
    raked = read_csv(client, f"{curve}.csv?weights={scheme.pk}")
    assert float(plain["mean"]) == pytest.approx((60 + 16 + 3) / 21, abs=1e-4)
    assert float(raked["mean"]) == pytest.approx((5 * 10 + 2 * 10 + 3) / 21, abs=1e-4)
    scores = [5] * 12 + [2] * 8 + [3]
    weights = [5 / 6] * 12 + [5 / 4] * 8 + [1]
    mean, error, n_eff = oracles.weighted_mean(scores, weights)
    assert float(raked["n_eff"]) == pytest.approx(n_eff, abs=0.05)
    half = float(stats.t.ppf(0.975, n_eff - 1)) * error
    assert float(raked["ci_low"]) == pytest.approx(mean - half, abs=1e-4)
    page = client.get(f"{curve}/?weights={scheme.pk}").content.decode()
    assert "raked to known shares" in page
    assert "n_eff 20" in page
    assert f"curve.csv?weights={scheme.pk}" in page
    heat = client.get(f"/w/firm/journeys/heatmap/?weights={scheme.pk}").content.decode()
    assert "raked to known shares" in heat
    assert f"heatmap.csv?weights={scheme.pk}" in heat
    cells = client.get(f"/w/firm/journeys/heatmap.csv?weights={scheme.pk}").content.decode()
    emotion = (mean - 1) - 2
    assert f"{emotion:.4f}" in cells


def test_a_chart_says_that_its_weights_are_gone(sign_in: SignIn, firm: Firm) -> None:
    with scope(workspace=firm.workspace):
        slug = StepFactory(workspace=firm.workspace).phase.journey.slug
    client = sign_in("viewer")
    for address in (f"/w/firm/journeys/{slug}/curve/", "/w/firm/journeys/heatmap/"):
        page = client.get(f"{address}?weights=99999")
        assert page.status_code == 200
        assert "These weights are gone" in page.content.decode()


def read_csv(client: Client, url: str) -> dict[str, str]:
    """The first line of numbers."""
    text = client.get(url).content.decode().removeprefix("\ufeff")
    return next(csv.DictReader(io.StringIO(text)))


def test_every_night_weights_follow_the_answers(firm: Firm) -> None:
    with scope(workspace=firm.workspace):
        scheme = weighting.save_scheme(
            survey=firm.survey, name="Truth", shares={"Sex": {firm.women: 0.5, firm.men: 0.5}},
            low=0.3, high=3,
        )  # fmt: skip
        answer(firm.question, 1, 1, segments=(firm.men,))
    tasks.weigh_everywhere(timestamp=0)
    tasks.weigh(firm.workspace.pk)
    with scope(workspace=firm.workspace):
        assert kept(firm).outcome["n"] == 23
        before = kept(firm).computed_at
    tasks.weigh(firm.workspace.pk)  # nothing has come since
    assert kept(firm).computed_at == before
    assert scheme.computed_at is not None


def test_segments_that_too_few_are_of_are_not_weighted_by(sign_in: SignIn, firm: Firm) -> None:
    """Else the weighted mean beside the plain one would tell what three people said."""
    with scope(workspace=firm.workspace):
        answer(firm.question, 1, 1, 1, segments=(firm.old,))
    client = sign_in("marketer")
    page = client.post(
        firm.url("scheme-create"),
        firm.typed(old="40", young="60", women="50", men="50"),
        follow=True,
    ).content.decode()
    assert "Fewer than 5 of “60+” answered" in page
    weights = {tuple(ids): weight for ids, weight in kept(firm).cells}
    assert weights[(firm.old,)] == 1
    assert "too few" in page
    # All of a dimension too small: it is not weighted by at all.
    data = firm.typed(old="100") | {"name": "Only old"}
    assert client.post(firm.url("scheme-create"), data, follow=True).status_code == 200
    with scope(workspace=firm.workspace):
        alone = Scheme.objects.get(name="Only old")
        assert {weight for _ids, weight in alone.cells} == {1.0}
