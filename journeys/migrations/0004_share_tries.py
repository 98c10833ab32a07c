from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0003_lanes_and_snapshots")]
    operations = [
        migrations.AddField(
            "sharelink", "tries", models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(
            "sharelink", "tries_since", models.DateTimeField(blank=True, null=True)
        ),
    ]
