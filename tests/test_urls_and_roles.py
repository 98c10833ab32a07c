"""One table of URL × right. Every address has a row; an address without a row fails."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_scopes import scope

from cxm.access import CAPABILITIES
from cxm.models import Invitation, uuid7
from journeys.models import Comment, Persona, ShareLink, Upload
from surveys.models import Case, Import, Rule, SavedMapping, Scheme, Tag
from tests.factories import (
    JourneyFactory,
    MembershipFactory,
    PhaseFactory,
    QuestionFactory,
    StepFactory,
    TouchpointFactory,
    UserFactory,
)

# Address → the right that it asks for. "everyone": no sign-in; "person": any signed-in person.
TABLE: dict[str, str] = {
    "answer:ahead": "everyone",
    "answer:change": "everyone",
    "answer:end": "everyone",
    "answer:invited": "everyone",
    "answer:mine": "everyone",
    "answer:overview": "everyone",
    "answer:question": "everyone",
    "answer:start": "everyone",
    "answer:thanks": "everyone",
    "answer:withdrawal": "everyone",
    "care:case": "verbatims",
    "care:case-edit": "edit",
    "care:case-note": "edit",
    "care:cases": "verbatims",
    "care:erasures": "manage",
    "care:people-data": "manage",
    "care:person-erasure": "manage",
    "care:person-file": "manage",
    "care:retention": "manage",
    "care:rule-create": "edit",
    "care:rule-edit": "edit",
    "care:rule-removal": "edit",
    "care:rules": "edit",
    "cxm:invitation": "everyone",
    "cxm:invitation-create": "manage",
    "cxm:invitation-withdrawal": "manage",
    "cxm:language": "everyone",
    "cxm:member-removal": "manage",
    "cxm:member-role": "manage",
    "cxm:members": "manage",
    "cxm:profile": "person",
    "cxm:settings": "manage",
    "cxm:theme": "everyone",
    "cxm:workspace-create": "person",
    "cxm:workspaces": "person",
    "journeys:board": "read",
    "journeys:changes-create": "edit",
    "journeys:check": "read",
    "journeys:compare": "read",
    "journeys:compare-csv": "export",
    "journeys:curve": "read",
    "journeys:curve-csv": "export",
    "journeys:emotion": "read",
    "journeys:difference": "read",
    "journeys:heatmap": "read",
    "journeys:heatmap-csv": "export",
    "journeys:history-read": "read",
    "journeys:home": "read",
    "journeys:insights": "read",
    "journeys:journey": "read",
    "journeys:journey-copy": "edit",
    "journeys:journey-create": "edit",
    "journeys:journey-future": "edit",
    "journeys:journey-import": "edit",
    "journeys:journey-removal": "edit",
    "journeys:journey-template": "edit",
    "journeys:journey-title": "edit",
    "journeys:journey-toml": "read",
    "journeys:journeys": "read",
    "journeys:map-pdf": "export",
    "journeys:map-png": "export",
    "journeys:map-pptx": "export",
    "journeys:map-svg": "export",
    "journeys:present": "read",
    "journeys:print-options": "export",
    "journeys:map-csv": "export",
    "journeys:map-export": "export",
    "journeys:map-import": "edit",
    "journeys:map-import-run": "edit",
    "journeys:map-json": "export",
    "journeys:map-mermaid": "export",
    "journeys:map-xlsx": "export",
    "journeys:news-read": "read",
    "journeys:next-question": "read",
    "journeys:restoration": "edit",
    "journeys:version-create": "edit",
    "journeys:presence": "read",
    "journeys:persona": "read",
    "journeys:persona-create": "edit",
    "journeys:persona-duplicate": "edit",
    "journeys:persona-edit": "edit",
    "journeys:persona-picture": "edit",
    "journeys:persona-removal": "edit",
    "journeys:personas": "read",
    "journeys:step-ask": "edit",
    "journeys:step-question-create": "edit",
    "journeys:step-question-removal": "edit",
    "journeys:table": "read",
    "journeys:overview": "read",
    "journeys:search": "read",
    "journeys:map-options": "read",
    "journeys:touchpoint-measures": "read",
    "journeys:touchpoint-merge": "catalogue",
    "journeys:touchpoint-options": "read",
    "journeys:touchpoint-quick": "catalogue",
    "journeys:upload": "read",
    "journeys:upload-create": "edit",
    "journeys:comment-create": "read",
    "journeys:comment-edit": "read",
    "journeys:comment-removal": "read",
    "journeys:comments": "read",
    "journeys:comments-people": "read",
    "journeys:comments-pins": "read",
    "journeys:comments-place": "read",
    "journeys:notifications": "read",
    "journeys:notifications-count": "read",
    "journeys:notifications-reading": "read",
    "journeys:share": "edit",
    "journeys:share-revocation": "edit",
    "journeys:thread-reading": "read",
    "journeys:thread-resolution": "read",
    "shared:map": "everyone",
    "shared:picture": "everyone",
    "surveys:comments": "verbatims",
    "surveys:held": "edit",
    "surveys:held-discard": "edit",
    "surveys:held-release": "edit",
    "surveys:import-check": "import",
    "surveys:import-columns": "import",
    "surveys:import-errors": "import",
    "surveys:import-mapping": "import",
    "surveys:import-removal": "import",
    "surveys:import-reading": "import",
    "surveys:import-run": "import",
    "surveys:import-start": "import",
    "surveys:import-stop": "import",
    "surveys:import-upload": "import",
    "surveys:mapping": "import",
    "surveys:mapping-removal": "import",
    "surveys:mapping-save": "import",
    "surveys:planner": "read",
    "surveys:results": "read",
    "surveys:results-csv": "export",
    "surveys:export-answers": "export",
    "surveys:export-mapping": "export",
    "surveys:export-responses": "export",
    "surveys:export-sav": "export",
    "surveys:export-xlsx": "export",
    "surveys:results-news": "read",
    "surveys:results-wording": "read",
    "surveys:tag-create": "edit",
    "surveys:tag-edit": "edit",
    "surveys:tag-removal": "edit",
    "surveys:tagging-create": "edit",
    "surveys:tags": "verbatims",
    "surveys:scheme": "read",
    "surveys:scheme-computation": "edit",
    "surveys:scheme-create": "edit",
    "surveys:scheme-edit": "edit",
    "surveys:scheme-removal": "edit",
    "surveys:schemes": "read",
    "surveys:closing": "edit",
    "surveys:preview": "read",
    "surveys:preview-page": "read",
    "surveys:publication": "edit",
    "surveys:question-copy": "edit",
    "surveys:question-create": "edit",
    "surveys:question-edit": "edit",
    "surveys:question-history": "read",
    "surveys:question-place": "edit",
    "surveys:question-removal": "edit",
    "surveys:questions": "read",
    "surveys:reopening": "edit",
    "surveys:survey-copy": "edit",
    "surveys:survey-create": "edit",
    "surveys:survey-edit": "edit",
    "surveys:survey-removal": "edit",
    "surveys:version": "read",
    "surveys:invite": "read",
    "surveys:link-create": "edit",
    "surveys:link": "read",
    "surveys:link-edit": "edit",
    "surveys:link-state": "edit",
    "surveys:link-removal": "edit",
    "surveys:link-svg": "read",
    "surveys:link-png": "read",
    "surveys:card": "read",
    "surveys:card-edit": "edit",
    "surveys:card-pdf": "read",
    "surveys:cards-pdf": "read",
    "surveys:kiosk-begin": "edit",
    "kiosk:kiosk": "everyone",
    "kiosk:leave": "everyone",
    "surveys:mailing": "read",
    "surveys:mailing-create": "edit",
    "surveys:mailing-letter": "edit",
    "surveys:mailing-test": "edit",
    "surveys:mailing-sending": "edit",
    "surveys:mailing-state": "edit",
    "surveys:mailing-unsure": "edit",
    "surveys:mailing-removal": "edit",
    "mailing:refusal": "everyone",
    "surveys:paper": "read",
    "surveys:paper-entry": "edit",
    "surveys:survey": "read",
    "surveys:surveys": "read",
    "surveys:texts": "edit",
    "surveys:texts-check": "edit",
    "surveys:texts-export": "edit",
    "surveys:texts-import": "edit",
    "touchpoints:catalogue": "read",
    "touchpoints:export": "export",
    "touchpoints:import": "catalogue",
    "touchpoints:import-check": "catalogue",
    "touchpoints:import-run": "catalogue",
    "touchpoints:touchpoint": "read",
    "touchpoints:touchpoint-create": "catalogue",
    "touchpoints:touchpoint-edit": "catalogue",
    "touchpoints:touchpoint-retirement": "catalogue",
    "touchpoints:touchpoint-split": "catalogue",
}

# Addresses of libraries, which test their own.
FOREIGN = ("account_", "mfa_")


def names(patterns: Any, namespace: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            found += names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.append(namespace + pattern.name)
    return found


OURS = sorted({n for n in names(get_resolver().url_patterns) if not n.startswith(FOREIGN)})


def test_every_address_has_a_row() -> None:
    assert sorted(TABLE) == OURS


@pytest.fixture
def ids(workspace: Any) -> dict[str, Any]:
    """One row of everything that an address may name."""
    with scope(workspace=workspace):
        touchpoint = TouchpointFactory(workspace=workspace)
        question = QuestionFactory(workspace=workspace, touchpoint=touchpoint)
        journey = JourneyFactory(workspace=workspace)
        phase = PhaseFactory(workspace=workspace, journey=journey)
        step = StepFactory(workspace=workspace, phase=phase)
        invitation = Invitation.objects.create(workspace=workspace, email="new@firm.example")
        comment = Comment.objects.create(workspace=workspace, journey=journey, text="Why?")
        link = ShareLink.objects.create(workspace=workspace, journey=journey, token_hash="0")
        run = Import.objects.create(workspace=workspace, file_name="answers.csv")
        persona = Persona.objects.create(workspace=workspace, name="Amara")
        upload = Upload.objects.create(
            workspace=workspace, name="a.txt", content_type="x", sha256="", data=b"", size=0
        )
        scheme = Scheme.objects.create(workspace=workspace, survey=question.survey, name="True")
        rule = Rule.objects.create(workspace=workspace, survey=question.survey, kind="score")
        case = Case.objects.create(
            workspace=workspace, survey=question.survey, rule=rule, response_id=uuid7()
        )
        tag = Tag.objects.create(workspace=workspace, name="waiting")
        mapping = SavedMapping.objects.create(workspace=workspace, name="Guests", toml="")
    return {
        "tag": tag.pk,
        "answer": uuid7(),
        "comment": comment.pk,
        "case": case.pk,
        "rule": rule.pk,
        "picture": upload.pk,
        "link": link.pk,
        "run": run.pk,
        "upload": upload.pk,
        "persona": persona.pk,
        "mapping": mapping.pk,
        "scheme": scheme.pk,
        "mailing": 0,
        "code": "NONE23",
        "letter": "1.signature-of-nobody",
        "filling": uuid7(),
        "workspace": workspace.slug,
        "touchpoint": touchpoint.id,
        "survey": question.survey_id,
        "number": 1,
        "question": question.id,
        "journey": journey.slug,
        "phase": phase.id,
        "step": step.id,
        "invitation": invitation.pk,
        "token": invitation.token,
        "member": MembershipFactory(workspace=workspace).pk,
    }


def address(name: str, ids: dict[str, Any]) -> str:
    """Reverse with exactly the arguments that the pattern takes."""
    *spaces, last = name.split(":")
    resolver: Any = get_resolver()
    for space in spaces:
        resolver = resolver.namespace_dict[space][1]
    wanted: set[str] = set()
    for possibility in resolver.reverse_dict.getlist(last):
        wanted |= set(possibility[0][0][1])
    if spaces:
        prefix = get_resolver().namespace_dict[spaces[0]][0]
        wanted |= {"workspace"} if "workspace" in prefix else set()
    return reverse(name, kwargs={key: ids[key] for key in wanted})


def knock(client: Client, url: str) -> int:
    """The answer to whichever method the address takes."""
    response = client.get(url)
    if response.status_code == 405:
        response = client.post(url)
    return response.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TABLE))
def test_rights(name: str, ids: dict[str, Any], workspace: Any, other_workspace: Any) -> None:
    right = TABLE[name]
    url = address(name, ids)
    stranger = Client()
    assert stranger.get(url).status_code in (
        (200, 302, 404, 405) if right == "everyone" else (302,)
    )
    if right in ("everyone", "person"):
        return
    outsider = Client()
    person = UserFactory()
    MembershipFactory(workspace=other_workspace, user=person, role="admin")
    outsider.force_login(person)
    assert knock(outsider, url) == 404
    for role, capabilities in CAPABILITIES.items():
        member = Client()
        person = UserFactory()
        MembershipFactory(workspace=workspace, user=person, role=role)
        member.force_login(person)
        status = knock(member, url)
        if right in capabilities:
            assert status in (200, 204, 302, 400, 404, 409, 422), role
        else:
            assert status == 403, role
