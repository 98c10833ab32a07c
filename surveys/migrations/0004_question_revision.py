from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0003_dirty_marks"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
