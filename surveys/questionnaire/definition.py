"""A questionnaire as plain values: what a version freezes and what people answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from surveys.models.words import Kind

Texts = Mapping[str, str]
END = 0  # where a jump leads that ends the questionnaire


@dataclass(frozen=True)
class Option:
    """Something to choose, or a score with its word. ``segment`` is where choosing it puts one."""

    code: int
    texts: Texts
    segment: int | None = None


@dataclass(frozen=True)
class Condition:
    """What an earlier question must say: ``check`` is one of ``rules.CHECKS``."""

    question: int
    check: str
    to: tuple[int, ...] = ()


# Alternatives of conditions that hold together; empty always holds.
Rule = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True)
class Jump:
    """Where to go on after a question, if ``when`` holds; END is the end."""

    when: Rule
    to: int


@dataclass(frozen=True)
class Item:
    """One question, section or part of a question. ``id`` is the Question that owns its answers."""

    id: int
    key: str
    kind: Kind
    texts: Texts
    help_texts: Texts
    options: tuple[Option, ...] = ()
    scale: tuple[int, int] | None = None
    is_reversed: bool = False
    has_other: bool = False
    is_required: bool = False
    offers_never_used: bool = False
    offers_unknown: bool = False
    rotates: bool = False
    asks_contact: bool = False
    show_if: Rule = ()
    jumps: tuple[Jump, ...] = ()
    parts: tuple["Item", ...] = ()
    parent: int | None = None
    code: int | None = None
    touchpoint: int | None = None
    place: str = ""

    @property
    def is_section(self) -> bool:
        return self.kind == Kind.SECTION

    @cached_property
    def codes(self) -> frozenset[int]:
        """What can be chosen; the scores of a scale."""
        if self.scale:
            return frozenset(range(self.scale[0], self.scale[1] + 1))
        return frozenset(option.code for option in self.options)

    def option(self, code: int) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True)
class Questionnaire:
    """All of a survey that a person may meet. ``number`` is the version; 0 is a draft."""

    survey: int
    number: int
    languages: tuple[str, ...]
    texts: Mapping[str, Texts]
    is_anonymous: bool
    items: tuple[Item, ...]
    cap: int | None = None

    @cached_property
    def by_id(self) -> dict[int, Item]:
        """Every item and part."""
        return {item.id: item for item in self.everything()}

    @cached_property
    def order(self) -> dict[int, int]:
        """Where each item stands; a part stands right after what it is part of."""
        return {item.id: place for place, item in enumerate(self.everything())}

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The number of each question from 1; parts carry that of theirs, sections none."""
        asked = [item for item in self.items if not item.is_section]
        return {one.id: place for place, item in enumerate(asked, 1) for one in (item, *item.parts)}

    def everything(self) -> Iterator[Item]:
        for item in self.items:
            yield item
            yield from item.parts


def in_language(texts: Texts, language: str, languages: Sequence[str]) -> str:
    """A text in the language asked for, else in the first of the survey that has it."""
    for code in (language, *languages):
        if text := texts.get(code, ""):
            return text
    return next((text for text in texts.values() if text), "")


def to_json(questionnaire: Questionnaire) -> dict[str, Any]:
    """What ``Version.definition`` stores."""
    return {
        "survey": questionnaire.survey,
        "number": questionnaire.number,
        "languages": list(questionnaire.languages),
        "texts": {name: dict(texts) for name, texts in questionnaire.texts.items()},
        "is_anonymous": questionnaire.is_anonymous,
        "cap": questionnaire.cap,
        "items": [_item_json(item) for item in questionnaire.items],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "key": item.key,
        "kind": str(item.kind),
        "texts": dict(item.texts),
        "help_texts": dict(item.help_texts),
        "options": options_json(item.options),
        "scale": list(item.scale) if item.scale else None,
        "is_reversed": item.is_reversed,
        "has_other": item.has_other,
        "is_required": item.is_required,
        "offers_never_used": item.offers_never_used,
        "offers_unknown": item.offers_unknown,
        "rotates": item.rotates,
        "asks_contact": item.asks_contact,
        "show_if": rule_json(item.show_if),
        "jumps": [{"when": rule_json(jump.when), "to": jump.to} for jump in item.jumps],
        "parts": [_item_json(part) for part in item.parts],
        "parent": item.parent,
        "code": item.code,
        "touchpoint": item.touchpoint,
        "place": item.place,
    }


def options_json(options: Sequence[Option]) -> list[dict[str, Any]]:
    return [
        {"code": option.code, "texts": dict(option.texts)}
        | ({"segment": option.segment} if option.segment else {})
        for option in options
    ]


def rule_json(rule: Rule) -> list[list[dict[str, Any]]]:
    return [
        [{"question": c.question, "is": c.check, "to": list(c.to)} for c in together]
        for together in rule
    ]


def from_json(data: Mapping[str, Any]) -> Questionnaire:
    """The inverse of ``to_json``."""
    return Questionnaire(
        survey=data["survey"],
        number=data["number"],
        languages=tuple(data["languages"]),
        texts=data["texts"],
        is_anonymous=data["is_anonymous"],
        cap=data["cap"],
        items=tuple(_item(item) for item in data["items"]),
    )


_PLAIN: Final = (
    *("id", "key", "texts", "help_texts", "is_reversed", "has_other", "is_required"),
    *("offers_never_used", "offers_unknown", "rotates", "asks_contact"),
    *("parent", "code", "touchpoint", "place"),
)


def _item(data: Mapping[str, Any]) -> Item:
    plain = {name: data[name] for name in _PLAIN}
    return Item(
        **plain,
        kind=Kind(data["kind"]),
        options=options(data["options"]),
        scale=(data["scale"][0], data["scale"][1]) if data["scale"] else None,
        show_if=rule(data["show_if"]),
        jumps=jumps(data["jumps"]),
        parts=tuple(_item(part) for part in data["parts"]),
    )


def options(data: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(Option(option["code"], option["texts"], option.get("segment")) for option in data)


def rule(data: Sequence[Sequence[Mapping[str, Any]]]) -> Rule:
    return tuple(
        tuple(Condition(c["question"], c["is"], tuple(c.get("to", ()))) for c in together)
        for together in data
        if together
    )


def jumps(data: Sequence[Mapping[str, Any]]) -> tuple[Jump, ...]:
    return tuple(Jump(rule(jump["when"]), jump["to"]) for jump in data)
