"""TOML → mapping. All problems are found at once and named with the table they stand in."""

import datetime as dt
import tomllib
from typing import Any, Final

from django.utils.translation import gettext as _

from surveys.mapping.reader import Reader
from surveys.mapping.rules import (
    CodeColumn,
    DateRule,
    FileRule,
    Mapping,
    MappingError,
    OptionRule,
    QuestionRule,
    ResponseRule,
    SegmentRule,
    SurveyRule,
)
from surveys.models import SCALE_KINDS, Kind, Source

_LONGEST: Final = 1_000_000
SOURCE_WORDS: Final = {
    "survey link": Source.LINK,
    "qr": Source.QR,
    "e-mail": Source.EMAIL,
    "interview": Source.INTERVIEW,
    "import": Source.IMPORT,
    "portal": Source.PORTAL,
    "tablet": Source.KIOSK,
    "paper": Source.PAPER,
    "own website": Source.EMBED,
}
# What a column of a file can be; the rest is only ever asked here.
KINDS: Final = (
    Kind.RATING, Kind.FACES, Kind.NPS, Kind.CSAT, Kind.CES, Kind.CHOICE, Kind.SEVERAL,
    Kind.RANKING, Kind.TEXT,
)  # fmt: skip
_SEVERAL: Final = (Kind.SEVERAL, Kind.RANKING)
_MOST_OPTIONS: Final = 200
# Cells as ``answer_cells`` writes them.
_EXACT: Final = ("scores", "texts", "nothing")
_SOURCES: Final = SOURCE_WORDS | {source.value: source for source in Source}
DEFAULT_SCALES: Final = {
    Kind.NPS: (0, 10), Kind.CSAT: (1, 5), Kind.CES: (1, 7), Kind.FACES: (1, 5)
}  # fmt: skip


def parse_mapping(content: str | bytes) -> Mapping:
    """Read a mapping file. Raises MappingError with every problem found."""
    top = Reader(_load(content), "", [])
    survey = _survey(top.table("survey"))
    response = _response(top.table("response"))
    file = _file(top.table("file", required=False))
    segments = tuple(_segment(table) for table in top.tables("segment"))
    questions = tuple(_question(table) for table in top.tables("question"))
    top.finish()
    _once(top, "segment", [segment.name for segment in segments])
    _once(top, "question", [question.column for question in questions])
    _once(top, "question", [name for question in questions for name in question.columns])
    if not questions:
        top.problem(_("The mapping has no [[question]]."))
    if top.problems:
        raise MappingError(list(dict.fromkeys(top.problems)))
    return Mapping(survey, response, questions, segments, file)


def _load(content: str | bytes) -> dict[str, Any]:
    if len(content) > _LONGEST:
        raise MappingError([_("The mapping is too long to be one.")])
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise MappingError([_("The mapping is not a UTF-8 text file.")]) from error
    except (ValueError, RecursionError) as error:
        message = _("The mapping is not valid TOML: %(reason)s.") % {"reason": error}
        raise MappingError([message]) from error


def _once(top: Reader, table: str, names: list[str]) -> None:
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        top.problem(_("[[%(table)s]]: “%(name)s” stands twice.") % {"table": table, "name": name})


def _survey(table: Reader) -> SurveyRule:
    name, language = table.text("name", limit=160), table.text("language", limit=8)
    source = _source(table, table.text("source"), "source")
    table.finish()
    return SurveyRule(name, language, source)


def _source(table: Reader, word: str, key: str) -> str:
    found = _SOURCES.get(word.strip().lower())
    if word and not found:
        table.problem(
            _("%(key)s: “%(word)s” is no source; known are %(known)s.")
            % {"key": key, "word": word, "known": ", ".join(SOURCE_WORDS)}
        )
    return found or Source.IMPORT


def _file(table: Reader) -> FileRule:
    rule = FileRule(
        table.text("encoding", required=False) or None,
        table.text("delimiter", required=False, trim=False) or None,
        table.number("header_rows", default=1, low=1, high=50),
        table.text("vendor", required=False, limit=40),
        table.words("left_out", limit=40, most=20),
    )
    table.finish()
    return rule


def _response(table: Reader) -> ResponseRule:
    by_content = table.flag("by_content")
    rule = ResponseRule(
        id=table.text("id", required=not by_content, limit=200),
        answered_on=_answered_on(table),
        weight=table.text("weight", required=False, limit=200),
        cluster=table.text("cluster", required=False, limit=200),
        language=_codes(table, "language", 8),
        source=_sources(table),
        customer=table.text("customer", required=False, limit=200),
    )
    if by_content and rule.id:
        table.problem(_("by_content is for lines without an id."))
    table.finish()
    return rule


def _answered_on(table: Reader) -> dt.date | DateRule:
    value = table.take("answered_on")
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, dict):
        return _date_rule(table.child("answered_on", value))
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        if value is not None:
            table.problem(_("answered_on is a date or {column, format, prefix}."))
        return dt.date.min


def _date_rule(table: Reader) -> DateRule:
    rule = DateRule(
        table.text("column", limit=200),
        table.text("format", limit=100, trim=False),
        table.text("prefix", required=False, limit=100, trim=False),
    )
    table.finish()
    if rule.format and not reads_days(rule.format):
        table.problem(
            _(
                "format “%(format)s” cannot be read: it needs day, month and year,"
                " such as %%Y-%%m-%%d."
            )
            % {"format": rule.format}
        )
    return rule


def reads_days(format: str) -> bool:
    """Whether a strptime format names a whole day."""
    sample = dt.datetime(2017, 5, 23)
    try:
        return dt.datetime.strptime(sample.strftime(format), format).date() == sample.date()
    except Exception:  # a broken format fails in many ways
        return False


def _codes(table: Reader, key: str, limit: int = 120) -> CodeColumn | None:
    value = table.take(key, required=False)
    if value is None:
        return None
    if not isinstance(value, dict):
        table.problem(_("%(key)s is {column, values}.") % {"key": key})
        return None
    inner = table.child(key, value)
    codes = CodeColumn(inner.text("column", limit=200), inner.labels("values", limit=limit))
    inner.finish()
    return codes


def _sources(table: Reader) -> CodeColumn | None:
    codes = _codes(table, "source")
    if codes is None:
        return None
    known = {code: _source(table, word, "source") for code, word in codes.values.items()}
    return CodeColumn(codes.column, known)


def _segment(table: Reader) -> SegmentRule:
    rule = SegmentRule(
        table.text("name", limit=80), table.text("column", limit=200), table.labels("values")
    )
    table.finish()
    return rule


def _question(table: Reader) -> QuestionRule:
    column = table.text("column", limit=200)
    table.name_it(column)
    exact = _exact(table)
    kind = _kind(table, exact)
    rule = QuestionRule(
        column=column,
        text=table.text("text", limit=2000),
        kind=kind,
        scale=_scale(table, kind),
        is_reversed=table.flag("reversed"),
        never_used=table.codes("never_used"),
        no_answer=table.codes("no_answer"),
        touchpoint=table.text("touchpoint", required=False, limit=120),
        step=table.text("step", required=False, limit=300),
        labels=table.labels("labels", required=False),
        scores=table.numbers("scores", low=-1000, high=1000),
        times=table.number("times", default=1, low=1, high=1000),
        separator=table.text("separator", required=False, limit=10, trim=False),
        options=_options(table),
        other=table.text("other", required=False, limit=500),
        exact=exact,
        part_of=table.text("part_of", required=False, limit=200),
        code=table.number("code", default=0, low=-1000, high=1000) if table.has("code") else None,
    )
    _check_scores(table, rule)
    _check_options(table, rule)
    table.finish()
    for code in set(rule.never_used) & set(rule.no_answer):
        table.problem(_("the code “%(code)s” is both never_used and no_answer.") % {"code": code})
    return rule


def _options(table: Reader) -> tuple[OptionRule, ...]:
    found = []
    for item in table.items("options", most=_MOST_OPTIONS):
        if isinstance(item, str):
            found.append(OptionRule(item.strip()))
            continue
        inner = table.child("options", item)
        found.append(OptionRule(inner.text("text", limit=500), inner.text("column", limit=200)))
        inner.finish()
    return tuple(found)


def _check_scores(table: Reader, rule: QuestionRule) -> None:
    if (rule.scores or rule.times != 1) and not rule.scale:
        table.problem(_("scores and times are for kinds with a scale."))
    for words, score in rule.scores.items():
        if rule.scale and not rule.scale[0] <= score <= rule.scale[1]:
            table.problem(
                _("the score of “%(words)s” is outside of the scale.") % {"words": words[:40]}
            )


def _check_options(table: Reader, rule: QuestionRule) -> None:
    """Options in one cell have a separator, others a column each; both would contradict."""
    if rule.exact:
        return
    if rule.kind not in _SEVERAL:
        if rule.options or rule.separator or rule.other:
            table.problem(_("options are for the kinds several and ranking."))
        return
    texts = [option.text for option in rule.options]
    if len(set(texts)) < len(texts) or "" in texts or rule.other in texts:
        table.problem(_("an option has no text, or two have the same."))
    columns = [option.column for option in rule.options if option.column]
    if columns and (len(columns) < len(texts) or rule.separator or rule.other):
        table.problem(_("either every option has a column, or one cell holds several."))
    elif not columns and (len(texts) < 2 or not rule.separator.strip()):
        table.problem(_("two options and a separator are needed, such as “;”."))


def _exact(table: Reader) -> str:
    word = table.text("exact", required=False)
    if word and word not in _EXACT:
        known = ", ".join(_EXACT)
        table.problem(_("exact is one of %(known)s.") % {"known": known})
    return word if word in _EXACT else ""


def _kind(table: Reader, exact: str) -> Kind:
    word, known = table.text("kind"), Kind.values if exact else [*KINDS]
    if word and word not in known:
        table.problem(
            _("kind “%(word)s” is unknown; known are %(known)s.")
            % {"word": word, "known": ", ".join(known)}
        )
    return Kind(word) if word in known else Kind.TEXT


def _scale(table: Reader, kind: Kind) -> tuple[int, int] | None:
    scale = table.pair("scale", low=-1000, high=1000)
    if kind not in SCALE_KINDS:
        if scale:
            table.problem(_("kind “%(kind)s” has no scale.") % {"kind": kind.value})
        return None
    if not scale and not table.has("scale"):
        if kind not in DEFAULT_SCALES:
            table.problem(_("scale is missing."))
        return DEFAULT_SCALES.get(kind, (1, 5))
    if scale and kind == Kind.NPS and scale != (0, 10):
        table.problem(_("the scale of an NPS question is [0, 10]."))
    return scale
