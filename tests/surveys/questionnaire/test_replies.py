"""Whatever is posted becomes a reply or a sentence for the person, and answers that are whole."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.models import Kind, Status
from surveys.questionnaire import (
    Item,
    Questionnaire,
    ReplyError,
    answers,
    from_json,
    label,
    pages,
    piped,
    read,
    segments,
    to_json,
)
from tests.surveys.questionnaire.drawn import items, posted, questionnaires, replies


@settings(max_examples=60, deadline=None)
@given(questionnaires())
def test_a_questionnaire_comes_back_from_json(questionnaire: Questionnaire) -> None:
    assert from_json(json.loads(json.dumps(to_json(questionnaire)))) == questionnaire


@settings(max_examples=60, deadline=None)
@given(items(1, [1, 2]), st.data())
def test_reading_gives_a_reply_or_words(item: Item, data: Any) -> None:
    form = data.draw(posted(item))
    try:
        reply = read(item, form)
    except ReplyError as error:
        # What a person reads.
        said = str(error)
        assert said, form
        return
    assert json.loads(json.dumps(reply)) == reply
    assert "\0" not in json.dumps(reply, ensure_ascii=False)
    if "score" in reply:
        assert reply["score"] in item.codes
    assert set(reply.get("codes", ())) <= set(item.codes)
    assert set(reply.get("used", ())) <= {part.id for part in item.parts}
    if item.is_required:
        assert not reply.get("skipped")
    if item.kind == Kind.RANKING and reply.get("codes"):
        assert sorted(reply["codes"]) == sorted(item.codes)
    assert item.offers_never_used or not reply.get("never")
    assert item.offers_unknown or not reply.get("unknown")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_answers_are_of_shown_questions_once_each_and_within_their_scale(data: Any) -> None:
    questionnaire = data.draw(questionnaires())
    said = data.draw(replies(questionnaire))
    shown = pages(questionnaire, said)
    rows = answers(questionnaire, said, shown)
    known = questionnaire.by_id
    ids = [row.question_id for row in rows]
    assert len(set(ids)) == len(ids)
    on_page = {item.id for item in shown}
    for row in rows:
        item = known[row.question_id]
        assert item.id in on_page or item.parent in on_page
        assert (row.score is None) or row.status == Status.SCORED
        if item.scale and row.status == Status.SCORED:
            assert row.score in item.codes
    assert set(segments(questionnaire, said, shown)) <= {7}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_piping_never_fails_and_repeats_no_name_that_has_words(data: Any) -> None:
    questionnaire = data.draw(questionnaires())
    said = data.draw(replies(questionnaire))
    for item in questionnaire.items:
        words = label(item, said.get(item.id, {}), questionnaire, "de")
        assert isinstance(words, str)
        text = piped(item.texts, questionnaire=questionnaire, replies=said, language="en")
        if "q1" in questionnaire.by_id and item.kind != Kind.TEXT:
            assert "{q1}" not in text


class TestByHand:
    def item(self, kind: Kind, **more: Any) -> Item:
        return Item(1, "q1", kind, {"de": "?"}, {}, **more)

    def refused(self, item: Item, **form: list[str]) -> bool:
        try:
            read(item, form)
        except ReplyError:
            return True
        return False

    def test_a_comment_of_two_megabytes(self) -> None:
        assert self.refused(self.item(Kind.TEXT), value=["x" * 2_000_000])

    def test_control_signs_go_and_emoji_stay(self) -> None:
        item = self.item(Kind.TEXT)
        assert read(item, {"value": ["a\0b\x1b \U0001f600\r\nc"]}) == {"text": "ab \U0001f600\nc"}
        assert read(item, {"value": [" \0 "]}) == {"skipped": True}

    def test_a_score_outside_of_the_scale(self) -> None:
        item = self.item(Kind.FACES, scale=(1, 5))
        assert self.refused(item, value=["6"])
        assert self.refused(item, value=["-1"])
        assert read(item, {"value": ["5"]}) == {"score": 5}

    def test_a_rank_of_five_thousand_digits(self) -> None:
        from surveys.questionnaire import Option

        item = self.item(Kind.RANKING, options=(Option(1, {}), Option(2, {})))
        assert self.refused(item, **{"rank-1": ["9" * 5000], "rank-2": ["1"]})
        assert read(item, {"rank-1": ["2"], "rank-2": ["1"]}) == {"codes": [2, 1]}

    def test_a_consent_asks_for_a_real_address(self) -> None:
        item = self.item(Kind.CONSENT, asks_contact=True)
        assert self.refused(item, value=["1"], contact=["nobody"])
        assert self.refused(item, value=["1"], contact=["a@b.example\nBcc: c@d.example"])
        reply = read(item, {"value": ["1"], "contact": ["Ann@B.example"]})
        assert reply == {"yes": True, "contact": "ann@b.example"}
        assert read(item, {"value": ["0"]}) == {"yes": False}
