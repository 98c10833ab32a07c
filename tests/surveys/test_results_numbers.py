"""The figures of a results page against a second, naive implementation; and what stays hidden."""

import datetime as dt
import random
import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope
from scipy import stats

from cxm.models import uuid7
from cxm.statistics import Histogram, mean_estimate
from surveys import histograms
from surveys.models import (
    Answer,
    Filling,
    Invitee,
    Link,
    Mailing,
    Question,
    Response,
    Survey,
    Version,
)
from surveys.results import read_results
from surveys.results_finding import Named, find
from surveys.results_funnel import read_funnel
from surveys.results_selection import Selection
from surveys.results_trend import months_of, read_months
from surveys.results_ways import by_place, by_source, read_flow
from surveys.results_wording import read_histories
from tests.factories import QuestionFactory, SegmentFactory, SurveyFactory, answer

START = dt.date(2026, 3, 2)


class World:
    """A survey with answers, and the plain list of them."""

    def __init__(self, workspace: Any) -> None:
        self.survey = SurveyFactory(workspace=workspace, source="qr", state="open", language="de")
        self.questions: dict[str, Question] = {}
        self.add("wait", "faces", scale_min=1, scale_max=5)
        self.add("ease", "ces", scale_min=1, scale_max=7, is_reversed=True)
        options = [{"code": code, "texts": {"de": f"Weg {code}"}} for code in (1, 2, 3)]
        self.add("way", "choice", options=options, has_other=True)
        self.add("used", "several", options=options)
        for code in (1, 2, 3):
            self.add(f"used_{code}", "option", parent=self.questions["used"], code=code)
        self.add("rank", "ranking", options=options[:2])
        for code in (1, 2):
            self.add(f"rank_{code}", "rank", parent=self.questions["rank"], code=code)
        self.add("words", "text")
        self.add("again", "consent")
        self.segments = [SegmentFactory(workspace=workspace).pk for _n in range(2)]
        self.links = [
            Link.objects.create(workspace=workspace, survey=self.survey, source=source, name=name)
            for source, name in (("qr", "Table 1"), ("qr", "Bar"), ("email", "Letter"))
        ]
        self.people: list[dict[str, Any]] = []

    def add(self, key: str, kind: str, **more: Any) -> None:
        plain = {} if "scale_min" in more else {"scale_min": None, "scale_max": None}
        self.questions[key] = QuestionFactory(
            workspace=self.survey.workspace, survey=self.survey, key=key, kind=kind,
            position=len(self.questions), text=f"Frage {key}", **plain, **more,
        )  # fmt: skip

    def person(self, luck: random.Random) -> None:
        link = luck.choice([0, 0, 0, 1, 1, 2])
        row = {
            "day": START + dt.timedelta(days=luck.randrange(80)),
            "language": luck.choice(["de", "en"]),
            "segment": luck.choice(self.segments),
            "link": self.links[link],
            "version": luck.choice([1, 2]),
            "answers": self._answers(luck),
        }
        self.people.append(row)
        response = Response.objects.create(
            workspace=self.survey.workspace, survey_id=self.survey.pk, answered_on=row["day"],
            external_id=f"r{len(self.people)}", source=row["link"].source, link_id=row["link"].pk,
            language=row["language"], version=row["version"], segments=[row["segment"]],
        )  # fmt: skip
        for key, (status, score, raw) in row["answers"].items():
            Answer.objects.create(
                workspace=self.survey.workspace, id=uuid7(), response_id=response.id,
                question_id=self.questions[key].pk, status=status, score=score, raw=raw,
            )  # fmt: skip

    def _answers(self, luck: random.Random) -> dict[str, tuple[int, int | None, str]]:
        found: dict[str, tuple[int, int | None, str]] = {}
        for key, low, high in (("wait", 1, 5), ("ease", 1, 7), ("way", 0, 3), ("again", 0, 1)):
            score = luck.randint(low, high)
            raw = f"other={score}" if key == "way" and not score else str(score)
            found[key] = luck.choice([(0, score, raw)] * 8 + [(2, None, ""), (1, None, "never")])
        for code in (1, 2, 3):
            score = int(luck.random() < code / 4)
            found[f"used_{code}"] = (0, score, str(score))
        first = luck.choice([1, 2])
        found |= {f"rank_{c}": (0, 1 if c == first else 2, "") for c in (1, 2)}
        found["words"] = luck.choice([(0, None, "Lange gewartet"), (2, None, "")])
        return found

    def fold(self, *, all_of_it: bool) -> None:
        days = {person["day"] for person in self.people}
        histograms.mark_dirty(workspace_id=self.survey.workspace_id, days=days)
        if all_of_it:
            histograms.fold(workspace_id=self.survey.workspace_id)

    def chosen(self, selected: Selection) -> list[dict[str, Any]]:
        return [
            p
            for p in self.people
            if (not selected.since or p["day"] >= selected.since)
            and (not selected.until or p["day"] <= selected.until)
            and (not selected.source or p["link"].source == selected.source)
            and (not selected.language or p["language"] == selected.language)
            and (not selected.segment or p["segment"] == selected.segment)
            and (not selected.link or p["link"].pk == selected.link)
            and (not selected.version or p["version"] == selected.version)
        ]


@pytest.fixture
def world(in_scope: Any) -> World:
    made, luck = World(in_scope), random.Random(7)
    for _number in range(160):
        made.person(luck)
    return made


def scores(people: list[dict[str, Any]], key: str) -> list[int]:
    return [p["answers"][key][1] for p in people if p["answers"][key][0] == 0]


SELECTIONS: dict[str, Callable[[World], Selection]] = {
    "everybody": lambda world: Selection(),
    "a period": lambda world: Selection(since=dt.date(2026, 3, 20), until=dt.date(2026, 4, 20)),
    "a source": lambda world: Selection(source="email"),
    "a language": lambda world: Selection(language="en"),
    "a segment": lambda world: Selection(segment=world.segments[0]),
    "a place": lambda world: Selection(link=world.links[1].pk),
    "a version": lambda world: Selection(version=2, since=dt.date(2026, 3, 10)),
    "several": lambda world: Selection(source="qr", language="de", segment=world.segments[1]),
}


@pytest.mark.parametrize("name", SELECTIONS)
@pytest.mark.parametrize("folded", [True, False])
def test_every_figure_is_the_naive_one(world: World, name: str, folded: bool) -> None:
    world.fold(all_of_it=folded)
    selected = SELECTIONS[name](world)
    people = world.chosen(selected)
    results = read_results(world.survey, selected)
    assert results.responses == len(people) >= 5
    assert results.last == max(p["day"] for p in world.people)
    by_key = {row.question.key: row for row in results.scales}
    for key in ("wait", "ease"):
        given, row = scores(people, key), by_key[key]
        assert row.estimate
        assert row.histogram.n == len(given)
        assert row.estimate.mean == pytest.approx(statistics.mean(given))
        low, high = stats.t.interval(
            0.95,
            len(given) - 1,
            statistics.mean(given),
            statistics.stdev(given) / len(given) ** 0.5,
        )
        assert (row.estimate.ci_low, row.estimate.ci_high) == pytest.approx((low, high))
        states = Counter(p["answers"][key][0] for p in people)
        assert (row.histogram.never_used, row.histogram.no_answer) == (states[1], states[2])
    (way, again) = results.choices
    ways = Counter(scores(people, "way"))
    shown = {option.label: option.share.hits for option in way.options}
    expected = {f"Weg {code}" if code else None: n for code, n in ways.items() if n >= 5}
    if way.pooled is None:
        assert sorted(shown.values()) == sorted(expected.values())
    assert again.n == len(scores(people, "again"))
    (several,) = results.several
    for option in several.options:
        key = f"used_{option.label[-1]}"
        assert option.share.hits == sum(scores(people, key))
        assert option.share.n == len(people)
    (ranking,) = results.rankings
    for place in ranking.places:
        given = scores(people, f"rank_{place.label[-1]}")
        assert place.mean.mean == pytest.approx(statistics.mean(given))
    (texts,) = results.texts
    assert texts.n == sum(p["answers"]["words"][0] == 0 for p in people)
    assert results.seen[world.questions["words"].pk] == len(people)


def test_months_are_those_of_the_calendar(world: World) -> None:
    world.fold(all_of_it=True)
    results = read_results(world.survey)
    months = read_months(results, world.questions["wait"]).months
    for month in months:
        inside = [p for p in world.people if p["day"].replace(day=1) == month.first]
        given = scores(inside, "wait")
        assert month.n == len(given)
        if month.estimate:
            assert month.estimate.mean == pytest.approx(statistics.mean(given) - 3)


def test_a_small_month_takes_another_along(world: World) -> None:
    by_month = {
        dt.date(2026, 1, 1): Histogram.from_answers([1.0] * 3),
        dt.date(2026, 2, 1): Histogram.from_answers([1.0, 0.0] * 5),
        dt.date(2026, 3, 1): Histogram.from_answers([1.0, -1.0] * 20),
    }
    found = months_of(world.questions["wait"], by_month, k=5)
    assert [month.estimate is not None for month in found.months] == [False, False, True]


def test_sources_and_places(world: World) -> None:
    world.fold(all_of_it=True)
    mailing = Mailing.objects.create(
        workspace=world.survey.workspace, survey=world.survey, link=world.links[2], name="May"
    )
    for number in range(100):
        Invitee.objects.create(
            workspace=world.survey.workspace, mailing=mailing, email=f"g{number}@guest.example",
            state="sent" if number < 90 else "waiting",
        )  # fmt: skip
    results, links = read_results(world.survey), list(world.survey.links.all())
    flow = read_flow(results)
    found = by_source(results, links, flow, world.questions["wait"])
    rows = {str(way.source.value): way for way in found.rows}
    letters = [p for p in world.people if p["link"].source == "email"]
    assert rows["email"].invited == 90
    assert rows["email"].finished == len(letters)
    assert rows["email"].rate
    assert rows["email"].rate.share == pytest.approx(len(letters) / 90)
    assert rows["qr"].invited is None
    assert rows["qr"].rate is None
    assert rows["email"].mean
    given = scores(letters, "wait")
    assert rows["email"].mean.mean == pytest.approx(statistics.mean(given) - 3)
    places = {way.link: way for way in by_place(results, links, flow, world.questions["wait"])}
    bar = scores([p for p in world.people if p["link"] == world.links[1]], "wait")
    assert places[world.links[1].pk].n == len(bar)


def test_a_small_source_hides_another_and_its_places(in_scope: Any) -> None:
    asked = QuestionFactory(workspace=in_scope)
    survey, links = asked.survey, []
    for source, n in (("qr", 40), ("kiosk", 9), ("interview", 3)):
        link = Link.objects.create(workspace=in_scope, survey=survey, source=source, name=source)
        links.append(link)
        survey.source = source
        answer(asked, *[4, 3, 5] * (n // 3), link_id=link.pk)
    survey.source = "portal"
    answer(asked, *[1] * 6)
    results = read_results(survey)
    flow = read_flow(results)
    rows = {str(way.source.value): way for way in by_source(results, links, flow, asked).rows}
    assert rows["interview"].why == "few"
    assert rows["kiosk"].why == "follows"
    assert rows["qr"].mean
    assert rows["portal"].is_left_out
    places = {str(way.source.value): way for way in by_place(results, links, flow, asked)}
    assert [places[name].mean is None for name in ("qr", "kiosk", "interview")] == [
        False, True, True,
    ]  # fmt: skip
    # Choosing the source must not show what the table hides.
    kiosk = read_results(survey, Selection(source="kiosk")).scales[0]
    assert kiosk.hidden
    assert kiosk.follows
    assert not read_results(survey, Selection(source="qr")).scales[0].hidden


def test_how_far_people_get(world: World) -> None:
    world.fold(all_of_it=True)
    states = [("left", "wait")] * 6 + [("left", "")] * 2 + [("open", ""), ("held", "")]
    states += [("left", "again"), ("finished", "again")]
    for number, (state, key) in enumerate(states):
        Filling.objects.create(
            workspace=world.survey.workspace, id=uuid7(), survey_id=world.survey.pk,
            version_id=1, link_id=world.links[0].pk, language="de", state=state,
            at_question=world.questions[key].pk if key else 0, word_hash=f"{number}",
            response_id=uuid7() if key == "again" else None,
        )  # fmt: skip
    results = read_results(world.survey)
    funnel = read_funnel(results, read_flow(results))
    assert funnel
    assert funnel.started == 160 + 8 + 1
    assert funnel.finished == 160
    assert funnel.most
    assert (funnel.most.number, funnel.most.question.key, funnel.most.stopped) == (2, "ease", 6)
    assert funnel.stages[0].stopped == 2
    assert funnel.at_end == 1
    keys = [stage.question.key for stage in funnel.stages]
    assert keys == ["wait", "ease", "way", "used", "rank", "words", "again"]
    assert {stage.seen for stage in funnel.stages} == {160}


def test_imports_have_no_funnel(in_scope: Any) -> None:
    asked = QuestionFactory(workspace=in_scope)
    answer(asked, *[4] * 6)
    results = read_results(asked.survey)
    assert read_funnel(results, read_flow(results)) is None


def test_each_wording_has_its_own_figures(world: World) -> None:
    world.fold(all_of_it=True)
    wait = world.questions["wait"]
    for number, text in ((1, "Wie war das Warten?"), (2, "Wie lange dauerte es?")):
        item = {
            "id": wait.pk, "key": "wait", "kind": "faces", "texts": {"de": text}, "help_texts": {},
            "options": [], "scale": [1, 5], "is_reversed": False, "has_other": False,
            "is_required": False, "offers_never_used": True, "offers_unknown": True,
            "rotates": False, "asks_contact": False, "show_if": [], "jumps": [], "parts": [],
            "parent": None, "code": None, "touchpoint": None, "place": "",
        }  # fmt: skip
        Version.objects.create(
            workspace=world.survey.workspace, survey=world.survey, number=number,
            definition={
                "survey": world.survey.pk, "number": number, "languages": ["de"], "texts": {},
                "is_anonymous": True, "cap": None, "items": [item],
            },
        )  # fmt: skip
    (history,) = read_histories(world.survey, Selection())
    assert [wording.numbers for wording in history.wordings] == [(1,), (2,)]
    for wording in history.wordings:
        people = [p for p in world.people if p["version"] == wording.numbers[0]]
        given = scores(people, "wait")
        assert (wording.n, wording.seen) == (len(given), len(people))
        assert wording.mean
        assert wording.mean.mean == pytest.approx(statistics.mean(given) - 3)


def named(name: str, *values: float) -> Named:
    return Named(name, mean_estimate(Histogram.from_answers(list(values) * 20)))


def test_the_headline_says_only_what_is_proven() -> None:
    low, high, top = named("low", -1, 0), named("high", 1, 2), named("top", 1.1, 2)
    found = find([high, low, top])
    assert found
    assert found.alone
    assert found.apart
    assert [one.name for one in found.best] == ["top", "high"]
    close = find([named("a", 0, 1), named("b", 0, 1.05)])
    assert close
    assert not close.apart
    assert close.best == ()
    assert find([low]) is None


def test_filters_ask_as_often_for_thirty_questions(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    client, counts = sign_in("viewer"), []
    with scope(workspace=workspace):
        survey = SurveyFactory(workspace=workspace, state="open", source="qr")
        Link.objects.create(workspace=workspace, survey=survey, source="qr")
    address = reverse("surveys:results", kwargs={"workspace": "firm", "survey": survey.pk})
    for n in (3, 27):
        with scope(workspace=workspace):
            for _number in range(n):
                answer(QuestionFactory(workspace=workspace, survey=survey), *[4] * 5, language="de")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, {"language": "de", "since": "2026-01-01", "places": "1"})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 24


def news(survey: Survey) -> str:
    return reverse("surveys:results-news", kwargs={"workspace": "firm", "survey": survey.pk})


def test_nothing_new_costs_nothing_and_news_come(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    with scope(workspace=workspace):
        asked = QuestionFactory(workspace=workspace)
        asked.survey.state = "open"
        asked.survey.save()
        answer(asked, *[4] * 6)
    client = sign_in("viewer")
    results = reverse("surveys:results", kwargs={"workspace": "firm", "survey": asked.survey_id})
    assert "stamp=6.0" in client.get(results).content.decode()
    same = client.get(news(asked.survey), {"stamp": "6.0"})
    assert (same.status_code, same.content) == (204, b"")
    with scope(workspace=workspace):
        answer(asked, 5, 5)
    page = client.get(news(asked.survey), {"stamp": "6.0"}).content.decode()
    assert "2 new responses" in page
    assert "stamp=8.0" in page
    assert 'id="results" hx-swap-oob="true"' in page
    assert "<html" not in page
    assert client.get(news(asked.survey), {"stamp": "x"}).status_code == 200


def test_a_closed_survey_does_not_ask(sign_in: Callable[..., Client], workspace: Any) -> None:
    with scope(workspace=workspace):
        asked = QuestionFactory(workspace=workspace)
        answer(asked, *[4] * 6)
    results = reverse("surveys:results", kwargs={"workspace": "firm", "survey": asked.survey_id})
    assert "every 4s" not in sign_in("viewer").get(results).content.decode()


def test_nonsense_in_the_address_is_not_said(
    sign_in: Callable[..., Client], workspace: Any
) -> None:
    with scope(workspace=workspace):
        asked = QuestionFactory(workspace=workspace)
        answer(asked, *[4] * 6)
    results = reverse("surveys:results", kwargs={"workspace": "firm", "survey": asked.survey_id})
    odd = {"since": "soon", "source": "moon", "segment": "-1", "link": "9" * 30, "question": "²"}
    assert sign_in("viewer").get(results, odd).status_code == 200
    nobody = sign_in("viewer").get(results, {"language": "xx"}).content.decode()
    assert "Nobody answered in this selection" in nobody
