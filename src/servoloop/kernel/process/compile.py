"""A document compiled into the flat tables that the engine walks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from servoloop.kernel.process.document import Document
from servoloop.kernel.process.findings import Finding, finding, has_errors
from servoloop.kernel.process.model import Model, Process
from servoloop.kernel.process.operations import operation_of
from servoloop.kernel.process.placing import place
from servoloop.kernel.process.program import Flow, Node, Op, Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.table import Table

NO_LIBRARY: Mapping[str, Document] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The program, or None when a finding is an error."""

    program: Program | None
    findings: tuple[Finding, ...]
    processes: tuple[Process, ...]  # that were looked at: one, or all that might have been meant


def compile(
    document: Document,
    *,
    process: str | None = None,
    library: Mapping[str, Document] = NO_LIBRARY,
) -> Compiled:
    """Compile the executable process, or the one with the id `process`.

    `library` maps process ids to the documents in which call activities find them.
    """
    return compile_model(read_model(document), document, process=process, library=library)


def compile_model(
    model: Model,
    document: Document,
    *,
    process: str | None = None,
    library: Mapping[str, Document] = NO_LIBRARY,
) -> Compiled:
    """As `compile`, for a document whose model has been read already."""
    chosen, findings = _choose(model, process)
    findings = [*model.findings, *findings, *_choreographies(model)]
    program = None
    for each in chosen:
        placing = place(each, model, library=library)
        table = Table(placing)
        nodes, flows = table.nodes(), table.flows()
        table.check_start(each)
        findings += (*placing.findings, *table.findings)
        if len(chosen) == 1 and not has_errors(findings):
            version = _version(document, placing.documents)
            program = _program(each, nodes, flows, version=version)
    return Compiled(program=program, findings=_unique(findings), processes=tuple(chosen))


def _choose(model: Model, wanted: str | None) -> tuple[list[Process], list[Finding]]:
    """The process to compile; several when it is unclear, so that each is looked at."""
    filled = [each for each in model.processes if each.nodes]
    if wanted is not None:
        found = [each for each in model.processes if each.id == wanted]
        known = ", ".join(each.id for each in filled) or "none"
        return found[:1], [] if found else [
            finding("unknown-process", id=wanted, parameters={"process": wanted, "known": known})
        ]
    if not filled:
        return [], [finding("no-process")]
    called = {node.called for node in model.nodes() if node.type == "callActivity"}
    candidates = [each for each in filled if each.is_executable] or filled
    candidates = [each for each in candidates if each.id not in called] or candidates
    if len(candidates) > 1:
        known = ", ".join(each.id for each in candidates)
        return candidates, [finding("which-process", parameters={"known": known})]
    only = candidates[0]
    if only.is_executable:
        return candidates, []
    return candidates, [finding("not-marked-executable", id=only.id, name=only.name.default)]


def _choreographies(model: Model) -> Iterator[Finding]:
    for each in model.collaborations:
        for node in each.nodes:
            what = operation_of(node)
            if isinstance(what, str) and not isinstance(what, Op):
                parameters = {"what": what}
                yield finding(
                    "not-executable", id=node.id, name=node.name.default, parameters=parameters
                )
        if each.type == "choreography":
            parameters = {"what": "a choreography"}
            yield finding(
                "not-executable", id=each.id, name=each.name.default, parameters=parameters
            )


def _version(document: Document, called: Mapping[str, Document]) -> str:
    if not called:
        return document.version()
    parts = [document.version(), *(f"{key}={called[key].version()}" for key in sorted(called))]
    return sha256("\n".join(parts).encode()).hexdigest()


def _unique(findings: list[Finding]) -> tuple[Finding, ...]:
    """Each finding once: a process that is called twice is read once, but placed twice."""
    return tuple({(each.rule, each.element_id, each.words): each for each in findings}.values())


def _program(
    process: Process, nodes: tuple[Node, ...], flows: tuple[Flow, ...], *, version: str
) -> Program:
    starts = [each for each in nodes if each.op is Op.START and each.scope == -1]
    return Program(
        key=process.id,
        version=version,
        sheet=process.sheet,
        nodes=nodes,
        flows=flows,
        start=next((n.index for n in starts if n.message is None and n.timer is None), -1),
        message_starts={each.message.name: each.index for each in starts if each.message},
        timer_starts=tuple(each.index for each in starts if each.timer),
        by_id={each.id: each.index for each in nodes},
    )
