"""Findings with the change of the definition that each proposes, for a definition in a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from servoloop.kernel.mining.findings.finding import Proposal
from servoloop.kernel.mining.findings.planning import NO_NAMES, Definition
from servoloop.kernel.mining.findings.redesigns import with_redesigns
from servoloop.kernel.process.check import NotExecutable, check
from servoloop.kernel.process.words import Words
from servoloop.loop.definition_file import read_document_file, read_library
from servoloop.loop.findings import Improvements


def with_changes_of_file(
    found: Improvements,
    path: Path,
    *,
    process: str | None = None,
    library: Sequence[Path] = (),
    aliases: Mapping[str, str] = NO_NAMES,
) -> Improvements:
    """The same findings, each with the changed BPMN file or why there is none.

    A drawing that cannot be executed as it is cannot be changed for the better either: then every
    finding says so. Raises UnreadableProcess naming the file.
    """
    document, called = read_document_file(path), read_library(library)
    verdict = check(document, process=process, library=called)
    if verdict.program is None:
        why = _not_executable(str(NotExecutable(verdict.findings)))
        nothing = Proposal(redesign=None, definition="", version="", why_not=why)
        changed = tuple(replace(each, proposal=nothing) for each in found.findings)
    else:
        definition = Definition(
            document=document, program=verdict.program, library=called, aliases=aliases
        )
        changed = with_redesigns(found.findings, [definition])
    return replace(found, findings=changed)


def _not_executable(reason: str) -> Words:
    en = f"The definition is only compared with, for it cannot be executed: {reason}"
    zh = f"该定义仅用于比较，因其尚不可执行：{reason}"
    return Words(default=en, translations={"en": en, "zh": zh})
