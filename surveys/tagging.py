"""Tags of comments: what their words suggest, and what people decided by hand."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from cxm.models import Workspace
from surveys.models import Tag, Tagging

MOST = 60  # tags that one page counts


@dataclass(frozen=True)
class Marks:
    """The tags of one comment; those in ``suggested`` only follow from their words."""

    tags: tuple[Tag, ...] = ()
    suggested: frozenset[int] = field(default_factory=frozenset)


def pattern(words: Iterable[str]) -> str:
    """A regular expression for the beginning of any of the words; empty for none.

    PostgreSQL and Python read it alike, so that counts and marks agree.
    """
    escaped = [re.escape(word.strip()) for word in words if word.strip()]
    return rf"(^|\W)({'|'.join(escaped)})" if escaped else ""


def suggests(tag: Tag, text: str) -> bool:
    """Whether the words of a tag stand in a text, whatever their case and ending."""
    wanted = pattern(tag.words)
    return bool(wanted) and re.search(wanted, text, re.IGNORECASE) is not None


def marks(tags: Sequence[Tag], texts: Mapping[UUID, str]) -> dict[UUID, Marks]:
    """The tags of each comment, by hand or by their words: one query."""
    decided: dict[tuple[UUID, int], bool] = {
        (row.answer_id, row.tag_id): row.fits
        for row in Tagging.objects.filter(answer_id__in=list(texts))
    }
    found = {}
    for answer, text in texts.items():
        by_hand = {tag.pk for tag in tags if decided.get((answer, tag.pk))}
        by_word = {
            tag.pk for tag in tags if (answer, tag.pk) not in decided and suggests(tag, text)
        }
        kept = tuple(tag for tag in tags if tag.pk in by_hand | by_word)
        found[answer] = Marks(kept, frozenset(by_word))
    return found


def condition(tag: Tag, at: str = "") -> tuple[str, dict[str, Any]]:
    """SQL that holds for an answer ``a`` which has the tag, and the values it names."""
    wanted = pattern(tag.words)
    by_hand = (
        f"EXISTS (SELECT 1 FROM surveys_tagging t WHERE t.tag_id = %(tag{at})s"
        " AND t.answer_id = a.id AND {fits})"
    )
    parts = [by_hand.format(fits="t.fits")]
    values: dict[str, Any] = {f"tag{at}": tag.pk}
    if wanted:
        values[f"words{at}"] = wanted
        refused = by_hand.format(fits="NOT t.fits")
        parts.append(f"(a.raw ~* %(words{at})s AND NOT {refused})")
    return f"({' OR '.join(parts)})", values


def count(tags: Sequence[Tag], source: str, params: dict[str, Any]) -> list[tuple[Tag, int]]:
    """How many of the comments each tag has, most first; ``source`` is FROM … WHERE … of ``a``."""
    wanted = list(tags)[:MOST]
    if not wanted:
        return []
    columns, values = [], dict(params)
    for number, tag in enumerate(wanted):
        holds, named = condition(tag, str(number))
        columns.append(f"count(*) FILTER (WHERE {holds})")
        values |= named
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} {source}", values)
        row = cursor.fetchone()
    return sorted(zip(wanted, row, strict=True), key=lambda item: (-item[1], item[0].name))


def set_tag(*, workspace: Workspace, tag: Tag, answer_id: UUID, fits: bool) -> None:
    """Say by hand that a tag fits a comment or does not, whatever its words suggest."""
    with transaction.atomic():
        Tagging.objects.update_or_create(
            workspace=workspace, tag=tag, answer_id=answer_id, defaults={"fits": fits}
        )
