"""The mapping that reads a wide export back to the same answers."""

from typing import Final

from surveys.exporting.book import Book, Column
from surveys.mapping import (
    CodeColumn,
    DateRule,
    FileRule,
    Mapping,
    QuestionRule,
    ResponseRule,
    SegmentRule,
    SurveyRule,
)
from surveys.models import Kind, Source

# What the parser takes at most.
_TEXT: Final = 2000
_LABEL: Final = 120


def mapping_of(book: Book) -> Mapping:
    """For CSV and XLSX alike; ``exact`` says that each cell is as ``cells.write`` put it."""
    meta, survey = book.meta, book.survey
    languages = book.languages or (survey.language,)
    return Mapping(
        survey=SurveyRule(survey.name, survey.language, str(survey.source)),
        response=ResponseRule(
            id=meta["response"],
            answered_on=DateRule(meta["answered_on"], "%Y-%m-%d"),
            weight=meta["weight"],
            cluster=meta["cluster"],
            language=CodeColumn(meta["language"], {code: code for code in languages}),
            source=CodeColumn(meta["source"], {source: source for source in Source.values}),
        ),
        questions=tuple(_question(column) for column in book.columns),
        segments=tuple(
            SegmentRule(
                dimension,
                meta[dimension],
                {s.name: s.name for s in book.segments.values() if s.dimension == dimension},
            )
            for dimension in book.dimensions
        ),
        file=FileRule(encoding="utf-8-sig", delimiter=","),
    )


def _question(column: Column) -> QuestionRule:
    question = column.question
    texts = (question.text, question.touchpoint.name if question.touchpoint else "", column.key)
    scale = (question.scale_min, question.scale_max)
    return QuestionRule(
        column=column.key,
        text=next(text.strip() for text in texts if text.strip())[:_TEXT],
        kind=Kind(question.kind),
        scale=None if scale[0] is None or scale[1] is None else (scale[0], scale[1]),
        is_reversed=question.is_reversed,
        touchpoint=question.touchpoint.name if question.touchpoint else "",
        labels={code: words[:_LABEL] for code, words in column.labels},
        exact=("scores" if column.scores else "texts") if column.has_answers else "nothing",
        part_of=question.parent.key if question.parent else "",
        code=question.code,
    )
