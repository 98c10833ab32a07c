"""The words of surveys: sources, kinds of questions, what an answer is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where answers came from; sources are never blended without saying so."""

    LINK = "link", _("Survey link")
    QR = "qr", _("QR code")
    EMAIL = "email", _("E-mail")
    INTERVIEW = "interview", _("Interview")
    IMPORT = "import", _("Import")
    PORTAL = "portal", _("Review portal")
    KIOSK = "kiosk", _("Tablet on site")
    PAPER = "paper", _("Paper form")
    EMBED = "embed", _("Own website")


class Kind(models.TextChoices):
    """What is asked. OPTION and RANK are parts of SEVERAL and RANKING, never asked alone.

    The parts of a MATRIX are scale questions, one per touchpoint. A SECTION only carries words.
    """

    RATING = "rating", _("Rating")
    FACES = "faces", _("Five faces")
    MATRIX = "matrix", _("Which were used, then each")
    NPS = "nps", _("Recommendation (NPS)")
    CSAT = "csat", _("Satisfaction (CSAT)")
    CES = "ces", _("Effort (CES)")
    CHOICE = "choice", _("Choice")
    SEVERAL = "several", _("Several choices")
    RANKING = "ranking", _("Ranking")
    TEXT = "text", _("Text")
    CONSENT = "consent", _("Consent")
    SECTION = "section", _("Section")
    OPTION = "option", _("Option")
    RANK = "rank", _("Ranked option")


SCALE_KINDS = (Kind.RATING, Kind.FACES, Kind.NPS, Kind.CSAT, Kind.CES)
# The kinds that a person can put into a questionnaire.
ASKED_KINDS = tuple(kind for kind in Kind if kind not in (Kind.OPTION, Kind.RANK))
# Their answers lie with their parts.
PART_KINDS = {Kind.SEVERAL: Kind.OPTION, Kind.RANKING: Kind.RANK}


class Status(models.IntegerChoices):
    """What an answer to a scale question is; only SCORED has a score."""

    SCORED = 0, _("Score")
    NEVER_USED = 1, _("Never used")
    NO_ANSWER = 2, _("No answer")
