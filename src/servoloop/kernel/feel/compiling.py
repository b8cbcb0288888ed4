"""From a syntax tree to closures: each node becomes one Python function of the environment."""

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.compile_calls import compile_call, compile_function
from servoloop.kernel.feel.compile_loops import compile_filter, compile_for, compile_quantified
from servoloop.kernel.feel.compile_operators import (
    compile_arithmetic,
    compile_between,
    compile_compare,
    compile_in,
    compile_logic,
    compile_tests,
)
from servoloop.kernel.feel.compile_values import (
    compile_at_literal,
    compile_coerced,
    compile_context,
    compile_if,
    compile_instance_of,
    compile_list,
    compile_literal,
    compile_name,
    compile_negate,
    compile_path,
    compile_range,
    compile_unary_comparison,
)
from servoloop.kernel.feel.compiler import Compiled, Compiler, Rules
from servoloop.kernel.feel.tree_shape import is_flat
from servoloop.kernel.feel.types import TypeTable

_RULES: Rules = {
    tree.Literal: compile_literal,
    tree.AtLiteral: compile_at_literal,
    tree.Name: compile_name,
    tree.Path: compile_path,
    tree.Negate: compile_negate,
    tree.InstanceOf: compile_instance_of,
    tree.If: compile_if,
    tree.Coerced: compile_coerced,
    tree.RangeLiteral: compile_range,
    tree.UnaryComparison: compile_unary_comparison,
    tree.ListLiteral: compile_list,
    tree.ContextLiteral: compile_context,
    tree.Arithmetic: compile_arithmetic,
    tree.Compare: compile_compare,
    tree.Logic: compile_logic,
    tree.Between: compile_between,
    tree.In: compile_in,
    tree.UnaryTests: compile_tests,
    tree.For: compile_for,
    tree.Quantified: compile_quantified,
    tree.Filter: compile_filter,
    tree.Call: compile_call,
    tree.FunctionLiteral: compile_function,
}


def compile_tree(
    node: tree.Node, *, declared: frozenset[str], types: TypeTable, tests: bool = False
) -> Compiled:
    """Compile a whole tree; with ``tests`` the tree tests ``?``, the first local."""
    framed = tests or not is_flat(node)
    compiler = Compiler(declared=declared, types=types, framed=framed, rules=_RULES)
    if tests:
        compiler.bind("?")
    run = compiler.compile(node)
    return Compiled(run=run, framed=framed, places=compiler.places, names=tuple(compiler.variables))


def new_compiler(*, declared: frozenset[str], types: TypeTable) -> Compiler:
    """A compiler for framed environments, for callers that compile nodes one by one."""
    return Compiler(declared=declared, types=types, framed=True, rules=_RULES)
