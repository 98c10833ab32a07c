"""Maps from before lanes get the lanes of a new map, and a snapshot that their history starts from."""

from django.db import migrations

LANES = ("action", "touchpoints", "emotion", "quotes", "pains")

KINDS = {
    "journey": ("Journey", "id", ("title", "is_template", "future_of_id")),
    "phase": ("Phase", "journey_id", ("position", "name", "collapsed")),
    "step": (
        "Step", "phase__journey_id",
        ("phase_id", "position", "name", "assumed", "is_moment", "opens_id", "origin"),
    ),
    "touchpoint": (
        "StepTouchpoint", "step__phase__journey_id", ("step_id", "touchpoint_id", "position"),
    ),
    "question": ("StepQuestion", "step__phase__journey_id", ("step_id", "question_id")),
    "lane": ("Lane", "journey_id", ("kind", "name", "note", "position", "collapsed", "hidden")),
}  # fmt: skip


def draw(apps, schema_editor):
    model = lambda name: apps.get_model("journeys", name)  # noqa: E731
    model("Event").objects.update(changes=[])
    for journey in model("Journey").objects.all():
        for n, kind in enumerate(LANES, 1):
            model("Lane").objects.create(
                workspace_id=journey.workspace_id, journey=journey, kind=kind, position=n * 1024
            )
        state = {}
        for kind, (name, lookup, fields) in KINDS.items():
            rows = model(name).objects.filter(**{lookup: journey.pk})
            state[kind] = {
                str(row.pk): {field: plain(getattr(row, field)) for field in fields}
                for row in rows
            }
        model("Snapshot").objects.create(
            workspace_id=journey.workspace_id, journey=journey, seq=journey.last_seq, state=state
        )


def plain(value):
    return f"{value:.2f}" if type(value).__name__ == "Decimal" else value


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_editor")]
    operations = [migrations.RunPython(draw, migrations.RunPython.noop)]
