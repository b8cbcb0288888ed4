"""How fast FEEL and decision tables are beside their peers, and that no input breaks them.

``python -m benchmarks.feel [--json]`` evaluates the same rules with zen-engine (Rust), cel-python
and bkflow-feel (Python) and, where npm is on the path, the npm package feelin. All run in one
process (feelin: in node), in an environment of the peers under ``benchmarks/.envs``.
``python -m benchmarks.feel --fuzz 1000000`` reads and evaluates that many mangled rules and fails
on anything that is not in the error tree.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.environments import python_of
from benchmarks.feel_fuzz import fuzz
from benchmarks.feel_peers import Contender, contenders, evaluations_per_second
from benchmarks.feel_tables import table_rows

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "SERVOLOOP_BENCHMARK_AMONG_PEERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRule:
    """One rule in the words of each language, with its variables and its answer."""

    name: str
    feel: str
    cel: str
    zen: str
    context: dict[str, Any]
    answer: Any


RULES = (
    SharedRule(
        name="condition on two variables",
        feel='amount > 500 and tier in ["gold", "vip"]',
        cel='amount > 500 && tier in ["gold", "vip"]',
        zen='amount > 500 and tier in ["gold", "vip"]',
        context={"amount": 600, "tier": "vip"},
        answer=True,
    ),
    SharedRule(
        name="arithmetic",
        feel="price * quantity * (1 - discount) > 1000",
        cel="price * quantity * (1.0 - discount) > 1000.0",
        zen="price * quantity * (1 - discount) > 1000",
        context={"price": 99.5, "quantity": 12.0, "discount": 0.1},
        answer=True,
    ),
    SharedRule(
        name="text functions",
        feel='contains(subject, "refund") or starts with(subject, "URGENT")',
        cel='subject.contains("refund") || subject.startsWith("URGENT")',
        zen='contains(subject, "refund") or startsWith(subject, "URGENT")',
        context={"subject": "please refund me now"},
        answer=True,
    ),
    SharedRule(
        name="paths",
        feel="order.customer.age >= 18 and order.total < 10000",
        cel="order.customer.age >= 18 && order.total < 10000",
        zen="order.customer.age >= 18 and order.total < 10000",
        context={"order": {"customer": {"age": 30}, "total": 99}},
        answer=True,
    ),
    SharedRule(
        name="if, then, else",
        feel='if amount > 100 then "high" else "low"',
        cel='amount > 100 ? "high" : "low"',
        zen='amount > 100 ? "high" : "low"',
        context={"amount": 5},
        answer="low",
    ),
    SharedRule(
        name="a list of twelve",
        feel="some i in items satisfies i > 10",
        cel="items.exists(i, i > 10)",
        zen="some(items, # > 10)",
        context={"items": list(range(12))},
        answer=True,
    ),
)


def expression_rows(peers: list[Contender]) -> list[dict[str, Any]]:
    """One row for each rule and peer: evaluations per second, ours over theirs as the ratio."""
    rows = []
    for rule in RULES:
        texts = {"feel": rule.feel, "cel": rule.cel, "zen": rule.zen}
        own, *others = [
            (peer, evaluations_per_second(peer, texts[peer.language], rule.context, rule.answer))
            for peer in peers
        ]
        for peer, speed in others or [(None, None)]:
            rows.append(
                {
                    "name": f"expression, {rule.name}",
                    "value": own[1],
                    "unit": "evaluations/s",
                    "peer": None if peer is None else peer.name,
                    "peer_value": speed,
                    "ratio": own[1] / speed if own[1] and speed else None,
                }
            )
    return rows


def main(arguments: list[str]) -> int:
    """Print rows, or the outcome of a fuzz run; 1 when the fuzz run found something."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feel", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--fuzz", type=int, metavar="COUNT", help="evaluate mangled rules instead")
    parser.add_argument("--seed", type=int, default=1, help="for --fuzz")
    options = parser.parse_args(arguments)
    if options.fuzz:
        outcome = fuzz(options.fuzz, seed=options.seed)
        print(json.dumps(outcome.as_data(), indent=None if options.json else 2))
        return 1 if outcome.escaped else 0
    if INSIDE not in os.environ:
        return _among_peers(arguments)
    peers = contenders(feelin=_feelin())
    rows = expression_rows(peers) + table_rows()
    if options.json:
        print(json.dumps(rows))
    else:
        _print(rows)
    return 0


def _among_peers(arguments: list[str]) -> int:
    """Run this benchmark again in the peers' environment, with our own sources on its path."""
    python = python_of("feel", ["zen-engine", "cel-python", "bkflow-feel", "lxml", "tzdata"])
    path = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    environment = {**os.environ, "PYTHONPATH": path, INSIDE: "1"}
    command = [python, "-m", "benchmarks.feel", *arguments]
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def _feelin() -> Path | None:
    """The folder with feelin in its `node_modules`, installed on first use; None without npm."""
    folder = ROOT / "benchmarks" / ".envs" / "feelin"
    if shutil.which("npm") is None:
        return None
    if not (folder / "node_modules" / "feelin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), "feelin"]
        subprocess.run(install, check=True)
    return folder


def _print(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:7.1f} x"
        peer = "" if row["peer"] is None else f"{row['peer']} {_speed(row['peer_value'])}"
        print(f"{row['name']:42} {_speed(row['value'])} {ratio} {peer}")


def _speed(value: float | None) -> str:
    return "cannot" if value is None else f"{value:12,.0f}/s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
