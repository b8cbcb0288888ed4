"""The rule engines that FEEL is measured beside; those that are not installed are left out."""

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from servoloop.kernel.feel.expression import compile

SECONDS = 0.3
"""How long each rule is measured."""

Evaluate = Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A rule engine: prepares a text and a context, once, and is then asked many times.

    ``rate`` measures by itself, for engines outside of this process.
    """

    name: str
    language: str
    prepare: Callable[[str, Mapping[str, Any]], Evaluate] | None = None
    rate: Callable[[str, Mapping[str, Any], Any], float | None] | None = None


def contenders(*, feelin: Path | None) -> list[Contender]:
    """Servoloop first, then every peer at hand."""
    found = [Contender(name="servoloop", language="feel", prepare=_own)]
    if find_spec("zen") is not None:
        found.append(Contender(name="zen-engine", language="zen", prepare=_zen))
    if find_spec("celpy") is not None:
        found.append(Contender(name="cel-python", language="cel", prepare=_cel))
    if find_spec("bkflow_feel") is not None:
        found.append(Contender(name="bkflow-feel", language="feel", prepare=_bkflow))
    if feelin is not None:
        found.append(Contender(name="feelin (node)", language="feel", rate=_feelin_in(feelin)))
    return found


def evaluations_per_second(
    peer: Contender, text: str, context: Mapping[str, Any], answer: Any
) -> float | None:
    """How often a prepared rule is evaluated in a second; None when it cannot give the answer."""
    if peer.rate is not None:
        return peer.rate(text, context, answer)
    assert peer.prepare is not None
    try:
        evaluate = peer.prepare(text, context)
        if evaluate() != answer:
            return None
    except Exception:  # a peer that cannot read the rule has no speed
        return None
    return measure(evaluate)


def measure(evaluate: Evaluate) -> float:
    """Evaluations per second of processor time (the machine has other work); the best of three."""
    best = 0.0
    for _ in range(3):
        count, batch = 0, 100
        start = time.process_time()
        while (passed := time.process_time() - start) < SECONDS / 3:
            for _ in range(batch):
                evaluate()
            count += batch
        best = max(best, count / passed)
    return best


def _own(text: str, context: Mapping[str, Any]) -> Evaluate:
    expression = compile(text)
    return lambda: expression.evaluate(context)


def _zen(text: str, context: Mapping[str, Any]) -> Evaluate:
    import zen

    expression = zen.compile_expression(text)
    return lambda: expression.evaluate(context)


def _cel(text: str, context: Mapping[str, Any]) -> Evaluate:
    import celpy

    environment = celpy.Environment()
    program = environment.program(environment.compile(text))
    activation = {name: celpy.json_to_cel(value) for name, value in context.items()}
    return lambda: program.evaluate(activation)


def _bkflow(text: str, context: Mapping[str, Any]) -> Evaluate:
    from bkflow_feel.api import parse_expression

    return lambda: parse_expression(text, dict(context))


_NODE_SCRIPT = """
import { evaluate } from 'feelin';
const [text, context, seconds] = JSON.parse(process.argv[1]);
const valueOf = (r) => (r && r.value !== undefined ? r.value : r);
const ask = () => valueOf(evaluate(text, context));
for (let i = 0; i < 200; i++) ask();
let best = 0;
for (let round = 0; round < 3; round++) {
  const used = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
  const start = used();
  let count = 0;
  while (used() - start < seconds * 1000) { for (let i = 0; i < 20; i++) ask(); count +=
  20; } best = Math.max(best, count / ((used() - start) / 1000));
}
console.log(JSON.stringify([ask(), best]));
"""


def _feelin_in(folder: Path) -> Callable[[str, Mapping[str, Any], Any], float | None]:
    def rate(text: str, context: Mapping[str, Any], answer: Any) -> float | None:
        arguments = json.dumps([text, context, SECONDS / 3])
        done = subprocess.run(
            ["node", "--input-type=module", "-e", _NODE_SCRIPT, arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            return None
        value, speed = json.loads(done.stdout)
        return float(speed) if value == answer else None

    return rate
