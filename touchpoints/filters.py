"""What of the catalogue is shown, in which order: read from the address, written back into it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Case,
    Count,
    Func,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.http import QueryDict

from touchpoints.models import (
    Alias,
    Influence,
    Lifecycle,
    MediaType,
    Stage,
    Touchpoint,
    TouchpointQuerySet,
)

IN_USE, ALL = "", "all"


def _ranked(field: str, values: list[str]) -> Any:
    """Order by the meaning of a word (before, during, after), not by its letters."""
    whens = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*whens, output_field=IntegerField())


_ACCENTED, _PLAIN = "äöüàáâãåçèéêëìíîïñòóôõøùúûý", "aouaaaaaceeeeiiiinooooouuuy"


def _alphabetical(field: str) -> Any:
    """Ä beside A, as in a dictionary (DIN 5007-1); not every server knows a language's order."""
    # Capitals as well: under the C locale the server makes only A to Z small.
    letters = Value(_ACCENTED + _ACCENTED.upper()), Value(_PLAIN * 2)
    return Func(Lower(field), *letters, function="TRANSLATE", output_field=TextField())


SORTS: dict[str, Any] = {
    "name": _alphabetical("name"),
    "kind": _ranked("media_type", MediaType.values),
    "channel": _alphabetical("channel__name"),
    "stage": _ranked("stage", Stage.values),
    "owner": _alphabetical("owner"),
    "influence": _ranked("influence", Influence.values),
}


def _id(text: str) -> int | None:
    """A row's number; one with more digits than Python reads is nobody's, like its beginning."""
    return int(text[:40]) if text.isascii() and text.isdigit() else None


@dataclass(frozen=True)
class Filter:
    """One view of the catalogue; whatever is empty does not narrow it."""

    q: str = ""
    media: str = ""
    channel: int | None = None
    owner: str = ""
    no_owner: bool = False
    lifecycle: str = IN_USE
    sort: str = "name"

    @classmethod
    def of(cls, query: QueryDict) -> "Filter":
        """Read an address; a value that means nothing is left out."""
        text = {key: query.get(key, "").replace("\0", "").strip() for key in query}
        channel = text.get("channel", "")
        known = {*Lifecycle.values, ALL}
        return cls(
            q=text.get("q", "")[:120],
            media=text["media"] if text.get("media") in MediaType.values else "",
            channel=_id(channel),
            owner=text.get("owner", "")[:120],
            no_owner=text.get("no_owner") == "1",
            lifecycle=text["lifecycle"] if text.get("lifecycle") in known else IN_USE,
            sort=text["sort"] if text.get("sort", "").removeprefix("-") in SORTS else "name",
        )

    def query(self, *, format: str = "", **changed: Any) -> str:
        """The address of this view, ``?`` included; empty for the view without any filter."""
        wanted = replace(self, **changed)
        values = {
            name: 1 if value is True else value
            for name in self.__dataclass_fields__
            if (value := getattr(wanted, name)) and (name, value) != ("sort", "name")
        }
        values |= {"format": format} if format else {}
        return f"?{urlencode(values)}" if values else ""

    @property
    def is_narrow(self) -> bool:
        return replace(self, sort="name") != Filter()

    def rows(self) -> TouchpointQuerySet:
        """The touchpoints shown, in order, with what a row needs."""
        found = Touchpoint.objects.all().for_catalogue().filter(self._all_but())
        first = SORTS[self.sort.removeprefix("-")]
        ordered = first.desc(nulls_last=True) if self.sort[0] == "-" else first.asc(nulls_last=True)
        return found.order_by(ordered, SORTS["name"], "pk")

    def counts(self) -> dict[str, int]:
        """``all``, one number per media type, and ``no_owner``: what each choice would show."""
        rows: QuerySet[Touchpoint] = Touchpoint.objects.all()
        kinds = rows.filter(self._all_but("media")).aggregate(
            all=Count("pk"), **{kind: Count("pk", filter=Q(media_type=kind)) for kind in MediaType}
        )
        nobody = rows.filter(self._all_but("owner", "no_owner"), owner="").count()
        return {**kinds, "no_owner": nobody}

    def _all_but(self, *left_out: str) -> Q:
        parts = {
            "q": Q(name__icontains=self.q)
            | Q(owner__icontains=self.q)
            | Q(channel__name__icontains=self.q)
            | Q(pk__in=Alias.objects.filter(name__icontains=self.q).values("touchpoint"))
            if self.q
            else Q(),
            "media": Q(media_type=self.media) if self.media else Q(),
            "channel": Q(channel=self.channel) if self.channel else Q(),
            "owner": Q(owner=self.owner) if self.owner else Q(),
            "no_owner": Q(owner="") if self.no_owner else Q(),
            "lifecycle": self._lifecycle(),
        }
        whole = Q()
        for name, part in parts.items():
            if name not in left_out:
                whole &= part
        return whole

    def _lifecycle(self) -> Q:
        if self.lifecycle == ALL:
            return Q()
        if self.lifecycle == IN_USE:
            return ~Q(lifecycle=Lifecycle.RETIRED)
        return Q(lifecycle=self.lifecycle)
