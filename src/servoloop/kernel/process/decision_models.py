"""The decision model (DMN) that a process carries: one file says everything, under one hash."""

from lxml import etree

from servoloop.kernel.decisions.checking import check_decisions
from servoloop.kernel.decisions.program import DecisionProgram, compile_decisions
from servoloop.kernel.decisions.reading import is_decision_model, read_model
from servoloop.kernel.process.extension import extension
from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.model import Process


class DecisionModels:
    """Compiles the model of each process once and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._programs: dict[str, DecisionProgram | None] = {}

    def of(self, process: Process) -> DecisionProgram | None:
        """The compiled `dmn:definitions` in the process's `servoloop:decisions`, if it has one."""
        if process.id not in self._programs:
            self._programs[process.id] = self._compile(process)
        return self._programs[process.id]

    def _compile(self, process: Process) -> DecisionProgram | None:
        root = _definitions(process.element)
        if root is None:
            return None
        program = compile_decisions(read_model(root))
        for problem in check_decisions(program):
            rule = "decision-error" if problem.is_error else "decision-note"
            parameters = {"where": problem.where, "reason": problem.message}
            self.findings.append(
                finding(rule, id=process.id, name=process.name.default, parameters=parameters)
            )
        return program


def _definitions(process: etree._Element) -> etree._Element | None:
    holder = extension(process, "decisions")
    if holder is None:
        return None
    children = holder.iterchildren(tag=etree.Element)
    return next((child for child in children if is_decision_model(child)), None)
