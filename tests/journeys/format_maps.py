"""Random maps for the tests of formats, and what two maps must share to be the same."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from journeys.formats.content import (
    Builder,
    Content,
    FileContent,
    MapRef,
    OriginRef,
    PersonaContent,
    QuestionRef,
    cells_of,
    order_of,
)
from journeys.formats.loading import TEXTS
from journeys.models import DERIVED, CardStatus, Evidence, LaneKind, Mark, Tag

# What people type, and what breaks formats.
NASTY = (
    "A: 5", "title Visit", "Journey home", "section 1", "%% off", "#35;", "a;b", "=1+1", "'=x", "-",
    "Größe „M“", "旅", "مرحبا", "<b>x</b>", "{", "[action]", "Step [emotion]", "★", "\\", "\\-",
    "C:\\", "+ 3", "@me", '"', "a,b", "|", "1", "0.5", "TRUE", "accTitle: x", "ﬂ°°35¶ß", "_x0041_",
)  # fmt: skip
SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
WORDS = st.one_of(st.sampled_from(NASTY), st.text(SIGNS, min_size=1, max_size=12))
NAMES = WORDS.map(str.strip).filter(bool)
TEXT = st.lists(WORDS, max_size=4).map(lambda words: "\n".join(words).strip())
FELT = st.decimals(-2, 2, places=2)
DAYS = st.none() | st.dates().map(lambda day: day.isoformat())


def maybe(values: st.SearchStrategy[Any], otherwise: Any) -> st.SearchStrategy[Any]:
    return st.just(otherwise) | values


@st.composite
def contents(draw: Any, *, steps: int = 4, lanes: int = 4) -> Content:
    """A map of any shape with everything that a map can hold."""
    builder = Builder()
    builder.title(draw(NAMES), "")
    content = builder.content
    content.is_template = draw(st.booleans())
    files = _files(draw, builder)
    people = [_persona(draw, builder, files) for _n in range(draw(st.integers(0, 2)))]
    questions = [_question(draw, builder) for _n in range(draw(st.integers(0, 2)))]
    found: list[int] = []
    for _n in range(draw(st.integers(0, 3))):
        phase = builder.phase(draw(NAMES), where="", collapsed=draw(st.booleans()))
        for _m in range(draw(st.integers(0, steps))):
            found.append(_step(draw, builder, phase, people, questions))
    cards: list[int] = []
    for _n in range(draw(st.integers(0, lanes))):
        cards += _lane(draw, builder, found, files)
    if len(cards) > 1 and draw(st.booleans()):
        builder.row("arrow", tail_id=cards[0], head_id=cards[-1], both_ways=draw(st.booleans()))
    return builder.done()


def _files(draw: Any, builder: Builder) -> list[int]:
    ids = []
    for _n in range(draw(st.integers(0, 2))):
        id = builder.id()
        builder.content.files[id] = FileContent(
            draw(NAMES), "image/webp", draw(st.binary(min_size=1, max_size=20)), 3, 4
        )
        ids.append(id)
    return ids


def _persona(draw: Any, builder: Builder, files: list[int]) -> int:
    persona = PersonaContent(
        name=draw(NAMES),
        texts={name: draw(maybe(NAMES, "")) for name in TEXTS},
        reviewed_on=draw(DAYS),
        segment=draw(maybe(st.tuples(NAMES, NAMES), None)),
        picture=draw(st.sampled_from([None, *files])),
    )
    return builder.persona(persona, on_map=draw(st.booleans()))


def _question(draw: Any, builder: Builder) -> int:
    id = builder.id()
    builder.content.questions[id] = QuestionRef(draw(NAMES), draw(NAMES))
    return id


def _step(draw: Any, builder: Builder, phase: int, people: list[int], questions: list[int]) -> int:
    content = builder.content
    assumed, fields = draw(maybe(FELT, None)), {}
    if draw(st.booleans()):
        fields["opens_id"] = builder.id()
        content.maps[fields["opens_id"]] = MapRef("map", draw(NAMES))
    if draw(st.booleans()):
        fields["origin"] = builder.id()
        content.origins[fields["origin"]] = OriginRef(draw(NAMES), draw(NAMES))
    id = builder.step(
        phase, draw(NAMES), where="", is_moment=draw(st.booleans()),
        assumed=None if assumed is None else text_of(assumed), **fields,
    )  # fmt: skip
    for name in draw(st.lists(NAMES, max_size=3, unique_by=str.casefold)):
        media_type = draw(st.sampled_from(["", "paid", "owned", "earned"]))
        builder.touch(id, builder.touchpoint(name, "", media_type, draw(maybe(NAMES, ""))))
    for question in questions[: draw(st.integers(0, 2))]:
        builder.row("question", step_id=id, question_id=question)
    for persona in people[: draw(st.integers(0, 2))]:
        builder.assume(id, persona, draw(FELT))
    return id


def _lane(draw: Any, builder: Builder, steps: list[int], files: list[int]) -> list[int]:
    kind = draw(st.sampled_from(LaneKind.values))
    lane = builder.lane(
        kind, draw(maybe(NAMES, "")), where="", note=draw(maybe(NAMES, "")),
        collapsed=draw(st.booleans()), hidden=draw(st.booleans()),
    )  # fmt: skip
    if kind in DERIVED:
        return []
    return [
        _card(draw, builder, lane, step, files)
        for step in steps
        for _n in range(draw(st.integers(0, 2)))
    ]


def _card(draw: Any, builder: Builder, lane: int, step: int, files: list[int]) -> int:
    return builder.card(
        lane, step, draw(TEXT), where="",
        mark=draw(st.sampled_from(Mark.values)), tag=draw(st.sampled_from(Tag.values)),
        owner=draw(maybe(NAMES, "")), status=draw(st.sampled_from(CardStatus.values)),
        due=draw(DAYS), evidence=draw(st.sampled_from(Evidence.values)),
        evidence_source=draw(maybe(NAMES, "")),
        evidence_n=draw(st.none() | st.integers(0, 10**9)), evidence_on=draw(DAYS),
        url=draw(st.sampled_from(["", "https://cafe.example/?a=1&b=2", "mailto:a@b.example"])),
        upload_id=draw(st.sampled_from([None, *files])),
    )  # fmt: skip


def text_of(value: Decimal) -> str:
    return f"{value:.2f}".replace("-0.00", "0.00")


def same(content: Content) -> dict[str, Any]:
    """The map without ids: what must be alike when it comes back from a file."""
    cells = cells_of(content)
    steps = [step for _id, _phase, steps in order_of(content) for step in steps]
    places = {id: n for n, (id, _row) in enumerate(steps)}
    people = {row["persona_id"]: n for n, (_id, row) in enumerate(content.rows("persona"))}
    cards: dict[int, Any] = {}
    lanes = []
    for n, (id, row) in enumerate(content.rows("lane")):
        found = []
        for step in places:
            for m, (card, values) in enumerate(cells.get((id, step), [])):
                cards[card] = (n, places[step], m)
                found.append((places[step], _card_of(content, values)))
        lanes.append(({**row, "position": 0}, found))
    return {
        "title": content.title,
        "template": content.is_template,
        "future": content.future_of,
        "phases": [
            (row["name"], row["collapsed"], [_step_of(content, *step) for step in inside])
            for _id, row, inside in order_of(content)
        ],
        "lanes": lanes,
        "arrows": sorted(
            (cards[row["tail_id"]], cards[row["head_id"]], row["both_ways"])
            for row in content.state["arrow"].values()
        ),
        "personas": sorted(
            (people.get(id, -1), repr(_persona_of(content, id))) for id in content.personas
        ),
    }


def _step_of(content: Content, id: int, row: Any) -> Any:
    links = [r["touchpoint_id"] for _id, r in content.rows("touchpoint") if r["step_id"] == id]
    asked = [r["question_id"] for r in content.state["question"].values() if r["step_id"] == id]
    return (
        row["name"], row["assumed"], row["is_moment"], content.maps.get(row["opens_id"]),
        content.origins.get(row["origin"]), [content.touchpoints[link] for link in links],
        sorted(content.questions[question] for question in asked),
        sorted(
            (repr(_persona_of(content, r["persona_id"])), r["value"])
            for r in content.state["assumption"].values() if r["step_id"] == id
        ),
    )  # fmt: skip


def _card_of(content: Content, row: Any) -> Any:
    gone = {"lane_id", "step_id", "position", "upload_id"}
    plain = {name: value for name, value in row.items() if name not in gone}
    return plain, content.files.get(row["upload_id"])


def _persona_of(content: Content, id: int) -> Any:
    persona = content.personas[id]
    return (
        persona.name, sorted(persona.texts.items()), persona.reviewed_on, persona.segment,
        content.files.get(persona.picture or 0),
    )  # fmt: skip
