"""``manage.py compare WORKSPACE --question TEXT --survey A --survey B``: is a change real?"""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django_scopes import scope

from cxm.management.workspace_command import WorkspaceCommand
from cxm.models import Workspace
from cxm.tabular import write_csv
from journeys import compare_rows, selection
from journeys.compare import (
    Compared,
    Pair,
    Side,
    asked_questions,
    folded,
    pairs_of,
    read_comparison,
    words_of,
)
from journeys.insights.comparison import Ladder
from surveys.models import Question, Survey


class Command(WorkspaceCommand):
    help = "Compare one question in two surveys: plain, weighted, and weighted by cluster, as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", help="address of the workspace")
        parser.add_argument("--question", required=True, help="its words, or its column")
        parser.add_argument(
            "--survey", action="append", required=True, metavar="NAME",
            help="name of a survey: give it twice, the earlier one first",
        )  # fmt: skip

    def handle(self, *args: Any, workspace: str, **options: Any) -> None:
        names: list[str] = options["survey"]
        if len(names) != 2:
            raise CommandError("Give --survey exactly twice: the earlier one, then the later one.")
        found = self.existing(workspace)
        with scope(workspace=found):
            ladder, k = _ladder(found, names, options["question"])
        if not ladder.rungs:
            raise CommandError(f"Hidden: fewer than {k} answers in one of the surveys.")
        for line in write_csv(compare_rows.COLUMNS, compare_rows.of_ladder(ladder)):
            self.stdout.write(line, ending="")


def _ladder(workspace: Workspace, names: Sequence[str], text: str) -> tuple[Ladder, int]:
    surveys = selection.load_choices(workspace).surveys
    a, b = (_survey(name, surveys) for name in names)
    if a == b:
        raise CommandError("The two surveys are the same one.")
    asked = asked_questions(workspace)
    ours = [question for question in asked if question.survey_id == a.pk]
    theirs = [question for question in asked if question.survey_id == b.pk]
    pair = Pair(_question(text, a, ours), _question(text, b, theirs))
    if not pair.is_same_scale:
        raise CommandError(f"“{text}” has another scale in {b.name} than in {a.name}.")
    others = [one for one in pairs_of(ours, theirs) if one != pair]
    found: Compared = read_comparison(
        workspace=workspace, a=Side(a), b=Side(b), pairs=[pair, *others]
    )
    return found.comparison.ladders[0], found.k


def _survey(name: str, surveys: Sequence[Survey]) -> Survey:
    for survey in surveys:
        if folded(survey.name) == folded(name):
            return survey
    names = ", ".join(survey.name for survey in surveys) or "none"
    raise CommandError(f"There is no survey “{name}”. There is: {names}.")


def _question(text: str, survey: Survey, questions: Sequence[Question]) -> Question:
    """By its words, else by its column. Raises ``CommandError`` that names the nearest ones."""
    wanted = folded(text)
    for named in (words_of, lambda question: folded(question.key)):
        for question in questions:
            if named(question) == wanted:
                return question
    near = ", ".join(f"“{words}”" for words in _near(wanted, questions))
    hint = f"Near: {near}." if near else "No question has similar words."
    raise CommandError(f"There is no question “{text}” with a scale in {survey.name}. {hint}")


def _near(wanted: str, questions: Sequence[Question]) -> Iterator[str]:
    texts = {words_of(question): question.text for question in questions}
    for words in difflib.get_close_matches(wanted, texts, n=5, cutoff=0.4):
        yield texts.pop(words)
    if wanted:
        yield from [text for words, text in texts.items() if wanted in words][:5]
