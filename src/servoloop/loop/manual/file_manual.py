"""The manual of a file, without a database."""

from collections.abc import Iterable
from pathlib import Path

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import UnreadableProcess, read_document
from servoloop.kernel.process.layout.diagram import draw_diagram, has_diagram
from servoloop.loop.manual.manual import Manual, manual_of
from servoloop.loop.manual.texts import Language


def manuals_of_file(path: Path, *, languages: Iterable[Language]) -> tuple[Manual, ...]:
    """Roles and people keep their keys; what nobody has drawn is laid out.

    Raises UnreadableProcess, NotExecutable, and ServoloopError for a file that is not there.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise ServoloopError(f"Cannot read {path}: {(error.strerror or 'no').lower()}.") from error
    try:
        document = read_document(text)
    except UnreadableProcess as error:
        raise UnreadableProcess(f"{path}: {error}") from None
    program = load_program(text)
    if not has_diagram(document):
        draw_diagram(document)
    return tuple(manual_of(program, document, language=language) for language in languages)
