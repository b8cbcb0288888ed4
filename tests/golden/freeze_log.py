"""Writes the frozen log that `test_frozen_log` replays for ever.

`python -m tests.golden.freeze_log` adds the file of the present catalogue version; an existing one
is never rewritten, because a released event type is never changed.
"""

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from tests.kernel.engine.cast import MO, Case
from tests.laws.test_engine import Builder, next_command

from servoloop.kernel.engine.codec import event_to_data, state_to_data
from servoloop.kernel.engine.commands import Open
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.catalogue import CATALOGUE, CATALOGUE_VERSION

FOLDER = Path(__file__).parent / "frozen"
STEPS = 60


def life(seed: int) -> Case:
    """A random case; the kinds of event it holds are its use."""
    random = Random(seed)
    case = Case(Builder(random).build())
    case.do(Open(variables={"x": random.choice([0, 2, None])}, actor=MO))
    for _ in range(STEPS):
        command, case.at = next_command(case, random)
        try:
            case.do(command)
        except CommandRefused:
            continue
    return case


def covering_lives() -> list[Case]:
    """The first cases that each show a kind of event not seen before, until all were seen."""
    missing, chosen = set(CATALOGUE), []
    for seed in range(5000):
        case = life(seed)
        fresh = missing & set(case.kinds())
        if fresh:
            missing -= fresh
            chosen.append(case)
        if not missing:
            return chosen
    raise SystemExit(f"No random case shows {sorted(missing)}.")


def row(case: Case) -> dict[str, Any]:
    return {
        "events": [event_to_data(event) for event in case.events],
        "state": state_to_data(case.state),
    }


def main() -> None:
    path = FOLDER / f"catalogue_{CATALOGUE_VERSION}.jsonl"
    if path.exists():
        sys.exit(f"{path} exists; a released catalogue version is frozen.")
    FOLDER.mkdir(exist_ok=True)
    rows = [json.dumps(row(case), ensure_ascii=False) for case in covering_lives()]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
