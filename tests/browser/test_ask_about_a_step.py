"""From the menu of a step to the question in the builder, and weights beside the curve."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_scopes import scope

from journeys.models import Journey, Step, StepQuestion
from surveys import weighting
from surveys.models import Survey

pytestmark = pytest.mark.browser
AT = "/w/cafe-am-markt"


def test_a_step_is_asked_about_from_the_map(visit: Callable[..., Any], sample: Any) -> None:
    with scope(workspace=sample):
        journey = Journey.objects.filter(future_of=None).earliest("pk")
        step = Step.objects.filter(phase__journey=journey).earliest("pk")
        before = StepQuestion.objects.count()
    page = visit("marketer").open(f"{AT}/journeys/{journey.slug}/")
    page.locator(f".step-head[data-step='{step.pk}']").click(button="right")
    page.locator(".menu:visible").get_by_text("Ask about this step").click()
    page.wait_for_url("**/ask/")
    assert step.name in page.get_by_label("Wording, German").input_value()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("button", name="Make the question").click()
    page.wait_for_url("**/questions/**")
    assert page.get_by_text(f"Wie war: {step.name}?").count()
    with scope(workspace=sample):
        assert StepQuestion.objects.count() == before + 1


@pytest.mark.parametrize(("language", "dark", "phone"), [("en", False, False), ("de", True, True)])
def test_weights_are_typed_in_and_chosen_beside_the_curve(
    visit: Callable[..., Any], sample: Any, language: str, dark: bool, phone: bool
) -> None:
    with scope(workspace=sample):
        survey = Survey.objects.get(name="Gästebefragung")
        rows, _unknown = weighting.candidates(survey)
        slug = Journey.objects.filter(future_of=None).earliest("pk").slug
    group = next(iter(rows.values()))
    person = visit("marketer", language=language, dark=dark, phone=phone)
    page = person.open(f"{AT}/surveys/{survey.pk}/weights/new/")
    page.locator("input[name=name]").fill("Truth")
    for number, row in enumerate(group):
        share = 100 - 20 * (len(group) - 1) if number == 0 else 20
        page.locator(f"input[name=share-{row.segment.pk}]").fill(str(share))
    assert page.locator("output").first.inner_text() == "100"
    assert Axe().run(page).violations_count == 0
    page.locator("form[data-shares] .btn.primary").click()
    page.wait_for_url("**/weights/*/")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page = person.open(f"{AT}/journeys/{slug}/curve/")
    page.locator("details.drop", has=page.locator("a[href*='weights=']")).locator("summary").click()
    page.locator("a[href*='weights=']").first.click()
    page.wait_for_url("**weights=**")
    page.locator("#how summary").click()
    assert "n_eff" in page.locator("#how").inner_text()
