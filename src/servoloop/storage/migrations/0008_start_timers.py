"""When timer start events open their next case: they belong to a definition, not to a case."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0007_moves_are_committed_by_a_function"),
    ]

    operations = [
        migrations.CreateModel(
            name="StartTimer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("node", models.CharField(max_length=255)),
                ("due_at", models.DateTimeField(db_index=True)),
                ("repeats", models.IntegerField()),
                ("every", models.DurationField()),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="storage.definition",
                    ),
                ),
            ],
            options={
                "db_table": "start_timer",
                "constraints": [
                    models.UniqueConstraint(fields=("definition", "node"), name="start_timer_once")
                ],
            },
        ),
    ]
