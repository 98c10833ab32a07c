"""A personal survey with a rating, a comment and a consent, and people who answer it."""

import uuid
from dataclasses import dataclass
from typing import Any

from cxm.models import uuid7
from surveys import cases, histograms
from surveys.models import Answer, Case, Question, Response, Status, Survey
from surveys.questionnaire import StoredAnswer
from tests.factories import QuestionFactory, SurveyFactory, TouchpointFactory


@dataclass
class Asking:
    survey: Survey
    rating: Question
    comment: Question
    consent: Question
    nps: Question

    def said(
        self, score: int | None = None, text: str = "", contact: str = "", nps: int | None = None
    ) -> list[StoredAnswer]:
        rows = []
        if score is not None:
            rows.append(StoredAnswer(self.rating.pk, Status.SCORED, score, str(score)))
        if nps is not None:
            rows.append(StoredAnswer(self.nps.pk, Status.SCORED, nps, str(nps)))
        if text:
            rows.append(StoredAnswer(self.comment.pk, Status.SCORED, None, text))
        rows.append(
            StoredAnswer(self.consent.pk, Status.SCORED, int(bool(contact)), contact or "0")
        )
        return rows

    def respond(
        self, *, response_id: uuid.UUID | None = None, day: Any = None, **said: Any
    ) -> tuple[uuid.UUID, list[Case]]:
        """Store a response as the engine does, and open its cases."""
        import datetime as dt

        id, rows = response_id or uuid7(), self.said(**said)
        day = day or dt.date(2026, 3, 2)
        workspace_id = self.survey.workspace_id
        Answer.objects.filter(response_id=id).delete()
        Response.objects.filter(id=id).delete()
        Response.objects.create(
            workspace_id=workspace_id, id=id, survey_id=self.survey.pk, external_id=str(id),
            answered_on=day, source="qr",
        )  # fmt: skip
        Answer.objects.bulk_create(
            Answer(
                workspace_id=workspace_id, response_id=id, question_id=row.question_id,
                status=row.status, score=row.score, raw=row.raw,
            )
            for row in rows
        )  # fmt: skip
        histograms.mark_dirty(workspace_id=workspace_id, days=[day])
        return id, cases.open_cases(
            workspace_id=workspace_id, survey_id=self.survey.pk, response_id=id, answers=rows
        )


def asking(workspace: Any, **survey: Any) -> Asking:
    made = SurveyFactory(
        workspace=workspace, **{"state": "open", "is_anonymous": False, "source": "qr"} | survey
    )
    bar = TouchpointFactory(workspace=workspace)
    common = {"workspace": workspace, "survey": made}
    plain = common | {"scale_min": None, "scale_max": None}
    return Asking(
        survey=made,
        rating=QuestionFactory(**common, text="How was the coffee?", touchpoint=bar, position=1),
        comment=QuestionFactory(**plain, kind="text", text="What went wrong?", position=2),
        consent=QuestionFactory(
            **plain, kind="consent", text="May we write to you?", asks_contact=True, position=4
        ),
        nps=QuestionFactory(
            **common | {"scale_min": 0, "scale_max": 10}, kind="nps", text="Recommend?", position=3
        ),
    )
