// Only what the engine runs is offered: palette, context pad and replace menu are bpmn-js's own,
// less what Servoloop does not execute (kernel/process/operations.py), plus what people need most.
// Elements of other tools stay as they are; a finding says that they are not executed.
const NOT_RUN = new Set([
  "transaction", "event-subprocess", "collapsed-ad-hoc-subprocess", "expanded-ad-hoc-subprocess",
  "ad-hoc-subprocess", "inclusive-gateway", "complex-gateway",
  "parallel-event-based-instantiate-gateway", "exclusive-event-based-gateway",
  "task", "none-boundary-event", "conditional-flow",
]);
const KINDS_NOT_RUN = /^(non-interrupting-)?(conditional|signal|escalation|compensation|link|cancel)-|^error-start$|-start-event-non-interrupting$/;

export const isOffered = (entry) => {
  const name = entry.replace(/^replace-with-/, "");
  return !NOT_RUN.has(name) && !KINDS_NOT_RUN.test(name);
};

const keep = (entries, test) => Object.fromEntries(Object.entries(entries).filter(([key, value]) => test(key, value)));

class Reduced {
  constructor(palette, contextPad, popupMenu, injector, translate) {
    Object.assign(this, { injector, translate });
    // A low priority: it comes after bpmn-js's own providers and gets what they offer.
    palette.registerProvider(500, this);
    contextPad.registerProvider(500, this);
    popupMenu.registerProvider("bpmn-replace", 500, this);
  }

  getPaletteEntries() {
    return (entries) => {
      const { "create.data-object": _1, "create.data-store": _2, "create.group": _3, ...rest } = entries;
      const found = {};
      for (const [key, entry] of Object.entries(rest)) {
        found[key] = entry;
        if (key === "create.task") found[key] = this.entry("bpmn:UserTask", "activity", "bpmn-icon-user-task", this.translate("Create task"));
        if (key === "create.intermediate-event") {
          found["create.timer"] = this.entry("bpmn:IntermediateCatchEvent", "event", "bpmn-icon-intermediate-event-catch-timer",
            gettext("Create a wait"), { eventDefinitionType: "bpmn:TimerEventDefinition" });
        }
      }
      return found;
    };
  }

  entry(type, group, className, title, options = {}) {
    const start = (event) => {
      const shape = this.injector.get("elementFactory").createShape({ type, ...options });
      this.injector.get("create").start(event, shape);
    };
    return { group, className, title, action: { click: start, dragstart: start } };
  }

  getContextPadEntries(element) {
    return (entries) => {
      const found = keep(entries, (key) => !/append\.(condition|signal)-intermediate-event|append\.compensation-activity/.test(key));
      if (found["append.append-task"]) {
        found["append.append-task"] = this.appended("bpmn:UserTask", "bpmn-icon-user-task", this.translate("Append task"));
      }
      return found;
    };
  }

  getMultiElementContextPadEntries() {
    return (entries) => entries;
  }

  appended(type, className, title) {
    const make = () => this.injector.get("elementFactory").createShape({ type });
    return {
      group: "model", className, title,
      action: {
        click: (_, element) => this.injector.get("autoPlace").append(element, make()),
        dragstart: (event, element) => this.injector.get("create").start(event, make(), { source: element }),
        hover: (_, element) => {
          const preview = this.injector.get("appendPreview");
          preview.create(element, type, {});
          return () => preview.cleanUp();
        },
      },
    };
  }

  getPopupMenuEntries() {
    return (entries) => keep(entries, isOffered);
  }

  // Loops and several instances are not run: what is set already can be taken away, not added.
  getPopupMenuHeaderEntries() {
    return (entries) => keep(entries, (key, entry) => key === "toggle-non-interrupting" || entry.active);
  }
}
Reduced.$inject = ["palette", "contextPad", "popupMenu", "injector", "translate"];

export const reducedModule = { __init__: ["reduced"], reduced: ["type", Reduced] };
