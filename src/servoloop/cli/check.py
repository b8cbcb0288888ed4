"""`servoloop check FILE.bpmn`: can this process be executed, and if not, why; needs no database."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from servoloop.kernel.process.check import Verdict, check
from servoloop.kernel.process.document import Document, UnreadableProcess, read_document
from servoloop.kernel.process.findings import Finding, Severity
from servoloop.kernel.process.reader import read_model

DESCRIPTION = """\
Read a BPMN 2.0 file and say whether Servoloop can execute it: elements that it does not execute,
expressions that cannot be read, steps that can never be reached, places where a case could stop for
ever. Nothing is changed.
"""
EXAMPLES = """\
exit status: 0 executable, 1 not executable, 2 the file cannot be read

examples:
  servoloop check refund.bpmn
  servoloop check refund.bpmn --json
  servoloop check refund.bpmn --library approval.bpmn   for a process that it calls
"""
EXECUTABLE, NOT_EXECUTABLE = 0, 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "check",
        help="say whether a BPMN file can be executed, and why not",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, help="the BPMN file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    parser.add_argument("--process", metavar="ID", help="which process of the file is meant")
    parser.add_argument(
        "--library",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a file with processes that this one calls; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Print the verdict; raises UnreadableProcess for what is no BPMN file."""
    library = _library(args.library)
    verdict = check(_document(args.file), process=args.process, library=library)
    if args.json:
        print(json.dumps(_as_json(verdict), ensure_ascii=False, indent=2))
    else:
        print(_as_text(args.file, verdict))
    return EXECUTABLE if verdict.is_executable else NOT_EXECUTABLE


def _document(path: Path) -> Document:
    if str(path) == "-":
        return read_document(sys.stdin.buffer)
    try:
        with path.open("rb") as stream:
            return _read(stream, path)
    except IsADirectoryError:
        raise UnreadableProcess(f"{path} is a folder; name a BPMN file.") from None


def _read(stream: BinaryIO, path: Path) -> Document:
    try:
        return read_document(stream)
    except UnreadableProcess as error:
        raise UnreadableProcess(f"{path}: {error}") from None


def _library(paths: list[Path]) -> Mapping[str, Document]:
    library = {}
    for path in paths:
        document = _document(path)
        for process in read_model(document).processes:
            library[process.id] = document
    return library


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "executable": verdict.is_executable,
        "process": verdict.program.key if verdict.program else None,
        "version": verdict.program.version if verdict.program else None,
        "findings": [
            {
                "element": each.element_id,
                "name": each.element_name,
                "rule": each.rule,
                "severity": each.severity.value,
                "words": each.words,
                "parameters": dict(each.parameters),
            }
            for each in verdict.findings
        ],
    }


def _as_text(path: Path, verdict: Verdict) -> str:
    errors = [each for each in verdict.findings if each.severity is Severity.ERROR]
    warnings = [each for each in verdict.findings if each.severity is Severity.WARNING]
    answer = "can be executed" if verdict.is_executable else "cannot be executed"
    counts = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}"
    lines = [f"{path.name} {answer} ({counts})."]
    lines += [f"  {each.severity.value:<7}  {each.words}" for each in (*errors, *warnings)]
    return "\n".join(lines)


def _count(findings: list[Finding], noun: str) -> str:
    return f"{len(findings) or 'no'} {noun}{'' if len(findings) == 1 else 's'}"
