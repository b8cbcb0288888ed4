"""Reading types: ``number``, ``list<string>``, ``context<a: number>``, ``function<date> ->
number``."""

from typing import NoReturn

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.errors import BudgetExceeded, FeelSyntaxError
from servoloop.kernel.feel.lexer import Names, Token, tokenize
from servoloop.kernel.feel.vocabulary import KEYWORDS, TYPE_NAMES

MAX_DEPTH = 30
_builtin = Names(TYPE_NAMES)


def parse_type(text: str) -> tree.TypeNode:
    """The type a text stands for; raises FeelSyntaxError."""
    tokens = tokenize(text)
    node, index = parse_type_tokens(text, tokens, 0)
    if tokens[index].kind != "end":
        _fail(text, tokens[index], "the end of the type")
    return node


def parse_type_tokens(
    text: str, tokens: list[Token], index: int, *, depth: int = 0
) -> tuple[tree.TypeNode, int]:
    """The type that starts at a token, and the index of the token after it."""
    if depth > MAX_DEPTH:
        raise BudgetExceeded(f"The type is nested more than {MAX_DEPTH} levels deep.")
    if tokens[index].kind != "word":
        _fail(text, tokens[index], "the name of a type")
    name, index = _type_name(text, tokens, index)
    if tokens[index].text != "<" or name not in ("list", "range", "context", "function"):
        return tree.NamedType(name=name), index
    if name == "context":
        return _context(text, tokens, index + 1, depth=depth)
    if name == "function":
        return _function(text, tokens, index + 1, depth=depth)
    item, index = parse_type_tokens(text, tokens, index + 1, depth=depth + 1)
    index = _expect(text, tokens, index, ">")
    return (tree.ListType(item=item) if name == "list" else tree.RangeType(item=item)), index


def _type_name(text: str, tokens: list[Token], index: int) -> tuple[str, int]:
    found = _builtin.longest(tokens, index)
    if found is not None:
        return found[0], index + found[1]
    name = tokens[index].text
    index += 1
    while tokens[index].text == "." and tokens[index + 1].kind == "word":
        name += "." + tokens[index + 1].text
        index += 2
    while tokens[index].kind == "word" and tokens[index].text not in KEYWORDS:
        name += " " + tokens[index].text
        index += 1
    return name, index


def _context(
    text: str, tokens: list[Token], index: int, *, depth: int
) -> tuple[tree.TypeNode, int]:
    entries: list[tuple[str, tree.TypeNode]] = []
    while tokens[index].text != ">":
        start = index
        while tokens[index].kind in ("word", "number"):
            index += 1
        if start == index:
            _fail(text, tokens[index], "the name of an entry")
        name = " ".join(text[tokens[start].start : tokens[index - 1].end].split())
        index = _expect(text, tokens, index, ":")
        entry, index = parse_type_tokens(text, tokens, index, depth=depth + 1)
        entries.append((name, entry))
        if tokens[index].text != ">":
            index = _expect(text, tokens, index, ",")
    return tree.ContextType(entries=tuple(entries)), index + 1


def _function(
    text: str, tokens: list[Token], index: int, *, depth: int
) -> tuple[tree.TypeNode, int]:
    parameters: list[tree.TypeNode] = []
    while tokens[index].text != ">":
        parameter, index = parse_type_tokens(text, tokens, index, depth=depth + 1)
        parameters.append(parameter)
        if tokens[index].text != ">":
            index = _expect(text, tokens, index, ",")
    index = _expect(text, tokens, index + 1, "->")
    result, index = parse_type_tokens(text, tokens, index, depth=depth + 1)
    return tree.FunctionType(parameters=tuple(parameters), result=result), index


def _expect(text: str, tokens: list[Token], index: int, symbol: str) -> int:
    if tokens[index].text != symbol:
        _fail(text, tokens[index], f"'{symbol}'")
    return index + 1


def _fail(text: str, token: Token, expected: str) -> NoReturn:
    found = "The rule ends here." if token.kind == "end" else f"Found '{token.text[:40]}'."
    raise FeelSyntaxError(found, text=text, position=token.start, expected=expected)
