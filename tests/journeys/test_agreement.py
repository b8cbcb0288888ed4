"""What the editor says about a drawing is what the gate says about the saved draft."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, Visits
from tests.journeys.drawing import modeler, opened

expect.set_options(timeout=PATIENCE)
# A step without a way out, a step that does nothing yet, and one that no engine of ours runs.
SPOIL = """(get) => {
  const elements = get("elementRegistry"), modeling = get("modeling");
  const tasks = elements.filter((each) => each.type === "bpmn:UserTask");
  modeling.removeConnection(tasks[0].outgoing[0]);
  const make = (type) => get("elementFactory").createShape({ type });
  const lonely = make("bpmn:UserTask"), odd = make("bpmn:ComplexGateway");
  modeling.createShape(lonely, { x: tasks[0].x + 60, y: tasks[0].y - 120 }, tasks[0].parent);
  modeling.appendShape(lonely, odd, { x: lonely.x + 200, y: lonely.y + 40 }, tasks[0].parent);
}"""


def said_in(page: Page, rows: str) -> list[str]:
    return sorted(" ".join(each.split()) for each in page.locator(rows).all_inner_texts())


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_the_editor_and_the_gate_agree_on_every_finding(language: str, visits: Visits) -> None:
    page = visits.page("cy", language=language)
    page.goto("/design/processes/hasty_complaint/")
    page.locator("form:has(input[name=process]) button").click()
    draft = opened(page)
    before = page.locator("[data-finding]").count()

    modeler(page, SPOIL)
    expect(page.locator("[data-code=not-executable]").first).to_be_visible()
    expect(page.locator("process-editor")).to_have_attribute("data-save", "saved")
    in_editor = said_in(page, "[data-finding] .what")

    page.goto(f"/design/drafts/{draft}/publish/")
    at_the_gate = said_in(page, "button.point[data-show], .findings li p.mb-0")
    assert len(in_editor) > before
    assert in_editor == at_the_gate
