"""A survey that is open, with two questions."""

from typing import Any

import pytest
from django_scopes import scope


@pytest.fixture
def survey(workspace: Any) -> Any:
    from surveys import publishing
    from tests.factories import QuestionFactory, SurveyFactory

    with scope(workspace=workspace):
        asked = SurveyFactory(
            workspace=workspace,
            name="Your visit",
            language="en",
            languages=["de"],
            state="draft",
            texts={"title": {"en": "How was your visit?", "de": "Wie war Ihr Besuch?"}},
        )
        for number, kind in enumerate(("rating", "text")):
            texts = {"en": f"Question {number}?", "de": f"Frage {number}?"}
            scale = {} if kind == "rating" else {"scale_min": None, "scale_max": None}
            QuestionFactory(
                workspace=workspace, survey=asked, kind=kind, texts=texts, text=texts["en"],
                key=f"q{number}", position=number, **scale,
            )  # fmt: skip
        publishing.publish(survey=asked, by=None)
        asked.refresh_from_db()
    return asked
