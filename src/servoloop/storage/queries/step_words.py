"""What a step or a process is called, from the program that a case is pinned to."""

from servoloop.kernel.process.program import Program
from servoloop.kernel.process.step import NO_STEP, Step
from servoloop.kernel.process.words import NO_WORDS, Words


def step_name(program: Program, node: str | None) -> Words:
    """The name of a BPMN element; its id when it has none."""
    index = program.by_id.get(node or "", -1)
    if index < 0:
        return NO_WORDS
    name = program.nodes[index].name
    return name if name.default or name.translations else Words(default=node or "")


def step_of(program: Program, node: str | None) -> Step:
    """The standard of a BPMN element; an empty one for an unknown element."""
    index = program.by_id.get(node or "", -1)
    return program.nodes[index].step if index >= 0 else NO_STEP


def process_name(program: Program) -> Words:
    """The name of the process; its id when it has none."""
    name = program.sheet.name
    return name if name.default or name.translations else Words(default=program.key)
