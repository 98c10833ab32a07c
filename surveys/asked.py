"""Questions in the order in which people meet them."""

from collections.abc import Iterable

from surveys.models import Question


def in_order(questions: Iterable[Question]) -> list[Question]:
    """Each part right after what it is part of; what is asked no more comes last.

    A part's position counts within its question, so positions alone would mix them up.
    """
    rows = list(questions)
    own = {row.pk: row for row in rows}

    def place(row: Question) -> tuple[bool, int, int, bool, int, int]:
        whole = own.get(row.parent_id or row.pk, row)
        is_part = whole is not row
        return (row.is_retired, whole.position, whole.pk, is_part, row.position, row.pk)

    return sorted(rows, key=place)
