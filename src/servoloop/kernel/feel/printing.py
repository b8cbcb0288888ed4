"""From a syntax tree back to text; reading the text again gives an equal tree."""

from decimal import Decimal

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.lexer import split_name, write_string
from servoloop.kernel.feel.vocabulary import KEYWORDS

_LOOSE, _OR, _AND, _COMPARISON, _INSTANCE, _ADD, _MULTIPLY, _POWER, _UNARY, _TIGHT = range(10)
_LEVELS = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}


def print_tree(node: tree.Node) -> str:
    """The text of a tree, with brackets only where they are needed."""
    return _print(node, _LOOSE)


def _print(node: tree.Node, level: int) -> str:
    """The text of a node where only operators at least as tight as ``level`` need no brackets."""
    own, text = _text(node)
    return f"({text})" if own < level else text


def _text(node: tree.Node) -> tuple[int, str]:
    match node:
        case tree.Literal(value=value):
            return _TIGHT, _literal(value)
        case tree.AtLiteral(text=text):
            return _TIGHT, f"@{write_string(text)}"
        case tree.Name(name=name):
            return _TIGHT, name
        case tree.Negate(operand=operand):
            return _UNARY, f"-{_print(operand, _UNARY)}"
        case tree.Arithmetic():
            return _arithmetic(node)
        case tree.Compare(operator=operator, left=left, right=right):
            return _COMPARISON, f"{_print(left, _COMPARISON)} {operator} {_print(right, _INSTANCE)}"
        case tree.Between(value=value, low=low, high=high):
            ends = f"{_print(low, _ADD)} and {_print(high, _ADD)}"
            return _COMPARISON, f"{_print(value, _COMPARISON)} between {ends}"
        case tree.In(value=value, tests=tests):
            return _COMPARISON, f"{_print(value, _COMPARISON)} in {_in_tests(tests)}"
        case tree.Logic(operator=operator, operands=operands):
            own = _AND if operator == "and" else _OR
            joined = f" {operator} ".join(_print(operand, own + 1) for operand in operands)
            return own, joined
        case tree.InstanceOf(value=value, type=type_):
            return _INSTANCE, f"{_print(value, _INSTANCE)} instance of {print_type(type_)}"
    return _compound(node)


def _compound(node: tree.Node) -> tuple[int, str]:
    match node:
        case tree.Path(source=source, name=name):
            return _TIGHT, f"{_print(source, _TIGHT)}.{name}"
        case tree.Filter(source=source, condition=condition):
            return _TIGHT, f"{_print(source, _TIGHT)}[{_print(condition, _LOOSE)}]"
        case tree.Call():
            return _TIGHT, f"{_print(node.function, _TIGHT)}({_arguments(node)})"
        case tree.If(condition=condition, yes=yes, no=no):
            parts = [_print(part, _LOOSE) for part in (condition, yes, no)]
            return _LOOSE, f"if {parts[0]} then {parts[1]} else {parts[2]}"
        case tree.Span(low=low, high=high):
            return _LOOSE, f"{_print(low, _OR)}..{_print(high, _OR)}"
        case tree.For(iterators=iterators, result=result):
            return _LOOSE, f"for {_iterators(iterators)} return {_print(result, _LOOSE)}"
        case tree.Quantified(kind=kind, iterators=iterators, condition=condition):
            head = f"{kind} {_iterators(iterators)}"
            return _LOOSE, f"{head} satisfies {_print(condition, _LOOSE)}"
        case tree.FunctionLiteral():
            return _LOOSE, _function(node)
        case tree.Coerced(operand=operand):
            return _text(operand)
    return _bracketed(node)


def _bracketed(node: tree.Node) -> tuple[int, str]:
    match node:
        case tree.RangeLiteral(low=low, high=high):
            opening = "[" if node.low_included else "("
            closing = "]" if node.high_included else ")"
            return _TIGHT, f"{opening}{_print(low, _OR)}..{_print(high, _OR)}{closing}"
        case tree.UnaryComparison(operator=operator, operand=operand):
            return _LOOSE, f"{operator} {_print(operand, _ADD)}"
        case tree.ListLiteral(items=items):
            return _TIGHT, f"[{', '.join(_print(item, _LOOSE) for item in items)}]"
        case tree.ContextLiteral(entries=entries):
            texts = [f"{_key(name)}: {_print(value, _LOOSE)}" for name, value in entries]
            return _TIGHT, "{" + ", ".join(texts) + "}"
        case tree.UnaryTests(tests=tests, negated=negated):
            text = ", ".join(_print(test, _LOOSE) for test in tests) or "-"
            return _LOOSE, f"not({text})" if negated else text
    return _TIGHT, "decision table"


def _literal(value: int | Decimal | str | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return write_string(value)
    return str(value) if isinstance(value, int) else format(value, "f")


def _arithmetic(node: tree.Arithmetic) -> tuple[int, str]:
    own = _LEVELS[node.rest[0][0]]
    text = _print(node.first, own + 1)
    for operator, operand in node.rest:
        text += f" {operator} {_print(operand, own + 1)}"
    return own, text


def _in_tests(tests: tuple[tree.Node, ...]) -> str:
    if len(tests) == 1 and not isinstance(tests[0], tree.UnaryComparison):
        return _print(tests[0], _ADD)
    return f"({', '.join(_print(test, _LOOSE) for test in tests)})"


def _arguments(node: tree.Call) -> str:
    values = [_print(argument, _LOOSE) for argument in node.arguments]
    if node.names is None:
        return ", ".join(values)
    return ", ".join(f"{name}: {value}" for name, value in zip(node.names, values, strict=True))


def _iterators(iterators: tuple[tuple[str, tree.Node], ...]) -> str:
    return ", ".join(f"{name} in {_domain(domain)}" for name, domain in iterators)


def _domain(node: tree.Node) -> str:
    return _text(node)[1] if isinstance(node, tree.Span) else _print(node, _OR)


def _function(node: tree.FunctionLiteral) -> str:
    parameters = [
        name if type_ is None else f"{name}: {print_type(type_)}" for name, type_ in node.parameters
    ]
    external = "external " if node.external else ""
    return f"function({', '.join(parameters)}) {external}{_print(node.body, _LOOSE)}"


def _key(name: str) -> str:
    words = split_name(name)
    plain = words and " ".join(words) == name and all(word.isidentifier() for word in words)
    return name if plain and words[0] not in KEYWORDS else write_string(name)


def print_type(type_: tree.TypeNode) -> str:
    """The text of a type."""
    match type_:
        case tree.NamedType(name=name):
            return name
        case tree.ListType(item=item):
            return f"list<{print_type(item)}>"
        case tree.RangeType(item=item):
            return f"range<{print_type(item)}>"
        case tree.ContextType(entries=entries):
            return f"context<{', '.join(f'{name}: {print_type(t)}' for name, t in entries)}>"
        case tree.FunctionType(parameters=parameters, result=result):
            return f"function<{', '.join(map(print_type, parameters))}> -> {print_type(result)}"
