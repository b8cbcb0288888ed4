"""Nobody changes or removes what happened, not even by accident in a console."""

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events are append-only: % of table event is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
CREATE TRIGGER event_is_not_truncated BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
"""
ALLOW = """
DROP TRIGGER event_is_not_truncated ON event;
DROP TRIGGER event_is_append_only ON event;
DROP FUNCTION refuse_event_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("storage", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
