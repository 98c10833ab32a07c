"""What the template of a results page needs: figures as lines, bars and options of filters."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils import formats

from surveys import results_counts as counts
from surveys import results_finding, results_words
from surveys.models import Filling, Kind, Link, Question, Response, Source, Survey
from surveys.results import ScaleResult, SurveyResults, read_results
from surveys.results_drawing import Rectangle, axis_of, bar_of, months_picture, parts_of
from surveys.results_funnel import asked, read_funnel
from surveys.results_selection import Selection
from surveys.results_trend import read_months
from surveys.results_ways import Flow, by_place, by_source, read_flow
from touchpoints.models import Segment


@dataclass(frozen=True)
class Line:
    """A scale question as the page draws it; ``spread`` says its answers in words.

    ``group`` is the matrix whose first part this is, where the parts stand together.
    """

    row: ScaleResult
    number: int
    name: str
    bar: tuple[Rectangle, ...]
    spread: str
    query: str
    chosen: bool
    # Only where the interval lies on one side of zero.
    tone: str = ""
    group: Question | None = None


@dataclass(frozen=True)
class Choice:
    """One entry of a filter."""

    value: str
    label: str
    chosen: bool


def context_of(survey: Survey, selected: Selection, *, with_places: bool) -> dict[str, Any]:
    """Everything of the page: a fixed number of queries, whatever the survey holds."""
    results = read_results(survey, selected)
    everybody = counts.people(survey, Selection()) if selected.is_narrow else list(results.people)
    links = list(survey.links.all())
    flow = read_flow(results)
    chosen = chosen_question(results)
    months = read_months(results, chosen) if chosen else None
    lines = _lines(results, chosen)
    return {
        "survey": survey,
        "results": results,
        "selected": selected,
        "k": survey.k,
        "lines": lines,
        "axis": axis_of(results.shown),
        "finding": results_words.headline(_named(results)),
        "chosen": chosen,
        "chosen_name": results_words.name(chosen) if chosen else "",
        "ways": by_source(results, links, flow, chosen),
        "places": by_place(results, links, flow, chosen) if with_places else (),
        "with_places": with_places,
        "has_places": len(links) > 1,
        "funnel": read_funnel(results, flow),
        "months": months,
        "picture": months_picture(months) if months else None,
        "indicators": _indicators(results),
        "filters": _filters(survey, selected, everybody, links),
        "period": period_words(selected),
        "as_asked": selected.query(order=""),
        "lowest_first": selected.query(order="lowest"),
        "held": _held(survey),
        "is_live": survey.state == Survey.State.OPEN,
        "stamp": _stamp(survey, selected, everybody, flow),
        "query": selected.query(),
    }


def _held(survey: Survey) -> int:
    """Fillings that wait for somebody to look whether a person gave them; none in imported ones."""
    if not survey.is_collected:
        return 0
    return Filling.objects.filter(survey_id=survey.pk, state=Filling.State.HELD).count()


def _stamp(survey: Survey, selected: Selection, everybody: list[counts.People], flow: Flow) -> str:
    """What the page has counted already need not be counted again."""
    if selected.is_narrow or not survey.is_collected:
        return stamp(survey)
    return stamp_of(sum(group.n for group in everybody), flow.n_open)


def stamp(survey: Survey) -> str:
    """Changes when a response came or went, or somebody began: two counts in indexes."""
    responses = Response.objects.filter(survey_id=survey.pk).count()
    open_ = Filling.objects.filter(survey_id=survey.pk, state=Filling.State.OPEN, response_id=None)
    begun = open_.count()
    return stamp_of(responses, begun)


def stamp_of(responses: int, begun: int) -> str:
    return f"{responses}.{begun}"


def chosen_question(results: SurveyResults) -> Question | None:
    """The question of the address, else the one with the lowest mean, else the first scale."""
    by_id = {row.question.pk: row for row in results.scales}
    if row := by_id.get(results.selected.question):
        return row.question
    shown = [row for row in results.shown if row.question.kind != Kind.NPS and row.emotion]
    if shown:
        return min(shown, key=lambda row: row.emotion.mean if row.emotion else 0).question
    return results.scales[0].question if results.scales else None


def _named(results: SurveyResults) -> results_finding.Finding | None:
    """Recommendation is no moment of a visit: it stays out of the comparison."""
    return results_finding.find(
        [
            results_finding.Named(results_words.name(row.question), row.emotion)
            for row in results.shown
            if row.emotion and row.question.kind != Kind.NPS
        ]
    )


def _lines(results: SurveyResults, chosen: Question | None) -> list[Line]:
    numbers = {q.pk: number for number, q in enumerate(asked(results.questions), start=1)}
    matrices = {q.pk: q for q in results.questions if q.kind == Kind.MATRIX}
    lowest = results.selected.order == "lowest"
    found, before = [], None
    for row in results.scales:
        question = row.question
        group = matrices.get(question.parent_id or 0) if question.parent_id != before else None
        before = question.parent_id
        bar, spread = bar_of(row)
        found.append(
            Line(
                row=row,
                number=numbers.get(question.pk, 0),
                name=results_words.asked_as(question),
                bar=bar,
                spread=spread,
                query=results.selected.query(question=question.pk),
                chosen=question == chosen,
                tone=_tone(row),
                group=None if lowest else group,
            )
        )
    if lowest:
        found.sort(key=lambda line: line.row.emotion.mean if line.row.emotion else 9)
    return found


def _tone(row: ScaleResult) -> str:
    if row.emotion is None or row.emotion.ci_low <= 0 <= row.emotion.ci_high:
        return ""
    return "neg" if row.emotion.mean < 0 else "pos"


def _indicators(results: SurveyResults) -> list[dict[str, Any]]:
    """NPS, CSAT and CES with their definitions, in the order they were asked."""
    found = []
    for row in results.shown:
        if row.nps:
            bar = parts_of(row.nps)
            found.append(
                {"row": row, "kind": "nps", "bar": bar, "reach": 1.96 * row.nps.se * 2**0.5}
            )
        elif row.question.kind in (Kind.CSAT, Kind.CES):
            found.append({"row": row, "kind": row.question.kind})
    return found


def _filters(
    survey: Survey, selected: Selection, everybody: list[counts.People], links: list[Link]
) -> dict[str, Any]:
    """What each filter offers; empty where there is nothing to choose."""
    sources = sorted({group.source for group in everybody})
    versions = sorted(survey.versions.values_list("number", flat=True))
    segments: dict[str, list[Choice]] = {}
    for segment in Segment.objects.order_by("dimension", "position", "pk"):
        choice = Choice(str(segment.pk), segment.name, segment.pk == selected.segment)
        segments.setdefault(segment.dimension, []).append(choice)
    return {
        "source": _several(
            [Choice(s, str(Source(s).label), s == selected.source) for s in sources]
        ),
        "language": languages_of(survey, selected),
        "segments": segments,
        "link": _several([Choice(str(x.pk), str(x), x.pk == selected.link) for x in links]),
        "version": _several([Choice(str(v), str(v), v == selected.version) for v in versions]),
        "kept": [pair for pair in selected.pairs if pair[0] in ("question", "order")],
        "kept_by_period": [pair for pair in selected.pairs if pair[0] not in ("since", "until")],
        "kept_days": [pair for pair in selected.pairs if pair[0] in ("since", "until")],
        "clear": replace(Selection(), question=selected.question, order=selected.order).query(),
        "is_on": selected.is_narrow,
    }


def languages_of(survey: Survey, selected: Selection) -> list[Choice]:
    """The languages to choose from; those of imports nobody has listed, so they are looked for."""
    codes = survey.all_languages if survey.is_collected else counts.languages(survey)
    return _several(
        [Choice(code, results_words.language(code), code == selected.language) for code in codes]
    )


def _several(choices: list[Choice]) -> list[Choice]:
    return choices if len(choices) > 1 or any(choice.chosen for choice in choices) else []


def period_words(selected: Selection) -> str:
    """The days in words, empty for all of them."""
    ends = (selected.since, selected.until)
    since, until = (formats.date_format(day, "SHORT_DATE_FORMAT") if day else "" for day in ends)
    if since and until:
        return f"{since} – {until}"
    return f"{since} –" if since else f"– {until}" if until else ""
