"""Why a decision came out as it did, as data that goes into an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from servoloop.kernel.feel.data import Data, to_data
from servoloop.kernel.feel.printing import print_tree
from servoloop.kernel.feel.tree import UnaryTests


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRule:
    """A rule that matched: its number from 1, and the tests that held, by column."""

    number: int
    id: str | None
    annotation: str | None
    tests: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableExplanation:
    """One table's part in a decision."""

    where: str
    hit_policy: str
    inputs: tuple[tuple[str, Data], ...]
    matched: tuple[MatchedRule, ...]
    result: Data

    def to_data(self) -> dict[str, Any]:
        """The explanation as JSON-able data."""
        return {
            "table": self.where,
            "hit_policy": self.hit_policy,
            "inputs": dict(self.inputs),
            "matched": [
                {
                    "rule": rule.number,
                    "id": rule.id,
                    "annotation": rule.annotation,
                    "because": [f"{label}: {test}" for label, test in rule.tests],
                }
                for rule in self.matched
            ],
            "result": self.result,
        }


RuleParts = tuple[int, str | None, str | None, tuple[UnaryTests | None, ...]]


def explain_table(
    *,
    where: str,
    hit_policy: str,
    inputs: list[tuple[str, Any]],
    rules: Sequence[RuleParts],
    result: Any,
) -> TableExplanation:
    """The explanation of one evaluation of a table; tests that say ``-`` are left out."""
    labels = [label for label, _ in inputs]
    return TableExplanation(
        where=where,
        hit_policy=hit_policy,
        inputs=tuple((label, to_data(value)) for label, value in inputs),
        matched=tuple(
            MatchedRule(
                number=number,
                id=id_,
                annotation=annotation,
                tests=tuple(
                    (label, print_tree(test))
                    for label, test in zip(labels, tests, strict=True)
                    if test is not None and test.tests
                ),
            )
            for number, id_, annotation, tests in rules
        ),
        result=to_data(result),
    )
