"""The sample tells its story: what it promises must be true of its answers."""

import datetime as dt
from collections.abc import Hashable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scope

from cxm.management.sample import Sample, cafe, load_sample
from cxm.management.sample.comments import COMMENTS
from cxm.management.sample.guests import change_day, guests
from cxm.statistics import Difference, Histogram, Scale, welch
from cxm.statistics import with_holm as holm_over
from journeys.insights.curve import NEVER_ASKED, TOO_FEW, Curve, Part, Step, emotion_curve
from journeys.models import Journey, Persona
from journeys.models import Step as StepRow
from surveys.histograms import Slice, read
from surveys.models import Answer, DirtyDay, Question, Response, Status, Survey
from touchpoints.models import Contact, Customer, Segment, Touchpoint

TODAY = dt.date(2026, 3, 10)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sample]:
    """Loaded once for all stories; each test runs in a savepoint inside, all is undone after."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_sample(today=TODAY)
        transaction.set_rollback(True)


@pytest.fixture
def sample(loaded: Sample, db: None) -> Iterator[Sample]:
    with scope(workspace=loaded.workspace):
        yield loaded


def histograms(sample: Sample, **part: Any) -> dict[Hashable, Histogram]:
    questions = [q.id for q in Question.objects.filter(survey__name=cafe.SURVEY) if q.has_scale]
    rows: dict[int, list[tuple[float, int, float, float]]] = {}
    met: dict[int, int] = {}
    found = read(workspace_id=sample.workspace.id, slice=Slice(questions=tuple(questions), **part))
    for count in found:
        if count.status == Status.SCORED and count.score is not None:
            row = (float(count.score), count.n, count.sum_w, count.sum_w2)
            rows.setdefault(count.question, []).append(row)
        elif count.status == Status.NEVER_USED:
            met[count.question] = met.get(count.question, 0) + count.n
    return {
        question: Histogram.from_rows(rows.get(question, []), never_used=met.get(question, 0))
        for question in rows.keys() | met.keys()
    }


def map_steps() -> list[Step]:
    return [
        Step(
            id=step.id,
            name=step.name,
            phase_id=step.phase_id,
            phase=step.phase.name,
            assumed=float(step.assumed) if step.assumed is not None else None,
            parts=tuple(
                Part(place.id, place.name, tuple(asked_about(place)))
                for place in step.touchpoints.all()
            ),
        )
        for step in StepRow.objects.select_related("phase").order_by("phase__position", "position")
    ]


def asked_about(place: Touchpoint) -> list[int]:
    asked = Question.objects.filter(touchpoint=place, survey__name=cafe.SURVEY)
    return [question.id for question in asked if question.has_scale]


def curve(sample: Sample, **part: Any) -> Curve:
    found = histograms(sample, **part)
    return emotion_curve(map_steps(), found, {question: Scale(1, 5) for question in found}, k=5)


def before_and_after(sample: Sample) -> dict[str, Difference]:
    change = change_day(TODAY)
    before = histograms(sample, until=change - dt.timedelta(days=1))
    after = histograms(sample, since=change)
    keys: dict[Hashable, str] = dict(Question.objects.values_list("id", "key"))
    pairs = {
        keys[q]: welch(before[q], after[q]) for q in before if before[q].n >= 5 and after[q].n >= 5
    }
    tested = holm_over(list(pairs.values()))
    return {key: found for key, found in zip(pairs, tested, strict=True) if found is not None}


def test_the_story_has_its_size(sample: Sample) -> None:
    journey = Journey.objects.get()
    targeted = Response.objects.filter(survey_id=Survey.objects.get(name=cafe.SURVEY).id)
    assert sample.workspace.is_sample
    assert journey.is_sample
    assert journey.events.all()[0].what == "journey-created"
    assert {p.segment.name for p in Persona.objects.all() if p.segment} == {"Morgens", "Touristen"}
    assert journey.slug == "ein-besuch-im-cafe"
    assert journey.phases.count() == 5
    assert StepRow.objects.count() == 12
    assert targeted.count() == 400
    assert {*targeted.values_list("source", flat=True)} == {"qr", "email"}
    days = sorted(targeted.values_list("answered_on", flat=True))
    # It is anonymous: of an answer only its week is known.
    assert {day.weekday() for day in days} == {0}
    assert 112 <= (days[-1] - days[0]).days <= 126
    assert days[-1] < TODAY
    assert Segment.objects.filter(dimension="Gast").count() == 3


def test_the_portal_is_a_source_of_its_own(sample: Sample) -> None:
    portal = Survey.objects.get(name=cafe.PORTAL)
    reviews = Response.objects.filter(survey_id=portal.id)
    assert {*reviews.values_list("source", flat=True)} == {"portal"}
    assert reviews.count() >= 40


def test_the_catalogue_has_all_media_types_and_gaps_in_ownership(sample: Sample) -> None:
    places = Touchpoint.objects.all()
    assert {place.media_type for place in places} == {"paid", "owned", "earned"}
    assert {bool(place.owner) for place in places} == {True, False}
    assert {place.lifecycle for place in places} == {"active", "planned", "retired"}


def test_waiting_is_proven_bad_and_the_team_did_not_see_it(sample: Sample) -> None:
    found = curve(sample)
    assert found.trough is not None
    assert found.trough.step.name == "Auf die Bestellung warten"
    assert found.trough.estimate is not None
    assert found.trough.estimate.ci_high < 0
    assert found.trough.step.assumed is not None
    assert found.trough.step.assumed > 0
    assert found.blind_spot == found.trough


def test_one_step_is_too_small_to_show_and_one_was_never_asked(sample: Sample) -> None:
    reasons = {p.step.name: p.reason for p in curve(sample).points if p.reason}
    assert reasons == {"Treuepunkte sammeln": TOO_FEW, "Tisch reservieren": NEVER_ASKED}


def test_the_journey_begins_good_and_ends_good(sample: Sample) -> None:
    found = curve(sample)
    assert found.peak is not None
    assert found.peak.step.name == "Kaffee trinken"
    assert found.end is not None
    assert found.end.estimate is not None
    assert found.end.estimate.ci_low > 0


def test_the_second_barista_shortened_the_wait_and_moved_nothing_else(sample: Sample) -> None:
    differences = before_and_after(sample)
    moved = {key for key, difference in differences.items() if difference.proven}
    assert moved == {"warten"}
    assert differences["warten"].difference > 0.6
    assert len(differences) == len(cafe.RATINGS) + len(cafe.OUTCOMES) - 1


def test_segments_are_exclusive_within_a_dimension(sample: Sample) -> None:
    of_guests = {*Segment.objects.filter(dimension="Gast").values_list("id", flat=True)}
    for response in Response.objects.exclude(source="portal"):
        assert len(of_guests & {*response.segments}) == 1


def test_comments_are_many_and_none_is_written_twice(sample: Sample) -> None:
    texts = [
        *Answer.objects.filter(
            question_id__in=Question.objects.filter(kind="text").values("id")
        ).values_list("raw", flat=True)
    ]
    assert len(texts) >= 60
    assert len(set(texts)) == len(texts)
    about = Question.objects.get(key="text_warten")
    assert about.touchpoint is not None
    assert Answer.objects.filter(question_id=about.id).count() >= 8


def test_nobody_speaks_of_the_second_barista_before_there_is_one() -> None:
    speaking = {*COMMENTS["text_warten"]["better"]}
    days = [g.day for g in guests(today=TODAY) if speaking & {*g.texts.values()}]
    assert days
    assert min(days) >= change_day(TODAY)


def test_some_guests_are_known_by_a_pseudonym_and_met_touchpoints(sample: Sample) -> None:
    known = {*Customer.objects.values_list("id", flat=True)}
    answered = {*Response.objects.exclude(customer_id=None).values_list("customer_id", flat=True)}
    assert known == answered
    assert {*Contact.objects.values_list("customer_id", flat=True)} == known
    assert Response.objects.filter(customer_id=None).exists()


def test_histograms_are_folded(sample: Sample) -> None:
    assert not DirtyDay.objects.exists()


def test_the_same_day_gives_the_same_guests_and_another_day_only_moves_them() -> None:
    later = TODAY + dt.timedelta(days=100)
    assert guests(today=TODAY) == guests(today=TODAY)
    moved = guests(today=later)
    assert [guest.scores for guest in moved] == [guest.scores for guest in guests(today=TODAY)]
    assert moved[0].day - guests(today=TODAY)[0].day == dt.timedelta(days=100)


def test_every_text_belongs_to_a_question() -> None:
    keys = {asked.key for asked in cafe.TEXTS + cafe.PORTAL_QUESTIONS}
    assert COMMENTS.keys() <= keys
