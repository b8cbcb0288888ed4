"""Processes that are being drawn: their texts, who edits them, and what is said about them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0008_start_timers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=255)),
                ("name", models.JSONField(default=dict)),
                ("xml", models.TextField()),
                ("rev", models.IntegerField(default=1)),
                ("author", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("updated_by", models.CharField(max_length=150)),
                ("updated_at", models.DateTimeField()),
                ("origin", models.CharField(max_length=255)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_as", models.CharField(blank=True, max_length=16)),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="storage.definition",
                    ),
                ),
            ],
            options={
                "db_table": "draft",
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("element", models.CharField(blank=True, max_length=255)),
                ("author", models.CharField(max_length=150)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by", models.CharField(blank=True, max_length=150)),
                (
                    "definition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="storage.definition",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="storage.draft",
                    ),
                ),
            ],
            options={
                "db_table": "draft_comment",
            },
        ),
        migrations.CreateModel(
            name="DraftPresence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.CharField(max_length=150)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presence",
                        to="storage.draft",
                    ),
                ),
            ],
            options={
                "db_table": "draft_presence",
            },
        ),
        migrations.CreateModel(
            name="DraftText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rev", models.IntegerField()),
                ("xml", models.TextField()),
                ("saved_by", models.CharField(max_length=150)),
                ("saved_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="storage.draft",
                    ),
                ),
            ],
            options={
                "db_table": "draft_text",
            },
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["-updated_at"], name="draft_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("rev__gt", 0)), name="draft_is_counted"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_as", ""), ("closed_at", None)),
                    models.Q(
                        ("closed_as__in", ["discarded", "published"]), ("closed_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="draft_closes_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("definition", None), ("draft__isnull", False)),
                    models.Q(("definition__isnull", False), ("draft", None)),
                    _connector="OR",
                ),
                name="comment_is_about_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at", None), ("resolved_by", "")),
                    models.Q(
                        ("resolved_at__isnull", False), models.Q(("resolved_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="comment_is_resolved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftpresence",
            constraint=models.UniqueConstraint(
                fields=("draft", "person"), name="draft_presence_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="drafttext",
            constraint=models.UniqueConstraint(fields=("draft", "rev"), name="draft_text_once"),
        ),
    ]
