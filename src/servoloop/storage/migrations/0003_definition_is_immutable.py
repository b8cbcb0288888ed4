"""A published version never changes: running cases are pinned to it, and old logs refer to it."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_definition_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER definition_is_immutable BEFORE UPDATE OR DELETE ON definition
    FOR EACH ROW EXECUTE FUNCTION refuse_definition_change();
"""
ALLOW = """
DROP TRIGGER definition_is_immutable ON definition;
DROP FUNCTION refuse_definition_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("storage", "0002_event_is_append_only")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
