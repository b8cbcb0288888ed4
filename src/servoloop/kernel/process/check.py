"""The verdict on a process file, and the short way to a program."""

from collections.abc import Mapping
from dataclasses import dataclass

from servoloop.kernel.process.branches import find_open_branches
from servoloop.kernel.process.compile import NO_LIBRARY, compile, compile_model
from servoloop.kernel.process.document import Document, ProcessError, read_document
from servoloop.kernel.process.findings import Finding, Severity, has_errors
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.soundness import find_unsoundness
from servoloop.kernel.process.structure import find_loose_ends


class NotExecutable(ProcessError):
    """The process cannot be executed; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        errors = [each.words for each in findings if each.severity is Severity.ERROR]
        more = f" And {len(errors) - 3} more." if len(errors) > 3 else ""
        super().__init__(f"The process cannot be executed. {' '.join(errors[:3])}{more}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    is_executable: bool
    program: Program | None
    findings: tuple[Finding, ...]


def check(
    document: Document,
    *,
    process: str | None = None,
    library: Mapping[str, Document] = NO_LIBRARY,
) -> Verdict:
    """Everything that can be said about a process before it runs; never raises."""
    model = read_model(document)
    compiled = compile_model(model, document, process=process, library=library)
    findings = [*compiled.findings]
    for each in compiled.processes:
        findings += find_loose_ends(each)
    if compiled.program is not None:
        findings += find_open_branches(compiled.program)
        findings += find_unsoundness(compiled.program)
    is_executable = not has_errors(findings)
    return Verdict(
        is_executable=is_executable,
        program=compiled.program if is_executable else None,
        findings=tuple(findings),
    )


def load_program(
    xml: bytes, *, process: str | None = None, library: Mapping[str, Document] = NO_LIBRARY
) -> Program:
    """Read and compile, without the search for deadlocks that `check` adds.

    Raises UnreadableProcess for what is no safe BPMN file and NotExecutable for what cannot run.
    """
    compiled = compile(read_document(xml), process=process, library=library)
    if compiled.program is None:
        raise NotExecutable(compiled.findings)
    return compiled.program
