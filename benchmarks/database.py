"""A PostgreSQL of our own for a benchmark: durable as in production, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

PROCESSES = Path(__file__).resolve().parent / "processes"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@contextmanager
def durable_database() -> Iterator[str]:
    """Start the embedded server with fsync, migrate it, set Django up for it; its URL."""
    from servoloop.storage.folder import VarFolder
    from servoloop.storage.server.embedded import embedded_server

    folder = Path(tempfile.mkdtemp(prefix="servoloop-benchmark-"))
    folder.chmod(0o755)  # PostgreSQL may run as another user
    try:
        with embedded_server(VarFolder(root=folder)) as server:
            os.environ["DATABASE_URL"] = server.url
            os.environ["SERVOLOOP_VAR"] = str(folder)
            os.environ.setdefault("SERVOLOOP_LOG_LEVEL", "ERROR")
            set_up()
            from django.core.management import call_command
            from django.db import connections

            call_command("migrate", verbosity=0)
            furnish()
            yield server.url
            connections.close_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def set_up() -> None:
    """Django on DATABASE_URL; in the process itself and in each child."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "servoloop.config.settings"
    django.setup()


def furnish() -> None:
    """One agent, one calendar, and the processes of the benchmarks."""
    from servoloop.accounts.models import Membership, Role, User
    from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
    from servoloop.loop import design
    from servoloop.storage.calendars import keep_calendar
    from servoloop.storage.customers import keep_customer

    keep_calendar(Calendar(name="office", zone="UTC", weekly=weekly_hours("mon-fri 09:00-17:00")))
    agent = Role.objects.create(key="agent", label_en="Agent", label_zh="客服")
    for name in ("ada", "eve"):
        person = User.objects.create(username=name)
        Membership.objects.create(person=person, role=agent)
    for file in sorted(PROCESSES.glob("*.bpmn")):
        design.publish_ungated(file.read_bytes(), at=MONDAY)
    keep_customer(key="mo", name="Mo", at=MONDAY)
