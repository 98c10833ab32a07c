"""What people wrote in a survey, for a list that never shows a few."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from surveys import counted, tagging
from surveys import results_counts as counts
from surveys.models import Answer, Kind, Question, Response, Source, Status, Survey, Tag
from surveys.results_selection import Selection


@dataclass(frozen=True)
class Comment:
    """One text. ``emotion`` is the mean of the same person's scores, −2 … +2."""

    id: UUID
    text: str
    question: Question
    source: Source
    language: str
    emotion: float | None
    marks: tagging.Marks
    others: tuple[Tag, ...]


@dataclass(frozen=True)
class Comments:
    """A page of comments and what stays hidden: questions and sources with a few texts."""

    shown: tuple[Comment, ...]
    total: int
    found: int
    tags: tuple[tuple[Tag, int], ...]
    hidden_questions: tuple[tuple[Question, int], ...]
    hidden_sources: tuple[tuple[Source, int], ...]
    page: int
    pages: int


def read_comments(
    survey: Survey,
    selected: Selection,
    *,
    words: str = "",
    tag: Tag | None = None,
    page: int = 1,
    size: int = 50,
) -> Comments:
    """The newest first. ``found`` of ``total`` have the words and the tag.

    A question, and a source, of fewer texts than the survey's threshold shows none of them.
    """
    questions = {q.pk: q for q in survey.questions.select_related("touchpoint")}
    texts = {pk: q for pk, q in questions.items() if q.kind == Kind.TEXT and not q.has_scale}
    written = _written(survey, list(texts), selected)
    k = survey.k_verbatims
    by_question = _sums(written, 0)
    open_ = [pk for pk in texts if by_question[pk] >= k]
    by_source = _sums({key: n for key, n in written.items() if key[0] in open_}, 1)
    sources = [source for source, n in by_source.items() if n >= k]
    base, params = _from(survey, selected, open_, sources)
    tags = list(Tag.objects.all()[: tagging.MOST])
    total = sum(n for (question, source), n in written.items()
                if question in open_ and source in sources)  # fmt: skip
    narrow, named = _narrow(words, tag)
    found = _count(base + narrow, params | named) if narrow else total
    pages = max(-(-found // size), 1)
    page = min(max(page, 1), pages)
    rows = _rows(base + narrow, params | named | {"size": size, "offset": (page - 1) * size})
    return Comments(
        shown=_comments(rows, questions, tags),
        total=total,
        found=found,
        tags=tuple(tagging.count(tags, base, params)) if total else (),
        hidden_questions=tuple((q, by_question[pk]) for pk, q in texts.items()
                               if 0 < by_question[pk] < k),
        hidden_sources=tuple((Source(s), n) for s, n in by_source.items() if n < k),
        page=page,
        pages=pages,
    )  # fmt: skip


def _written(
    survey: Survey, questions: Sequence[int], selected: Selection
) -> dict[tuple[int, str], int]:
    """Texts by (question, source); portals only where nobody was asked, or where chosen."""
    if not questions:
        return {}
    where, params = counts.conditions(survey, selected)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.question_id, r.source, count(*) {_JOIN} WHERE {where} AND {_SAYS}"
            " GROUP BY 1, 2",
            params | {"questions": list(questions)},
        )
        found = {(question, source): n for question, source, n in cursor.fetchall()}
    sources = {source for _question, source in found}
    kept = {selected.source} if selected.source else sources - {Source.PORTAL} or sources
    return {key: n for key, n in found.items() if key[1] in kept}


_JOIN = (
    "FROM surveys_answer a JOIN surveys_response r"
    " ON r.workspace_id = a.workspace_id AND r.id = a.response_id"
)
_SAYS = (
    "a.workspace_id = %(workspace)s AND a.question_id = ANY(%(questions)s)"
    f" AND a.status = {int(Status.SCORED)} AND a.raw <> ''"
)


def _sums(written: Mapping[tuple[int, str], int], at: int) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for key, n in written.items():
        found[key[at]] += n
    return found


def _from(
    survey: Survey, selected: Selection, questions: Sequence[int], sources: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    where, params = counts.conditions(survey, selected)
    found = f"{_JOIN} WHERE {where} AND {_SAYS} AND r.source = ANY(%(sources)s)"
    return found, params | {"questions": list(questions), "sources": list(sources)}


def _narrow(words: str, tag: Tag | None) -> tuple[str, dict[str, Any]]:
    text, named = "", {}
    if words:
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        text, named = " AND a.raw ILIKE %(text)s", {"text": f"%{escaped}%"}
    if tag:
        holds, values = tagging.condition(tag)
        text, named = f"{text} AND {holds}", named | values
    return text, named


def _count(source: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {source}", params)
        return int(cursor.fetchone()[0])


def _rows(source: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.id, a.raw, a.question_id, a.response_id, r.source, r.language {source}"
            " ORDER BY r.answered_on DESC, a.response_id DESC, a.question_id"
            " LIMIT %(size)s OFFSET %(offset)s",
            params,
        )
        return list(cursor.fetchall())


def _comments(
    rows: Sequence[tuple[Any, ...]], questions: Mapping[int, Question], tags: Sequence[Tag]
) -> tuple[Comment, ...]:
    marked = tagging.marks(tags, {row[0]: row[1] for row in rows})
    felt = _emotions(questions, {row[3] for row in rows})
    return tuple(
        Comment(
            id=pk,
            text=raw,
            question=questions[question],
            source=Source(source),
            language=language,
            emotion=felt.get(response),
            marks=marked[pk],
            others=tuple(tag for tag in tags if tag not in marked[pk].tags),
        )
        for pk, raw, question, response, source, language in rows
    )


def _emotions(questions: Mapping[int, Question], responses: set[UUID]) -> dict[UUID, float]:
    """How the writers scored the survey, on −2 … +2."""
    scales = counted.scales(questions.values())
    if not scales or not responses:
        return {}
    scored = Answer.objects.filter(
        response_id__in=list(responses), question_id__in=list(scales),
        status=Status.SCORED, score__isnull=False,
    ).values_list("response_id", "question_id", "score")  # fmt: skip
    values: dict[UUID, list[float]] = {}
    for response, question, score in scored:
        values.setdefault(response, []).append(scales[question].emotion(score or 0))
    return {response: sum(found) / len(found) for response, found in values.items()}


def one_comment(survey: Survey, answer_id: UUID) -> Comment | None:
    """One text of a survey with its tags, for the page that just changed them."""
    answer = Answer.objects.filter(
        id=answer_id, question_id__in=survey.questions.filter(kind=Kind.TEXT).values("pk")
    ).first()
    if answer is None:
        return None
    response = Response.objects.filter(id=answer.response_id).first()
    if response is None:
        return None
    questions = {q.pk: q for q in survey.questions.select_related("touchpoint")}
    row = (
        answer.id, answer.raw, answer.question_id, response.id, response.source, response.language,
    )  # fmt: skip
    return _comments([row], questions, list(Tag.objects.all()[: tagging.MOST]))[0]
