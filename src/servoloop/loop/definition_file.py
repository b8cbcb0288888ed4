"""Opening a process definition from a file."""

from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from servoloop.kernel.process.check import NotExecutable, load_program
from servoloop.kernel.process.document import Document, UnreadableProcess, read_document
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.namespaces import bpmn
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model

CONDITIONS = frozenset(("no-condition", "condition-syntax", "expression-language"))
"""What may be wrong with a definition that is only compared with."""


def read_definition(
    path: Path, *, process: str | None = None, library: Sequence[Path] = ()
) -> Program:
    """The program of a BPMN file, to compare with; `library` names files with processes it calls.

    A drawing whose gateways lack conditions, or have them in another language, is read as well:
    a comparison asks which ways there are, not when each is taken. Raises UnreadableProcess naming
    the file, and NotExecutable with findings.
    """
    called = read_library(library)
    document = read_document_file(path)
    try:
        return load_program(document.to_bytes(), process=process, library=called)
    except NotExecutable as refused:
        if any(
            each.severity is Severity.ERROR and each.rule not in CONDITIONS
            for each in refused.findings
        ):
            raise
    _open_every_way(document)
    return load_program(document.to_bytes(), process=process, library=called)


def read_library(files: Sequence[Path]) -> dict[str, Document]:
    """The processes of these files by id. Raises UnreadableProcess naming the file."""
    called = {}
    for file in files:
        document = read_document_file(file)
        called.update({each.id: document for each in read_model(document).processes})
    return called


def _open_every_way(document: Document) -> None:
    """In place: every way out of an exclusive gateway is always possible."""
    gateways = {
        gateway.get("id"): gateway.get("default")
        for gateway in document.root.iter(bpmn("exclusiveGateway"))
    }
    for flow in document.root.iter(bpmn("sequenceFlow")):
        if flow.get("sourceRef") not in gateways:
            continue
        for condition in flow.findall(bpmn("conditionExpression")):
            flow.remove(condition)
        if flow.get("id") != gateways[flow.get("sourceRef")]:
            etree.SubElement(flow, bpmn("conditionExpression")).text = "true"


def read_document_file(path: Path) -> Document:
    """The file as it is. Raises UnreadableProcess naming it."""
    try:
        with path.open("rb") as stream:
            return read_document(stream)
    except UnreadableProcess as error:
        raise UnreadableProcess(f"{path}: {error}") from None
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise UnreadableProcess(f"Cannot read {path}: {reason}.") from error
