"""`servoloop rules check|eval FILE`: decision models (DMN) and FEEL texts, without a database."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from servoloop.kernel.decisions.checking import check_decisions
from servoloop.kernel.decisions.document import read_document
from servoloop.kernel.decisions.model import DecisionModel, InputData
from servoloop.kernel.decisions.problems import Problem
from servoloop.kernel.decisions.program import DecisionProgram, Outcome, compile_decisions
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.feel.data import to_data
from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.expression import compile

DESCRIPTION = """\
Check a decision model for what a reader would miss: gaps and overlaps of tables (each with an input
that shows it), rules that never answer, unknown names, values that cannot meet. Or evaluate it.
FILE is a DMN file (1.1 to 1.5), or a text file with one FEEL expression, ending in .feel.
"""
EXAMPLES = """\
examples:
  servoloop rules check priority.dmn
  servoloop rules eval priority.dmn --input '{"amount": 600, "tier": "gold"}'
  servoloop rules eval priority.dmn --decision Priority --input case.json --json
"""


class UnusableInput(ServoloopError):
    """The input is not a JSON object."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the verb and its options."""
    parser = subparsers.add_parser(
        "rules",
        help="check and evaluate decision models and FEEL expressions",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|eval")
    check = actions.add_parser("check", help="list what is wrong; exit status 1 on errors")
    evaluate = actions.add_parser("eval", help="evaluate and say which rules matched")
    for action in (check, evaluate):
        action.add_argument("file", type=Path, help="a DMN file, or one that ends in .feel")
        action.add_argument(
            "--import", dest="imports", type=Path, action="append", default=[], metavar="FILE",
            help="a model that the file imports; may be given again",
        )  # fmt: skip
        action.add_argument("--json", action="store_true", help="print JSON")
    evaluate.add_argument(
        "--input", default="{}", metavar="JSON", help="the inputs as JSON, or a file with them"
    )
    evaluate.add_argument("--decision", metavar="NAME", help="only this decision or service")


def run(args: argparse.Namespace) -> int:
    """Check or evaluate the file; 1 when the check found errors."""
    if args.action == "check":
        return _check(args)
    return _evaluate(args)


def _check(args: argparse.Namespace) -> int:
    problems = _feel_problems(args.file) if _is_feel(args.file) else _problems(args)
    if args.json:
        print(json.dumps([problem.to_data() for problem in problems], ensure_ascii=False))
    else:
        for problem in problems:
            print(f"{'error' if problem.is_error else 'note'}: {problem.where}: {problem.message}")
        print(_verdict(problems))
    return 1 if any(problem.is_error for problem in problems) else 0


def _verdict(problems: tuple[Problem, ...]) -> str:
    errors = sum(problem.is_error for problem in problems)
    if not problems:
        return "No problems found."
    return f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'note')}."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _problems(args: argparse.Namespace) -> tuple[Problem, ...]:
    return check_decisions(_program(args))


def _feel_problems(file: Path) -> tuple[Problem, ...]:
    try:
        compile(file.read_text(encoding="utf-8"))
    except FeelError as error:
        return (Problem(kind="syntax", where=file.name, message=str(error)),)
    return ()


def _evaluate(args: argparse.Namespace) -> int:
    inputs = _inputs(args.input)
    at = datetime.now(UTC)
    if _is_feel(args.file):
        expression = compile(args.file.read_text(encoding="utf-8"))
        _tell_missing(expression.names, inputs)
        value = to_data(expression.evaluate(inputs, at=at))
        print(json.dumps(value, ensure_ascii=False))
        return 0
    program = _program(args)
    names = (args.decision,) if args.decision else _goals(program.model)
    elements = program.model.elements.values()
    _tell_missing([e.name for e in elements if isinstance(e, InputData)], inputs)
    outcomes = {name: program.evaluate(name, inputs, at=at) for name in names}
    if args.json:
        data = {name: outcome.to_data() for name, outcome in outcomes.items()}
        print(json.dumps(data, ensure_ascii=False))
    else:
        for name, outcome in outcomes.items():
            print("\n".join(_told(name, outcome)))
    return 0


def _tell_missing(names: Iterable[str], inputs: Mapping[str, Any]) -> None:
    """Null is FEEL's answer to a missing input; the writer of a test input should know."""
    missing = [name for name in names if name not in inputs]
    if missing:
        print(f"note: no value for {', '.join(missing)}: taken as null", file=sys.stderr)


def _told(name: str, outcome: Outcome) -> list[str]:
    """A decision's value and the rules behind it, for the terminal."""
    lines = [f"{name} = {json.dumps(to_data(outcome.value), ensure_ascii=False)}"]
    for table in outcome.explanations:
        seen = ", ".join(f"{label} = {json.dumps(value)}" for label, value in table.inputs)
        lines.append(f"  {table.where} ({table.hit_policy.lower()}): {seen}")
        if not table.matched:
            lines.append("    no rule matched")
        for rule in table.matched:
            because = ", ".join(f"{label} {test}" for label, test in rule.tests) or "anything"
            note = f" ({rule.annotation})" if rule.annotation else ""
            lines.append(f"    rule {rule.number}{note}: {because}")
    return lines


def _goals(model: DecisionModel) -> tuple[str, ...]:
    """The decisions that no other decision requires: what the model is for."""
    required = {
        reference.rpartition("#")[2]
        for decision in model.decisions
        for reference in decision.requires
    }
    return tuple(decision.name for decision in model.decisions if decision.id not in required)


def _program(args: argparse.Namespace) -> DecisionProgram:
    imported = [read_document(path.read_bytes()).model for path in args.imports]
    return compile_decisions(read_document(args.file.read_bytes()).model, imported=imported)


def _is_feel(file: Path) -> bool:
    return file.suffix.lower() == ".feel"


def _inputs(text: str) -> Mapping[str, Any]:
    """The inputs from JSON text, a file, or standard input for ``-``; numbers stay exact."""
    if text == "-":
        text = sys.stdin.read()
    elif not text.lstrip().startswith(("{", "[")):
        text = Path(text).read_text(encoding="utf-8")
    try:
        value = json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise UnusableInput(f"The input is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise UnusableInput('The input must be a JSON object, such as {"amount": 600}.')
    return value
