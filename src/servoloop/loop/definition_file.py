"""Opening a process definition from a file."""

from collections.abc import Sequence
from pathlib import Path

from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import Document, UnreadableProcess, read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model


def read_definition(
    path: Path, *, process: str | None = None, library: Sequence[Path] = ()
) -> Program:
    """The program of a BPMN file; `library` names files with processes that it calls.

    Raises UnreadableProcess naming the file, and NotExecutable with findings.
    """
    called = {}
    for file in library:
        document = _document(file)
        called.update({each.id: document for each in read_model(document).processes})
    _document(path)  # so that what is wrong with the file is said with its name
    return load_program(path.read_bytes(), process=process, library=called)


def _document(path: Path) -> Document:
    try:
        with path.open("rb") as stream:
            return read_document(stream)
    except UnreadableProcess as error:
        raise UnreadableProcess(f"{path}: {error}") from None
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise UnreadableProcess(f"Cannot read {path}: {reason}.") from error
