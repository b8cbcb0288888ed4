"""Processes cache the staff and the calendars; this stamp tells them that something changed.

A row and not a sequence: a sequence would show the new number before the change is committed, and
a reader in between would keep the old staff under the new stamp for ever.
"""

from typing import ClassVar

from django.db import migrations

COUNT = """
INSERT INTO workplace_stamp (id, stamp) VALUES (1, 0);
CREATE FUNCTION count_workplace_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workplace_stamp SET stamp = stamp + 1;
    RETURN NULL;
END;
$$;
CREATE TRIGGER person_counts AFTER INSERT OR DELETE
    OR UPDATE OF username, is_active, is_present, customer_id ON person
    FOR EACH STATEMENT EXECUTE FUNCTION count_workplace_change();
CREATE TRIGGER membership_counts AFTER INSERT OR UPDATE OR DELETE ON membership
    FOR EACH STATEMENT EXECUTE FUNCTION count_workplace_change();
CREATE TRIGGER calendar_counts AFTER INSERT OR UPDATE OR DELETE ON calendar
    FOR EACH STATEMENT EXECUTE FUNCTION count_workplace_change();
"""
FORGET = """
DROP TRIGGER calendar_counts ON calendar;
DROP TRIGGER membership_counts ON membership;
DROP TRIGGER person_counts ON person;
DROP FUNCTION count_workplace_change();
DELETE FROM workplace_stamp;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("storage", "0004_task_queues_by_deadline"),
        ("accounts", "0001_initial"),
    ]
    operations: ClassVar = [migrations.RunSQL(COUNT, FORGET)]
