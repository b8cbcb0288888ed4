"""The manual of a published version, or of a draft."""

from collections.abc import Iterable

from servoloop.accounts.people import people, role_labels
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.program import Program
from servoloop.loop.manual.manual import Manual, manual_of
from servoloop.loop.manual.texts import Language
from servoloop.storage.definitions import program_of
from servoloop.storage.queries.definition_files import DefinitionFile


def manuals_of_version(
    file: DefinitionFile, *, languages: Iterable[Language]
) -> tuple[Manual, ...]:
    """Two queries, and one for the program the first time."""
    program = program_of(file.key, file.version)
    return manuals_of_program(program, read_document(file.xml.encode()), languages=languages)


def manuals_of_program(
    program: Program, document: Document, *, languages: Iterable[Language]
) -> tuple[Manual, ...]:
    """With the names of roles and people as they are here. Two queries."""
    owners = {node.step.owner or "" for node in program.nodes} | {program.sheet.owner or ""}
    named = {name: person.name for name, person in people(owners).items()}
    roles = role_labels()
    return tuple(
        manual_of(program, document, language=language, roles=roles, people=named)
        for language in languages
    )
