"""What was recognised in a file, in words."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cxm.templatetags.ui import number

OWN_FORMS: Final = ("spss", "theydo")
KINDS_OF_ROWS: Final = ("preview", "spam", "unfinished")


@dataclass(frozen=True)
class RowKind:
    """Rows that may be no answers of customers: how many, and whether they are left out."""

    key: str
    n: int
    is_out: bool

    @property
    def label(self) -> str:
        return {
            "preview": _("Leave out previews and tests"),
            "spam": _("Leave out what the tool took for spam"),
            "unfinished": _("Leave out answers that were not finished"),
        }[self.key]

    @property
    def words(self) -> str:
        return _kind_words(self) % {"n": number(self.n)}


def _kind_words(kind: RowKind) -> str:
    n = kind.n
    if kind.key == "preview":
        return (
            ngettext("%(n)s preview is left out", "%(n)s previews are left out", n)
            if kind.is_out
            else ngettext("%(n)s preview is kept", "%(n)s previews are kept", n)
        )
    if kind.key == "spam":
        return (
            ngettext("%(n)s answer taken for spam is left out",
                     "%(n)s answers taken for spam are left out", n)
            if kind.is_out
            else ngettext("%(n)s answer taken for spam is kept",
                          "%(n)s answers taken for spam are kept", n)
        )  # fmt: skip
    return (
        ngettext("%(n)s unfinished answer is left out", "%(n)s unfinished answers are left out", n)
        if kind.is_out
        else ngettext("%(n)s unfinished answer is kept", "%(n)s unfinished answers are kept", n)
    )


@dataclass(frozen=True)
class Recognised:
    """What wrote the file: "" is a plain table. ``names``: every tool that can be chosen."""

    key: str
    name: str
    heading: int
    kinds: list[RowKind] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, result: dict[str, Any], names: list[tuple[str, str]]) -> "Recognised":
        rule = result.get("rule", {})
        key, out = rule.get("vendor", ""), rule.get("left_out", ())
        marked = result.get("marked", {})
        kinds = [RowKind(k, marked[k], k in out) for k in KINDS_OF_ROWS if marked.get(k)]
        tables = [pair for pair in names if pair[0] not in OWN_FORMS]
        return cls(key, dict(names).get(key, ""), result.get("heading", 1), kinds, tables)

    @property
    def is_certain(self) -> bool:
        """A form of its own, such as SPSS: there is nothing to say otherwise."""
        return self.key in OWN_FORMS

    @property
    def words(self) -> str:
        """ "3 heading lines · 2 previews are left out"."""
        lines = ngettext("%(n)s heading line", "%(n)s heading lines", self.heading)
        return " · ".join([lines % {"n": number(self.heading)}, *(k.words for k in self.kinds)])
