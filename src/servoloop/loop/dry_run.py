"""Design: go through a case of a process that nobody works by yet."""

from collections.abc import Sequence
from datetime import datetime

from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.simulation.dry_run import DryRun, Move, play
from servoloop.loop.drafts import library_of, main_process
from servoloop.storage.calendars import calendars
from servoloop.storage.definitions import program_of
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.drafts import draft_xml
from servoloop.storage.queries.viewer import Viewer


def program_of_draft(id: int, *, viewer: Viewer) -> Program:
    """What a draft would do, sound or not, with the published versions of what it calls.

    Raises NotFound, and NotExecutable with the findings.
    """
    xml, _ = draft_xml(viewer, id)
    document = read_document(xml.encode())
    return load_program(xml.encode(), process=_process(document), library=library_of(document))


def program_of_version(key: str, *, version: str | None, viewer: Viewer) -> tuple[Program, int]:
    """Of a published version, without one the current; and its id. Raises NotFound."""
    file = definition_file(viewer, key, version=version)
    return program_of(file.key, file.version), file.id


def dry_run(program: Program, moves: Sequence[Move], *, begin: datetime) -> DryRun:
    """The case after the moves, in the calendars kept here; `begin` is the first virtual moment.

    Raises what `play` raises.
    """
    return play(program, moves, begin=begin, calendars=calendars())


def _process(document: Document) -> str | None:
    process = main_process(read_model(document))
    return None if process is None else process.id
