// Everything that can be put into a process, in one menu with a search box: by keyboard (`a`), from
// the toolbar, and as palette entries for the snippets. It goes after the chosen element, connected
// with it; without one, into the middle of what is seen.
import { icon as picture } from "./dom.js";
import { SNIPPETS } from "./snippets.js";

const ID = "servoloop-insert";
const event = (name) => ({ eventDefinitionType: `bpmn:${name}EventDefinition` });
const ELEMENTS = [
  ["bpmn:UserTask", "user-task", "User task"],
  ["bpmn:ServiceTask", "service-task", "Service task"],
  ["bpmn:SendTask", "send-task", "Send task"],
  ["bpmn:ReceiveTask", "receive-task", "Receive task"],
  ["bpmn:BusinessRuleTask", "business-rule-task", "Business rule task"],
  ["bpmn:ScriptTask", "script-task", "Script task"],
  ["bpmn:CallActivity", "call-activity", "Call activity"],
  ["bpmn:SubProcess", "subprocess-expanded", "Sub-process (expanded)", { isExpanded: true }],
  ["bpmn:ExclusiveGateway", "gateway-xor", "Exclusive gateway"],
  ["bpmn:ParallelGateway", "gateway-parallel", "Parallel gateway"],
  ["bpmn:EventBasedGateway", "gateway-eventbased", "Event-based gateway"],
  ["bpmn:IntermediateCatchEvent", "intermediate-event-catch-timer", "Timer intermediate catch event", event("Timer")],
  ["bpmn:IntermediateCatchEvent", "intermediate-event-catch-message", "Message intermediate catch event", event("Message")],
  ["bpmn:IntermediateThrowEvent", "intermediate-event-throw-message", "Message intermediate throw event", event("Message")],
  ["bpmn:EndEvent", "end-event-none", "End event"],
  ["bpmn:EndEvent", "end-event-terminate", "Terminate end event", event("Terminate")],
];

class InsertMenu {
  constructor(popupMenu, palette, injector, translate) {
    Object.assign(this, { popupMenu, injector, translate });
    popupMenu.registerProvider(ID, this);
    palette.registerProvider(400, this);
  }

  get(name) { return this.injector.get(name); }

  open(at) {
    const chosen = this.get("selection").get();
    const target = chosen.length === 1 ? chosen[0] : this.get("canvas").getRootElement();
    const box = this.get("canvas").getContainer().getBoundingClientRect();
    const position = at ?? { x: box.left + box.width / 2 - 150, y: box.top + 60 };
    this.popupMenu.open(target, ID, { ...position, cursor: position }, { title: gettext("Insert"), width: 300, search: true });
  }

  getPopupMenuEntries(target) {
    const entries = {};
    for (const { name, words } of SNIPPETS) {
      entries[`snippet-${name}`] = { label: words(), className: "bpmn-icon-subprocess-collapsed", group: { id: "snippets", name: gettext("Ready pieces") },
        action: () => this.snippet(name, target) };
    }
    ELEMENTS.forEach(([type, sign, words, options], at) => {
      entries[`element-${at}`] = { label: this.translate(words), className: `bpmn-icon-${sign}`, group: { id: "elements", name: gettext("Elements") },
        action: () => this.element({ type, ...options }, target) };
    });
    return entries;
  }

  element(attributes, target) {
    this.popupMenu.close();
    const shape = this.get("elementFactory").createShape(attributes);
    const source = this.sourceOf(target);
    if (source) this.get("autoPlace").append(source, shape);
    else this.get("modeling").createShape(shape, this.middle(), this.parent());
    this.get("selection").select(shape);
    this.get("canvas").focus();
  }

  async snippet(name, target) {
    this.popupMenu.close();
    const source = this.sourceOf(target);
    const made = await this.get("snippets").append(name, { source, point: this.middle(), parent: source?.parent ?? this.parent() });
    this.get("selection").select(made);
    this.get("canvas").scrollToElement(made, 100);
    this.get("canvas").focus();
  }

  // An element that a flow may leave.
  sourceOf(target) {
    const businessObject = target?.businessObject;
    const isNode = target?.parent && !target.waypoints && businessObject?.$instanceOf("bpmn:FlowNode");
    return isNode && !businessObject.$instanceOf("bpmn:EndEvent") ? target : null;
  }

  parent() {
    const root = this.get("canvas").getRootElement();
    if (root.businessObject.$type !== "bpmn:Collaboration") return root;
    return root.children.find((each) => each.businessObject.processRef) ?? root;
  }

  middle() {
    const { x, y, width, height } = this.get("canvas").viewbox();
    return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  }

  getPaletteEntries() {
    const entries = { "snippet-separator": { group: "snippets", separator: true } };
    for (const { name, icon, words } of SNIPPETS) {
      const start = () => this.get("snippets").start(name);
      entries[`snippet.${name}`] = { group: "snippets", title: words(), html: entryHtml(icon), action: { click: start, dragstart: start } };
    }
    return entries;
  }
}
InsertMenu.$inject = ["popupMenu", "palette", "injector", "translate"];

function entryHtml(icon) {
  return `<div class="entry" draggable="true">${picture(icon).outerHTML}</div>`;
}

export const insertModule = { __init__: ["insertMenu"], insertMenu: ["type", InsertMenu] };
