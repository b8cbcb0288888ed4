"""Ids for cases that are brought in many at once."""

from django.db import connection

from servoloop.kernel.events.event import CaseId


def draw_case_ids(count: int) -> list[CaseId]:
    """New ids, ascending; an id that is not used stays a gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('\"case\"', 'id')) FROM generate_series(1, %s)",
            [count],
        )
        return sorted(CaseId(row[0]) for row in cursor.fetchall())
