"""What the filter bar of a chart offers, shared by every page that reads a ``Selection``."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from journeys import curve_words
from journeys.selection import TARGETED, Choices, Selection
from surveys.models import Source

PERIOD = frozenset({"since", "until", "compare_since", "compare_until"})
GROUPS = frozenset({"segment", "compare", "compare_since", "compare_until"})


@dataclass(frozen=True)
class Option:
    """One choice of a menu: the address of the same view with it chosen."""

    label: str
    query: str
    chosen: bool


def context(
    selected: Selection, choices: Choices, *, has_weights: bool, compares: bool = True
) -> dict[str, Any]:
    """Template values for ``journeys/_filters.html``; some pages offer no comparison."""
    return {
        "selected": selected,
        "choices": choices,
        "compares": compares,
        "survey_options": _surveys(selected, choices),
        "survey_words": curve_words.surveys(selected.surveys_of(choices)) or _("none yet"),
        "source_options": _sources(selected),
        "source_words": _source_words(selected),
        "period_words": curve_words.days(selected.since, selected.until) or _("all days"),
        "compared_days": curve_words.days(selected.compare_since, selected.compare_until),
        "has_weights": has_weights or selected.weighted,
        "scheme": choices.scheme(selected.scheme),
        "scheme_survey": choices.survey(_survey_of(selected, choices)),
        "weight_options": _weights(selected, choices, has_weights or selected.weighted),
        "plain_query": selected.query(weighted=False, scheme=None),
        "weighted_query": selected.query(weighted=True, scheme=None),
        "kept_by_period": _kept(
            selected, PERIOD | ({"compare"} if _is_period(selected) else set())
        ),
        "kept_by_groups": _kept(selected, GROUPS),
    }


def _is_period(selected: Selection) -> bool:
    return selected.compare == "period"


def _kept(selected: Selection, without: Collection[str]) -> list[tuple[str, str]]:
    """What a form must send along so that it changes nothing else."""
    return [(name, value) for name, value in selected.pairs if name not in without]


def _surveys(selected: Selection, choices: Choices) -> list[Option]:
    """All, or any of them: choosing one more adds it, choosing it again takes it away."""
    options = [Option(_("all surveys"), selected.query(surveys=()), not selected.surveys)]
    for survey in choices.surveys:
        chosen = survey.pk in selected.surveys
        rest = tuple(id for id in selected.surveys if id != survey.pk)
        after = rest if chosen else (*rest, survey.pk)
        options.append(Option(survey.name, selected.query(surveys=after), chosen))
    return options


def _survey_of(selected: Selection, choices: Choices) -> int | None:
    scheme = choices.scheme(selected.scheme)
    return scheme.survey_id if scheme else None


def _weights(selected: Selection, choices: Choices, has_weights: bool) -> list[Option]:
    """None, those that the answers brought along, and schemes; empty where there are no schemes."""
    if not choices.schemes:
        return []
    plain = selected.query(weighted=False, scheme=None)
    options = [Option(_("none"), plain, not selected.weighted)]
    own = selected.weighted and not selected.scheme
    if has_weights and (own or not selected.scheme):
        options.append(
            Option(_("as brought along"), selected.query(weighted=True, scheme=None), own)
        )
    for scheme in choices.schemes:
        survey = choices.survey(scheme.survey_id)
        label = f"{scheme.name} · {survey.name}" if survey else scheme.name
        query = selected.query(weighted=True, scheme=scheme.pk)
        options.append(Option(label, query, scheme.pk == selected.scheme))
    return options


def _sources(selected: Selection) -> list[Option]:
    everything = tuple(Source.values)
    named = [(_("asked customers"), TARGETED), (_("all, portals too"), everything)]
    named += [(str(label), (source,)) for source, label in Source.choices]
    return [
        Option(label, selected.query(sources=sources), selected.sources == sources)
        for label, sources in named
    ]


def _source_words(selected: Selection) -> str:
    if selected.sources == TARGETED:
        return _("asked customers")
    if len(selected.sources) == len(Source.values):
        return _("all, portals too")
    return ", ".join(str(Source(source).label) for source in selected.sources)
