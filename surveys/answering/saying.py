"""A reply in words, for the person themselves and for those who look at what was held back."""

from django.utils.translation import gettext as _

from surveys.models.words import Kind
from surveys.questionnaire import Item, Questionnaire, Reply, label


def said_words(item: Item, reply: Reply, questionnaire: Questionnaire, language: str) -> str:
    """Like "2, bad" or "Cake, Ice"; never empty."""
    if reply.get("never"):
        return _("Never used")
    if reply.get("unknown"):
        return _("Don't know")
    if reply.get("skipped"):
        return _("Skipped")
    if item.kind == Kind.CONSENT:
        words = _("Yes") if reply.get("yes") else _("No")
        return f"{words}, {reply['contact']}" if reply.get("contact") else words
    if item.kind == Kind.MATRIX and not reply.get("used"):
        return _("None of them")
    words = label(item, reply, questionnaire, language)
    if "score" in reply and words != str(reply["score"]):
        return f"{reply['score']}, {words}"
    return words or "–"
