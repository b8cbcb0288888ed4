"""Drafts that wait for the owner of their process to approve their publication."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0010_definition_tells_author_and_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicationRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rev", models.IntegerField()),
                ("key", models.CharField(max_length=255)),
                ("name", models.JSONField(default=dict)),
                ("xml", models.TextField()),
                ("owner", models.CharField(max_length=255)),
                ("requested_by", models.CharField(max_length=150)),
                ("requested_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                ("status", models.CharField(default="waiting", max_length=16)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "definition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="storage.definition",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="storage.draft",
                    ),
                ),
            ],
            options={
                "db_table": "publication_request",
            },
        ),
        migrations.AddIndex(
            model_name="publicationrequest",
            index=models.Index(
                condition=models.Q(("status", "waiting")),
                fields=["owner"],
                name="publication_request_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("status", "waiting")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("status__in", ["approved", "declined", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="publication_request_is_decided_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicationrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "waiting")),
                fields=("draft",),
                name="publication_request_single",
            ),
        ),
    ]
