"""Exclusive gateways without a default: do their conditions cover every case?

Only what is plain to see counts: a condition and its opposite, or equality with every option of a
choice. For everything else a default flow is asked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.step import Field, FieldType

_EQUALS = re.compile(r'([^\W\d]\w*) *= *(?:"([^"\\]*)"|(true|false))')
_COMPARES = re.compile(r"(.+?)\s*(<=|>=|!=|<|>|=)\s*([^<>=!]+)")
_OPPOSITES = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
_NOT = re.compile(r"not *\((.*)\)", re.DOTALL)
_CONNECTIVE = re.compile(r"\b(and|or|between|in|if|for|some|every)\b")


def find_open_branches(program: Program) -> Iterator[Finding]:
    """Exclusive splits at which a case may find no way out."""
    options = _options(program)
    for node in program.nodes:
        is_open = node.op is Op.EXCLUSIVE and len(node.outgoing) > 1 and node.default < 0
        if is_open and not _is_exhaustive(_conditions(program, node), options):
            yield finding("no-default", id=node.id, name=node.name.default)


def _conditions(program: Program, node: Node) -> list[str]:
    conditions = (program.flows[each].condition for each in node.outgoing)
    return [" ".join(each.text.split()) for each in conditions if each is not None]


def _options(program: Program) -> Mapping[str, frozenset[str]]:
    """Variable to the values that fields allow for it; a free field allows anything."""
    values: dict[str, set[str]] = defaultdict(set)
    free: set[str] = set()
    for each in _fields(program):
        if each.type is FieldType.CHOICE:
            values[each.name] |= {option.value for option in each.options}
        elif each.type is FieldType.BOOLEAN:
            values[each.name] |= {"true", "false"}
        else:
            free.add(each.name)
        if not each.is_required and not each.is_outcome:
            free.add(each.name)
    rules = [rule for node in program.nodes for rule in (node.assign, node.decide) if rule]
    assigned = {rule.variable for rule in rules}
    return {name: frozenset(each) for name, each in values.items() if name not in free | assigned}


def _fields(program: Program) -> Iterable[Field]:
    yield from program.sheet.form
    for node in program.nodes:
        yield from node.step.outputs


def _is_exhaustive(conditions: list[str], options: Mapping[str, frozenset[str]]) -> bool:
    known = set(conditions)
    if any(_opposite(each) in known for each in conditions):
        return True
    tested: dict[str, set[str]] = defaultdict(set)
    for each in conditions:
        if found := _EQUALS.fullmatch(each):
            name, text, boolean = found.groups()
            tested[name].add(text if boolean is None else boolean)
    return any(name in options and values >= options[name] for name, values in tested.items())


def _opposite(condition: str) -> str | None:
    if found := _NOT.fullmatch(condition):
        return found.group(1).strip()
    if found := None if _CONNECTIVE.search(condition) else _COMPARES.fullmatch(condition):
        left, sign, right = found.groups()
        return f"{left} {_OPPOSITES[sign]} {right}"
    return None
