"""Two indexes that `my_work` walks, oldest deadline first; a task without a deadline comes last.

In SQL because Django cannot write the constant 'infinity' of a timestamp into an index.
"""

from typing import ClassVar

from django.db import migrations

MAKE = """
CREATE INDEX task_queue ON task (role, (coalesce(due_at, 'infinity')), case_id, no)
    WHERE status = 'open';
CREATE INDEX task_held ON task (person, (coalesce(due_at, 'infinity')), case_id, no)
    WHERE status IN ('assigned', 'claimed');
"""
DROP = "DROP INDEX task_held; DROP INDEX task_queue;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("storage", "0003_definition_is_immutable")]
    operations: ClassVar = [migrations.RunSQL(MAKE, DROP)]
