"""Who published a version, why, and who approved it: as immutable as its text; and every later act."""

import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
CREATE OR REPLACE FUNCTION refuse_definition_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (OLD.key, OLD.version, OLD.xml, OLD.library, OLD.published_at,
            OLD.author, OLD.reason, OLD.approved_by, OLD.approved_at)
            IS DISTINCT FROM (NEW.key, NEW.version, NEW.xml, NEW.library, NEW.published_at,
            NEW.author, NEW.reason, NEW.approved_by, NEW.approved_at)
    THEN
        RAISE EXCEPTION 'Version % of process % is published and cannot change.',
            left(OLD.version, 12), OLD.key USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION refuse_act_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Acts on versions are append-only: % of table definition_act is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER definition_act_is_append_only BEFORE UPDATE OR DELETE ON definition_act
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_act_change();
"""
ALLOW = """
DROP TRIGGER definition_act_is_append_only ON definition_act;
DROP FUNCTION refuse_act_change();
CREATE OR REPLACE FUNCTION refuse_definition_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (OLD.key, OLD.version, OLD.xml, OLD.library, OLD.published_at)
            IS DISTINCT FROM (NEW.key, NEW.version, NEW.xml, NEW.library, NEW.published_at)
    THEN
        RAISE EXCEPTION 'Version % of process % is published and cannot change.',
            left(OLD.version, 12), OLD.key USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("storage", "0009_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="definition",
            name="approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="definition",
            name="approved_by",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="definition",
            name="author",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="definition",
            name="reason",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="DefinitionAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("person", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "definition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="storage.definition",
                    ),
                ),
            ],
            options={
                "db_table": "definition_act",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["published", "rolled_back", "retired"])),
                        name="definition_act_known",
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
