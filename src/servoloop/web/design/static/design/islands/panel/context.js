// What the sections work with: the chosen element, its process, the directory, and the server's FEEL.
import { changeExtension, extensionOf, processOf, stepOf } from "./moddle.js";

const NOBODY = { roles: [], people: [], calendars: [], topics: [], messages: [], skills: [], processes: [], kpis: [], isKnown: false };

export class Context {
  constructor(modeler, panel) {
    this.modeler = modeler;
    this.panel = panel;
    this.people = NOBODY;
    this.answers = new Map(); // FEEL text -> what the server said
  }

  choose() {
    const chosen = this.modeler.get("selection").get().map((each) => each.labelTarget ?? each);
    this.shapes = [...new Set(chosen)];
    this.shape = this.shapes[0] ?? this.modeler.get("canvas").getRootElement();
    this.owner = this.shape.businessObject;
    this.process = processOf(this.modeler, this.owner);
    return this.shapes;
  }

  get type() { return this.owner.$type.replace("bpmn:", ""); }

  get isWhole() { return ["Process", "Collaboration", "Participant"].includes(this.type); }

  is(...types) { return types.some((each) => this.owner.$instanceOf?.(`bpmn:${each}`)); }

  // Task by type name: sub-processes are activities, but nobody works on them.
  get isHuman() { return ["Task", "UserTask", "ManualTask"].includes(this.type); }

  get isTask() { return this.is("Task"); }

  get step() { return stepOf(this.owner); }

  get sheet() { return this.process && extensionOf(this.process, "Sheet"); }

  kind() { return KINDS()[this.type] ?? this.type; }

  change(changes) { changeExtension(this.modeler, this.shape, this.owner, "Step", changes); }

  changeSheet(changes) { changeExtension(this.modeler, this.shape, this.process, "Sheet", changes); }

  update(changes) { this.modeler.get("modeling").updateProperties(this.shape, changes); }

  updateAt(element, changes) { this.modeler.get("modeling").updateModdleProperties(this.shape, element, changes); }

  get token() {
    return this.panel.getAttribute("csrf") || document.cookie.match(/csrftoken=([^;]+)/)?.[1] || "";
  }

  async directory() {
    const address = this.panel.getAttribute("directory");
    if (!address) return;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const found = { ...NOBODY, ...(await answer.json()) };
      const people = found.people.map(({ username, name }) => ({ key: username, label: name }));
      const calendars = found.calendars.map(({ name, label }) => ({ key: name, label }));
      this.people = { ...found, people, calendars, isKnown: true };
    } catch {
      // Without the directory every name is typed.
    }
  }

  // {ok, error, at}; ok when there is no server to ask.
  async feel(text, kind, names) {
    const key = JSON.stringify([text, kind, names]);
    if (!this.answers.has(key)) this.answers.set(key, await this.post("feel", { text, kind, names }));
    return this.answers.get(key) ?? { ok: true };
  }

  async post(attribute, body) {
    const address = this.panel.getAttribute(attribute);
    if (!address) return undefined;
    const { token } = this;
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
      });
      return answer.ok ? await answer.json() : undefined;
    } catch {
      return undefined;
    }
  }
}

const KINDS = () => ({
  Task: gettext("Step"), UserTask: gettext("Step done by a person"), ManualTask: gettext("Step done by hand"),
  ServiceTask: gettext("Automatic step"), SendTask: gettext("Message to send"), ReceiveTask: gettext("Message to wait for"),
  ScriptTask: gettext("Calculation"), BusinessRuleTask: gettext("Rule"), SubProcess: gettext("Sub-process"),
  CallActivity: gettext("Called process"), StartEvent: gettext("Start"), EndEvent: gettext("End"),
  IntermediateCatchEvent: gettext("Wait"), IntermediateThrowEvent: gettext("Event"), BoundaryEvent: gettext("Event at a step"),
  ExclusiveGateway: gettext("Decision"), ParallelGateway: gettext("Parallel branches"), EventBasedGateway: gettext("Wait for the first event"),
  SequenceFlow: gettext("Flow"), MessageFlow: gettext("Message flow"), Lane: gettext("Lane"), Participant: gettext("Process"),
  Process: gettext("Process"), Collaboration: gettext("Process"), TextAnnotation: gettext("Note"), Group: gettext("Group"),
  DataObjectReference: gettext("Data"), DataStoreReference: gettext("Data store"),
});
