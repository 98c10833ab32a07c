"""Questionnaires, replies and posted forms as hypothesis draws them: also impossible ones."""

from typing import Any

from hypothesis import strategies as st

from surveys.models import SCALE_KINDS, Kind
from surveys.questionnaire import END, Condition, Item, Jump, Option, Questionnaire

LANGUAGES = ("de", "en")
_CHECKS = [
    *("is", "is_not", "at_most", "at_least", "answered", "skipped", "never", "unknown"),
    "strange",
]
_SCALES = {
    Kind.FACES: (1, 5),
    Kind.NPS: (0, 10),
    Kind.CSAT: (1, 5),
    Kind.CES: (1, 7),
    Kind.RATING: (-2, 3),
}
_PART = {Kind.SEVERAL: Kind.OPTION, Kind.RANKING: Kind.RANK, Kind.MATRIX: Kind.FACES}
TEXTS = st.dictionaries(
    st.sampled_from(LANGUAGES), st.sampled_from(["", "Wie?", "Zu {q1}?", "{q9|x} {"]), max_size=2
)


@st.composite
def rules(draw: Any, ids: list[int]) -> Any:
    one = st.builds(
        Condition,
        st.sampled_from([*ids, 999]),
        st.sampled_from(_CHECKS),
        st.lists(st.sampled_from([*range(-2, 6), *ids]), max_size=3).map(tuple),
    )
    alternatives = st.lists(st.lists(one, min_size=1, max_size=2).map(tuple), max_size=2)
    return tuple(draw(alternatives))


@st.composite
def items(draw: Any, pk: int, ids: list[int]) -> Item:
    kind = draw(st.sampled_from([kind for kind in Kind if kind not in (Kind.OPTION, Kind.RANK)]))
    codes = draw(st.lists(st.integers(1, 5), unique=True, max_size=4))
    has_other = kind in (Kind.CHOICE, Kind.SEVERAL) and draw(st.booleans())
    jumps = st.lists(
        st.builds(Jump, rules(ids), st.sampled_from([END, 999, *ids])), max_size=2
    ).map(tuple)
    parts: tuple[Item, ...] = ()
    rotates = draw(st.booleans())
    if kind in _PART:
        owned = [*codes, *([0] if has_other else [])]
        parts = tuple(
            Item(
                id=pk * 100 + code, key=f"q{pk}-{code}", kind=_PART[kind], texts={}, help_texts={},
                parent=pk, code=code, place=f"Place {code}",
                rotates=rotates and kind == Kind.MATRIX,
                scale=(1, 5) if kind == Kind.MATRIX else None,
            )
            for code in owned
        )  # fmt: skip
    return Item(
        id=pk, key=f"q{pk}", kind=kind, texts=draw(TEXTS), help_texts=draw(TEXTS),
        options=tuple(Option(code, draw(TEXTS), draw(st.none() | st.just(7))) for code in codes),
        scale=_SCALES.get(kind), is_reversed=draw(st.booleans()), has_other=has_other,
        is_required=draw(st.booleans()), offers_never_used=draw(st.booleans()),
        offers_unknown=draw(st.booleans()), rotates=rotates,
        asks_contact=kind == Kind.CONSENT and draw(st.booleans()),
        show_if=draw(rules(ids)), jumps=draw(jumps), parts=parts,
    )  # fmt: skip


@st.composite
def questionnaires(draw: Any, most: int = 7) -> Questionnaire:
    """Rules and jumps lead anywhere: ahead, back, in circles, to nothing."""
    ids = list(range(1, draw(st.integers(0, most)) + 1))
    return Questionnaire(
        survey=1, number=draw(st.integers(0, 3)), languages=LANGUAGES, texts={"title": {"de": "T"}},
        is_anonymous=draw(st.booleans()), items=tuple(draw(items(pk, ids)) for pk in ids),
        cap=draw(st.none() | st.integers(1, 3)),
    )  # fmt: skip


def reply_to(item: Item) -> st.SearchStrategy[dict[str, Any]]:
    """What a person may say to a question, read from a form before."""
    silent = [{"skipped": True}, {"unknown": True}, {"never": True}]
    said: list[dict[str, Any]] = []
    if item.kind in SCALE_KINDS:
        said = [{"score": code} for code in sorted(item.codes)]
    elif item.kind in (Kind.CHOICE, Kind.SEVERAL):
        said = [{"codes": [option.code]} for option in item.options]
        said += [{"codes": [], "other": "x"}] if item.has_other else []
    elif item.kind == Kind.RANKING:
        said = [{"codes": [option.code for option in item.options]}]
    elif item.kind == Kind.CONSENT:
        said = [{"yes": True}, {"yes": False}]
    elif item.kind == Kind.TEXT:
        said = [{"text": "{q1} <b>"}]
    elif item.kind == Kind.MATRIX and item.parts:
        half = len(item.parts) // 2
        said = [
            {"used": [p.id for p in item.parts], "not": []},
            {"used": [p.id for p in item.parts[:half]], "not": [p.id for p in item.parts[half:]]},
        ]
    return st.sampled_from([*said, *silent])


@st.composite
def replies(draw: Any, questionnaire: Questionnaire) -> dict[int, Any]:
    """Something was said to some of the questions, in whatever order."""
    asked = [item for item in questionnaire.everything() if item.kind in (*SCALE_KINDS, *_ASKED)]
    chosen = draw(
        st.lists(st.sampled_from(asked), unique_by=lambda i: i.id) if asked else st.just([])
    )
    return {item.id: draw(reply_to(item)) for item in chosen}


_ASKED = (
    Kind.CHOICE, Kind.SEVERAL, Kind.RANKING, Kind.TEXT, Kind.CONSENT, Kind.MATRIX,
)  # fmt: skip

_WORDS = st.one_of(
    st.text(max_size=20),
    st.integers(-3, 12).map(str),
    st.sampled_from(["0", "1", "٣", "²", "9" * 5000, "x" * 5000, "\0", "a@b.example", "1.0", "-0"]),
)


@st.composite
def posted(draw: Any, item: Item) -> dict[str, list[str]]:
    """Any form at all, with the names that the pages use and with strange ones."""
    names = ["value", "other", "contact", "silent", "rank-1", "rank-2", "used-101", "used-102", "?"]
    names += [f"rank-{option.code}" for option in item.options]
    names += [f"used-{part.id}" for part in item.parts]
    values = st.lists(_WORDS | st.sampled_from(["skipped", "unknown", "never"]), max_size=4)
    return dict(draw(st.dictionaries(st.sampled_from(names), values, max_size=6)))
