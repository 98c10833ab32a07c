"""Mapping → TOML, the same content that parsing takes."""

from typing import Any, Final

import tomli_w

from surveys.mapping.parsing import SOURCE_WORDS
from surveys.mapping.rules import CodeColumn, DateRule, Mapping, QuestionRule
from surveys.scales import code

_WORDS: Final = {source.value: word for word, source in SOURCE_WORDS.items()}


def write_mapping(mapping: Mapping) -> str:
    """TOML that ``parse_mapping`` reads back to an equal mapping."""
    content: dict[str, Any] = {
        "survey": {
            "name": mapping.survey.name,
            "language": mapping.survey.language,
            "source": _WORDS[mapping.survey.source],
        },
        "file": _file(mapping),
        "response": _response(mapping),
        "segment": [
            {"name": rule.name, "column": rule.column, "values": dict(rule.values)}
            for rule in mapping.segments
        ],
        "question": [_question(rule) for rule in mapping.questions],
    }
    return tomli_w.dumps({key: value for key, value in content.items() if value})


def _file(mapping: Mapping) -> dict[str, Any]:
    rule = mapping.file
    return _filled(
        encoding=rule.encoding,
        delimiter=rule.delimiter,
        header_rows=rule.header_rows if rule.header_rows != 1 else None,
        vendor=rule.vendor,
        left_out=list(rule.left_out) if rule.vendor else None,
    )


def _response(mapping: Mapping) -> dict[str, Any]:
    rule, day = mapping.response, mapping.response.answered_on
    return _filled(
        id=rule.id,
        by_content=True if not rule.id else None,
        answered_on=_filled(column=day.column, prefix=day.prefix, format=day.format)
        if isinstance(day, DateRule)
        else day,
        weight=rule.weight,
        cluster=rule.cluster,
        language=_codes(rule.language),
        source=_codes(rule.source, _WORDS),
        customer=rule.customer,
    )


def _codes(codes: CodeColumn | None, words: dict[str, str] | None = None) -> dict[str, Any] | None:
    if codes is None:
        return None
    values = {code: (words or {}).get(label, label) for code, label in codes.values.items()}
    return {"column": codes.column, "values": values}


def _question(rule: QuestionRule) -> dict[str, Any]:
    return _filled(
        column=rule.column,
        text=rule.text,
        kind=rule.kind.value,
        scale=list(rule.scale) if rule.scale else None,
        reversed=rule.is_reversed or None,
        never_used=[_plain(item) for item in rule.never_used],
        no_answer=[_plain(item) for item in rule.no_answer],
        touchpoint=rule.touchpoint,
        step=rule.step,
        labels=dict(rule.labels),
        scores=dict(rule.scores),
        times=rule.times if rule.times != 1 else None,
        separator=rule.separator,
        options=[
            {"column": option.column, "text": option.text} if option.column else option.text
            for option in rule.options
        ],
        other=rule.other,
        exact=rule.exact,
        part_of=rule.part_of,
        code=rule.code,
    )


def _plain(item: str) -> int | str:
    """Whole numbers without quotes, as a person would write them."""
    try:
        return int(item) if code(str(int(item))) == item else item
    except ValueError:
        return item


def _filled(**values: Any) -> dict[str, Any]:
    kept = ("left_out",)  # an empty list says that nothing is left out
    return {
        key: value
        for key, value in values.items()
        if value not in (None, "", [], {}) or (key in kept and value is not None)
    }
