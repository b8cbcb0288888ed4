"""What the parts of the compiler share: the environment's layout and the names in scope.

Two shapes of environment. An expression that only reads variables (most gateway conditions) is
*flat*: its environment is the mapping of variables itself. One that binds names or can loop is
*framed*: a list of [variables, budget, converted variables, local, local, …], where locals have
fixed places; a function value keeps a copy of the list it was made in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.types import TypeTable

Run = Callable[[Any], Any]

FIRST_LOCAL = 3
"""Places before the locals of a framed environment: variables, budget, converted variables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A closure, the shape of its environment, and the variables it reads."""

    run: Run
    framed: bool
    places: int
    names: tuple[str, ...]


class Compiler:
    """The state of one compilation: the local names in scope and the variables met so far."""

    def __init__(
        self, *, declared: frozenset[str], types: TypeTable, framed: bool, rules: "Rules"
    ) -> None:
        self.rules = rules
        self.declared = declared
        self.types = types
        self.framed = framed
        self.scopes: list[tuple[str | None, int]] = []
        self.places = FIRST_LOCAL
        self.variables: dict[str, None] = {}

    def compile(self, node: tree.Node) -> Run:
        """The closure of a node."""
        if isinstance(node, tree.Special):
            return node.compile(self)
        return self.rules[type(node)](self, node)

    def bind(self, name: str | None) -> int:
        """Bring a local name into scope, None for the item of a filter; its place."""
        place = FIRST_LOCAL + len(self.scopes)
        self.scopes.append((name, place))
        self.places = max(self.places, place + 1)
        return place

    def unbind(self, count: int = 1) -> None:
        """Take the innermost names out of scope."""
        del self.scopes[len(self.scopes) - count :]

    def place(self, name: str) -> int:
        """The place of a local name that is in scope."""
        return next(place for bound, place in reversed(self.scopes) if bound == name)

    def own_place(self, node: tree.Node) -> int | None:
        """The place of a name that surely is a local one; None for anything else."""
        if isinstance(node, tree.Name) and self.scopes:
            bound, place = self.scopes[-1]
            return place if bound == node.name else None
        return None

    def is_local(self, name: str) -> bool:
        """Whether a name is bound inside the rule."""
        return any(name == bound for bound, _ in self.scopes)

    def is_library(self, name: str) -> bool:
        """Whether calling the name certainly means the library's function."""
        return name in LIBRARY and name not in self.declared and not self.is_local(name)


Rules = Mapping[type, Callable[[Compiler, Any], Run]]
"""How each kind of node is compiled."""
