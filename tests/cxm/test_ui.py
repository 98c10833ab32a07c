"""Template tags: numbers in both languages, marks that speak, fields tied to their errors."""

import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from cxm.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]


def draw(source: str, **context: Any) -> str:
    return Template("{% load ui i18n %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (1.07, "+1.07", "+1,07"),
        (-0.22, "−0.22", "−0,22"),
        (0.004, "±0.00", "±0,00"),
        (-0.004, "±0.00", "±0,00"),
        (1.005, "+1.01", "+1,01"),
        (1234.5, "+1,234.50", "+1.234,50"),
        (None, "–", "–"),
    ],
)
def test_signed(value: float | None, english: str, german: str) -> None:
    with translation.override("en"):
        assert ui.signed(value) == english
    with translation.override("de"):
        assert ui.signed(value) == german


def test_number_percent_share() -> None:
    with translation.override("de"):
        assert ui.number(2809) == "2.809"
        assert ui.percent(0.734) == "73\u202f%"
    with translation.override("en"):
        assert ui.number(2809) == "2,809"
        assert ui.number(-3.25, 1) == "−3.3"
        assert ui.percent(0.734, 1) == "73.4%"
        assert ui.share(3, 10) == "30%"
        assert ui.share(3, 0) == "–"
        assert ui.answers(1) == "1 answer"
        assert ui.answers(2809) == "2,809 answers"


@pytest.mark.parametrize(
    ("value", "css"), [(-2, "n4"), (-0.6, "n1"), (0.1, "z0"), (1.09, "p2"), (2, "p4"), (None, "")]
)
def test_emotion_class(value: float | None, css: str) -> None:
    assert ui.emotion(value) == css


def test_the_touchpoint_mark_speaks_unless_the_word_stands_beside_it() -> None:
    assert 'role="img" aria-label="Paid"' in draw('{% poe "paid" %}')
    assert 'aria-hidden="true"' in draw('{% poe "earned" True %}')
    assert ">E</text>" in draw('{% poe "earned" %}')


def test_proof_says_it_in_words() -> None:
    assert draw("{% proof True %}").endswith("proven</span>")
    assert "not proven" in draw("{% proof False %}")
    assert "difference proven" in draw('{% proof True words="difference proven" %}')


def test_words_from_outside_are_escaped() -> None:
    assert "<b>" not in draw("{% proof True words=text %}", text="<b>")
    assert "<b>" not in draw("{% avatar text %}", text="<b> <b>")
    assert "<b>" not in draw("{% sparkline values text %}", values=[1, 2], text="<b>")


def test_interval_bar_reads_out_its_interval() -> None:
    svg = draw("{% interval_bar 1.09 1.05 1.13 %}")
    assert 'aria-label="+1.09, 95% interval +1.05 to +1.13"' in svg
    assert draw("{% interval_bar None %}") == ""
    assert 'class="ci"' not in draw("{% interval_bar 1.09 %}")


def test_stacked_shows_five_shares_and_survives_no_answers() -> None:
    svg = draw("{% stacked counts %}", counts=[1, 0, 2, 3, 4])
    assert "Answers 1 to 5: 10%, 0%, 20%, 30%, 40%" in svg
    assert svg.count("<rect") == 4
    assert "<rect" not in draw("{% stacked counts %}", counts=[0, 0, 0, 0, 0])


def test_a_gap_breaks_the_sparkline() -> None:
    svg = draw('{% sparkline values "2012 to 2018" %}', values=[1, None, 2, 3])
    path = re.search(r' d="([^"]*)"', svg)
    assert path
    assert path[1].count("M") == 2


@pytest.mark.parametrize("name", ["plus", "house", "circle-alert", "ellipsis"])
def test_icons_are_in_the_sprite(name: str) -> None:
    assert f'id="{name}"' in (ROOT / "static" / "icons.svg").read_text()
    assert f"icons.svg#{name}" in draw(f'{{% icon "{name}" %}}')


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    sprite = (ROOT / "static" / "icons.svg").read_text()
    for page in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r'{% icon "([^"]+)"', page.read_text()):
            assert f'id="{name}"' in sprite, f"{page.name}: {name}"


def test_no_template_breaks_the_content_security_policy() -> None:
    for page in (ROOT / "templates").rglob("*.html"):
        text = page.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|javascript:", text), page
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag, page


class Form(forms.Form):
    name = forms.CharField(help_text="As your team says it.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    retired = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("a", "Paid")], widget=forms.RadioSelect)


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = draw("{% field form.name %}", form=Form({"name": ""}))
    assert '<label class="lbl" for="id_name">Name' in html
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_help"' in html


def test_a_field_without_errors_says_nothing() -> None:
    html = draw("{% field form.note %}", form=Form())
    assert "optional" in html
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html


def test_groups_have_a_legend_and_boxes_their_label_behind() -> None:
    assert "<legend" in draw("{% field form.kind %}", form=Form())
    box = draw("{% field form.retired %}", form=Form())
    assert box.index("<input") < box.index("Retired")


def test_the_form_says_how_many_fields_are_wrong() -> None:
    html = render_to_string("_form_errors.html", {"form": Form({"kind": "z"})})
    assert 'role="alert"' in html
    assert "2 fields need another look." in html
    assert render_to_string("_form_errors.html", {"form": Form()}).strip() == ""


def test_quotation_marks_follow_the_language() -> None:
    with translation.override("de"):
        assert draw("{{ text|quoted }}", text="a < b") == "„a &lt; b“"
    with translation.override("en"):
        assert draw("{{ text|quoted }}", text="so") == "“so”"
