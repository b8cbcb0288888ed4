"""Small BPMN files for tests, drawn from a few words."""

from itertools import pairwise
from pathlib import Path

from servoloop.kernel.process.check import Verdict, check
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.findings import Finding

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "examples" / "processes" / "tiny.bpmn"
MIWG = ROOT / ".." / "shared" / "data" / "bpmn" / "miwg"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:servoloop="urn:servoloop:bpmn:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' id="file" targetNamespace="urn:test">\n'
)


def flows(*chains: str) -> str:
    """Sequence flows from chains such as 'a > b > c'; the flow a > b has the id 'a-b'."""
    written = []
    for chain in chains:
        names = [each.strip() for each in chain.split(">")]
        for source, target in pairwise(names):
            written.append(
                f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}"'
                f' targetRef="{target}"/>\n'
            )
    return "".join(written)


def flow(source: str, target: str, condition: str) -> str:
    """A flow with a condition, which is XML already."""
    return (
        f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">'
        f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression></bpmn:sequenceFlow>\n"
    )


def tasks(*names: str) -> str:
    return "".join(f'<bpmn:userTask id="{name}" name="{name.title()}"/>\n' for name in names)


def gateway(id: str, kind: str = "exclusive", default: str = "") -> str:
    mark = f' default="{default}"' if default else ""
    return f'<bpmn:{kind}Gateway id="{id}"{mark}/>\n'


def start(id: str = "start", inside: str = "") -> str:
    return f'<bpmn:startEvent id="{id}">{inside}</bpmn:startEvent>\n'


def end(id: str = "end", inside: str = "") -> str:
    return f'<bpmn:endEvent id="{id}">{inside}</bpmn:endEvent>\n'


def process(*parts: str, id: str = "p", attributes: str = 'isExecutable="true"') -> str:
    return f'<bpmn:process id="{id}" {attributes}>\n{"".join(parts)}</bpmn:process>\n'


def document(*parts: str) -> Document:
    return read_document(f"{HEAD}{''.join(parts)}</bpmn:definitions>\n".encode())


def verdict(*parts: str) -> Verdict:
    """The verdict on a file with one process that holds these parts."""
    return check(document(process(*parts)))


def rules(found: Verdict) -> set[str]:
    return {each.rule for each in found.findings}


def only(found: Verdict, rule: str) -> Finding:
    """The one finding of this rule."""
    (finding,) = [each for each in found.findings if each.rule == rule]
    return finding
