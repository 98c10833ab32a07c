"""Ready-made questionnaires, in German and English: one file each, and how they become a draft."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from cxm.models import User, Workspace
from surveys.building import defaults
from surveys.building.questions import add_question, set_parts
from surveys.building.surveys import change_survey, create_survey
from surveys.models import Kind, Question, Survey
from touchpoints.models import Alias, Touchpoint

LANGUAGES: Final = ("de", "en")
KEYS: Final = ("cafe", "purchase", "hotline", "nps", "touchpoints", "event", "onboarding")
_FLAGS: Final = ("has_other", "is_required", "offers_never_used", "offers_unknown", "rotates")

Words = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One question: ``touchpoints`` are to be taken from the catalogue, ``at`` names where it is.

    ``rule`` is (key of an earlier question, check, codes). Optional ones are left out where the
    catalogue is empty, personal ones where the survey is anonymous.
    """

    key: str
    kind: Kind
    texts: Words
    help_texts: Words
    options: tuple[Words, ...] = ()
    touchpoints: int = 0
    at: tuple[str, ...] = ()
    rule: tuple[str, str, tuple[int, ...]] | None = None
    flags: Mapping[str, bool] = field(default_factory=dict)
    is_optional: bool = False
    is_personal: bool = False


@dataclass(frozen=True)
class Ready:
    """A questionnaire to begin with; names and what it is for by language."""

    key: str
    name: Words
    what_for: Words
    minutes: float
    is_anonymous: bool
    cap: int | None
    texts: Mapping[str, Words]
    questions: tuple[Asked, ...]
    languages: tuple[str, ...] = LANGUAGES


def _read(key: str) -> Ready:
    data = tomllib.loads((Path(__file__).parent / f"{key}.toml").read_text("utf-8"))
    return Ready(
        key=key,
        name=data["name"],
        what_for=data["for"],
        minutes=data["minutes"],
        is_anonymous=data["anonymous"],
        cap=data.get("cap"),
        texts={"title": data["name"], "intro": data["intro"], "thanks": data["thanks"]},
        questions=tuple(_asked(n, one) for n, one in enumerate(data["question"], start=1)),
    )


def _asked(number: int, data: Mapping[str, Any]) -> Asked:
    rule = None
    if condition := data.get("if"):
        check = next(name for name in condition if name != "question")
        to = condition[check]
        rule = (condition["question"], check, tuple(to if isinstance(to, list) else (to,)))
    return Asked(
        key=data.get("key", f"q{number}"),
        kind=Kind(data["kind"]),
        texts={code: data[code] for code in LANGUAGES},
        help_texts=data.get("help", {}),
        options=tuple(data.get("option", ())),
        touchpoints=data.get("touchpoints", 0),
        at=tuple(data.get("at", ())),
        rule=rule,
        flags={flag: True for flag in _FLAGS if data.get(flag)},
        is_optional=data.get("optional", False),
        is_personal=data.get("personal", False),
    )


READY: Final[tuple[Ready, ...]] = tuple(_read(key) for key in KEYS)
BY_KEY: Final = {ready.key: ready for ready in READY}


@transaction.atomic
def make(
    *,
    ready: Ready,
    workspace: Workspace,
    language: str,
    languages: Sequence[str] = (),
    name: str = "",
    is_anonymous: bool | None = None,
    by: User | None,
) -> Survey:
    """The questionnaire as a draft of the workspace; ``name`` is its own unless another is given.

    In languages that it is not written in its texts are missing; English is then added, for
    whoever translates. Questions are bound to touchpoints of the catalogue that have such a name.
    """
    spoken = [language, *languages]
    if not any(defaults.spoken(ready.name, (code,)) for code in spoken):
        spoken.append("en")
    survey = create_survey(
        workspace=workspace,
        name=name or _free_name(workspace, _in(ready.name, spoken)),
        language=spoken[0],
        languages=spoken[1:],
        is_anonymous=ready.is_anonymous if is_anonymous is None else is_anonymous,
        by=by,
    )
    texts = {part: _spoken(words, survey) for part, words in ready.texts.items()}
    if name:
        texts["title"] = {survey.language: name}
    change_survey(survey=survey, texts=texts, cap=ready.cap)
    survey.refresh_from_db()
    _ask(survey, ready)
    survey.refresh_from_db()
    return survey


def _in(words: Words, spoken: Sequence[str]) -> str:
    return next(iter(defaults.spoken(dict(words), spoken).values()))


def _spoken(words: Words, survey: Survey) -> dict[str, str]:
    return defaults.spoken(dict(words), survey.all_languages)


def _free_name(workspace: Workspace, wish: str) -> str:
    taken = set(Survey.objects.filter(workspace=workspace).values_list("name", flat=True))
    names = (wish, *(f"{wish} {number}" for number in range(2, 10_000)))
    return next(name for name in names if name not in taken)


def _ask(survey: Survey, ready: Ready) -> None:
    places, in_use = _places(survey)
    made: dict[str, Question] = {}
    for one in ready.questions:
        if (one.is_optional and not in_use) or (one.is_personal and survey.is_anonymous):
            continue
        made[one.key] = question = add_question(
            survey=survey,
            kind=one.kind,
            touchpoint=next((places[at.lower()] for at in one.at if at.lower() in places), None),
            **_fields(one, survey, made),
        )
        if one.touchpoints and in_use:
            set_parts(question=question, touchpoints=in_use[: one.touchpoints])


def _places(survey: Survey) -> tuple[dict[str, Touchpoint], list[Touchpoint]]:
    """By name or former name, and those that people meet, in their order."""
    in_use = list(Touchpoint.objects.in_use().select_related("channel").order_by("pk"))
    places = {touchpoint.name.lower(): touchpoint for touchpoint in in_use}
    for alias in Alias.objects.filter(touchpoint__in=in_use).select_related("touchpoint"):
        places.setdefault(alias.name.lower(), alias.touchpoint)
    met = [touchpoint for touchpoint in in_use if touchpoint.contact == "direct"]
    met = [touchpoint for touchpoint in met if touchpoint.lifecycle == "active"]
    return places, met


def _fields(one: Asked, survey: Survey, made: Mapping[str, Question]) -> dict[str, Any]:
    fields: dict[str, Any] = {**one.flags, "texts": _spoken(one.texts, survey)}
    if one.help_texts:
        fields["help_texts"] = _spoken(one.help_texts, survey)
    if one.options:
        fields["options"] = [
            {"code": code, "texts": _spoken(words, survey)}
            for code, words in enumerate(one.options, start=1)
        ]
    if one.rule:
        key, check, codes = one.rule
        fields["show_if"] = [[{"question": made[key].pk, "is": check, "to": list(codes)}]]
    return fields
