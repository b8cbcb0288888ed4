"""The schema beside the reference, the reader and the writer agree."""

import re

from hypothesis import HealthCheck, given, settings
from lxml import etree

from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.extension_writing import form_element, sheet_element, step_element
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.step import ProcessSheet, Step
from tests.kernel.process.drawing import HEAD, ROOT, TINY
from tests.kernel.process.test_edit import sheets, steps

REFERENCE = ROOT / "docs" / "reference"
SCHEMA = etree.XMLSchema(etree.parse(REFERENCE / "bpmn-extension.xsd"))
OURS = "{urn:servoloop:bpmn:1}*"


def complaints(element: etree._Element) -> list[str]:
    SCHEMA.validate(etree.fromstring(etree.tostring(element, with_tail=False)))
    return [str(each.message) for each in SCHEMA.error_log]


def extensions(root: etree._Element) -> list[etree._Element]:
    """The outermost elements of ours."""
    return [
        each
        for each in root.iter(OURS)
        if not str(each.getparent().tag).startswith("{urn:servoloop")
    ]


def test_the_example_is_valid() -> None:
    found = extensions(read_document(TINY.read_bytes()).root)
    assert len(found) > 10
    for each in found:
        assert complaints(each) == []


def test_the_pieces_of_the_reference_are_valid_and_read_without_findings() -> None:
    page = (REFERENCE / "bpmn-extension.md").read_text(encoding="utf-8")
    pieces = [each for each in re.findall(r"```xml\n(.*?)```", page, re.DOTALL) if "<bpmn:" in each]
    assert len(pieces) == 4
    for piece in pieces:
        body = piece.replace("…", "</bpmn:process>")
        inside = body if "<bpmn:process" in body else f'<bpmn:process id="p">{body}</bpmn:process>'
        inside = re.sub(r"</bpmn:process>\s*</bpmn:process>", "</bpmn:process>", inside)
        document = read_document(f"{HEAD}{inside}</bpmn:definitions>".encode())
        assert extensions(document.root)
        assert [complaints(each) for each in extensions(document.root)] == [
            [] for _ in extensions(document.root)
        ]
        assert read_model(document).findings == ()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(step=steps, sheet=sheets)
def test_whatever_we_write_is_valid(step: Step, sheet: ProcessSheet) -> None:
    for each in (step_element(step), sheet_element(sheet), form_element(sheet.form)):
        assert each is None or complaints(each) == []
