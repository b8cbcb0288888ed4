"""What the real editor does to other tools' files, and that nothing of theirs is lost by it.

The 21 references of the BPMN Model Interchange Working Group are opened in bpmn-js, changed and
written; the change is grafted onto the file. Renaming one element may change one attribute only.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.graft import graft
from servoloop.kernel.process.namespaces import BPMNDI
from servoloop.kernel.process.pairing import written

ROOT = Path(__file__).resolve().parents[2]
MODELER = ROOT / "src/servoloop/web/shell/static/vendor/bpmn-js/bpmn-modeler.min.js"
FOLDER = ROOT / ".." / "shared" / "data" / "bpmn" / "miwg"
FILES = sorted(FOLDER.glob("*.bpmn"))
OURS = [
    *sorted((ROOT / "examples" / "processes").glob("*.bpmn")),
    *sorted((ROOT / "src/servoloop/loop/demo/processes").glob("*.bpmn")),
]
DESCRIPTOR = ROOT / "src/servoloop/web/design/static/design/islands/servoloop-moddle.js"
ARTEFACT = ROOT / "artefacts" / "miwg-editor.md"
NAME = "renamed by the test"
EDIT = """async ([xml, change]) => {
  const modeler = new BpmnJS({ container: "#canvas", moddleExtensions: window.extensions });
  try {
    await modeler.importXML(xml);
    const text = async () => (await modeler.saveXML({ format: false })).xml;
    const before = await text();
    const elements = modeler.get("elementRegistry"), modeling = modeler.get("modeling");
    const shapes = modeler.get("elementFactory");
    const tasks = elements.filter((each) =>
      /Task$|CallActivity|SubProcess/.test(each.type) && !each.labelTarget);
    const one = tasks[0];
    const beside = (type, x, y) =>
      modeling.appendShape(one, shapes.createShape({ type }), { x: one.x + x, y: one.y + y },
        one.parent);
    const kind = one.type === "bpmn:ManualTask" ? "bpmn:UserTask" : "bpmn:ManualTask";
    const changes = {
      rename: () => modeling.updateProperties(one, { name: "renamed by the test" }),
      move: () => modeling.moveElements([one], { x: 37, y: 21 }),
      remove: () => modeling.removeElements([one]),
      append: () => beside("bpmn:UserTask", 300, 120),
      replace: () => modeler.get("bpmnReplace").replaceElement(one, { type: kind }),
      undo: () => { beside("bpmn:UserTask", 300, 120); modeler.get("commandStack").undo(); },
    };
    changes[change]();
    return { before, edited: await text(), id: one.businessObject.id };
  } finally { modeler.destroy(); }
}"""
OPEN = """async (xml) => {
  const modeler = new BpmnJS({ container: "#canvas", moddleExtensions: window.extensions });
  try {
    await modeler.importXML(xml);
    return (await modeler.saveXML({ format: false })).xml;
  } finally { modeler.destroy(); }
}"""

needs_references = pytest.mark.skipif(
    not FILES, reason=f"The MIWG reference models are not here; they belong in {FOLDER}."
)


@pytest.fixture(scope="module")
def editor(browser: Browser) -> Iterator[Page]:
    """An empty page with bpmn-js in it."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_content('<div id="canvas" style="width: 1200px; height: 700px"></div>')
    page.add_script_tag(path=str(MODELER))
    descriptor = DESCRIPTOR.read_text(encoding="utf-8")  # plain JSON inside a module
    written_down = descriptor[descriptor.index("{") : descriptor.rindex("}") + 1]
    page.evaluate("(servoloop) => { window.extensions = { servoloop }; }", json.loads(written_down))
    yield page
    page.close()


def edit(editor: Page, content: bytes, change: str) -> Any:
    return editor.evaluate(EDIT, [content.decode("utf-8-sig"), change])


def grafted(content: bytes, said: Any) -> Document:
    return graft(
        read_document(content),
        before=read_document(said["before"].encode()),
        edited=read_document(said["edited"].encode()),
    )


def as_drawn(editor: Page, text: str) -> str:
    """What the editor understands of a text, without the empty labels that it strews about."""
    root = etree.fromstring(editor.evaluate(OPEN, text).encode())
    for label in list(root.iter(f"{{{BPMNDI}}}BPMNLabel")):
        if not len(label) and not label.attrib and (shape := label.getparent()) is not None:
            shape.remove(label)
    return written(root)


def renamed_by_hand(content: bytes, id: str) -> bytes:
    document = read_document(content)
    element = next(each for each in document.root.iter("*") if each.get("id") == id)
    element.set("name", NAME)
    return document.to_bytes()


@needs_references
def test_renaming_one_element_changes_one_attribute_of_the_file(editor: Page) -> None:
    exact = []
    for path in FILES:
        content = path.read_bytes()
        said = edit(editor, content, "rename")
        assert said["before"] != said["edited"]
        if grafted(content, said).to_bytes() == renamed_by_hand(content, said["id"]):
            exact.append(path.name)
    lines = [f"- {path.name}: {'exact' if path.name in exact else 'NOT exact'}" for path in FILES]
    figure = f"MIWG references renamed in the editor, byte for byte otherwise: {len(exact)}/21"
    ARTEFACT.parent.mkdir(exist_ok=True)
    ARTEFACT.write_text("\n".join([figure, "", *lines, ""]), encoding="utf-8")
    assert exact == [path.name for path in FILES]


@needs_references
@pytest.mark.parametrize("change", ["move", "remove", "append", "replace"])
def test_the_editor_finds_every_change_again(editor: Page, change: str) -> None:
    for path in FILES[::3]:
        content = path.read_bytes()
        said = edit(editor, content, change)
        kept = grafted(content, said).to_bytes().decode("utf-8-sig")
        assert as_drawn(editor, kept) == as_drawn(editor, said["edited"]), path.name


@needs_references
def test_what_was_undone_leaves_the_file_as_it_was(editor: Page) -> None:
    content = next(path for path in FILES if path.name == "C.1.1.bpmn").read_bytes()
    said = edit(editor, content, "undo")
    assert grafted(content, said).to_bytes() == read_document(content).to_bytes()


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_files_keep_every_byte_too(editor: Page, path: Path) -> None:
    content = path.read_bytes()
    said = edit(editor, content, "rename")
    kept = grafted(content, said).to_bytes()
    assert kept == renamed_by_hand(content, said["id"])
