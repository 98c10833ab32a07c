"""The known shares of a survey's segments, typed in as percentages."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cxm.statistics.raking import HIGH, LOW
from cxm.templatetags.ui import number
from surveys.models import Scheme, Survey
from surveys.weighting import Candidate, Shares

NEAR = 0.051  # percent: three thirds of 33.3 are whole


@dataclass(frozen=True)
class Row:
    """One segment of the form: its field, how many answered, their share of the known ones."""

    field: forms.BoundField
    name: str
    n: int
    now: float


@dataclass(frozen=True)
class Group:
    """One dimension; whether it counts, how many responses are in none of its segments."""

    name: str
    rows: tuple[Row, ...]
    unknown: int
    errors: Sequence[str]


class SchemeForm(forms.Form):
    """A name, bounds, and one percentage per segment; a dimension left empty is not used."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    low = forms.FloatField(label=gettext_lazy("Lowest weight"), initial=LOW)
    high = forms.FloatField(label=gettext_lazy("Highest weight"), initial=HIGH)

    def __init__(
        self,
        *args: Any,
        survey: Survey,
        candidates: Mapping[str, Sequence[Candidate]],
        unknown: Mapping[str, int],
        scheme: Scheme | None = None,
        **kwargs: Any,
    ) -> None:
        if scheme:
            kwargs["initial"] = _initial(scheme)
        super().__init__(*args, **kwargs)
        self.survey, self.scheme = survey, scheme
        self.candidates, self.unknown = candidates, unknown
        self.dimension_errors: dict[str, list[str]] = {}
        for rows in candidates.values():
            for row in rows:
                self.fields[_key(row.segment.pk)] = forms.FloatField(
                    label=row.segment.name,
                    required=False,
                    min_value=0,
                    max_value=100,
                    widget=forms.NumberInput(attrs={"class": "inp num"}),
                )
        for field in self.fields.values():
            if isinstance(field, forms.FloatField):
                field.widget.attrs |= {"step": "any"}

    @property
    def groups(self) -> list[Group]:
        """The dimensions as the page draws them."""
        return [
            Group(
                name,
                tuple(self._row(row, sum(other.n for other in rows)) for row in rows),
                self.unknown.get(name, 0),
                self.dimension_errors.get(name, []),
            )
            for name, rows in self.candidates.items()
        ]

    def _row(self, row: Candidate, known: int) -> Row:
        share = row.n / known if known else 0.0
        return Row(self[_key(row.segment.pk)], row.segment.name, row.n, share)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = Scheme.objects.filter(survey=self.survey, name__iexact=name)
        if self.scheme:
            others = others.exclude(pk=self.scheme.pk)
        if others.exists():
            raise forms.ValidationError(_("This survey has weights of this name already."))
        return name

    def clean_low(self) -> float:
        low: float = self.cleaned_data["low"]
        if not 0 < low <= 1:
            raise forms.ValidationError(_("Above 0, at most 1."))
        return low

    def clean_high(self) -> float:
        high: float = self.cleaned_data["high"]
        if not 1 <= high <= 100 or math.isnan(high):
            raise forms.ValidationError(_("At least 1, at most 100."))
        return high

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if any(
            _key(r.segment.pk) in self.errors for rows in self.candidates.values() for r in rows
        ):
            return data
        for name, rows in self.candidates.items():
            self._check(name, self._given(rows))
        if self.dimension_errors:
            raise forms.ValidationError([e for es in self.dimension_errors.values() for e in es])
        if not self.shares:
            raise forms.ValidationError(_("Type the known shares of at least one dimension."))
        return data

    def _given(self, rows: Sequence[Candidate]) -> dict[int, float]:
        """Percentages by segment, without the fields left empty."""
        typed = {row.segment.pk: self.cleaned_data.get(_key(row.segment.pk)) for row in rows}
        return {id: share for id, share in typed.items() if share is not None}

    def _check(self, dimension: str, given: Mapping[int, float]) -> None:
        problems = self.dimension_errors.setdefault(dimension, [])
        total = math.fsum(given.values())
        if given and abs(total - 100) > NEAR:
            words = {"dimension": dimension, "total": number(total, 1)}
            problems.append(_("%(dimension)s adds up to %(total)s%%, not to 100.") % words)
        if any(share == 0 for share in given.values()):
            words = {"dimension": dimension}
            problems.append(
                _("%(dimension)s: nobody weighs nothing. Leave a field empty instead of 0.") % words
            )
        if not problems:
            del self.dimension_errors[dimension]

    @property
    def shares(self) -> Shares:
        """What was typed, as shares that add up to exactly 1."""
        found = {}
        for name, rows in self.candidates.items():
            given = self._given(rows)
            total = math.fsum(given.values())
            if given and total:
                found[name] = {id: share / total for id, share in given.items()}
        return found


def _key(segment: int) -> str:
    return f"share-{segment}"


def _initial(scheme: Scheme) -> dict[str, Any]:
    shares = {
        _key(id): round(share * 100, 2)
        for target in scheme.targets
        for id, share in target["shares"]
    }
    return {"name": scheme.name, "low": scheme.low, "high": scheme.high, **shares}
