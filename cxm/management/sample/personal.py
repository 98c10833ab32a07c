"""A second, personal survey: regulars who may be asked back, and the cases that came of it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain

from cxm.management.sample.collected import LANGUAGES
from cxm.management.sample.guests import Filled
from cxm.models import User, uuid7
from surveys import publishing
from surveys.building import defaults
from surveys.histograms import mark_dirty
from surveys.models import (
    Answer,
    Case,
    CaseNote,
    Kind,
    Link,
    Question,
    Response,
    Rule,
    Source,
    Status,
    Survey,
)
from surveys.questionnaire import StoredAnswer
from touchpoints.models import Customer

NAME = "Nachfrage bei Stammgästen"
TEXTS = {
    "title": {"de": "Wie geht es Ihnen bei uns?", "en": "How are you with us?"},
    "intro": {
        "de": "Drei kurze Fragen. Wir wissen, wer antwortet, und melden uns nur, wenn Sie mögen.",
        "en": "Three short questions. We know who answers, and only get back to you if you like.",
    },
    "thanks": {"de": "Vielen Dank, bis bald.", "en": "Thank you, see you soon."},
    "closed": {"de": "Diese Umfrage ist beendet.", "en": "This survey is closed."},
}
QUESTIONS = (
    ("stimmung", Kind.FACES, "Wie wohl fühlen Sie sich bei uns?", "How well do you feel with us?"),
    ("wunsch", Kind.TEXT, "Was wünschen Sie sich von uns?", "What do you wish for?"),
    (
        "kontakt", Kind.CONSENT, "Dürfen wir uns dazu bei Ihnen melden?",
        "May we get back to you about it?",
    ),
)  # fmt: skip
# Of every ten regulars; the lowest two want to be called.
MOODS = (5, 4, 5, 4, 3, 5, 4, 2, 5, 4)
WISHES = (
    "Bitte sagen Sie am Tresen, wie lange es gerade dauert.",
    "Eine Bestellung über die App, dann warte ich gern woanders.",
    "Mehr Plätze für eine Person, ich komme oft allein.",
    "Den Mohnkuchen auch unter der Woche.",
    "Am Samstag schon um acht öffnen.",
    "Hafermilch ohne Aufpreis.",
    "Eine ruhige Ecke ohne Musik.",
)
NOTE = "Angerufen, sie kommt am Donnerstag vorbei. Wir zeigen ihr die Anzeige der Wartezeit."
OUTCOME = "Die Wartezeit steht jetzt am Tresen angeschrieben."


def add_personal(
    *,
    workspace_id: int,
    visits: Sequence[Filled],
    customers: dict[str, Customer],
    by: User,
    owner: User,
    today: dt.date,
) -> None:
    """One answer of every known regular, some days after the last visit."""
    survey, questions = _survey(workspace_id, by)
    link = Link.objects.create(
        workspace_id=workspace_id, survey=survey, source=Source.EMAIL, name="Persönlicher Brief"
    )
    last = {visit.customer: visit.day for visit in visits if visit.customer}
    rule = Rule.objects.create(
        workspace_id=workspace_id, survey=survey, kind=Rule.Kind.SCORE, at_most=2,
        question=questions["stimmung"], owner=owner,
    )  # fmt: skip
    responses, answers = [], []
    for number, (name, customer) in enumerate(sorted(customers.items())):
        day = min(last[name] + dt.timedelta(days=2), today - dt.timedelta(days=1))
        responses.append(_response(survey, link, customer, day))
        answers.append(list(_answers(number, name, questions)))
    Response.objects.bulk_create(responses)
    Answer.objects.bulk_create(
        Answer(workspace_id=workspace_id, id=uuid7(), response_id=response.id, **row._asdict())
        for response, rows in zip(responses, answers, strict=True)
        for row in rows
    )
    unhappy = [r for r, rows in zip(responses, answers, strict=True) if (rows[0].score or 5) <= 2]
    _cases(rule, unhappy, [row.raw for row in chain(*answers) if "@" in row.raw], today)
    mark_dirty(workspace_id=workspace_id, days=[response.answered_on for response in responses])


def _survey(workspace_id: int, by: User) -> tuple[Survey, dict[str, Question]]:
    survey = Survey.objects.create(
        workspace_id=workspace_id, name=NAME, language="de", languages=["en"], texts=TEXTS,
        source=Source.EMAIL, state=Survey.State.DRAFT, is_anonymous=False, is_sample=True,
    )  # fmt: skip
    rows = Question.objects.bulk_create(
        _question(survey, position, *one) for position, one in enumerate(QUESTIONS)
    )
    publishing.publish(survey=survey, by=by, note="Erste Fassung")
    survey.refresh_from_db()
    return survey, {row.key: row for row in rows}


def _question(survey: Survey, position: int, key: str, kind: Kind, de: str, en: str) -> Question:
    low, high = defaults.SCALES.get(kind, (None, None))
    options = defaults.options(kind, LANGUAGES)
    return Question(
        workspace_id=survey.workspace_id, survey=survey, position=position, key=key, text=de,
        kind=kind, texts={"de": de, "en": en}, scale_min=low, scale_max=high, options=options,
        labels={str(option["code"]): option["texts"]["de"] for option in options},
        asks_contact=kind == Kind.CONSENT,
    )  # fmt: skip


def _response(survey: Survey, link: Link, customer: Customer, day: dt.date) -> Response:
    pk = uuid7()
    return Response(
        workspace_id=survey.workspace_id, id=pk, survey_id=survey.pk, external_id=str(pk),
        answered_on=day, source=Source.EMAIL, language="de", customer_id=customer.id,
        segments=customer.segments, link_id=link.pk, version=1,
    )  # fmt: skip


def _answers(number: int, name: str, questions: dict[str, Question]) -> Iterator[StoredAnswer]:
    score = MOODS[number % len(MOODS)]
    yield StoredAnswer(questions["stimmung"].pk, Status.SCORED, score, str(score))
    if number < len(WISHES) * 3 and number % 3 == 1:
        yield StoredAnswer(questions["wunsch"].pk, Status.SCORED, None, WISHES[number // 3])
    asked = questions["kontakt"].pk
    if score <= 2:
        yield StoredAnswer(asked, Status.SCORED, 1, f"{name}@gaeste.example")
    else:
        yield StoredAnswer(asked, Status.SCORED, 0, "0")


def _cases(
    rule: Rule, responses: Sequence[Response], contacts: Sequence[str], today: dt.date
) -> None:
    """The first is done, the second in work, the others wait."""
    states = [Case.State.DONE, Case.State.WORKING]
    for number, (response, contact) in enumerate(zip(responses, contacts, strict=True)):
        state = states[number] if number < len(states) else Case.State.OPEN
        done = state == Case.State.DONE
        case = Case.objects.create(
            workspace_id=rule.workspace_id, survey=rule.survey, rule=rule, owner=rule.owner,
            response_id=response.id, question=rule.question, contact=contact, state=state,
            due_on=today + dt.timedelta(days=number - 1), outcome=OUTCOME if done else "",
            closed_at=dt.datetime.combine(today, dt.time(), dt.UTC) if done else None,
        )  # fmt: skip
        if state == Case.State.WORKING:
            CaseNote.objects.create(
                workspace_id=rule.workspace_id, case=case, author=rule.owner, text=NOTE
            )
