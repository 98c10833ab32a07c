"""The guest survey as one that is asked here: its questionnaire, versions, ways in, tags."""

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cxm.management.sample import asked
from cxm.management.sample.guests import DAYS, SEED, Filled
from cxm.models import User
from surveys import publishing
from surveys.building import defaults
from surveys.models import (
    Answer,
    Invitee,
    Kind,
    Link,
    Mailing,
    Question,
    Source,
    Survey,
    Tag,
    Tagging,
    Version,
)
from surveys.questionnaire import to_json
from touchpoints.models import Touchpoint

LANGUAGES = ("de", "en")
# Of those who write nothing at the end, so many leave there without finishing.
LEFT_AT_THE_END = 0.07
LETTERS = 180

Questions = dict[str, Question]
WORDS = ("kind", "texts", "options", "labels", "offers_never_used", "offers_unknown")


def settle(survey: Survey) -> None:
    """Make it anonymous and bilingual; nobody can answer before ``open_to_guests``."""
    survey.state, survey.is_anonymous = Survey.State.DRAFT, True
    survey.languages, survey.texts, survey.cap = ["en"], asked.TEXTS, asked.CAP
    survey.save()


def words(question: Question, kind: str) -> None:
    """Two languages, faces instead of bare numbers; what was measured stays the same."""
    question.kind = "faces" if kind == "rating" else kind
    question.texts = {"de": question.text, "en": asked.ENGLISH[question.key]}
    question.options = defaults.options(Kind(question.kind), LANGUAGES)
    question.labels = {str(one["code"]): one["texts"]["de"] for one in question.options}
    question.offers_never_used = kind == "rating"
    question.offers_unknown = question.key == "warten"


def arrange(
    survey: Survey,
    questions: Questions,
    places: dict[str, Touchpoint],
    segments: dict[str, int],
) -> Questions:
    """The second version's draft: new questions in their places, old ones moved. All by key."""
    for position, one in enumerate(asked.ORDER):
        if isinstance(one, str):
            questions[one].position = position
            continue
        made = _new(survey, position, one, places, segments)
        made.show_if = _rule(one, questions)
        made.save()
        questions[one.key] = made
        for place, key in enumerate(one.parts):
            part = questions[key]
            part.parent, part.position = made, place
            part.offers_never_used = False
    for key in asked.ROTATING:
        questions[key].rotates = True
    for key in asked.RETIRED:
        questions[key].is_retired = True
    fields = ("position", "parent", "rotates", "offers_never_used", "is_retired")
    Question.objects.bulk_update(questions.values(), fields)
    return questions


def _new(
    survey: Survey,
    position: int,
    one: asked.New,
    places: dict[str, Touchpoint],
    segments: dict[str, int],
) -> Question:
    options: list[dict[str, Any]] = [
        {"code": code, "texts": {"de": de, "en": en}, "segment": segments[segment]}
        for code, (de, en, segment) in enumerate(one.options, start=1)
    ] or defaults.options(Kind(one.kind), LANGUAGES)
    return Question(
        workspace_id=survey.workspace_id,
        survey=survey,
        position=position,
        key=one.key,
        text=one.de,
        texts={"de": one.de, "en": one.en},
        help_texts={"de": one.help_de, "en": one.help_en} if one.help_de else {},
        kind=one.kind,
        options=options,
        labels={str(option["code"]): option["texts"]["de"] for option in options},
        touchpoint=places.get(one.place),
        # Its touchpoints take turns.
        rotates=bool(one.parts),
    )


def _rule(one: asked.New, questions: Questions) -> list[list[dict[str, Any]]]:
    if one.if_bad:
        return [[{"question": questions[one.if_bad].pk, "is": "at_most", "to": [2]}]]
    key, codes = one.if_one_of
    return [[{"question": questions[key].pk, "is": "is", "to": list(codes)}]] if key else []


def first_version(survey: Survey, *, by: User, today: dt.date) -> None:
    """What the answers so far were given to: every station, one after the other."""
    draft = replace(publishing.definition_of(survey, number=1), cap=None)
    version = Version.objects.create(
        workspace_id=survey.workspace_id, survey=survey, number=1, definition=to_json(draft),
        note="Jede Station, eine nach der anderen", published_by=by,
    )  # fmt: skip
    opened = dt.datetime.combine(today - dt.timedelta(days=DAYS), dt.time(8), dt.UTC)
    Version.objects.filter(pk=version.pk).update(published_at=opened)


def open_to_guests(survey: Survey, *, by: User) -> None:
    publishing.publish(survey=survey, by=by, note="Höchstens drei Stationen je Gast, nur genutzte")


def links(
    survey: Survey, places: dict[str, Touchpoint], segments: dict[str, int]
) -> dict[str, Link]:
    """A code per table and for the counter, the letter to regulars, the tablet at the door."""
    wanted: list[tuple[str, Source, str, str]] = [
        *((table, Source.QR, "Gastraum", "") for table in asked.TABLES),
        (asked.COUNTER, Source.QR, "Theke und Team", ""),
        (asked.LETTER, Source.EMAIL, "", "Stammgast"),
        (asked.TABLET, Source.KIOSK, "Kasse", ""),
    ]
    rows = Link.objects.bulk_create(
        Link(
            workspace_id=survey.workspace_id, survey=survey, source=source, name=name,
            touchpoint=places.get(place), segment_id=segments.get(segment),
        )
        for name, source, place, segment in wanted
    )  # fmt: skip
    return {row.name: row for row in rows}


def way(visit: Filled) -> str:
    """The link that a guest came by; the same for the same guest each time."""
    if visit.source == Source.EMAIL:
        return asked.LETTER
    chance = random.Random(f"{SEED}-way-{visit.number}")
    if "Laufkundschaft" in visit.segments and chance.random() < 0.4:
        return asked.COUNTER
    return chance.choices(asked.TABLES, (3, 3, 2, 2, 2, 1))[0]


def is_complete(visit: Filled) -> bool:
    """Some left on the last page, where a free text is asked for; all else they had answered."""
    chance = random.Random(f"{SEED}-end-{visit.number}")
    return bool(visit.texts) or chance.random() >= LEFT_AT_THE_END


def letters(survey: Survey, link: Link, *, answered: int, by: User, today: dt.date) -> None:
    """The letter that brought the e-mail answers, so that its rate is known."""
    sent = dt.datetime.combine(today - dt.timedelta(days=DAYS), dt.time(9), dt.UTC)
    mailing = Mailing.objects.create(
        workspace_id=survey.workspace_id, survey=survey, link=link, name=asked.LETTER,
        subjects=asked.LETTER_SUBJECTS, bodies=asked.LETTER_BODIES, state=Mailing.State.DONE,
        send_at=sent, created_by=by,
    )  # fmt: skip
    Invitee.objects.bulk_create(
        Invitee(
            workspace_id=survey.workspace_id, mailing=mailing, language="de", sent_at=sent,
            email=f"stammgast-{number:03}@gaeste.example", attempts=1,
            state=Invitee.State.ANSWERED if number <= answered else Invitee.State.SENT,
        )
        for number in range(1, LETTERS + 1)
    )  # fmt: skip


def tags(survey: Survey, answers: Iterable[Answer], questions: Questions) -> None:
    """Every comment has the tags whose words are in it."""
    texts = {question.pk for question in questions.values() if question.kind == Kind.TEXT}
    rows = Tag.objects.bulk_create(
        Tag(workspace_id=survey.workspace_id, name=name, words=list(words))
        for name, words in asked.TAGS
    )
    Tagging.objects.bulk_create(
        Tagging(workspace_id=survey.workspace_id, tag=tag, answer_id=answer.id)
        for answer in answers
        if answer.question_id in texts
        for tag in rows
        if any(word in answer.raw.lower() for word in tag.words)
    )
