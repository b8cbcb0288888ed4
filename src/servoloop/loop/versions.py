"""Published versions: retire one, or make an older one current again."""

from datetime import datetime

from django.db import transaction

from servoloop.kernel.engine.starts import start_schedules
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.readiness.readiness import NotReady, assess
from servoloop.kernel.routing.workplace import Workplace
from servoloop.loop.design import organisation
from servoloop.storage import definitions
from servoloop.storage.calendars import calendars
from servoloop.storage.definitions import Published, program_of
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.start_timers import drop_start_timers, keep_start_timers


class ReasonMissing(ServoloopError):
    """Nothing says why."""


def retire_process(key: str, *, person: str, at: datetime, reason: str) -> None:
    """No new cases of this process; running ones go on. Raises NotFound and ReasonMissing."""
    said = _said(reason)
    with transaction.atomic():
        definitions.retire(key, at=at, person=person, reason=said)
        drop_start_timers(key)


def roll_back(key: str, version: str, *, viewer: Viewer, at: datetime, reason: str) -> Published:
    """Make an older version current again, which is written down; running cases keep theirs.

    People and calendars may have changed since it was published: the gate is asked once more.
    Raises NotFound, NotReady and ReasonMissing.
    """
    said = _said(reason)
    file = definition_file(viewer, key, version=version)
    library = {name: read_document(text.encode()) for name, text in file.library.items()}
    readiness = assess(
        read_document(file.xml.encode()),
        process=key,
        library=library,
        organisation=organisation(at=at),
    )
    if not readiness.is_ready:
        raise NotReady(readiness)
    program = program_of(key, file.version)
    schedules = start_schedules(program, at=at, workplace=Workplace(calendars=calendars()))
    with transaction.atomic():
        served = definitions.serve_again(key, file.version, at=at)
        definitions.record_act(
            served.id, kind="rolled_back", person=viewer.person, at=at, reason=said
        )
        keep_start_timers(served.id, key, schedules=schedules)
    return served


def _said(reason: str) -> str:
    said = reason.strip()
    if not said:
        raise ReasonMissing("Write down why, so that it can be understood later.")
    return said
