"""A letter: texts with places for name and link, made into a mail in the person's language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import formatdate, parseaddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from surveys.answering.languages import Language, language
from surveys.mailing import marks
from surveys.models import Mailing
from surveys.questionnaire import in_language

PLACES: Final = ("name", "link")
LONGEST_SUBJECT: Final = 150
LONGEST_BODY: Final = 10_000
_PLACE: Final = re.compile(r"\{(\w+)\}")
_NO_NAME: Final = re.compile(r"[ \t]*\{name\}")


def problems(subject: str, body: str) -> list[str]:
    """What is wrong with the texts of one language; empty where nothing is."""
    found = []
    if not subject.strip():
        found.append(_("The subject is missing."))
    if re.search(r"[\r\n\x00-\x1f\x7f\u2028\u2029]", subject):
        found.append(_("A subject is one line."))
    if "{link}" not in body:
        found.append(_("The letter needs the place {link}: without it nobody can answer."))
    unknown = {name for name in _PLACE.findall(subject + body) if name not in PLACES}
    found += [_("There is no place {%(name)s}.") % {"name": name} for name in sorted(unknown)]
    if "{link}" in subject:
        found.append(_("The link stands in the letter, not in its subject."))
    return found


def ready(mailing: Mailing) -> list[str]:
    """What keeps a mailing from being sent: the first language needs both texts."""
    base = mailing.survey.all_languages[0]
    found = problems(mailing.subjects.get(base, ""), mailing.bodies.get(base, ""))
    for code in mailing.survey.all_languages[1:]:
        subject, body = mailing.subjects.get(code, ""), mailing.bodies.get(code, "")
        if subject or body:
            found += [f"{language(code).name}: {words}" for words in problems(subject, body)]
    return found


@dataclass(frozen=True)
class To:
    """Whom a letter goes to. ``mark`` says which invitation it was, when it comes back."""

    email: str
    name: str
    language: str
    link: str
    refusal: str
    mark: str
    is_reminder: bool = False


def letter(mailing: Mailing, to: To) -> EmailMultiAlternatives:
    """The mail: plain text, a simple HTML beside it, no picture, nothing that reports back."""
    languages: Sequence[str] = mailing.survey.all_languages
    code = to.language if to.language in languages else languages[0]
    spoken = language(code)
    subjects, bodies = _texts(mailing, is_reminder=to.is_reminder)
    subject = _with_name(in_language(subjects, code, languages), to.name)
    body = _with_name(in_language(bodies, code, languages), to.name)
    with translation.override(spoken.words):
        foot = _foot(mailing, to)
        html = render_to_string(
            "mail/letter.html",
            {"language": spoken, "body": _as_html(body, to.link, spoken), "foot": foot, "to": to},
        )
        plain = body.replace("{link}", to.link) + "\n\n-- \n" + "\n".join(foot)
        plain += "\n" + _("No more of these letters: %(address)s") % {"address": to.refusal} + "\n"
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=plain,
        # The envelope: what cannot be delivered comes back here.
        from_email=marks.return_path(to.mark),
        to=[_recipient(to)],
        headers=_headers(to),
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _texts(mailing: Mailing, *, is_reminder: bool) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """A reminder says what the letter said in languages that have no words of their own."""
    if not is_reminder:
        return mailing.subjects, mailing.bodies
    subjects = {code: text for code, text in mailing.reminder_subjects.items() if text}
    bodies = {code: text for code, text in mailing.reminder_bodies.items() if text}
    return {**mailing.subjects, **subjects}, {**mailing.bodies, **bodies}


def _with_name(text: str, name: str) -> str:
    """``{name}`` filled in; "Dear {name}," becomes "Dear," where nobody knows it."""
    name = " ".join(name.split()).replace("{", "(").replace("}", ")")
    return text.replace("{name}", name) if name else _NO_NAME.sub("", text)


def _recipient(to: To) -> str:
    user, _sign, domain = to.email.rpartition("@")
    name = re.sub(r"[\x00-\x1f\x7f]", "", to.name)
    return str(Address(display_name=name, username=user, domain=domain))


def _headers(to: To) -> dict[str, str]:
    return {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Date": formatdate(localtime=True),
        "Message-ID": f"<{to.mark}{'.r' if to.is_reminder else ''}@{_domain()}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{to.refusal}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _foot(mailing: Mailing, to: To) -> list[str]:
    """Who asks, and what becomes of the answers."""
    survey = mailing.survey
    asked = _("%(firm)s asks you with this letter.") % {"firm": survey.workspace.name}
    if survey.is_anonymous:
        return [
            asked,
            _(
                "Your answers are anonymous: they are stored without your name, your address"
                " and the time. We only learn that you answered, so that we do not remind you."
            ),
        ]
    return [asked, _("Your answers are stored together with your name.")]


def _as_html(body: str, link: str, spoken: Language) -> SafeString:
    """Paragraphs, line breaks, the link as one; everything else is text."""
    anchor = format_html('<a href="{}">{}</a>', link, _short(link))
    paragraphs = [piece for piece in re.split(r"\n\s*\n", body.replace("\r\n", "\n")) if piece]
    html = "".join(
        "<p>" + escape(piece.strip()).replace("\n", "<br>").replace("{link}", anchor) + "</p>"
        for piece in paragraphs
    )
    return mark_safe(html)


def _short(link: str) -> str:
    """What a person reads of a long personal address: where it leads."""
    parts = urlsplit(link)
    return _("To the questions (%(host)s)") % {"host": parts.netloc}
