"""The 21 reference models of the BPMN Model Interchange Working Group: what survives us.

For each file: one edit (a new name and a step for its first activity), written and read again. The
recall is counted on the raw XML, by other code than our reader: nodes, flows, conditions and
diagram elements with all their attributes, positions and texts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.edit import rename, set_step
from servoloop.kernel.process.model import Model
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.step import Step
from servoloop.kernel.process.words import Words

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".." / "shared" / "data" / "bpmn" / "miwg"
FILES = sorted(FOLDER.glob("*.bpmn"))
ARTEFACT = ROOT / "artefacts" / "miwg.md"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
NEW_NAME = "renamed by the test"
STEP = Step(standard_time=timedelta(minutes=5), role="agent", sop=Words(default="Do it well."))

pytestmark = pytest.mark.skipif(
    not FILES, reason=f"The MIWG reference models are not here; they belong in {FOLDER}."
)

NODES = {
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
    *("boundaryEvent", "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask"),
    *("scriptTask", "businessRuleTask", "callActivity", "subProcess", "transaction"),
    *("adHocSubProcess", "exclusiveGateway", "inclusiveGateway", "parallelGateway"),
    *("complexGateway", "eventBasedGateway", "participant", "lane", "dataObject"),
    *("dataObjectReference", "dataStoreReference", "dataStore", "textAnnotation", "group"),
    *("choreographyTask", "subChoreography", "callChoreography", "conversation"),
}
FLOWS = {
    *("sequenceFlow", "messageFlow", "association", "dataInputAssociation"),
    *("dataOutputAssociation", "conversationLink"),
}
CONDITIONS = {"conditionExpression", "condition"}
DIAGRAM = {"BPMNDiagram", "BPMNPlane", "BPMNShape", "BPMNEdge", "BPMNLabel"}
WHAT = {
    "nodes": (BPMN, NODES),
    "flows": (BPMN, FLOWS),
    "conditions": (BPMN, CONDITIONS),
    "diagram": (BPMNDI, DIAGRAM),
}


@dataclass(frozen=True)
class Recall:
    file: str
    kind: str
    before: int
    after: int
    seen: int  # by our model

    @property
    def is_complete(self) -> bool:
        return self.before == self.after == self.seen


def raw(root: ElementTree.Element, kind: str) -> Counter[str]:
    """Every element of a kind with its attributes, its text and that of everything inside."""
    namespace, names = WHAT[kind]
    found = (each for each in root.iter() if each.tag.removeprefix(namespace) in names)
    return Counter(described(each) for each in found)


def described(element: ElementTree.Element) -> str:
    """One element as text; what our own edit adds to it is left out."""
    parts = [element.tag, *(f"{key}={value}" for key, value in sorted(element.attrib.items()))]
    for inner in element.iter():
        if inner is not element and not is_ours(inner):
            parts += [inner.tag, (inner.text or "").strip(), str(sorted(inner.attrib.items()))]
    return " ".join([*parts, (element.text or "").strip()])


def is_ours(element: ElementTree.Element) -> bool:
    """Our extension, and the holder that BPMN asks for around it."""
    return element.tag.startswith("{urn:servoloop") or element.tag == f"{BPMN}extensionElements"


def seen(model: Model, kind: str) -> int:
    """How many of them the typed model holds."""
    declared = Counter(each.type for each in model.declarations)
    nodes = [*model.nodes()]
    if kind == "flows":
        return len([*model.flows()]) + len([*model.connections()])
    if kind == "conditions":
        events = (event for node in nodes for event in node.events)
        flows = sum(each.condition is not None for each in model.flows())
        return flows + sum(each.condition is not None for each in events)
    if kind == "diagram":
        return sum(each.type in DIAGRAM for each in model.diagram)
    others: Iterable[int] = (
        *(len(p.lanes) + len(p.data) + len(p.artifacts) for p in model.processes),
        *(
            len(c.participants) + len(c.conversations) + len(c.artifacts)
            for c in model.collaborations
        ),
    )
    inputs = sum(
        each.type in ("dataInput", "dataOutput") for p in model.processes for each in p.data
    )
    return len(nodes) + sum(others) + declared["dataStore"] - inputs


def edited(content: bytes) -> tuple[Document, str, str]:
    """The document after one edit, the id of what was edited, and its old name."""
    document = read_document(content)
    activity = next(
        each for each in read_model(document).nodes() if each.type.endswith(("ask", "Process"))
    )
    rename(document, activity.id, name=Words(default=NEW_NAME))
    set_step(document, activity.id, step=STEP)
    return document, activity.id, activity.name.default


def recalls(path: Path) -> list[Recall]:
    document, id, old_name = edited(path.read_bytes())
    before = ElementTree.fromstring(path.read_bytes())
    after = ElementTree.fromstring(document.to_bytes())
    (renamed,) = (each for each in after.iter() if each.get("id") == id)
    assert renamed.get("name") == NEW_NAME
    del renamed.attrib["name"]
    if old_name:
        renamed.set("name", old_name)
    model = read_model(read_document(document.to_bytes()))
    found = []
    for kind in WHAT:
        old, new = raw(before, kind), raw(after, kind)
        kept = sum((old & new).values())
        found.append(Recall(path.name, kind, sum(old.values()), kept, seen(model, kind)))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_reference_model_survives_one_edit(path: Path) -> None:
    for recall in recalls(path):
        assert recall.is_complete, recall


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_edit_is_there_and_the_rest_of_the_file_is_untouched(path: Path) -> None:
    content = path.read_bytes()
    document, id, _ = edited(content)
    again = read_model(read_document(document.to_bytes()))
    node = next(each for each in again.nodes() if each.id == id)
    # The topic of another tool's dialect is read as well, and not ours to take away.
    assert (node.name.default, replace(node.step, topic=None)) == (NEW_NAME, STEP)
    untouched = read_document(content)
    assert read_document(untouched.to_bytes()).version() == untouched.version()
    old, new = foreign(content), foreign(document.to_bytes())
    assert old == new


def foreign(content: bytes) -> Counter[str]:
    """Comments, instructions, and elements of other namespaces than BPMN's and ours."""
    parser = ElementTree.XMLParser(
        target=ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    )
    root = ElementTree.fromstring(content, parser=parser)
    return Counter(
        f"{each.tag} {sorted(each.attrib.items())} {(each.text or '').strip()}"
        for each in root.iter()
        if not (isinstance(each.tag, str) and each.tag.startswith((BPMN, "{urn:servoloop")))
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_reference_model_gets_a_verdict(path: Path) -> None:
    verdict = check(read_document(path.read_bytes()))
    assert verdict.is_executable or any(each.words for each in verdict.findings)
    assert (verdict.program is not None) == verdict.is_executable


def test_the_figure_is_21_of_21() -> None:
    table = [
        "| file | nodes | flows | conditions | diagram | verdict |",
        "|---|---|---|---|---|---|",
    ]
    complete = 0
    for path in FILES:
        found = recalls(path)
        complete += all(each.is_complete for each in found)
        verdict = check(read_document(path.read_bytes()))
        cells = " | ".join(f"{each.after}/{each.before}" for each in found)
        answer = "executable" if verdict.is_executable else "not executable"
        table.append(f"| {path.name} | {cells} | {answer} |")
    figure = f"{complete}/{len(FILES)}"
    ARTEFACT.parent.mkdir(exist_ok=True)
    ARTEFACT.write_text(
        "\n".join([f"MIWG round trip after one edit: {figure} complete", "", *table, ""]),
        encoding="utf-8",
    )
    print(f"MIWG round trip after one edit: {figure}")
    assert figure == "21/21"
