"""Everything that can be said about a decision model without an input."""

from collections.abc import Iterator

from servoloop.kernel.decisions.elements import CompiledElement
from servoloop.kernel.decisions.model import Decision, DecisionService, KnowledgeModel
from servoloop.kernel.decisions.problems import Problem
from servoloop.kernel.decisions.program import DecisionProgram
from servoloop.kernel.decisions.table_check import check_table
from servoloop.kernel.decisions.table_node import TableNode
from servoloop.kernel.feel import tree
from servoloop.kernel.feel.checking import check_tree
from servoloop.kernel.feel.types import ANY


def check_decisions(program: DecisionProgram) -> tuple[Problem, ...]:
    """All findings for a model, in the order of the file; those of imported models are left out."""
    problems = list(program.problems)
    for identifier, element in program.model.elements.items():
        compiled = program.elements[(program.model.namespace, identifier)]
        problems += _references(program, compiled)
        if isinstance(element, (Decision, KnowledgeModel)):
            problems += _names_and_types(program, compiled)
            for table in _tables(compiled.syntax):
                types = program.types[program.model.namespace]
                problems += check_table(table, types=types)
        if isinstance(element, Decision) and element.logic is None:
            problems.append(
                Problem(
                    kind="structure",
                    where=element.name,
                    message="The decision has no logic and always answers null.",
                    is_error=False,
                )
            )
    return tuple(problems)


def _references(program: DecisionProgram, compiled: CompiledElement) -> Iterator[Problem]:
    """References that lead nowhere."""
    element = compiled.element
    references: tuple[str, ...] = ()
    if isinstance(element, (Decision, KnowledgeModel)):
        references = element.requires
    elif isinstance(element, DecisionService):
        references = (*element.outputs, *element.input_decisions, *element.input_data)
    for reference in references:
        namespace, _, identifier = reference.rpartition("#")
        if (namespace or program.model.namespace, identifier) not in program.elements:
            yield Problem(
                kind="structure",
                where=element.name,
                message=f"The required element '{reference}' does not exist.",
            )


def _names_and_types(program: DecisionProgram, compiled: CompiledElement) -> Iterator[Problem]:
    names: dict[str, tree.TypeNode] = {}
    for need in compiled.needs:
        target = program.elements[need.key]
        is_value = len(need.path) == 1 and not isinstance(
            target.element, (KnowledgeModel, DecisionService)
        )
        names[need.path[0]] = (target.type or ANY) if is_value else ANY
    types = program.types[program.model.namespace]
    for finding in check_tree(compiled.syntax, names=names, types=types):
        yield Problem(kind=finding.kind, where=compiled.element.name, message=finding.message)


def _tables(node: tree.Node) -> Iterator[TableNode]:
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, TableNode):
            yield found
        pending.extend(tree.children(found))
