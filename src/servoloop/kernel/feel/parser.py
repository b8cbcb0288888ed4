"""From tokens to a syntax tree, by recursive descent with operator precedence.

A name may contain spaces and operators (``credit score``, ``pre-bureau risk``): where a name can
stand, the longest known one is taken; unknown words in a row, which could not mean anything else,
are joined.

This module is one class and its grammar; it is longer than others because the grammar is.
"""

from collections.abc import Callable, Iterable, Mapping

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.errors import BudgetExceeded, FeelSyntaxError
from servoloop.kernel.feel.lexer import Names, Token, read_number, read_string, tokenize
from servoloop.kernel.feel.type_parser import parse_type_tokens
from servoloop.kernel.feel.vocabulary import KEYWORDS, PROPERTIES

MAX_DEPTH = 60
"""Brackets within brackets. Compiled rules nest Python calls as deep as the text does."""

MAX_NAMES = 1_000
"""Entries of one context written in a rule."""

_COMPARATORS: dict[str, tree.Comparator] = {
    "=": "=",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_OPERATORS: dict[str, tree.Operator] = {"+": "+", "-": "-", "*": "*", "/": "/", "**": "**"}
# The grammar of the standard binds "instance of" tighter than arithmetic, where it could only ask
# about the last operand; below arithmetic, "a + b instance of number" says what it seems to say.
_OR, _AND, _COMPARISON, _INSTANCE, _ADDITIVE, _MULTIPLICATIVE, _POWER = range(1, 8)
_NEVER_STARTS = frozenset(
    {")", "]", "}", ",", "..", "=", "!=", "<=", ">=", "*", "/", "**", ":", "."}
)


def parse(
    text: str,
    *,
    names: Iterable[str] = (),
    functions: Iterable[str] = (),
    properties: Iterable[str] = (),
) -> tree.Node:
    """The tree of an expression; raises FeelSyntaxError, or BudgetExceeded when too deep."""
    parser = _Parser(text, names=names, functions=functions, properties=properties)
    return parser.whole(parser.expression)


def parse_unary_tests(
    text: str,
    *,
    names: Iterable[str] = (),
    functions: Iterable[str] = (),
    properties: Iterable[str] = (),
) -> tree.UnaryTests:
    """The tree of a decision-table cell; raises like ``parse``."""
    parser = _Parser(text, names=names, functions=functions, properties=properties)
    node = parser.whole(parser.unary_tests)
    assert isinstance(node, tree.UnaryTests)
    return node


class _Parser:
    """One pass over the tokens; ``index`` is the token at hand."""

    def __init__(
        self,
        text: str,
        *,
        names: Iterable[str],
        functions: Iterable[str],
        properties: Iterable[str],
    ) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.filters = 0
        self.known = Names({*functions})
        self.known.push({*names})
        self.properties = Names({*PROPERTIES, *properties})

    # The token at hand.

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def whole(self, rule: Callable[[], tree.Node]) -> tree.Node:
        """What the rule reads, which must be all of the text."""
        try:
            node = rule()
        except RecursionError:
            raise BudgetExceeded("The rule is nested too deeply. Split it into parts.") from None
        if self.token.kind != "end":
            raise self.failure("an operator or the end of the rule")
        return node

    def failure(self, expected: str, *, at: Token | None = None) -> FeelSyntaxError:
        """The error of finding something else than expected, at the token at hand."""
        token = at or self.token
        found = "The rule ends here." if token.kind == "end" else f"Found '{token.text[:40]}'."
        return FeelSyntaxError(found, text=self.text, position=token.start, expected=expected)

    def sees(self, text: str) -> bool:
        token = self.tokens[self.index]
        return token.text == text and token.kind != "string"

    def sees_next(self, text: str, *, ahead: int = 1) -> bool:
        index = min(self.index + ahead, len(self.tokens) - 1)
        return self.tokens[index].text == text and self.tokens[index].kind != "string"

    def take(self, text: str) -> bool:
        if self.sees(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str, *, why: str = "") -> Token:
        token = self.token
        if not self.take(text):
            raise self.failure(f"'{text}'{' ' + why if why else ''}")
        return token

    # Expressions, from the loosest binding to the tightest.

    def expression(self) -> tree.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BudgetExceeded(
                f"The rule is nested more than {MAX_DEPTH} levels deep. Split it into parts."
            )
        try:
            return self.binary(_OR, self.unary())
        finally:
            self.depth -= 1

    def binary(self, loosest: int, left: tree.Node) -> tree.Node:
        """Operators at least as tight as ``loosest`` after ``left``."""
        while True:
            level = self.level()
            if level < loosest:
                return left
            left = self.operator(level, left)

    def level(self) -> int:
        token = self.token
        if token.kind == "word":
            if token.text == "instance" and self.sees_next("of"):
                return _INSTANCE
            return {"or": _OR, "and": _AND, "between": _COMPARISON, "in": _COMPARISON}.get(
                token.text, 0
            )
        if token.kind != "symbol":
            return 0
        if token.text in _COMPARATORS:
            return _COMPARISON
        return {
            "+": _ADDITIVE,
            "-": _ADDITIVE,
            "*": _MULTIPLICATIVE,
            "/": _MULTIPLICATIVE,
            "**": _POWER,
        }.get(token.text, 0)

    def operator(self, level: int, left: tree.Node) -> tree.Node:
        token = self.token
        if level in (_OR, _AND):
            operands = [left]
            while self.take(token.text):
                operands.append(self.binary(level + 1, self.unary()))
            return tree.Logic(
                operator="and" if level == _AND else "or", operands=tuple(operands), at=token.start
            )
        if level == _INSTANCE:
            self.index += 2
            return tree.InstanceOf(value=left, type=self.type(), at=token.start)
        if level != _COMPARISON:
            return self.arithmetic(level, left)
        self.index += 1
        if token.text == "between":
            low = self.binary(_ADDITIVE, self.unary())
            self.expect("and", why="and the upper end, as in 'x between 1 and 5'")
            high = self.binary(_ADDITIVE, self.unary())
            return tree.Between(value=left, low=low, high=high, at=token.start)
        if token.text == "in":
            return tree.In(value=left, tests=self.tests_after_in(), at=token.start)
        right = self.binary(_INSTANCE, self.unary())
        return tree.Compare(
            operator=_COMPARATORS[token.text], left=left, right=right, at=token.start
        )

    def arithmetic(self, level: int, left: tree.Node) -> tree.Node:
        start = self.token.start
        rest: list[tuple[tree.Operator, tree.Node]] = []
        while self.level() == level:
            operator = _OPERATORS[self.token.text]
            self.index += 1
            rest.append((operator, self.binary(level + 1, self.unary())))
        return tree.Arithmetic(first=left, rest=tuple(rest), at=start)

    def unary(self) -> tree.Node:
        signs = []
        while self.sees("-") or self.sees("+"):
            if self.take("+"):
                raise self.failure("a value")
            signs.append(self.token.start)
            self.index += 1
            if len(signs) > MAX_DEPTH:
                raise BudgetExceeded(f"The rule has more than {MAX_DEPTH} minus signs in a row.")
        node = self.postfix(self.primary())
        for start in reversed(signs):
            node = tree.Negate(operand=node, at=start)
        return node

    def postfix(self, node: tree.Node) -> tree.Node:
        """Paths, filters and calls after a value."""
        links = 0
        while True:
            token = self.token
            if self.take("."):
                node = tree.Path(source=node, name=self.property(), at=token.start)
            elif self.sees("[") and self.opens_filter():
                self.index += 1
                self.filters += 1
                condition = self.expression()
                self.filters -= 1
                self.expect("]", why="at the end of the filter")
                node = tree.Filter(source=node, condition=condition, at=token.start)
            elif self.sees("("):
                node = self.call(node)
            else:
                return node
            links += 1
            if links > MAX_DEPTH:
                raise BudgetExceeded(f"The rule has more than {MAX_DEPTH} paths in a row.")

    def opens_filter(self) -> bool:
        """Whether ``[`` begins a filter, not the open end of a range such as ``]1..5[``."""
        after = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
        if after.kind == "end" or (after.kind == "symbol" and after.text in _NEVER_STARTS):
            return after.kind != "end" and after.text in ("=", "!=", "<=", ">=")
        return not (after.kind == "word" and after.text in ("and", "or", "then", "else", "return"))

    def property(self) -> str:
        if self.token.kind != "word":
            raise self.failure("a name after the dot")
        found = self.properties.longest(self.tokens, self.index)
        if found is not None and found[1] > 1:
            self.index += found[1]
            return found[0]
        return self.joined_words()

    def joined_words(self) -> str:
        """The word at hand and the plain words after it: an undeclared name with spaces."""
        words = [self.token.text]
        self.index += 1
        while self.token.kind == "word" and self.token.text not in KEYWORDS:
            words.append(self.token.text)
            self.index += 1
        return " ".join(words)

    def call(self, function: tree.Node) -> tree.Node:
        start = self.expect("(").start
        if self.take(")"):
            return tree.Call(function=function, arguments=(), at=start)
        names: list[str] = []
        arguments: list[tree.Node] = []
        while True:
            name = self.argument_name()
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
            if len(names) not in (0, len(arguments)):
                raise self.failure("names for all arguments or for none")
            if not self.take(","):
                break
        self.expect(")", why="at the end of the arguments")
        named = tuple(names) if names else None
        return tree.Call(function=function, arguments=tuple(arguments), names=named, at=start)

    def argument_name(self) -> str | None:
        """The ``name:`` before a named argument."""
        end = self.index
        while self.tokens[end].kind in ("word", "number") and end - self.index < 12:
            end += 1
        if end == self.index or self.tokens[end].text != ":" or self.tokens[end].kind == "string":
            return None
        name = self.text[self.token.start : self.tokens[end - 1].end]
        self.index = end + 1
        return " ".join(name.split())

    # Values.

    def primary(self) -> tree.Node:
        token = self.token
        if token.kind == "word":
            return self.word()
        if token.kind == "symbol":
            return self.symbol()
        if token.kind == "end":
            raise self.failure("a value")
        self.index += 1
        if token.kind == "string":
            return tree.Literal(value=read_string(token.text), at=token.start)
        try:
            return tree.Literal(value=read_number(token.text), at=token.start)
        except ArithmeticError:
            raise self.failure("a number below 10 to the power of 6145", at=token) from None

    def symbol(self) -> tree.Node:
        token = self.token
        match token.text:
            case "(":
                tests = self.parenthesis(tests_allowed=False)
                return tests[0]
            case "[":
                return self.list_or_range()
            case "]":
                return self.range_from(low_included=False)
            case "{":
                return self.context()
            case "@":
                self.index += 1
                if self.token.kind != "string":
                    raise self.failure('text in quotes after @, as in @"2026-02-28"')
                self.index += 1
                quoted = self.tokens[self.index - 1]
                return tree.AtLiteral(text=read_string(quoted.text), at=token.start)
            case "?":
                self.index += 1
                return tree.Name(name="?", at=token.start)
            case "=" | "!=" | "<" | "<=" | ">" | ">=":
                return self.unary_comparison()
            case _:
                raise self.failure("a value")

    def word(self) -> tree.Node:
        token = self.token
        found = self.known.longest(self.tokens, self.index)
        if self.filters:  # an entry of the item can be named without "item."
            entry = self.properties.longest(self.tokens, self.index)
            if entry is not None and entry[1] > (1 if found is None else found[1]):
                found = entry
        if found is not None and (found[1] > 1 or token.text not in KEYWORDS):
            if not self.goes_on(found[1]):
                self.index += found[1]
                return tree.Name(name=found[0], at=token.start)
        elif token.text in KEYWORDS:
            return self.keyword()
        return tree.Name(name=self.joined_words(), at=token.start)

    def goes_on(self, length: int) -> bool:
        """Whether a plain word follows a known name, so that the two are another name."""
        after = self.tokens[self.index + length]
        return after.kind == "word" and after.text not in KEYWORDS

    def keyword(self) -> tree.Node:
        token = self.token
        match token.text:
            case "true" | "false":
                self.index += 1
                return tree.Literal(value=token.text == "true", at=token.start)
            case "null":
                self.index += 1
                return tree.Literal(value=None, at=token.start)
            case "if":
                return self.conditional()
            case "for":
                return self.loop()
            case "some" | "every":
                return self.quantified()
            case "function":
                return self.function()
            case _:
                raise self.failure("a value")

    def conditional(self) -> tree.Node:
        start = self.expect("if").start
        condition = self.expression()
        self.expect("then", why="after the condition")
        yes = self.expression()
        self.expect("else", why="and the value otherwise")
        return tree.If(condition=condition, yes=yes, no=self.expression(), at=start)

    def loop(self) -> tree.Node:
        start = self.expect("for").start
        iterators, scopes = self.iterators(until="return")
        self.expect("return", why="and the value for each item")
        self.known.push({"partial"})
        result = self.expression()
        for _ in range(scopes + 1):
            self.known.pop()
        return tree.For(iterators=iterators, result=result, at=start)

    def quantified(self) -> tree.Node:
        token = self.token
        self.index += 1
        iterators, scopes = self.iterators(until="satisfies")
        self.expect("satisfies", why="and the condition")
        condition = self.expression()
        for _ in range(scopes):
            self.known.pop()
        return tree.Quantified(
            kind="some" if token.text == "some" else "every",
            iterators=iterators,
            condition=condition,
            at=token.start,
        )

    def iterators(self, *, until: str) -> tuple[tuple[tuple[str, tree.Node], ...], int]:
        result: list[tuple[str, tree.Node]] = []
        while True:
            name = self.new_name(ends=("in",), what="a name for the item")
            self.expect("in", why="and the list to go through")
            start = self.token.start
            domain = self.expression()
            if self.take(".."):
                domain = tree.Span(low=domain, high=self.expression(), at=start)
            result.append((name, domain))
            self.known.push({name})
            if len(result) > MAX_DEPTH:
                raise BudgetExceeded(f"A loop goes through more than {MAX_DEPTH} lists at once.")
            if not self.take(","):
                return tuple(result), len(result)
            if self.sees(until):
                raise self.failure("a name for the item")

    def new_name(self, *, ends: tuple[str, ...], what: str) -> str:
        """A name that is being introduced: everything up to one of ``ends``."""
        start = self.index
        while self.token.kind != "end" and not any(self.sees(end) for end in ends):
            if self.token.kind == "string" or self.token.text in "()[]{}":
                raise self.failure(what)
            self.index += 1
        first = self.tokens[start]
        if self.index == start or first.kind != "word":
            raise self.failure(what, at=first)
        return " ".join(self.text[first.start : self.tokens[self.index - 1].end].split())

    def function(self) -> tree.Node:
        start = self.expect("function").start
        self.expect("(", why="and the parameters")
        parameters: list[tuple[str, tree.TypeNode | None]] = []
        while not self.take(")"):
            name = self.new_name(ends=(":", ",", ")"), what="a name for the parameter")
            parameters.append((name, self.type() if self.take(":") else None))
            if not self.take(",") and not self.sees(")"):
                raise self.failure("',' or ')' after the parameter")
        external = self.take("external")
        self.known.push({name for name, _ in parameters})
        body = self.expression()
        self.known.pop()
        return tree.FunctionLiteral(
            parameters=tuple(parameters), body=body, external=external, at=start
        )

    def context(self) -> tree.Node:
        start = self.expect("{").start
        entries: dict[str, tree.Node] = {}
        self.known.push(set())
        while not self.take("}"):
            name, value = self.entry(entries)
            entries[name] = value
            if len(entries) > MAX_NAMES:
                raise BudgetExceeded(f"A context has more than {MAX_NAMES} entries.")
            if not self.take(",") and not self.sees("}"):
                raise self.failure("',' or '}' after the entry")
        self.known.pop()
        return tree.ContextLiteral(entries=tuple(entries.items()), at=start)

    def entry(self, taken: Mapping[str, tree.Node]) -> tuple[str, tree.Node]:
        token = self.token
        if token.kind == "string":
            self.index += 1
            name = read_string(token.text)
        else:
            name = self.new_name(ends=(":",), what="a name for the entry")
        if name in taken:
            raise self.failure(f"another name, as '{name}' is taken", at=token)
        self.expect(":", why="after the name of the entry")
        value = self.expression()
        self.known.add(name)
        self.properties.add(name)
        return name, value

    def type(self) -> tree.TypeNode:
        node, self.index = parse_type_tokens(self.text, self.tokens, self.index)
        return node

    # Ranges, lists and tests.

    def list_or_range(self) -> tree.Node:
        start = self.expect("[").start
        items: list[tree.Node] = []
        while not self.take("]"):
            item = self.expression()
            if not items and self.take(".."):
                return self.range_to(item, low_included=True, start=start)
            items.append(item)
            if not self.take(",") and not self.sees("]"):
                raise self.failure("',' or ']' after the item")
        return tree.ListLiteral(items=tuple(items), at=start)

    def range_from(self, *, low_included: bool) -> tree.Node:
        start = self.token.start
        self.index += 1
        low = self.expression()
        self.expect("..", why="and the upper end of the range")
        return self.range_to(low, low_included=low_included, start=start)

    def range_to(self, low: tree.Node, *, low_included: bool, start: int) -> tree.Node:
        high = self.expression()
        if not (self.sees("]") or self.sees(")") or self.sees("[")):
            raise self.failure("']' or ')' at the end of the range")
        included = self.sees("]")
        self.index += 1
        return tree.RangeLiteral(
            low=low, high=high, low_included=low_included, high_included=included, at=start
        )

    def parenthesis(self, *, tests_allowed: bool) -> tuple[tree.Node, ...]:
        """What stands in round brackets: an expression, a range, or (after ``in``) tests."""
        start = self.expect("(").start
        first = self.expression()
        if self.take(".."):
            return (self.range_to(first, low_included=False, start=start),)
        tests = [first]
        while tests_allowed and self.take(","):
            tests.append(self.expression())
        self.expect(")", why="to close the bracket")
        return tuple(tests)

    def tests_after_in(self) -> tuple[tree.Node, ...]:
        if not self.sees("("):
            return (self.binary(_ADDITIVE, self.unary()),)
        tests = self.parenthesis(tests_allowed=True)
        if len(tests) > 1:
            return tests
        return (self.binary(_ADDITIVE, self.postfix(tests[0])),)

    def unary_comparison(self) -> tree.Node:
        token = self.token
        self.index += 1
        operand = self.binary(_ADDITIVE, self.unary())
        return tree.UnaryComparison(
            operator=_COMPARATORS[token.text], operand=operand, at=token.start
        )

    def unary_tests(self) -> tree.Node:
        start = self.token.start
        if self.sees("-") and self.sees_next("", ahead=1):
            self.index += 1
            return tree.UnaryTests(tests=(), at=start)
        if self.sees("not") and self.sees_next("(") and self.closes_at_end():
            self.index += 2
            tests = self.several()
            self.expect(")", why="to close 'not('")
            return tree.UnaryTests(tests=tests, negated=True, at=start)
        return tree.UnaryTests(tests=self.several(), at=start)

    def several(self) -> tuple[tree.Node, ...]:
        tests = [self.expression()]
        while self.take(","):
            tests.append(self.expression())
        return tuple(tests)

    def closes_at_end(self) -> bool:
        """Whether the bracket after ``not`` closes with the last token."""
        depth = 0
        for token in self.tokens[self.index + 1 : -1]:
            if token.kind == "symbol" and token.text in "()":
                depth += 1 if token.text == "(" else -1
                if depth == 0:
                    return token is self.tokens[-2]
        return False
