"""What journeys do in the editor: begin a draft, wait for it, look into the drawing."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn with another tool -->
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:other="urn:other-tool" id="file" targetNamespace="urn:file" exporter="Other Tool">
  <bpmn:process id="foreign" name="Foreign" isExecutable="true">
    <bpmn:extensionElements>
      <other:colour rgb="#aabbcc"><other:inner/></other:colour>
    </bpmn:extensionElements>
    <bpmn:startEvent id="begun"><bpmn:outgoing>one</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="one" sourceRef="begun" targetRef="ask"/>
    <bpmn:userTask id="ask" name="Ask" other:team="blue">
      <bpmn:extensionElements>
        <other:form key="f1">kept <other:b>as</other:b> it is</other:form>
      </bpmn:extensionElements>
      <bpmn:incoming>one</bpmn:incoming><bpmn:outgoing>two</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="two" sourceRef="ask" targetRef="many"/>
    <bpmn:inclusiveGateway id="many" name="Several ways">
      <bpmn:incoming>two</bpmn:incoming><bpmn:outgoing>three</bpmn:outgoing>
    </bpmn:inclusiveGateway>
    <bpmn:sequenceFlow id="three" sourceRef="many" targetRef="done"/>
    <bpmn:endEvent id="done"><bpmn:incoming>three</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""


def ready(page: Page) -> Locator:
    """The editor once its drawing stands and is judged."""
    editor = page.locator("process-editor[ready]")
    expect(editor).to_be_visible()
    return editor


def begin(page: Page, name: str) -> int:
    """An empty draft; its number."""
    page.goto("/design/drafts/")
    page.locator("#begin-name").fill(name)
    page.locator("form:has(#begin-name) button").click()
    return opened(page)


def bring(page: Page, text: str, *, name: str = "brought.bpmn") -> int:
    """A draft of a file; its number."""
    page.goto("/design/drafts/")
    page.locator("#begin-file").set_input_files(
        {"name": name, "mimeType": "application/xml", "buffer": text.encode()}
    )
    page.locator("form:has(#begin-file) button").click()
    return opened(page)


def opened(page: Page) -> int:
    page.wait_for_url(re.compile(r"/design/drafts/\d+/edit/"))
    ready(page)
    found = re.search(r"/drafts/(\d+)/", page.url)
    assert found is not None
    return int(found[1])


def modeler(page: Page, script: str, argument: object = None) -> Any:
    """Run `script`, a function of (get, argument), where get names the services of bpmn-js."""
    tool = "const editor = document.querySelector('process-editor');"
    services = f"{tool} const get = (name) => (editor.modeler ?? editor.viewer).get(name);"
    return page.evaluate(
        f"(argument) => {{ {services} return ({script})(get, argument); }}", argument
    )
