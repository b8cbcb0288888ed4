"""What the database itself refuses, whoever asks."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from servoloop.loop.run.cases import cancel_case
from servoloop.storage.models import Definition, Task
from tests.desk import BO, MONDAY, ask, furnish, play_tiny

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'task.lost'",
        "UPDATE event SET data = '{}' WHERE case_id = 0",  # even when no row is meant
        "DELETE FROM event",
        "DELETE FROM event WHERE case_id = 0",
        "TRUNCATE event",
        "TRUNCATE event CASCADE",
    ],
)
def test_events_cannot_be_changed_removed_or_truncated(statement: str) -> None:
    furnish()
    play_tiny()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_an_event_number_is_used_once_in_a_case() -> None:
    furnish()
    case = play_tiny()

    with (
        pytest.raises(IntegrityError, match="event_pkey"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO event SELECT * FROM event WHERE case_id = %s AND seq = 1", [case]
        )


@pytest.mark.parametrize("column", ["xml", "version", "key"])
def test_a_published_definition_cannot_be_changed(column: str) -> None:
    furnish()

    with pytest.raises(DatabaseError, match="is published and cannot change"), transaction.atomic():
        Definition.objects.filter(key="tiny").update(**{column: "other"})


def test_a_published_definition_cannot_be_deleted() -> None:
    furnish()

    with (
        pytest.raises(DatabaseError, match="is published and cannot change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM definition WHERE key = 'tiny'")


def test_a_process_has_one_current_version() -> None:
    furnish()
    row = Definition.objects.get(key="tiny")

    with pytest.raises(IntegrityError, match="definition_one_current"), transaction.atomic():
        Definition.objects.create(
            key="tiny", version="2", xml=row.xml, is_current=True, published_at=MONDAY
        )


def test_a_task_in_a_queue_has_no_person_and_an_ended_one_a_moment() -> None:
    furnish()
    case = ask().id

    with pytest.raises(IntegrityError, match="task_in_queue_is_nobodys"), transaction.atomic():
        Task.objects.filter(case_id=case).update(status="open", person="ada")
    with pytest.raises(IntegrityError, match="task_ends_once"), transaction.atomic():
        Task.objects.filter(case_id=case).update(status="completed")


def test_rebuilding_everything_from_the_console_leaves_everything_as_it_was() -> None:
    furnish()
    play_tiny()
    cancelled = ask().id
    cancel_case(cancelled, reason="double", actor=BO, at=MONDAY)
    before = list(Task.objects.order_by("case_id", "no").values())

    call_command("rebuild_projections")

    assert list(Task.objects.order_by("case_id", "no").values()) == before


def test_migrations_say_everything_that_the_models_say() -> None:
    call_command("makemigrations", "accounts", "storage", check=True, dry_run=True)
