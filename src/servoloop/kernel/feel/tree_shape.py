"""Questions about a whole syntax tree that the compiler asks before it compiles."""

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.library import LIBRARY

_FLAT = (
    tree.Literal,
    tree.AtLiteral,
    tree.Name,
    tree.Negate,
    tree.Arithmetic,
    tree.Compare,
    tree.Between,
    tree.In,
    tree.Logic,
    tree.InstanceOf,
    tree.Path,
    tree.If,
    tree.RangeLiteral,
    tree.UnaryComparison,
    tree.ListLiteral,
    tree.Call,
)


def is_flat(node: tree.Node) -> bool:
    """Whether a tree binds no names and cannot loop, so that it needs neither frame nor budget."""
    pending = [node]
    while pending:
        found = pending.pop()
        if not isinstance(found, _FLAT):
            return False
        if isinstance(found, tree.Call):
            if not isinstance(found.function, tree.Name):
                return False
            signatures = LIBRARY.get(found.function.name)
            if signatures is None or any(signature.budgeted for signature in signatures):
                return False
            pending.extend(found.arguments)
        else:
            pending.extend(tree.children(found))
    return True


def count_nodes(node: tree.Node) -> int:
    """How many nodes a tree has: the steps that one pass over it costs."""
    total = 0
    pending = [node]
    while pending:
        found = pending.pop()
        total += 1
        pending.extend(tree.children(found))
    return total


def mentions(node: tree.Node, name: str) -> bool:
    """Whether a name occurs in a tree."""
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, tree.Name) and found.name == name:
            return True
        pending.extend(tree.children(found))
    return False


def is_surely_boolean(node: tree.Node) -> bool:
    """Whether a tree can only answer true, false or null."""
    match node:
        case tree.Compare() | tree.Between() | tree.In() | tree.Logic() | tree.InstanceOf():
            return True
        case tree.Quantified() | tree.UnaryTests():
            return True
        case tree.Literal(value=value):
            return type(value) is bool
        case tree.Call(function=tree.Name(name="not")):
            return True
    return False


_LOOKING = frozenset({"count", "sum", "min", "max", "mean", "product", "list contains", "median"})
"""Functions that look at a list and keep nothing of it."""


def lets_go(node: tree.Node, name: str) -> bool:
    """Whether the list of that name may outlive an evaluation of the tree, and not just be looked
    at."""
    pending = [node]
    while pending:
        found = pending.pop()
        if isinstance(found, tree.Name) and found.name == name:
            return True
        if isinstance(found, tree.FunctionLiteral) and mentions(found.body, name):
            return True
        if isinstance(found, tree.Filter) and _is_name(found.source, name):
            pending.append(found.condition)
        elif isinstance(found, tree.Call) and _is_looking(found.function):
            pending += [node for node in found.arguments if not _is_name(node, name)]
        else:
            pending.extend(tree.children(found))
    return False


def _is_name(node: tree.Node, name: str) -> bool:
    return isinstance(node, tree.Name) and node.name == name


def _is_looking(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name in _LOOKING
