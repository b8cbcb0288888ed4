// Small pieces of service processes (design/snippets/*.bpmn), inserted as ready, connected elements.
// A snippet is a whole BPMN file, so that it can be checked and drawn by itself; what stands between
// its start and its end is handed to bpmn-js as if it had been copied, which gives new ids, labels
// and one step of undo.
import { labelOf } from "./names.js";

export const SNIPPETS = [
  { name: "stages", icon: "road", words: () => gettext("Stages, one after the other") },
  { name: "approval", icon: "certificate", words: () => gettext("Approval") },
  { name: "information", icon: "message-circle", words: () => gettext("Ask the customer and wait") },
  { name: "escalation", icon: "stairs-up", words: () => gettext("Escalation after a time") },
  { name: "visit", icon: "map-pin", words: () => gettext("Site visit") },
];
const FILES_SPEAK = "zh";
const LEFT_OUT = new Set(["start", "end"]);
const GAP = 60; // between the element before and the snippet

class Snippets {
  constructor(config, copyPaste, moddle, modeling, bpmnjs, commandStack) {
    Object.assign(this, { addresses: config ?? {}, copyPaste, moddle, modeling, bpmnjs, texts: {} });
    const snippets = this;
    commandStack.registerHandler("snippet.append", class {
      preExecute(context) { context.made = snippets.put(context); }
    });
    this.commandStack = commandStack;
  }

  // Early, so that a palette entry answers at once.
  prepare() {
    this.fetched ??= this.fetch();
  }

  async fetch() {
    const found = await Promise.all(Object.entries(this.addresses).map(async ([name, address]) => {
      const answer = await fetch(address).catch(() => null);
      return [name, answer?.ok ? await answer.text() : ""];
    }));
    this.texts = Object.fromEntries(found);
  }

  // With the mouse: it hangs on the pointer until it is put down.
  async start(name) {
    this.copyPaste.paste({ tree: await this.tree(name) });
  }

  // By keyboard: after `source`, connected with it, or at `point`.
  async append(name, { source = null, parent, point }) {
    const context = { tree: await this.tree(name), source, parent, point };
    this.commandStack.execute("snippet.append", context);
    return context.made;
  }

  put({ tree, source, parent, point }) {
    const made = this.copyPaste.paste({ tree, element: parent, point });
    const shapes = made.filter((each) => !each.waypoints && each.type !== "label");
    const [first] = shapes;
    if (source) {
      const left = Math.min(...shapes.map((each) => each.x));
      const by = { x: source.x + source.width + GAP - left, y: source.y + source.height / 2 - first.y - first.height / 2 };
      this.modeling.moveElements(shapes.filter((each) => !each.host), by);
      this.modeling.connect(source, first);
    }
    return first;
  }

  // What bpmn-js's own copying would have made of the snippet.
  async tree(name) {
    this.prepare();
    await this.fetched;
    if (!this.texts[name]) {
      this.fetched = null; // the next press tries again
      throw new Error(gettext("The server cannot be reached."));
    }
    const { rootElement } = await this.moddle.fromXML(this.texts[name]);
    const process = rootElement.rootElements.find((each) => each.$type === "bpmn:Process");
    const pictures = new Map(rootElement.diagrams[0].plane.planeElement.map((di) => [di.bpmnElement, di]));
    const isIn = (element) => !LEFT_OUT.has(element.id);
    const flows = process.flowElements.filter((each) => each.sourceRef && isIn(each.sourceRef) && isIn(each.targetRef));
    const [entry] = process.flowElements.find((each) => each.id === "start").outgoing;
    const nodes = process.flowElements.filter((each) => !each.sourceRef && isIn(each));
    nodes.sort((one, other) => (other === entry.targetRef) - (one === entry.targetRef));
    for (const node of nodes) this.useOurMessages(node);
    for (const each of [...nodes, ...flows]) speak(each);
    return { 0: [
      ...nodes.map((node) => shape(node, pictures.get(node))),
      ...flows.map((flow) => connection(flow, pictures.get(flow))),
      ...[...nodes, ...flows].filter((each) => each.name && pictures.get(each).label).map((each) => label(each, pictures.get(each))),
    ] };
  }

  // A message that the process has already is not declared again.
  useOurMessages(node) {
    const known = this.bpmnjs.getDefinitions().rootElements.filter((each) => each.$type === "bpmn:Message");
    for (const holder of [node, ...(node.eventDefinitions ?? [])]) {
      const same = holder.messageRef && known.find((each) => each.name === holder.messageRef.name);
      if (same) holder.messageRef = same;
    }
  }
}
Snippets.$inject = ["config.snippets", "copyPaste", "moddle", "modeling", "bpmnjs", "commandStack"];

// The files are named in Chinese and labelled in English: what is inserted is named in the reader's
// language and labelled in the other.
function speak(businessObject) {
  const label = labelOf(businessObject);
  if (!label) return;
  const name = businessObject.name;
  businessObject.name = label.text;
  Object.assign(label, { lang: FILES_SPEAK, text: name });
}

function shape(node, di) {
  const { x, y, width, height } = di.bounds;
  const made = { id: node.id, type: node.$type, businessObject: node, di, x, y, width, height, priority: node.attachedToRef ? 1.5 : 1 };
  if (node.attachedToRef) made.host = node.attachedToRef.id;
  if (node.default) made.default = node.default.id;
  if (node.name) made.name = node.name;
  return made;
}

function connection(flow, di) {
  const waypoints = di.waypoint.map(({ x, y }) => ({ x, y }));
  return { id: flow.id, type: flow.$type, businessObject: flow, di, waypoints, source: flow.sourceRef.id, target: flow.targetRef.id, priority: 2 };
}

function label(target, di) {
  const { x, y, width, height } = di.label.bounds;
  return { id: `${target.id}_label`, type: "label", labelTarget: target.id, x, y, width, height, priority: 3 };
}

export const snippetsModule = { __init__: ["snippets"], snippets: ["type", Snippets] };
