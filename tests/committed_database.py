"""A database whose transactions really commit, for tests of races, crashes and other processes.

pytest-django's own `transactional_db` empties tables by TRUNCATE, which our events refuse.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

_TABLES = (
    'event, task, timer, clock, escalation, incident, subscription, command, "case", definition, '
    "calendar, customer, membership, person, role, procrastinate_jobs, procrastinate_workers"
)


@pytest.fixture(scope="session")
def migrated_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django makes its database only when a test with its own mark is among those run."""
    if str(connection.settings_dict["NAME"]).startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed_db(migrated_database: None, django_db_blocker: Any) -> Iterator[None]:
    """Empty before and after; the connection may be killed in between."""
    with django_db_blocker.unblock():
        empty()
        kept = connection.settings_dict["CONN_MAX_AGE"]
        connection.settings_dict["CONN_MAX_AGE"] = 0  # threads leave no session behind
        yield
        connection.settings_dict["CONN_MAX_AGE"] = kept
        connection.close()
        empty()
        connection.close()


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE event DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {_TABLES} CASCADE")
        cursor.execute("ALTER TABLE event ENABLE TRIGGER USER")
