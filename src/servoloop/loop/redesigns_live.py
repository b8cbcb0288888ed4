"""Findings of live cases with the change of the published definition that each proposes."""

from collections.abc import Collection
from dataclasses import replace

from servoloop.kernel.mining.findings.planning import NO_NAMES, Definition
from servoloop.kernel.mining.findings.redesigns import with_redesigns
from servoloop.kernel.process.document import read_document
from servoloop.loop.findings import Improvements
from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.live_log import cases_by_process
from servoloop.storage.queries.viewer import Viewer


def with_changes(found: Improvements, processes: Collection[str], viewer: Viewer) -> Improvements:
    """The same findings, changed for the version of each process that serves now.

    A finding that no step tells apart belongs to the process of most of its cases. Two queries a
    process, and one.
    """
    affected = {case for finding in found.findings for case in finding.affected}
    cases = cases_by_process(affected)
    definitions = [
        each
        for key in sorted(processes)
        if (each := _definition(key, viewer, cases.get(key, frozenset())))
    ]
    return replace(found, findings=with_redesigns(found.findings, definitions))


def _definition(key: str, viewer: Viewer, cases: frozenset[str]) -> Definition | None:
    try:
        file = definition_file(viewer, key)
    except NotFound:
        return None
    return Definition(
        document=read_document(file.xml.encode()),
        program=program_of(file.key, file.version),
        library={name: read_document(text.encode()) for name, text in file.library.items()},
        aliases=NO_NAMES,
        cases=cases,
    )
