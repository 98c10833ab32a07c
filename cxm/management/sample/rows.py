"""Storing the sample: catalogue, map, surveys, guests with their answers and contacts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cxm.management.sample import asked, cafe, collected, map_rows
from cxm.management.sample.guests import Filled, change_day, guests, reviews
from cxm.management.sample.personal import add_personal
from cxm.management.sample.personas import add_personas
from cxm.models import User, Workspace, uuid7
from journeys.editing import create_journey
from journeys.models import Journey, Persona, Upload
from journeys.outline import Outline, PhaseOutline, StepOutline
from surveys.collecting.tokens import id_of_day, week_of
from surveys.histograms import fold, mark_dirty
from surveys.models import (
    Answer,
    DirtyDay,
    Erasure,
    Filling,
    Histogram,
    Import,
    Link,
    Question,
    Response,
    SavedMapping,
    Source,
    Status,
    Survey,
    Tag,
)
from touchpoints.models import Channel, Contact, Customer, Segment, Touchpoint

# The order in which a guest meets what they rated, minutes before the survey is filled.
VISIT = (
    ("plakat", 180), ("suche", 150), ("website", 120), ("instagram", 110), ("fenster", 62),
    ("platz", 60), ("team", 55), ("warten", 50), ("kaffee", 40), ("kuchen", 30), ("kasse", 5),
)  # fmt: skip


def clear(*, workspace: Workspace) -> None:
    """Remove all content; people, their memberships and the workspace itself stay."""
    content: tuple[type[Any], ...] = (
        *(Answer, Response, Filling, Contact, Customer, Histogram, DirtyDay, Tag, Erasure),
        *(Journey, Persona, Upload, Import, SavedMapping, Survey, Segment, Touchpoint, Channel),
    )
    for model in content:
        model.objects.filter(workspace=workspace).delete()


def store(*, workspace: Workspace, author: User, owner: User, today: dt.date) -> None:
    """Store all content; ``author`` draws the map and the surveys, ``owner`` has the cases."""
    places = _catalogue(workspace, today)
    segments = _segments(workspace)
    create_journey(
        workspace=workspace, actor=author, outline=_outline(), is_sample=True,
        draw_lanes=map_rows.drawing(today=today),
    )  # fmt: skip
    add_personas(workspace=workspace, author=author)
    visits = guests(today=today)
    customers = _customers(workspace, visits, segments)
    questions = _guest_survey(workspace, author, places, segments, visits, today)
    portal, aspects = _survey(workspace, cafe.PORTAL, Source.PORTAL, cafe.PORTAL_QUESTIONS, places)
    _answers(portal, aspects, reviews(today=today), segments)
    add_personal(
        workspace_id=workspace.pk, visits=visits, customers=customers, by=author, owner=owner,
        today=today,
    )  # fmt: skip
    _contacts(workspace, visits, questions, customers)
    fold(workspace_id=workspace.id)


def _guest_survey(
    workspace: Workspace, author: User, places: dict[str, Touchpoint], segments: dict[str, int],
    visits: Sequence[Filled], today: dt.date,
) -> dict[str, Question]:  # fmt: skip
    """The survey on the tables, its two versions, its ways in, and what guests answered."""
    all_asked = cafe.RATINGS + cafe.OUTCOMES + cafe.TEXTS
    survey, questions = _survey(workspace, cafe.SURVEY, Source.QR, all_asked, places)
    collected.settle(survey)
    for one in all_asked:
        collected.words(questions[one.key], one.kind)
    Question.objects.bulk_update(questions.values(), collected.WORDS)
    collected.first_version(survey, by=author, today=today)
    questions = collected.arrange(survey, questions, places, segments)
    ways = collected.links(survey, places, segments)
    answers = _answers(survey, questions, visits, segments, ways)
    by_mail = sum(visit.source == Source.EMAIL and collected.is_complete(visit) for visit in visits)
    collected.letters(survey, ways[asked.LETTER], answered=by_mail, by=author, today=today)
    collected.tags(survey, answers, questions)
    collected.open_to_guests(survey, by=author)
    return questions


def _catalogue(workspace: Workspace, today: dt.date) -> dict[str, Touchpoint]:
    channels = Channel.objects.bulk_create(
        Channel(workspace=workspace, name=name)
        for name in sorted({place.channel for place in cafe.PLACES})
    )
    by_name = {channel.name: channel for channel in channels}
    notes = {
        "Getränkeausgabe": f"Seit dem {change_day(today):%d.%m.%Y} arbeiten hier zwei Baristas "
        "statt einer, und es gibt eine zweite Ausgabe."
    }
    touchpoints = Touchpoint.objects.bulk_create(
        Touchpoint(
            workspace=workspace,
            name=place.name,
            media_type=place.media_type,
            channel=by_name[place.channel],
            contact=place.contact,
            stage=place.stage,
            owner=place.owner,
            influence=place.influence,
            lifecycle=place.lifecycle,
            description=notes.get(place.name, place.description),
        )
        for place in cafe.PLACES
    )
    return {touchpoint.name: touchpoint for touchpoint in touchpoints}


def _segments(workspace: Workspace) -> dict[str, int]:
    rows = Segment.objects.bulk_create(
        Segment(workspace=workspace, dimension=dimension, name=name, position=position)
        for dimension, names in cafe.SEGMENTS
        for position, (name, _share) in enumerate(names)
    )
    return {row.name: row.id for row in rows}


def _outline() -> Outline:
    return Outline(
        cafe.JOURNEY,
        tuple(
            PhaseOutline(
                phase,
                tuple(
                    StepOutline(name, met, Decimal(str(assumed))) for name, assumed, met in steps
                ),
            )
            for phase, steps in cafe.PHASES
        ),
    )


def _survey(
    workspace: Workspace,
    name: str,
    source: Source,
    asked: Sequence[cafe.Asked],
    places: dict[str, Touchpoint],
) -> tuple[Survey, dict[str, Question]]:
    survey = Survey.objects.create(
        workspace=workspace, name=name, language="de", source=source, is_sample=True
    )
    questions = Question.objects.bulk_create(
        _question(survey, position, one, places.get(one.touchpoint))
        for position, one in enumerate(asked)
    )
    return survey, {question.key: question for question in questions}


def _question(
    survey: Survey, position: int, asked: cafe.Asked, touchpoint: Touchpoint | None
) -> Question:
    scale = {"rating": (1, 5), "csat": (1, 5), "nps": (0, 10), "text": (None, None)}[asked.kind]
    return Question(
        workspace_id=survey.workspace_id,
        survey=survey,
        position=position,
        key=asked.key,
        text=asked.text,
        kind=asked.kind,
        scale_min=scale[0],
        scale_max=scale[1],
        never_used_codes=[cafe.NEVER] if asked.kind == "rating" else [],
        no_answer_codes=[""] if asked.kind != "text" else [],
        touchpoint=touchpoint,
    )


def _customers(
    workspace: Workspace, visits: Sequence[Filled], segments: dict[str, int]
) -> dict[str, Customer]:
    """Guests who answer by e-mail are known under a pseudonym; all others stay nameless."""
    known = {visit.customer: visit.segments[0] for visit in visits if visit.customer}
    rows = Customer.objects.bulk_create(
        Customer(workspace=workspace, external_id=name, segments=[segments[kind]])
        for name, kind in sorted(known.items())
    )
    return {row.external_id: row for row in rows}


def _answers(
    survey: Survey,
    questions: dict[str, Question],
    visits: Sequence[Filled],
    segments: dict[str, int],
    ways: dict[str, Link] | None = None,
) -> list[Answer]:
    """``ways`` where it was asked here: then the week is stored rather than the day."""
    responses = [_response(survey, visit, segments, ways or {}) for visit in visits]
    Response.objects.bulk_create(responses)
    answers = [
        answer
        for response, visit in zip(responses, visits, strict=True)
        for answer in _of_one(response, visit, questions)
    ]
    Answer.objects.bulk_create(answers)
    days = [response.answered_on for response in responses]
    mark_dirty(workspace_id=survey.workspace_id, days=days)
    return answers


def _response(
    survey: Survey, visit: Filled, segments: dict[str, int], ways: dict[str, Link]
) -> Response:
    """Asked here, and so without a name: the week, an id without a minute, the link."""
    day = week_of(visit.day) if ways else visit.day
    pk = id_of_day(day) if ways else uuid7()
    return Response(
        workspace_id=survey.workspace_id,
        id=pk,
        survey_id=survey.id,
        external_id=str(pk) if ways else f"{survey.source}-{visit.number:04}",
        answered_on=day,
        source=visit.source,
        language="de",
        segments=sorted(segments[name] for name in visit.segments),
        link_id=ways[collected.way(visit)].pk if ways else None,
        version=1 if ways else None,
        is_complete=collected.is_complete(visit) if ways else True,
    )


def _of_one(response: Response, visit: Filled, questions: dict[str, Question]) -> Iterator[Answer]:
    for key, question in questions.items():
        if key in visit.scores:
            score = visit.scores[key]
            status = Status.NEVER_USED if score is None else Status.SCORED
            raw = cafe.NEVER if score is None else str(score)
        elif key in visit.texts:
            score, status, raw = None, Status.SCORED, visit.texts[key]
        elif question.has_scale:
            score, status, raw = None, Status.NO_ANSWER, ""
        else:
            continue
        yield Answer(
            workspace_id=response.workspace_id,
            id=id_of_day(response.answered_on) if response.link_id else uuid7(),
            response_id=response.id,
            question_id=question.id,
            status=status,
            score=score,
            raw=raw,
        )


def _contacts(
    workspace: Workspace,
    visits: Sequence[Filled],
    questions: dict[str, Question],
    customers: dict[str, Customer],
) -> None:
    """What known guests met on the way to their survey, in the order of a visit."""
    zone = ZoneInfo(settings.TIME_ZONE)
    met = {key: questions[key].touchpoint_id or 0 for key, _before in VISIT}
    hours = {"Morgens": 9, "Mittags": 13, "Nachmittags": 16}
    Contact.objects.bulk_create(
        Contact(
            workspace=workspace,
            customer_id=customers[visit.customer].id,
            touchpoint_id=met[key],
            happened_at=dt.datetime.combine(
                visit.day, dt.time(hours[visit.segments[1]], visit.number % 60), zone
            )
            - dt.timedelta(minutes=before),
            source=visit.source,
            external_id=f"{visit.number:04}-{key}",
        )
        for visit in visits
        if visit.customer
        for key, before in VISIT
        if visit.scores.get(key) is not None
    )
