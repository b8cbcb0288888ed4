"""The editor's properties panel: what is filled in stands in the file, the kernel reads it back,
and one undo takes it away again.

Longer than others: all sections share one opened page, which is what costs the time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.model import FlowNode, Process
from servoloop.kernel.process.namespaces import servoloop as ours
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.step import (
    Approval,
    Assignment,
    EscalationLevel,
    FieldType,
    KpiGoal,
    Layer,
    ValueClass,
)
from tests.journeys.conftest import PATIENCE, SCREENS, House, Visits
from tests.journeys.seed import EXAMPLES

expect.set_options(timeout=PATIENCE)
TINY = (EXAMPLES / "tiny.bpmn").read_text(encoding="utf-8")
WARRANTY = (EXAMPLES / "warranty.bpmn").read_text(encoding="utf-8")
# The modeler and the panel as the editor's page puts them together, with a file of the test's own.
MOUNT = """async (file) => {
  const load = (tag, attributes) => new Promise((done, fail) => {
    const element = Object.assign(document.createElement(tag), attributes);
    Object.assign(element, { onload: done, onerror: fail });
    document.head.append(element);
  });
  const told = ({ warnings }) => warnings.map((each) => each.message);
  if (window.modeler) {
    const panel = document.querySelector("process-panel");
    panel.querySelectorAll("dialog").forEach((each) => each.remove());
    for (const each of ["unfolded", "written", "timers", "robots", "rules"]) delete panel[each];
    panel.folded.clear();
    return told(await modeler.importXML(file));
  }
  await load("link", { rel: "stylesheet", href: "/static/design/panel.css" });
  await load("script", { src: "/static/vendor/bpmn-js/bpmn-modeler.min.js" });
  await load("script", { src: `/words/${document.documentElement.lang}.test.js` });
  const { servoloop } = await import("/static/design/islands/servoloop-moddle.js");
  await import("/static/design/islands/panel.js");
  const stage = Object.assign(document.createElement("div"), { id: "stage" });
  stage.style.cssText = "position: fixed; inset: 0; display: flex; z-index: 9999";
  stage.style.background = "var(--sl-ground)";
  const canvas = document.createElement("div");
  canvas.style.flex = "1";
  const panel = document.createElement("process-panel");
  for (const name of ["feel", "directory", "check"]) panel.setAttribute(name, `/design/${name}/`);
  stage.append(canvas, panel);
  document.body.append(stage);
  window.modeler = new BpmnJS({ container: canvas, moddleExtensions: { servoloop } });
  const warnings = told(await window.modeler.importXML(file));
  panel.modeler = window.modeler;
  await panel.context.ready;
  return warnings;
}"""


@dataclass
class Panel:
    """The hands of a process owner at the panel."""

    page: Page
    before: str = ""

    def choose(self, *ids: str) -> None:
        """Choose elements, or nothing: then the whole process."""
        self.page.evaluate(
            "ids => modeler.get('selection').select(ids.map(id => modeler.get('elementRegistry')"
            ".get(id)))",
            list(ids),
        )
        self.page.wait_for_timeout(30)
        self.before = self.xml()

    def field(self, name: str) -> Locator:
        return self.page.locator(f'process-panel [data-field="{name}"]')

    def fill(self, name: str, text: str) -> None:
        self.field(name).fill(text)
        self.field(name).dispatch_event("change")
        self.page.wait_for_timeout(30)

    def pick(self, name: str, value: str) -> None:
        self.field(name).select_option(value)
        self.page.wait_for_timeout(30)

    def press(self, name: str) -> None:
        self.field(name).click()
        self.page.wait_for_timeout(30)

    def xml(self) -> str:
        said = self.page.evaluate("async () => (await modeler.saveXML({format: true})).xml")
        return str(said)

    def undo(self, times: int = 1) -> None:
        """Take back so many steps; the file is what it was when the element was chosen."""
        for _ in range(times):
            self.page.evaluate("modeler.get('commandStack').undo()")
        self.page.wait_for_timeout(30)
        assert self.is_as_before()

    def is_as_before(self) -> bool:
        """The same file but for places of labels, which bpmn-js writes as it goes."""
        said, before = (each.partition("<bpmndi:")[0] for each in (self.xml(), self.before))
        return said == before

    def steps(self) -> int:
        """How many times one could undo."""
        count = """() => {
          const stack = modeler.get("commandStack");
          return new Set(stack._stack.slice(0, stack._stackIdx + 1).map((each) => each.id)).size;
        }"""
        return int(self.page.evaluate(count))

    def process(self) -> Process:
        """What the kernel reads; it finds nothing wrong with what the panel has written."""
        model = read_model(read_document(self.xml().encode()))
        assert [each.words for each in model.findings] == []
        return model.processes[0]

    def node(self, id: str) -> FlowNode:
        return next(each for each in self.process().nodes if each.id == id)


@pytest.fixture(scope="module")
def desk(browser: Browser, house: House) -> Iterator[Page]:
    """One page for all: a process owner's, without the editor around the panel."""
    visits = Visits(browser, house)
    page = visits.page("cy")
    page.goto("/design/processes/")
    yield page
    visits.contexts[0].close()
    assert visits.complaints == []


def opened(page: Page, file: str) -> Panel:
    assert page.evaluate(MOUNT, file) == []
    return Panel(page)


@pytest.fixture
def panel(desk: Page) -> Panel:
    """The tiny process with its step 'study' chosen."""
    panel = opened(desk, TINY)
    panel.choose("study")
    return panel


def test_names_are_written_in_both_languages(panel: Panel) -> None:
    panel.fill("name-en", "Look into it")
    panel.fill("name-zh", "深入研究")
    name = panel.node("study").name
    assert name.default == "Look into it"
    assert name.in_language("zh-hans") == "深入研究"
    assert panel.steps() == 2
    panel.undo(2)


def test_who_does_a_step(panel: Panel) -> None:
    panel.pick("role", "agent")
    panel.pick("assignment", "first_contact")
    panel.fill("authorityLimit", "500")
    panel.fill("owner", "cy")
    panel.fill("skills", "refunds")
    step = panel.node("study").step
    assert (step.role, step.assignment, step.owner) == ("agent", Assignment.FIRST_CONTACT, "cy")
    assert (step.authority_limit, step.skills) == (Decimal(500), ("refunds",))
    panel.undo(5)


def test_a_bad_number_stays_beside_its_field_and_out_of_the_file(panel: Panel) -> None:
    panel.fill("costRate", "a lot")
    expect(panel.field("costRate")).to_have_attribute("aria-invalid", "true")
    expect(panel.page.get_by_text("Write a number such as 60 or 99.5.")).to_be_visible()
    assert panel.is_as_before()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2 h 30 min", timedelta(hours=2, minutes=30)),
        ("1 个工作日", timedelta(hours=8)),
        ("一半", None),
        ("1.5小时", timedelta(minutes=90)),
        ("2个半小时", timedelta(minutes=150)),
        ("PT20M", timedelta(minutes=20)),
        ("soon", None),
    ],
)
def test_times_are_understood_as_people_write_them(
    panel: Panel, typed: str, meant: timedelta | None
) -> None:
    panel.fill("standardTime", typed)
    if meant is None:
        expect(panel.field("standardTime")).to_have_attribute("aria-invalid", "true")
        assert panel.is_as_before()
        return
    assert panel.node("study").step.standard_time == meant
    panel.undo()


def test_times_and_their_calendar(panel: Panel) -> None:
    panel.fill("responseTime", "1 h 15 min")
    panel.pick("calendar", "office")
    step = panel.node("study").step
    assert (step.response_time, step.calendar) == (timedelta(minutes=75), "office")
    panel.undo(2)


def test_a_method_with_checklist_and_attachment(panel: Panel) -> None:
    panel.fill("sop-en", "# First\n\n1. Read **all**.\n2. <b>Ask</b>.")
    preview = panel.page.locator("process-panel .preview").first
    expect(preview.locator("h3")).to_have_text("First")
    expect(preview.locator("li")).to_have_count(2)
    expect(preview.locator("b")).to_have_count(0)
    panel.press("check-add")
    panel.fill("check-0-zh", "已核对照片")
    panel.fill("attachment-add", "https://example.org/rules.pdf")
    step = panel.node("study").step
    assert step.sop.default.startswith("# First\n\n1. Read **all**.")
    assert step.sop.translations["zh-hans"]
    assert [each.words.in_language("zh") for each in step.checklist] == ["已核对照片"]
    assert [each.address for each in step.attachments] == ["https://example.org/rules.pdf"]
    panel.undo(4)


def test_a_method_is_written_in_a_large_window(panel: Panel) -> None:
    page = panel.page
    page.get_by_role("button", name="Write in a large window").first.click()
    panel.field("sop-en").fill("Think first.")
    panel.page.evaluate("modeler.get('eventBus').fire('commandStack.changed')")
    page.wait_for_timeout(30)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    assert panel.node("study").step.sop.default == "Think first."
    expect(page.get_by_role("dialog")).to_be_hidden()
    panel.undo()


def test_a_dangerous_address_is_refused(panel: Panel) -> None:
    panel.fill("attachment-add", "javascript:alert(1)")
    expect(panel.field("attachment-add")).to_have_attribute("aria-invalid", "true")
    assert panel.is_as_before()


def test_an_escalation_gets_levels_in_an_order(panel: Panel) -> None:
    old = panel.node("study").step.escalation
    panel.press("escalation")
    at = len(old)
    panel.pick(f"escalation-{at}-role", "manager")
    panel.fill(f"escalation-{at}-within", "45 min")
    panel.pick(f"escalation-{at}-calendar", "office")
    new = EscalationLevel(role="manager", within=timedelta(minutes=45), calendar="office")
    assert panel.node("study").step.escalation == (*old, new)
    panel.press(f"escalation-{at}-up")
    assert panel.node("study").step.escalation == (*old[:-1], new, old[-1])
    panel.undo(5)


def test_value_cost_and_layer(panel: Panel) -> None:
    panel.pick("valueClass", "business")
    panel.pick("layer", "support")
    panel.fill("costRate", "80.5")
    panel.fill("currency", "CNY")
    step = panel.node("study").step
    assert (step.value_class, step.layer) == (ValueClass.BUSINESS, Layer.SUPPORT)
    assert (step.cost_rate, step.currency) == (Decimal("80.5"), "CNY")
    panel.undo(4)


def test_a_form_field_with_choices_and_a_validation(panel: Panel) -> None:
    at = len(panel.node("study").step.outputs)
    panel.press("outputs")
    panel.fill(f"outputs-{at}-name", "refund")
    panel.fill(f"outputs-{at}-label-zh", "退款金额")
    panel.pick(f"outputs-{at}-type", "money")
    panel.fill(f"outputs-{at}-minimum", "1")
    panel.fill(f"outputs-{at}-validation", "refund < 500")
    panel.press(f"outputs-{at}-required")
    field = panel.node("study").step.outputs[at]
    assert (field.name, field.type, field.is_required) == ("refund", FieldType.MONEY, True)
    assert (field.minimum, field.validation) == (Decimal(1), "refund < 500")
    assert field.label.in_language("zh") == "退款金额"
    panel.pick(f"outputs-{at}-type", "choice")
    field = panel.node("study").step.outputs[at]
    assert [each.value for each in field.options] == ["yes", "no"] and field.minimum is None
    panel.undo(8)


def test_feel_is_checked_while_it_is_typed_and_names_are_completed(panel: Panel) -> None:
    panel.choose("to_answered")
    if panel.field("condition-switch").count():
        panel.press("condition-switch")
    box = panel.field("condition")
    box.fill("outcome = )")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(panel.page.locator("process-panel code.at mark")).to_be_visible()
    box.fill("")
    box.press_sequentially("outc")
    expect(panel.page.get_by_role("option", name="outcome")).to_be_visible()
    box.press("Enter")
    assert box.input_value() == "outcome"
    assert panel.is_as_before()


def test_a_condition_is_chosen_without_writing_feel(panel: Panel) -> None:
    panel.choose("to_answered")
    panel.pick("condition-value-0", "passed_on")
    flow = next(each for each in panel.process().flows if each.id == "to_answered")
    assert flow.condition is not None and flow.condition.text == 'outcome = "passed_on"'
    panel.pick("condition-operator-0", "filled")
    flow = next(each for each in panel.process().flows if each.id == "to_answered")
    assert flow.condition is not None and flow.condition.text == "outcome != null"
    panel.undo(2)


def test_a_condition_is_written_and_a_default_is_chosen_at_the_decision(panel: Panel) -> None:
    panel.choose("who_answers")
    panel.press("condition-switch")
    panel.fill("condition", 'outcome = "answered" and string length(question) > 5')
    flow = next(each for each in panel.process().flows if each.id == "to_answered")
    assert flow.condition is not None and "string length" in flow.condition.text
    panel.pick("default", "to_answered")
    assert panel.node("who_answers").default == "to_answered"
    panel.undo(2)


def test_a_timer_is_told_in_words(panel: Panel) -> None:
    panel.choose("too_slow")
    panel.fill("timer", "3 天")
    panel.press("isWorkingTime")
    (event,) = panel.node("too_slow").events
    assert event.timers[0][1].text == "PT72H" and event.is_working_time
    panel.pick("timer-kind", "timeCycle")
    panel.fill("timer-count", "2")
    panel.fill("timer", "2 h")
    (event,) = panel.node("too_slow").events
    assert [(kind, text.text) for kind, text in event.timers] == [("timeCycle", "R2/PT2H")]
    panel.undo(5)


def replace_type(panel: Panel, id: str, type: str, **more: str) -> str:
    """Morph an element as the editor's menu does; the id of what it has become."""
    return str(
        panel.page.evaluate(
            "([id, type, more]) => modeler.get('bpmnReplace').replaceElement("
            "modeler.get('elementRegistry').get(id), { type, ...more }).id",
            [id, type, more],
        )
    )


def test_a_message_is_named_once_and_found_again(panel: Panel) -> None:
    id = replace_type(panel, "study", "bpmn:ReceiveTask")
    panel.choose(id)
    panel.fill("message", "parts.arrived")
    panel.fill("correlationKey", "question")
    node = panel.node(id)
    assert node.message is not None and node.message.correlation_key is not None
    assert node.message.correlation_key.text == "question"
    assert '<bpmn:message id="message_1" name="parts.arrived"' in panel.xml()
    panel.undo(2)


def test_an_automatic_step_is_a_webhook_or_a_bot(panel: Panel) -> None:
    id = replace_type(panel, "study", "bpmn:ServiceTask")
    panel.choose(id)
    panel.fill("topic", "payments")
    panel.fill("retries", "5")
    step = panel.node(id).step
    assert (step.topic, step.retries) == ("http:payments", 5)
    panel.pick("automation", "bot")
    assert panel.node(id).step.topic == "payments"
    panel.undo(3)


def test_a_rule_is_an_expression_or_a_table_in_the_file(panel: Panel) -> None:
    id = replace_type(panel, "study", "bpmn:BusinessRuleTask")
    panel.choose(id)
    panel.fill("expression", "1 + 1")
    panel.fill("variable", "two")
    rule = panel.node(id).assignation
    assert rule is not None and (rule.expression.text, rule.variable) == ("1 + 1", "two")
    panel.pick("rule-kind", "table")
    rule = panel.node(id).assignation
    assert rule is not None and (rule.decision, rule.variable) == ("Study the question", "two")
    assert not [
        each
        for each in check(read_document(panel.xml().encode())).findings
        if each.rule in ("decision-error", "unknown-decision")
    ]
    panel.undo(3)


def test_a_table_is_edited_in_a_grid_and_a_block_is_pasted(desk: Page) -> None:
    panel = opened(desk, WARRANTY)
    panel.choose("fee")
    panel.press("table-open")
    expect(panel.page.get_by_text("Every case has a rule")).to_be_visible()
    panel.fill("cell-0-0", "<= 12")
    expect(
        panel.page.locator(".table-problems .error, .table-problems .warning")
    ).not_to_have_count(0)
    block = (
        '<= 12\t"fault"\t"us"\twithin a year\n> 12\t"fault"\t"customer"\n-\t"misuse"\t"customer"\n'
    )
    panel.field("cell-0-0").evaluate(
        """(cell, block) => {
          const data = new DataTransfer();
          data.setData("text/plain", block);
          const more = { clipboardData: data, bubbles: true, cancelable: true };
          cell.dispatchEvent(new ClipboardEvent("paste", more));
        }""",
        block,
    )
    expect(panel.page.get_by_text("Every case has a rule")).to_be_visible()
    assert panel.steps() == 2
    panel.press("rule-2-up")
    panel.press("output-add")
    panel.press("output-1-remove")
    panel.press("input-0-right")
    xml = panel.xml()
    assert check(read_document(xml.encode())).is_executable
    assert xml.index(">cause<") < xml.index(">months<")
    assert "within a year" in xml
    panel.undo(6)


def test_what_a_column_allows_is_what_the_check_for_gaps_goes_by(desk: Page) -> None:
    panel = opened(desk, WARRANTY)
    panel.choose("fee")
    panel.press("table-open")
    panel.fill("input-1-values", '"fault", "misuse", "accident"')
    expect(panel.page.locator(".table-problems")).to_contain_text("accident")
    panel.undo()


def test_a_decision_that_is_one_expression_is_written_as_one(desk: Page) -> None:
    start = WARRANTY.index("<dmn:decisionTable")
    end = WARRANTY.index("</dmn:decisionTable>") + len("</dmn:decisionTable>")
    literal = '<dmn:literalExpression id="l"><dmn:text>"us"</dmn:text></dmn:literalExpression>'
    panel = opened(desk, WARRANTY[:start] + literal + WARRANTY[end:])
    panel.choose("fee")
    panel.fill("decision-text", 'if months > 24 then "customer" else "us"')
    xml = panel.xml()
    assert "if months &gt; 24 then" in xml
    assert check(read_document(xml.encode())).is_executable
    panel.undo()


def test_a_cell_that_cannot_be_read_says_so(desk: Page) -> None:
    panel = opened(desk, WARRANTY)
    panel.choose("fee")
    panel.press("table-open")
    panel.field("cell-1-0").fill('"fault')
    expect(panel.field("cell-1-0")).to_have_attribute("aria-invalid", "true")


def test_repeated_steps_are_kept_and_called_what_they_are(panel: Panel) -> None:
    panel.pick("loop", "sequential")
    assert str(panel.node("study").loop) == "sequential multi-instance"
    expect(panel.page.get_by_text("does not run repeated steps")).to_be_visible()
    panel.undo()


def test_a_lane_names_its_role(panel: Panel) -> None:
    panel.choose("lane_specialist")
    panel.pick("role", "agent")
    lane = next(each for each in panel.process().lanes if each.id == "lane_specialist")
    assert lane.role == "agent"
    panel.undo()


def test_what_the_whole_process_declares(panel: Panel) -> None:
    panel.choose()
    panel.fill("description-zh", "客户提问。")
    panel.fill("owner", "cy")
    panel.pick("approval", "second_person")
    panel.press("internal")
    panel.press("profile")
    process = panel.process()
    assert process.sheet.description.in_language("zh-hans") == "客户提问。"
    assert process.sheet.description.default.startswith("A customer asks")
    assert (process.sheet.owner, process.sheet.is_internal) == ("cy", True)
    assert process.sheet.approval is Approval.SECOND_PERSON
    assert process.element.get(ours("profile")) == "strict"
    panel.undo(5)


def test_goals_and_promises(panel: Panel) -> None:
    panel.choose()
    panel.fill("goal-zh", "客户当天得到答复。")
    panel.press("kpi-add")
    panel.pick("kpi-0-name", "first_contact_resolution")
    panel.fill("kpi-0-target", "75%")
    panel.fill("resolution", "6 h")
    sheet = panel.process().sheet
    assert sheet.goal.in_language("zh") == "客户当天得到答复。"
    assert sheet.kpi_goals == (KpiGoal(kpi="first_contact_resolution", target=Decimal("0.75")),)
    assert [each.within for each in sheet.service_levels] == [
        timedelta(hours=1),
        timedelta(hours=6),
    ]
    panel.undo(5)


def test_the_form_that_opens_a_case(panel: Panel) -> None:
    panel.choose("asked")
    panel.press("fields")
    panel.fill("fields-1-name", "since")
    panel.pick("fields-1-type", "date")
    panel.press("fields-1-up")
    assert [each.name for each in panel.process().sheet.form] == ["since", "question"]
    panel.undo(4)


def test_an_accepted_warning_is_taken_back(desk: Page) -> None:
    waiver = '<servoloop:waiver rule="flow-clear" by="cy">Known.</servoloop:waiver>'
    panel = opened(desk, TINY.replace("<servoloop:sheet", waiver + "<servoloop:sheet", 1))
    panel.choose()
    expect(panel.page.get_by_text("Known.")).to_be_visible()
    panel.press("waiver-0-remove")
    assert "servoloop:waiver" not in panel.xml()
    panel.undo()


def test_several_steps_are_changed_in_one_step(panel: Panel) -> None:
    panel.choose("triage", "study")
    panel.fill("standardTime", "20 min")
    panel.pick("role", "agent")
    for id in ("triage", "study"):
        step = panel.node(id).step
        assert (step.standard_time, step.role) == (timedelta(minutes=20), "agent")
    assert panel.steps() == 2
    panel.undo(2)


def test_ten_letters_are_one_step_and_enter_commits(panel: Panel) -> None:
    box = panel.field("name-en")
    box.fill("")
    box.press_sequentially("Think twice")
    assert panel.steps() == 0
    box.press("Enter")
    assert panel.steps() == 1
    box.press("Control+z")
    expect(panel.field("name-en")).to_have_value("Study the question")
    expect(panel.field("name-en")).to_be_focused()
    assert panel.is_as_before()


def test_nothing_is_committed_while_a_character_is_composed(panel: Panel) -> None:
    box = panel.field("name-zh")
    box.focus()
    box.evaluate(
        """box => {
          box.value = "yan jiu";
          box.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
          const enter = { key: "Enter", isComposing: true, bubbles: true };
          box.dispatchEvent(new KeyboardEvent("keydown", enter));
        }"""
    )
    panel.page.wait_for_timeout(50)
    assert panel.steps() == 0 and panel.is_as_before()


def test_choosing_another_element_keeps_what_was_typed_for_this_one(panel: Panel) -> None:
    panel.field("name-en").fill("Half a thought")
    panel.choose("triage")
    assert panel.node("study").name.default == "Half a thought"
    assert panel.node("triage").name.default == "Answer or pass on"
    expect(panel.field("name-en")).to_have_value("Answer or pass on")


def test_an_unknown_role_and_an_unknown_person_are_told(desk: Page) -> None:
    file = TINY.replace('<servoloop:step standardTime="PT45M"', "<servoloop:step")
    panel = opened(desk, file.replace('owner="bo" costRate="120"', 'owner="zoe" role="phantom"'))
    panel.choose("study")
    expect(panel.page.get_by_text("There is no such role.")).to_be_visible()
    expect(panel.page.get_by_text("Nobody here has this login name.")).to_be_visible()
    expect(panel.page.locator("[data-section=time] > summary")).to_contain_text("missing")


def test_tab_goes_on_through_the_fields_after_a_change(panel: Panel) -> None:
    panel.field("name-en").fill("Other")
    panel.field("name-en").press("Tab")
    expect(panel.field("name-zh")).to_be_focused()
    assert panel.node("study").name.default == "Other"


def test_what_others_wrote_stays(desk: Page) -> None:
    foreign = (
        '<other:thing xmlns:other="urn:other" level="3"><other:part>x</other:part></other:thing>'
    )
    file = TINY.replace("<servoloop:step ", foreign + '<servoloop:step other="1" ', 2)
    panel = opened(desk, file.replace('other="1" ', ""))
    panel.choose("study")
    panel.fill("standardTime", "20 min")
    panel.fill("sop-en", "Anew.")
    xml = panel.xml()
    assert xml.count('level="3"') == 2 and xml.count("<other:part>x</other:part>") == 2
    assert xml.index('level="3"') < xml.index("<servoloop:step")
    panel.undo(2)


def test_a_finding_leads_to_its_field(panel: Panel) -> None:
    for field, found in (
        ("standardTime", "standardTime"),
        ("no-method", "sop-en"),
        ("escalation", "escalation"),
        ("role", "role"),
    ):
        assert panel.page.evaluate(
            "field => document.querySelector('process-panel').focusField(field)", field
        )
        expect(panel.field(found)).to_be_focused()
    folded = panel.page.locator("process-panel details[data-section=time] > summary")
    folded.click()
    expect(panel.field("standardTime")).to_be_hidden()
    panel.page.evaluate("document.querySelector('process-panel').focusField('standardTime')")
    expect(panel.field("standardTime")).to_be_focused()


def test_the_editor_saves_what_the_panel_writes(visits: Visits) -> None:
    page = visits.page("cy")
    page.goto("/design/drafts/")
    form = page.locator("form", has=page.locator("select[name=process]"))
    form.locator("select").select_option("tiny")
    form.get_by_role("button").click()
    page.wait_for_url(re.compile(r"/drafts/\d+/edit/"))
    panel = page.locator("process-panel")
    page.locator("[data-element-id=study]").first.click()
    panel.locator("[data-field=standardTime]").fill("35 min")
    panel.locator("[data-field=standardTime]").press("Enter")

    with page.expect_response(re.compile(r"/save/")) as saved:
        panel.locator("[data-field=owner]").fill("cy")
        panel.locator("[data-field=owner]").press("Enter")
    assert saved.value.ok

    file = page.request.get(page.url.replace("/edit/", "/xml/")).body()
    step = next(each for each in read_model(read_document(file)).nodes() if each.id == "study").step
    assert (step.standard_time, step.owner) == (timedelta(minutes=35), "cy")


@pytest.mark.parametrize(
    ("language", "dark"), [("zh-CN", False), ("en-US", True)], ids=["zh-light", "en-dark"]
)
def test_the_panel_looks_well_and_axe_finds_nothing(
    visits: Visits, language: str, dark: bool
) -> None:
    page = visits.page("cy", language=language, dark=dark)
    page.goto("/design/processes/")
    wrong = []
    look = f"{language[:2]}-{'dark' if dark else 'light'}"
    for file, id, opens in (
        (TINY, "triage", ""),
        (TINY, "who_answers", ""),
        (TINY, "too_slow", ""),
        (TINY, "", ""),
        (WARRANTY, "fee", "table-open"),
    ):
        panel = opened(page, file)
        panel.choose(*([id] if id else []))
        if opens:
            panel.press(opens)
            expect(page.locator(".table-problems li")).not_to_have_count(0)
        expect(page.locator("process-panel [aria-invalid=true]")).to_have_count(0)
        page.screenshot(path=SCREENS / f"panel-{id or 'process'}-{look}.png")
        found = Axe().run(page, context="process-panel", options={"resultTypes": ["violations"]})
        wrong += [
            f"{id} {each['id']} {[node['target'] for node in each['nodes']][:3]}"
            for each in found.response["violations"]
            if each["impact"] in ("serious", "critical")
        ]
    assert wrong == []
