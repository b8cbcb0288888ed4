"""A decision table of sixty rules, beside zen-engine's own and beside sixty conditions of cel-
python."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from benchmarks.feel_peers import measure

from servoloop.kernel.decisions.model import (
    Decision,
    DecisionModel,
    DecisionTable,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Rule,
)
from servoloop.kernel.decisions.program import compile_decisions

TIERS = ("bronze", "silver", "gold", "vip", "staff")
REGIONS = ("north", "south", "east", "west")
BANDS = ((0, 100), (100, 1000), (1000, None))
CASE = {"tier": "staff", "region": "west", "amount": 5000}
"""The case that only the last of the sixty rules matches."""


def table_rows() -> list[dict[str, Any]]:
    """One row for each peer: decisions per second."""
    own = measure(_own())
    rows = []
    for name, prepare in _peers():
        speed = measure(prepare())
        rows.append(_row(own, name, speed))
    return rows or [_row(own, None, None)]


def _row(own: float, peer: str | None, speed: float | None) -> dict[str, Any]:
    return {
        "name": "decision table of 60 rules",
        "value": own,
        "unit": "decisions/s",
        "peer": peer,
        "peer_value": speed,
        "ratio": own / speed if speed else None,
    }


def _peers() -> list[tuple[str, Callable[[], Callable[[], Any]]]]:
    found: list[tuple[str, Callable[[], Callable[[], Any]]]] = []
    if find_spec("zen") is not None:
        found.append(("zen-engine", _zen))
    if find_spec("celpy") is not None:
        found.append(("cel-python, conditions in a row", _cel))
    return found


def _rules() -> list[tuple[str, str, int, int | None, str]]:
    return [
        (tier, region, low, high, f"{tier}-{region}-{low}")
        for tier in TIERS
        for region in REGIONS
        for low, high in BANDS
    ]


def _literal(text: str) -> LiteralExpression:
    return LiteralExpression(text=text)


def table_model() -> DecisionModel:
    """The sixty rules as a decision model."""
    rules = tuple(
        Rule(
            tests=(
                f'"{tier}"',
                f'"{region}"',
                f">= {low}" if high is None else f"[{low}..{high})",
            ),
            answers=(_literal(f'"{answer}"'),),
        )
        for tier, region, low, high, answer in _rules()
    )
    columns = tuple(InputClause(expression=_literal(name)) for name in CASE)
    inputs = [
        InputData(id=name, name=name, type_ref="number" if name == "amount" else "string")
        for name in CASE
    ]
    decision = Decision(
        id="route",
        name="route",
        logic=DecisionTable(inputs=columns, outputs=(OutputClause(),), rules=rules),
        requires=tuple(f"#{name}" for name in CASE),
    )
    elements = {element.id: element for element in (*inputs, decision)}
    return DecisionModel(name="routing", namespace="urn:routing", elements=elements)


def _own() -> Callable[[], Any]:
    program = compile_decisions(table_model())
    assert program.evaluate("route", CASE).value == "staff-west-1000"
    return lambda: program.evaluate("route", CASE, explain=False)


def _zen() -> Callable[[], Any]:
    import zen

    columns = [{"id": name, "name": name, "type": "expression", "field": name} for name in CASE]
    rules = [
        {
            "_id": answer,
            "tier": f'"{tier}"',
            "region": f'"{region}"',
            "amount": f">= {low}" if high is None else f"[{low}..{high})",
            "answer": f'"{answer}"',
        }
        for tier, region, low, high, answer in _rules()
    ]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "position": {"x": 1, "y": 0},
            "content": {
                "hitPolicy": "first",
                "inputs": columns,
                "outputs": [
                    {"id": "answer", "name": "answer", "type": "expression", "field": "answer"}
                ],
                "rules": rules,
            },
        },
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    decision = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    assert decision.evaluate(CASE)["result"]["answer"] == "staff-west-1000"
    return lambda: decision.evaluate(CASE)


def _cel() -> Callable[[], Any]:
    import celpy

    environment = celpy.Environment()
    programs = []
    for tier, region, low, high, answer in _rules():
        band = f"amount >= {low}" if high is None else f"amount >= {low} && amount < {high}"
        text = f'tier == "{tier}" && region == "{region}" && {band}'
        programs.append((environment.program(environment.compile(text)), answer))
    activation = {name: celpy.json_to_cel(value) for name, value in CASE.items()}

    def evaluate() -> str | None:
        return next((answer for p, answer in programs if p.evaluate(activation)), None)

    assert evaluate() == "staff-west-1000"
    return evaluate
