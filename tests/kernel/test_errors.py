"""The tree of errors is drawn in one place, and the drawing is complete."""

import ast
from pathlib import Path

from servoloop.kernel import errors

SOURCE = Path(errors.__file__).resolve().parents[1]


def heirs() -> set[str]:
    """Every class of the project that inherits, at any depth, from ServoloopError."""
    parents = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                parents[node.name] = {b.id for b in node.bases if isinstance(b, ast.Name)}
    found = {"ServoloopError"}
    while fresh := {n for n, bases in parents.items() if bases & found} - found:
        found |= fresh
    return {name for name in found if not name.startswith("_")}


def test_every_error_stands_in_the_tree():
    drawn = set(errors.__doc__.replace(",", " ").replace(":", " ").split())
    assert heirs() - drawn == set()
