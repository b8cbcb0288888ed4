"""Run the DMN Technology Compatibility Kit: ``python -m benchmarks.dmn_tck FOLDER [--json]``.

A folder of the kit holds one ``.dmn`` file (or several that import each other) and one or more
test files, each with cases of inputs and expected results. A result passes when it has the
expected value; numbers may differ by 1e-8, as the kit's own runner allows.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from servoloop.kernel.decisions.document import parse_xml, read_document
from servoloop.kernel.decisions.model import DecisionModel
from servoloop.kernel.decisions.program import DecisionProgram, compile_decisions
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.feel.operators import equal
from servoloop.kernel.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)

_TOLERANCE = Decimal("1e-8")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One expected result of one case, and what came out; ``reason`` is empty when it passed."""

    folder: str
    case: str
    name: str
    expects_null: bool
    reason: str

    @property
    def passed(self) -> bool:
        """Whether the expected value came out."""
        return not self.reason


def run_kit(root: Path) -> list[Result]:
    """The results of every test file below a folder."""
    results: list[Result] = []
    for folder in sorted({path.parent for path in root.rglob("*.dmn")}):
        try:
            results += run_folder(folder)
        except (ServoloopError, ValueError) as error:
            results.append(_unreadable(folder, error))
    return results


def _unreadable(folder: Path, error: Exception) -> Result:
    """A folder that cannot be run counts as one failed result that expects a value."""
    return Result(
        folder=folder.name, case="", name="", expects_null=False, reason=f"not run: {error}"
    )


def run_folder(folder: Path) -> list[Result]:
    """The results of the test files in one folder of the kit."""
    models = {path.name: read_document(path.read_bytes()).model for path in folder.glob("*.dmn")}
    results: list[Result] = []
    for path in sorted(folder.glob("*.xml")):
        tests = parse_xml(path.read_bytes())
        if etree.QName(tests).localname != "testCases":
            continue
        program = compile_decisions(_model_of(tests, models), imported=models.values())
        for case in tests.findall("{*}testCase"):
            results += _run_case(folder.name, case, program)
    return results


def _model_of(tests: Any, models: dict[str, DecisionModel]) -> DecisionModel:
    name = (tests.findtext("{*}modelName") or "").strip()
    if name in models:
        return models[name]
    if len(models) == 1:
        return next(iter(models.values()))
    raise ValueError(f"No model '{name}' beside the tests. Found: {', '.join(models)}.")


def _run_case(folder: str, case: Any, program: DecisionProgram) -> Iterator[Result]:
    inputs = {_name(node): _value(node) for node in case.findall("{*}inputNode")}
    service = case.get("invocableName")
    for node in case.findall("{*}resultNode"):
        expected_node = node.find("{*}expected")
        expected = None if expected_node is None else _value(expected_node)
        try:
            actual = _actual(program, service, _name(node), inputs)
            reason = "" if _agrees(expected, actual) else f"expected {expected}, got {actual}"
        except ServoloopError as error:
            actual, reason = None, f"{type(error).__name__}: {error}"
        except Exception as error:  # a crash is a finding of this benchmark, not its end
            actual, reason = None, f"crashed with {type(error).__name__}: {error}"
        yield Result(
            folder=folder,
            case=case.get("id", ""),
            name=node.get("name", ""),
            expects_null=expected is None,
            reason=reason,
        )


def _name(node: Any) -> str:
    return " ".join(node.get("name", "").split())


def _actual(
    program: DecisionProgram, service: str | None, name: str, inputs: dict[str, Any]
) -> Any:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    if service is None:
        return program.evaluate(name, inputs, at=at).value
    answer = program.invoke(service, inputs, at=at)
    element = program.model.named(service)
    several = len(getattr(element, "outputs", ())) > 1
    return answer.get(name) if several and isinstance(answer, dict) else answer


def _value(node: Any) -> Any:
    """The value that a node of a test file describes."""
    components = node.findall("{*}component")
    if components:
        return {_name(component): _value(component) for component in components}
    items = node.find("{*}list")
    if items is not None:
        return [] if _is_nil(items) else [_value(item) for item in items.findall("{*}item")]
    value = node.find("{*}value")
    if value is None or _is_nil(value):
        return None
    return _scalar(value.get(f"{_XSI}type", "xsd:string"), value.text or "")


def _is_nil(node: Any) -> bool:
    return node.get(f"{_XSI}nil") == "true"


def _scalar(type_: str, text: str) -> Any:
    stripped = text.strip()
    match type_.rpartition(":")[2]:
        case "boolean":
            return stripped in ("true", "1")
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            try:
                return Decimal(stripped)
            except InvalidOperation:
                return None
        case "date":
            return parse_date(stripped)
        case "time":
            return parse_time(stripped)
        case "dateTime":
            return parse_datetime(stripped)
        case "duration" | "dayTimeDuration" | "yearMonthDuration":
            return parse_duration(stripped)
    return text


def _agrees(expected: Any, actual: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(actual, (int, Decimal)):
        return not isinstance(actual, bool) and bool(abs(expected - actual) <= _TOLERANCE)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(
            _agrees(one, other) for one, other in zip(expected, actual, strict=True)
        )
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            _agrees(value, actual[key]) for key, value in expected.items()
        )
    return equal(expected, actual) is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many results of one kind passed."""

    name: str
    passed: int
    total: int

    @property
    def share(self) -> float:
        """0..1; 1 when there was nothing to pass."""
        return self.passed / self.total if self.total else 1.0


def scores(results: list[Result]) -> list[Score]:
    """All results, those that expect a value and those that expect null, for each level and in
    all."""
    groups = [
        ("results", results),
        ("results that expect a value", [r for r in results if not r.expects_null]),
        ("results that expect null", [r for r in results if r.expects_null]),
    ]
    return [
        Score(name=name, passed=sum(r.passed for r in group), total=len(group))
        for name, group in groups
    ]


def main(arguments: list[str]) -> int:
    """Print the scores and the failing results; 1 when a result failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dmn_tck", description=__doc__)
    parser.add_argument("folder", type=Path, help="the kit, or one of its folders")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    results = run_kit(options.folder)
    failing = [result for result in results if not result.passed]
    if options.json:
        print(json.dumps({"rows": _rows(results), "failing": [_as_data(r) for r in failing]}))
    else:
        for score in scores(results):
            print(f"{score.passed:5} of {score.total:5} {score.name} ({score.share:.2%})")
        for result in failing:
            print(f"{result.folder} {result.case} {result.name}: {result.reason}")
    return 1 if failing else 0


def _rows(results: list[Result]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"DMN TCK, {score.name}",
            "value": score.share,
            "unit": f"share of {score.total}",
            "peer": None,
            "peer_value": None,
            "ratio": None,
        }
        for score in scores(results)
    ]


def _as_data(result: Result) -> dict[str, Any]:
    return {
        "folder": result.folder,
        "case": result.case,
        "name": result.name,
        "reason": result.reason,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
