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
from servoloop.kernel.process.readiness.readiness import Readiness, ReadinessFinding, assess

DESCRIPTION = """\
Read a BPMN 2.0 file and say whether Servoloop can execute it: elements that it does not execute,
expressions that cannot be read, steps that can never be reached, places where a case could stop for
ever. With --readiness also whether people can work by it: method, standard time and escalation of
every step, decisions that cover every case once, promises that can be kept. Nothing is changed.
"""
EXAMPLES = """\
exit status: 0 executable (with --readiness: ready), 1 not, 2 the file cannot be read

examples:
  servoloop check refund.bpmn
  servoloop check refund.bpmn --json
  servoloop check refund.bpmn --readiness
  servoloop check refund.bpmn --library approval.bpmn   for a process that it calls
"""
EXECUTABLE, NOT_EXECUTABLE = 0, 1
_LANGUAGES = {"en": "en", "zh": "zh-hans"}


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
    parser.add_argument(
        "--readiness",
        action="store_true",
        help="ask everything that the gate asks before publishing",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="with --readiness: two-way decisions, nothing parallel",
    )
    parser.add_argument(
        "--language",
        "--lang",
        choices=("en", "zh"),
        default="en",
        dest="lang",
        help="language of --readiness",
    )
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
    if args.readiness:
        return _run_readiness(args, library)
    verdict = check(_document(args.file), process=args.process, library=library)
    if args.json:
        print(json.dumps(_as_json(verdict), ensure_ascii=False, indent=2))
    else:
        print(_as_text(args.file, verdict))
    return EXECUTABLE if verdict.is_executable else NOT_EXECUTABLE


def _run_readiness(args: argparse.Namespace, library: Mapping[str, Document]) -> int:
    """The verdict of the gate, as far as it can be given without knowing who works here."""
    readiness = assess(
        _document(args.file),
        process=args.process,
        library=library,
        strict=True if args.strict else None,
    )
    if args.json:
        print(json.dumps(_readiness_as_json(readiness), ensure_ascii=False, indent=2))
    else:
        print(_readiness_as_text(args.file, readiness, language=_LANGUAGES[args.lang]))
    return EXECUTABLE if readiness.is_ready else NOT_EXECUTABLE


def _readiness_as_json(readiness: Readiness) -> dict[str, object]:
    return {
        "ready": readiness.is_ready,
        "score": readiness.score,
        "strict": readiness.is_strict,
        "process": readiness.program.key if readiness.program else None,
        "version": readiness.program.version if readiness.program else None,
        "questions": [
            {
                "question": each.question.value,
                "kept": each.is_kept,
                "score": round(each.score, 4),
                "rules": [
                    {"rule": rule.rule.id, "asked": rule.asked, "score": round(rule.score, 4)}
                    for rule in each.rules
                ],
            }
            for each in readiness.questions
        ],
        "findings": [_finding_as_json(each) for each in readiness.findings],
    }


def _finding_as_json(each: ReadinessFinding) -> dict[str, object]:
    waiver = each.waiver
    return {
        "rule": each.cause.rule if each.cause is not None else each.rule.id,
        "question": each.rule.question.value,
        "severity": each.severity.value,
        "elements": list(each.elements),
        "words": {"en": each.words("en"), "zh": each.words(_LANGUAGES["zh"])},
        "waiver": {"by": waiver.by, "reason": waiver.reason} if waiver is not None else None,
    }


def _readiness_as_text(path: Path, readiness: Readiness, *, language: str) -> str:
    state = "is ready" if readiness.is_ready else "is not ready"
    lines = [f"{path.name} {state} ({readiness.score} of 100)."]
    for question in readiness.questions:
        mark = "yes" if question.is_kept else "no "
        lines.append(f"  {mark}  {question.words.in_language(language)}")
        for each in question.findings:
            how = "waived" if each.waiver is not None else each.severity.value
            lines.append(f"         {how:<7}  {each.words(language)}")
    return "\n".join(lines)


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
