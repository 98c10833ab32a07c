"""What the builder's page shows: the list, the editor of one question, the checks, the phone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.conf.locale import LANG_INFO
from django.utils import timezone

from cxm.statistics import emotion
from cxm.templatetags.ui import number, signed
from surveys.answering.shown import Shown, shown
from surveys.building import asked, words
from surveys.building.defaults import FIXED_SCALES
from surveys.models import ASKED_KINDS, PART_KINDS, SCALE_KINDS, Kind, Question, Quota, Survey
from surveys.models import Version as StoredVersion
from surveys.publishing import definition_of, has_changed
from surveys.questionnaire import Finding, Item, Problem, Questionnaire, findings, in_language
from surveys.questionnaire.checks import missing
from touchpoints.models import Lifecycle, Segment, Touchpoint

WIDE: Final = 11  # scales up to so many steps have a row for each
_BAD: Final = {Problem.UNREACHABLE, Problem.CIRCLE, Problem.LOOKS_AHEAD, Problem.GONE}
_NEVER_COMPARED: Final = (Kind.SECTION, Kind.OPTION, Kind.RANK)
_CHOSEN: Final = (Kind.CHOICE, *PART_KINDS)


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    is_rtl: bool

    @property
    def dir(self) -> str:
        return "rtl" if self.is_rtl else "ltr"


def language(code: str) -> Language:
    return Language(code, words.language_name(code), words.is_rtl(code))


def usual_languages() -> list[Language]:
    """Every language that is known by name, in the order of its own name."""
    offered = (code for code, info in LANG_INFO.items() if "name_local" in info)
    return sorted((language(code) for code in offered), key=lambda one: one.name.casefold())


def _on_curve(value: float) -> str:
    """+2, −0.4, 0."""
    return signed(value, 0 if value == round(value) else 1) if value else number(0)


def _local(moment: dt.datetime | None) -> str:
    """As a date and time field wants it."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" if moment else ""


def list_row(item: Item, questionnaire: Questionnaire, problems: tuple[Finding, ...] = ()) -> "Row":
    """One line of a list of questions, of the draft or of a version."""
    base = questionnaire.languages[0]
    place = questionnaire.numbers.get(item.id)
    return Row(
        item=item,
        number=number(place) if place else "",
        icon=words.ICONS[item.kind],
        text=in_language(item.texts, base, questionnaire.languages),
        kind=str(item.kind.label),
        rule=words.rule(item.show_if, questionnaire),
        jumps=tuple(words.jump(jump, questionnaire) for jump in item.jumps),
        problems=problems,
        options=tuple(
            in_language(option.texts, base, questionnaire.languages) or str(option.code)
            for option in item.options
        ),
    )


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    item: Item
    number: str
    icon: str
    text: str
    kind: str
    rule: str
    jumps: tuple[str, ...]
    problems: tuple[Finding, ...]
    options: tuple[str, ...]

    @property
    def bad(self) -> str:
        """Why nobody may ever see it; stands in red beside the rule."""
        return next((f.words for f in self.problems if f.problem in _BAD), "")


@dataclass(frozen=True)
class TextField:
    language: Language
    value: str


@dataclass(frozen=True)
class OptionRow:
    """One score or answer with its words; ``value`` is where the score lies on the curve."""

    place: int
    code: int | None
    texts: tuple[TextField, ...]
    segment: int | None
    value: str
    face: str


@dataclass(frozen=True)
class ConditionRow:
    name: str
    question: int
    check: str
    checks: tuple[tuple[str, str], ...]
    answers: tuple[tuple[int, str, bool], ...]
    words: str
    and_op: str  # the button that adds another condition which holds as well


@dataclass(frozen=True)
class JumpRow:
    place: int
    to: int
    alternatives: tuple[tuple[ConditionRow, ...], ...]
    words: str


@dataclass(frozen=True)
class PartRow:
    place: int
    touchpoint: int | None
    name: str
    texts: tuple[TextField, ...]


@dataclass
class Page:
    """Everything about a survey's draft; each part is made when a template asks for it."""

    survey: Survey
    chosen: int = 0
    panel: str = ""  # "settings" or "opening" instead of a question
    shown_language: str = ""
    drafted: dict[str, Any] = field(default_factory=dict)  # texts that could not be saved

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return definition_of(self.survey)

    @cached_property
    def languages(self) -> list[Language]:
        return [language(code) for code in self.survey.all_languages]

    @cached_property
    def findings(self) -> list[Finding]:
        return findings(self.questionnaire)

    @cached_property
    def numbers(self) -> dict[int, str]:
        return {pk: number(place) for pk, place in self.questionnaire.numbers.items()}

    @property
    def base(self) -> str:
        return self.survey.language

    def said(self, texts: Any) -> str:
        return in_language(texts, self.base, self.questionnaire.languages)

    # ---------- list ----------
    @cached_property
    def rows(self) -> list[Row]:
        found = defaultdict(list)
        for finding in self.findings:
            found[finding.item].append(finding)
        draft = self.questionnaire
        return [list_row(item, draft, tuple(found[item.id])) for item in draft.items]

    @property
    def n_questions(self) -> int:
        return sum(not item.is_section for item in self.questionnaire.items)

    @property
    def at_most_seen(self) -> int:
        return words.at_most_seen(self.questionnaire)

    @property
    def seconds(self) -> int:
        total = words.seconds(self.questionnaire)
        return total if total < 60 else round(total / 10) * 10

    @property
    def minutes(self) -> float:
        return words.seconds(self.questionnaire) / 60

    @property
    def kinds(self) -> list[tuple[str, str, str]]:
        """(kind, words, icon) of what can be added."""
        return [(kind.value, str(kind.label), words.ICONS[kind]) for kind in ASKED_KINDS]

    # ---------- checks ----------
    @property
    def blocking(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.blocks]

    def named(self, finding: Finding) -> str:
        item = self.questionnaire.by_id.get(finding.item)
        if item is None:
            return ""
        return self.numbers.get(item.id) or self.said(item.texts)

    @property
    def notes(self) -> list[tuple[Finding, str, Language | None, int]]:
        """Findings for the panel: number of the question, language, where a text is missing."""
        return [
            (
                finding,
                self.named(finding),
                language(finding.language) if finding.language else None,
                self._untranslated(finding.language) if finding.language else 0,
            )
            for finding in self.findings
        ]

    def _untranslated(self, code: str) -> int:
        """The first question that lacks a text in this language."""
        items = self.questionnaire.items
        return next((item.id for item in items if missing(item, code)), 0)

    # ---------- the chosen question ----------
    @cached_property
    def item(self) -> Item | None:
        if self.panel:
            return None
        items = self.questionnaire.items
        chosen = next((item for item in items if item.id == self.chosen), None)
        first = next((item for item in items if not item.is_section), None)
        return chosen or first or next(iter(items), None)

    @cached_property
    def question(self) -> Question | None:
        if self.item is None:
            return None
        return asked(self.survey).filter(pk=self.item.id).first()

    @property
    def item_row(self) -> Row | None:
        return next((row for row in self.rows if self.item and row.item.id == self.item.id), None)

    @property
    def is_scale(self) -> bool:
        return self.item is not None and self.item.kind in SCALE_KINDS

    @property
    def has_free_scale(self) -> bool:
        return self.is_scale and self.item is not None and self.item.kind not in FIXED_SCALES

    @property
    def is_chosen(self) -> bool:
        return self.item is not None and self.item.kind in _CHOSEN

    @property
    def is_matrix(self) -> bool:
        return self.item is not None and self.item.kind == Kind.MATRIX

    @property
    def has_history(self) -> bool:
        """Whether people were asked it, or what it replaced, with figures to show."""
        asked_before = self.survey.version_id is not None
        return asked_before and (self.is_scale or self.is_chosen or self.is_consent)

    @property
    def is_section(self) -> bool:
        return self.item is not None and self.item.is_section

    @property
    def is_consent(self) -> bool:
        return self.item is not None and self.item.kind == Kind.CONSENT

    @property
    def can_have_other(self) -> bool:
        return self.item is not None and self.item.kind in (Kind.CHOICE, Kind.SEVERAL)

    @property
    def has_touchpoint(self) -> bool:
        return self.item is not None and not (self.is_matrix or self.is_section or self.is_consent)

    def fields(self, texts: Any, name: str = "") -> tuple[TextField, ...]:
        drafted = self.drafted.get(name, {})
        return tuple(
            TextField(spoken, drafted.get(spoken.code, texts.get(spoken.code, "")))
            for spoken in self.languages
        )

    @property
    def texts(self) -> tuple[TextField, ...]:
        return self.fields(self.item.texts, "texts") if self.item else ()

    @property
    def helps(self) -> tuple[TextField, ...]:
        return self.fields(self.item.help_texts, "help_texts") if self.item else ()

    @property
    def has_help(self) -> bool:
        return any(text.value for text in self.helps)

    @property
    def options(self) -> list[OptionRow]:
        """Scores from the best down, every step of short scales; or the answers in their order."""
        item = self.item
        if item is None:
            return []
        known = {option.code: option for option in item.options}
        codes: Sequence[int] = list(known)
        if scale := item.scale or ((1, 5) if item.kind == Kind.MATRIX else None):
            low, high = scale
            steps = high - low + 1
            kept = {*known, low, high}
            codes = [c for c in range(high, low - 1, -1) if steps <= WIDE or c in kept]
        return [self._option(place, code, known.get(code)) for place, code in enumerate(codes)]

    def _option(self, place: int, code: int, option: Any) -> OptionRow:
        item = self.item
        scale = item.scale if item else None
        value = ""
        if item and (scale := scale or ((1, 5) if item.kind == Kind.MATRIX else None)):
            value = _on_curve(emotion(code, scale[0], scale[1], is_reversed=item.is_reversed))
        texts = self.fields(option.texts if option else {})
        faces = item is not None and item.kind in (Kind.FACES, Kind.MATRIX)
        face = str(code) if faces else ""
        return OptionRow(place, code, texts, option.segment if option else None, value, face)

    @cached_property
    def touchpoints(self) -> list[Touchpoint]:
        """What can be asked about, by name; the chosen one even where it was retired since."""
        usable = Touchpoint.objects.filter(merged_into=None).exclude(lifecycle=Lifecycle.RETIRED)
        found = list(usable.order_by("name").only("pk", "name"))
        own = self.item.touchpoint if self.item else None
        if own and own not in {touchpoint.pk for touchpoint in found}:
            found = [*Touchpoint.objects.filter(pk=own), *found]
        return found

    @cached_property
    def segments(self) -> list[Segment]:
        return list(Segment.objects.all())

    @property
    def parts(self) -> list[PartRow]:
        if self.item is None or not self.is_matrix:
            return []
        return [
            PartRow(place, part.touchpoint, part.place, self.fields(part.texts))
            for place, part in enumerate(self.item.parts)
        ]

    @property
    def more_touchpoints(self) -> list[Touchpoint]:
        used = {part.touchpoint for part in self.item.parts} if self.item else set()
        return [touchpoint for touchpoint in self.touchpoints if touchpoint.pk not in used]

    # ---------- rules ----------
    @cached_property
    def earlier(self) -> list[tuple[int, str]]:
        """(id, "3 How was it?") of the questions that a rule can ask for."""
        return self._choices(before=True)

    @property
    def last_earlier(self) -> int:
        return self.earlier[-1][0] if self.earlier else 0

    @cached_property
    def earlier_and_own(self) -> list[tuple[int, str]]:
        return self._choices(before=True, own=True)

    @cached_property
    def later(self) -> list[tuple[int, str]]:
        return self._choices(before=False)

    def _choices(self, *, before: bool, own: bool = False) -> list[tuple[int, str]]:
        item = self.item
        if item is None:
            return []
        order = self.questionnaire.order
        found = []
        for other in self.questionnaire.everything():
            mine = item.id in (other.id, other.parent)
            is_later = order[other.id] > order[item.id] and not mine
            if before:
                fits = other.kind not in _NEVER_COMPARED and (own if mine else not is_later)
            else:
                fits = is_later and other.parent is None
            if fits:
                found.append((other.id, self._choice(other)))
        return found

    def _choice(self, item: Item) -> str:
        text = item.place if item.parent else self.said(item.texts)
        return f"{self.numbers.get(item.id, '')} {text[:80]}".strip()

    def conditions(self, rule: Any, prefix: str) -> tuple[tuple[ConditionRow, ...], ...]:
        return tuple(
            tuple(self._condition(f"{prefix}-{a}-{c}", one) for c, one in enumerate(together))
            for a, together in enumerate(rule)
        )

    def _condition(self, name: str, one: Any) -> ConditionRow:
        item = self.questionnaire.by_id.get(one.question)
        offered = words.answers(item, self.questionnaire) if item else []
        compared = one.check in ("is", "is_not", "at_most", "at_least")
        chosen = tuple((code, text, code in one.to) for code, text in offered if compared)
        gone = [] if item is None else [c for c in one.to if c not in dict(offered)]
        said = [text for _code, text, on in chosen if on] + [f"“{code}”" for code in gone]
        return ConditionRow(
            name=name,
            question=one.question,
            check=one.check,
            checks=tuple(words.checks(item)) if item else (),
            answers=chosen,
            words=", ".join(said),
            and_op=f"{name.rpartition('-')[0]}-and",
        )

    @property
    def alternatives(self) -> tuple[tuple[ConditionRow, ...], ...]:
        return self.conditions(self.item.show_if, "if") if self.item else ()

    @property
    def jump_rows(self) -> list[JumpRow]:
        if self.item is None:
            return []
        return [
            JumpRow(
                place,
                jump.to,
                self.conditions(jump.when, f"jump-{place}-if"),
                words.jump(jump, self.questionnaire),
            )
            for place, jump in enumerate(self.item.jumps)
        ]

    # ---------- the phone ----------
    @cached_property
    def phone(self) -> Shown | None:
        """The chosen question as people get it, nothing answered yet."""
        if self.item is None:
            return None
        return shown(self.item, self.questionnaire, self.shown_language, {})

    @property
    def shown_dir(self) -> str:
        return language(self.shown_language).dir

    @property
    def shown_name(self) -> str:
        return words.language_name(self.shown_language)

    @property
    def progress(self) -> int:
        """How far the phone's bar has come, of 216 px."""
        place = self.questionnaire.numbers.get(self.item.id, 0) if self.item else 0
        return round(216 * place / max(self.n_questions, 1))

    # ---------- the survey ----------
    @cached_property
    def versions(self) -> list[StoredVersion]:
        found = StoredVersion.objects.filter(survey=self.survey).defer("definition")
        return list(found.select_related("published_by"))

    @cached_property
    def has_changes(self) -> bool:
        return has_changed(self.survey, self.questionnaire)

    @property
    def opens_at(self) -> str:
        return _local(self.survey.opens_at)

    @property
    def closes_at(self) -> str:
        return _local(self.survey.closes_at)

    @property
    def quotas(self) -> dict[int, int]:
        return dict(Quota.objects.filter(survey=self.survey).values_list("segment", "limit"))

    @property
    def quota_rows(self) -> list[tuple[Segment, int | None]]:
        limits = self.quotas
        return [(segment, limits.get(segment.pk)) for segment in self.segments]

    @property
    def other_languages(self) -> list[Language]:
        spoken = set(self.survey.all_languages)
        return [one for one in usual_languages() if one.code not in spoken]

    @property
    def survey_texts(self) -> list[tuple[str, tuple[TextField, ...]]]:
        """(part, a field per language) of title, greeting, thanks and the closed survey."""
        stored = self.survey.texts
        return [
            (part, self.fields(stored.get(part, {})))
            for part in ("title", "intro", "thanks", "closed")
        ]
