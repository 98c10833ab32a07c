"""The letter that a mailing begins with."""

from django.utils import translation
from django.utils.translation import gettext as _

from surveys.answering.languages import language
from surveys.models import Survey
from surveys.questionnaire import in_language


def first_texts(survey: Survey) -> tuple[dict[str, str], dict[str, str]]:
    """Subjects and letters in the languages of the survey that we have words in."""
    subjects, bodies = {}, {}
    for place, code in enumerate(survey.all_languages):
        spoken = language(code)
        if place and not code.lower().startswith(spoken.words):
            continue  # a survey in Arabic beside English: its letter is for its team to write
        with translation.override(spoken.words):
            title = in_language(survey.texts.get("title", {}), code, survey.all_languages)
            subjects[code] = (title or _("How was it for you?"))[:150]
            bodies[code] = _(
                "Hello {name},\n\nwe would like to know how it was for you. It takes a few"
                " minutes:\n\n{link}\n\nThank you\n%(firm)s"
            ) % {"firm": survey.workspace.name}
    return subjects, bodies
