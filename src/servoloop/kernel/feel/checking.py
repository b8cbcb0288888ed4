"""Reading a rule without evaluating it: unknown names, calls that cannot work, kinds that cannot
meet.

FEEL answers null where a value does not fit, so these mistakes would go unnoticed at run time.
What is not known for certain is not reported: a variable without a declared type fits everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.constants import constant_of
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.printing import print_type
from servoloop.kernel.feel.properties import PROPERTIES
from servoloop.kernel.feel.tree import ListType, NamedType, TypeNode
from servoloop.kernel.feel.types import ANY, TypeTable
from servoloop.kernel.feel.values import kind_of

_NUMBER, _STRING, _BOOLEAN = (NamedType(name=name) for name in ("number", "string", "boolean"))
_RANGE_OF_ANY = tree.RangeType(item=ANY)
_PROPERTY_NAMES = {name for table in PROPERTIES.values() for name in table}
_DURATIONS = {"days and time duration", "years and months duration"}
_RESULTS = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "number": "number",
    "string": "string",
    "not": "boolean",
    "count": "number",
    "sum": "number",
    "mean": "number",
    "string length": "number",
    "upper case": "string",
    "lower case": "string",
    "substring": "string",
    "contains": "boolean",
    "starts with": "boolean",
    "ends with": "boolean",
    "matches": "boolean",
    "list contains": "boolean",
    "floor": "number",
    "ceiling": "number",
    "decimal": "number",
    "modulo": "number",
    "day of week": "string",
    "month of year": "string",
    "today": "date",
    "now": "date and time",
}
"""What functions answer whose answer's type is always the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong in a rule; ``position`` counts characters from 0."""

    kind: OneOf["unknown name", "type"]
    position: int
    message: str


def check_tree(
    node: tree.Node, *, names: Mapping[str, TypeNode], types: TypeTable
) -> list[Finding]:
    """What is wrong in an expression whose variables are exactly ``names``."""
    checker = _Checker(types=types, scopes=[dict(names)])
    checker.type_of(node)
    return checker.findings


def is_condition(node: tree.Node, *, names: Mapping[str, TypeNode], types: TypeTable) -> bool:
    """Whether an expression may answer true or false; True when its type is not certain."""
    answer = _Checker(types=types, scopes=[dict(names)], open_scopes=1).type_of(node)
    return answer in (ANY, _BOOLEAN)


@dataclass(slots=True, kw_only=True)
class _Checker:
    """One walk over a tree, with the types of the names in scope."""

    types: TypeTable
    scopes: list[dict[str, TypeNode]]
    findings: list[Finding] = field(default_factory=list)
    open_scopes: int = 0
    """How many filters the walk is inside of, whose items may bring names of their own."""

    def report(self, kind: OneOf["unknown name", "type"], at: int, message: str) -> None:
        self.findings.append(Finding(kind=kind, position=at, message=message))

    def type_of(self, node: tree.Node) -> TypeNode:
        """The type of what a node answers, Any when it is not certain; reports on the way."""
        match node:
            case tree.Literal(value=value):
                return ANY if value is None else NamedType(name=kind_of(value))
            case tree.AtLiteral():
                value = constant_of(node)
                if value is None:
                    self.report("type", node.at, f'@"{node.text}" is no date, time or duration.')
                    return ANY
                return NamedType(name=kind_of(value))
            case tree.Name():
                return self.name(node)
            case tree.Negate(operand=operand):
                return self.type_of(operand)
            case tree.Arithmetic():
                return self.arithmetic(node)
            case tree.Compare():
                self.compare(node)
                return _BOOLEAN
            case tree.Logic():
                for operand in node.operands:
                    self.expect_boolean(operand, f"'{node.operator}' joins conditions")
                return _BOOLEAN
            case tree.Call():
                return self.call(node)
            case tree.Path():
                return self.path(node)
        return self.compound(node)

    def compound(self, node: tree.Node) -> TypeNode:
        match node:
            case tree.If():
                self.expect_boolean(node.condition, "'if' needs a condition")
                yes, no = self.type_of(node.yes), self.type_of(node.no)
                return yes if yes == no else ANY
            case tree.For() | tree.Quantified():
                return self.loop(node)
            case tree.Filter():
                return self.filter(node)
            case tree.FunctionLiteral():
                self.scopes.append({name: type_ or ANY for name, type_ in node.parameters})
                self.type_of(node.body)
                self.scopes.pop()
                return ANY
            case tree.ContextLiteral():
                return self.context(node)
            case tree.ListLiteral():
                items = {print_type(self.type_of(item)): item for item in node.items}
                one = len(items) == 1 and node.items
                return ListType(item=self.quiet(node.items[0])) if one else ListType(item=ANY)
            case tree.RangeLiteral() | tree.UnaryComparison():
                for child in tree.children(node):
                    self.type_of(child)
                return _RANGE_OF_ANY
            case tree.Coerced(operand=operand, type=type_):
                self.type_of(operand)
                return type_
        for child in tree.children(node):
            self.type_of(child)
        return _BOOLEAN if isinstance(node, (tree.Between, tree.In, tree.InstanceOf)) else ANY

    def quiet(self, node: tree.Node) -> TypeNode:
        """The type of a node that was already reported on."""
        before = len(self.findings)
        found = self.type_of(node)
        del self.findings[before:]
        return found

    def name(self, node: tree.Name) -> TypeNode:
        for scope in reversed(self.scopes):
            if node.name in scope:
                return self.resolved(scope[node.name])
        if node.name not in LIBRARY and node.name != "?" and not self.open_scopes:
            known = sorted(name for scope in self.scopes for name in scope)
            listed = f"Known: {', '.join(known)}." if known else "No names are known here."
            self.report("unknown name", node.at, f"There is no '{node.name}'. {listed}")
        return ANY

    def resolved(self, type_: TypeNode) -> TypeNode:
        for _ in range(20):
            if not isinstance(type_, NamedType) or type_.name not in self.types:
                return type_
            type_ = self.types[type_.name].type
        return ANY

    def arithmetic(self, node: tree.Arithmetic) -> TypeNode:
        result = self.type_of(node.first)
        for operator, operand in node.rest:
            other = self.type_of(operand)
            if not _can_calculate(result, operator, other):
                self.report(
                    "type",
                    node.at,
                    f"'{operator}' cannot join {_word(result)} and {_word(other)}.",
                )
                return ANY
            same = result == other and result in (_NUMBER, _STRING)
            result = result if same else ANY
        return result

    def compare(self, node: tree.Compare) -> None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if not _can_compare(left, right):
            self.report(
                "type",
                node.at,
                f"'{node.operator}' cannot compare {_word(left)} with {_word(right)}.",
            )

    def expect_boolean(self, node: tree.Node, why: str) -> None:
        found = self.type_of(node)
        if found not in (ANY, _BOOLEAN):
            self.report("type", getattr(node, "at", 0), f"{why}, not {_word(found)}.")

    def call(self, node: tree.Call) -> TypeNode:
        found = [self.type_of(argument) for argument in node.arguments]
        function = node.function
        if not isinstance(function, tree.Name):
            self.type_of(function)
            return ANY
        if any(function.name in scope for scope in self.scopes):
            return ANY
        signatures = LIBRARY.get(function.name)
        if signatures is None:
            if not self.open_scopes:
                self.report("unknown name", function.at, f"There is no function '{function.name}'.")
            return ANY
        names = node.names
        fits = any(
            signature.takes(len(found)) if names is None else signature.takes_names(names)
            for signature in signatures
        )
        if not fits:
            ways = " or ".join(dict.fromkeys(signature.text for signature in signatures))
            self.report("type", function.at, f"'{function.name}' is called as {ways}.")
        result = _RESULTS.get(function.name)
        return ANY if result is None else NamedType(name=result)

    def path(self, node: tree.Path) -> TypeNode:
        source = self.resolved(self.type_of(node.source))
        if isinstance(source, ListType):
            return ListType(item=ANY)
        if isinstance(source, tree.ContextType):
            entries = dict(source.entries)
            if node.name in entries:
                return self.resolved(entries[node.name])
            known = ", ".join(entries)
            self.report("unknown name", node.at, f"There is no '.{node.name}'. Known: {known}.")
        return ANY

    def loop(self, node: tree.For | tree.Quantified) -> TypeNode:
        for name, domain in node.iterators:
            found = ANY if isinstance(domain, tree.Span) else self.resolved(self.type_of(domain))
            if isinstance(domain, tree.Span):
                self.type_of(domain.low)
                self.type_of(domain.high)
            item = self.resolved(found.item) if isinstance(found, ListType) else ANY
            self.scopes.append({name: item})
        if isinstance(node, tree.For):
            self.scopes[-1]["partial"] = ListType(item=ANY)
            result: TypeNode = ListType(item=self.type_of(node.result))
        else:
            self.expect_boolean(node.condition, "'satisfies' needs a condition")
            result = _BOOLEAN
        del self.scopes[len(self.scopes) - len(node.iterators) :]
        return result

    def filter(self, node: tree.Filter) -> TypeNode:
        source = self.resolved(self.type_of(node.source))
        item = self.resolved(source.item) if isinstance(source, ListType) else ANY
        entries = dict(item.entries) if isinstance(item, tree.ContextType) else {}
        self.scopes.append({"item": item, **entries})
        unknown = item == ANY
        self.open_scopes += unknown
        condition = self.resolved(self.type_of(node.condition))
        self.open_scopes -= unknown
        self.scopes.pop()
        return item if condition == _NUMBER else ListType(item=item)

    def context(self, node: tree.ContextLiteral) -> TypeNode:
        scope: dict[str, TypeNode] = {}
        self.scopes.append(scope)
        entries = []
        for name, value in node.entries:
            if isinstance(value, tree.FunctionLiteral):
                scope[name] = ANY
            found = self.type_of(value)
            scope[name] = found
            entries.append((name, found))
        self.scopes.pop()
        return tree.ContextType(entries=tuple(entries))


def _word(type_: TypeNode) -> str:
    """A type with its article."""
    name = "context" if isinstance(type_, tree.ContextType) else print_type(type_)
    return f"a {name}"


def _plain(type_: TypeNode) -> str | None:
    """The name of a simple type, None when the type is not certain."""
    if isinstance(type_, NamedType):
        return None if type_.name in ("Any", "Null") else type_.name
    return "list" if isinstance(type_, ListType) else None


def _can_compare(left: TypeNode, right: TypeNode) -> bool:
    one, other = _plain(left), _plain(right)
    return one is None or other is None or one == other


def _can_calculate(left: TypeNode, operator: str, right: TypeNode) -> bool:
    one, other = _plain(left), _plain(right)
    if one is None or other is None:
        return not {"boolean", "list"} & {one, other}
    both = {one, other}
    if both == {"number"}:
        return True
    if both == {"string"}:
        return operator == "+"
    if operator in ("+", "-"):
        temporal = both <= (_DURATIONS | {"date", "time", "date and time"})
        return temporal and (operator == "-" or bool(both & _DURATIONS))
    return operator in ("*", "/") and bool(both & _DURATIONS) and both <= _DURATIONS | {"number"}
