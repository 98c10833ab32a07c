"""The real answers as rows, read in the plainest way: a second opinion beside the importer."""

import csv
import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django_scopes import scope

from cxm.models import Workspace, uuid7
from journeys import editing, importing
from journeys.models import Journey
from surveys.histograms import fold, mark_dirty
from surveys.models import Answer, Question, Response, Status, Survey
from touchpoints.models import Segment, Touchpoint


def load(workspace: Workspace, folder: Path, year: int = 2017, like: int | None = None) -> Journey:
    """Catalogue, map and one year's answers; ``like`` takes the mapping of another year."""
    with scope(workspace=workspace):
        _catalogue(workspace, folder)
        outline = importing.read((folder / "journey.toml").read_bytes(), workspace=workspace)
        journey, _event = editing.import_journey(workspace=workspace, actor=None, outline=outline)
        mapping = tomllib.loads((folder / f"survey_{like or year}.toml").read_text())
        _answers(workspace, mapping, folder / f"survey_{year}.csv", year)
        fold(workspace_id=workspace.pk)
    return journey


def _catalogue(workspace: Workspace, folder: Path) -> None:
    with (folder / "touchpoints.csv").open() as file:
        Touchpoint.objects.bulk_create(
            [
                Touchpoint(
                    workspace=workspace,
                    name=row["name"],
                    media_type=row["media_type"],
                    stage=row["stage"],
                    owner=row["owner"],
                )
                for row in csv.DictReader(file)
            ],
            ignore_conflicts=True,
        )


def _answers(workspace: Workspace, mapping: dict[str, Any], path: Path, year: int) -> None:
    survey = Survey.objects.create(
        workspace=workspace, name=f"Airport customer survey {year}", source="interview"
    )
    with path.open(encoding="latin-1") as file:
        reader = csv.DictReader(file)
        columns = set(reader.fieldnames or ())
        questions = [
            (_question(survey, number, asked), asked)
            for number, asked in enumerate(mapping["question"])
            if asked["column"] in columns
        ]
        segments = _segments(workspace, mapping["segment"], columns)
        day = dt.date(year, 5, 15)
        responses, answers = [], []
        for number, row in enumerate(reader):
            response = Response(
                workspace=workspace,
                id=uuid7(),
                survey_id=survey.pk,
                external_id=str(number),
                answered_on=day,
                source="interview",
                weight=float(row.get("WEIGHT") or 1),
                cluster=row.get("RUNID") or "",
                segments=[id for key, id in segments.items() if row.get(key[0]) == key[1]],
            )
            responses.append(response)
            answers += [_answer(response, q, asked, row) for q, asked in questions]
    Response.objects.bulk_create(responses, batch_size=2000)
    Answer.objects.bulk_create(answers, batch_size=5000)
    mark_dirty(workspace_id=workspace.pk, days=[day])


def _question(survey: Survey, position: int, asked: dict[str, Any]) -> Question:
    scale = asked.get("scale") or (None, None)
    touchpoint = Touchpoint.objects.filter(
        workspace=survey.workspace, name=asked.get("touchpoint", "")
    ).first()
    return Question.objects.create(
        workspace=survey.workspace,
        survey=survey,
        position=position,
        key=asked["column"],
        text=asked["text"],
        kind=asked["kind"],
        scale_min=scale[0],
        scale_max=scale[1],
        touchpoint=touchpoint,
    )


def _segments(
    workspace: Workspace, described: list[dict[str, Any]], columns: set[str]
) -> dict[tuple[str, str], int]:
    found = {}
    for segment in described:
        for position, (code, name) in enumerate(segment["values"].items()):
            if segment["column"] in columns:
                row, _new = Segment.objects.get_or_create(
                    workspace=workspace,
                    dimension=segment["name"],
                    name=name,
                    defaults={"position": position},
                )
                found[segment["column"], code] = row.pk
    return found


def _answer(response: Response, question: Question, asked: dict[str, Any], row: Any) -> Answer:
    raw = row[asked["column"]]
    low, high = asked.get("scale") or (None, None)
    status, score = Status.NO_ANSWER, None
    if raw in [str(code) for code in asked.get("never_used", ())]:
        status = Status.NEVER_USED
    elif low is not None and high is not None and raw.isdigit() and low <= int(raw) <= high:
        status, score = Status.SCORED, int(raw)
    return Answer(
        workspace_id=response.workspace_id,
        id=uuid7(),
        response_id=response.id,
        question_id=question.pk,
        status=status,
        score=score,
        raw=raw,
    )
