// Names in the reader's language. A file has one `name` per element and `servoloop:label`s that
// translate it; the diagram shows the reader's, and renaming writes into the one that was shown.
const LABEL_WIDTH = 90; // what bpmn-js gives a new label
const short = (language) => (language ?? "").split("-")[0].toLowerCase();
const reader = short(document.documentElement.lang);


// The label that says the name in the reader's language, or undefined.
export function labelOf(businessObject) {
  const values = businessObject?.extensionElements?.values ?? [];
  return values.find((value) => value.$type === "servoloop:Label" && short(value.lang) === reader);
}

export function nameOf(element) {
  const businessObject = element?.businessObject ?? element;
  return labelOf(businessObject)?.text?.trim() || businessObject?.name || "";
}

// What the renderer and the search shall see instead of an element with a translated name.
function spoken(element) {
  const name = nameOf(element);
  const businessObject = element.businessObject;
  if (!name || name === businessObject?.name || !labelOf(businessObject)) return element;
  const shown = Object.create(businessObject, { name: { value: name } });
  return Object.create(element, { businessObject: { value: shown } });
}

// The place of a label was drawn for the words of the file: a Chinese word is shorter than its
// translation, which would be broken within the word.
function widen({ diagrams = [] }) {
  for (const { bpmnElement, label } of diagrams.flatMap((each) => each.plane?.planeElement ?? [])) {
    const bounds = label?.bounds;
    if (!bounds || bounds.width >= LABEL_WIDTH || !labelOf(bpmnElement)) continue;
    bounds.x -= (LABEL_WIDTH - bounds.width) / 2;
    bounds.width = LABEL_WIDTH;
  }
}

class SpokenNames {
  constructor(bpmnRenderer, injector, eventBus) {
    for (const draw of ["drawShape", "drawConnection"]) {
      const plain = bpmnRenderer[draw];
      bpmnRenderer[draw] = (parent, element, ...rest) =>
        plain.call(bpmnRenderer, parent, spoken(element), ...rest);
    }
    this.editing(injector.get("labelEditingProvider", false), injector.get("modeling", false));
    this.searching(injector.get("bpmnSearch", false), injector.get("search", false), injector.get("elementRegistry"));
    eventBus.on("import.parse.complete", ({ definitions }) => definitions && widen(definitions));
    eventBus.on("element.changed", ({ element }) => {
      // An external label is a shape of its own and does not hear of a changed translation.
      for (const label of element.labels ?? []) eventBus.fire("shape.changed", { element: label, gfx: injector.get("elementRegistry").getGraphics(label) });
    });
  }

  editing(provider, modeling) {
    if (!provider) return;
    const { activate, update } = provider;
    provider.activate = (element) => {
      const context = activate.call(provider, element);
      if (context && labelOf(element.businessObject)) context.text = nameOf(element);
      return context;
    };
    provider.update = (element, text, ...rest) => {
      const label = labelOf(element.businessObject);
      if (!label || !text?.trim()) return update.call(provider, element, text, ...rest);
      modeling.updateModdleProperties(element.labelTarget ?? element, label, { text });
    };
  }

  searching(provider, search, registry) {
    if (!provider || !search) return;
    provider.find = (pattern) => {
      const items = registry
        .filter((element) => element.parent && !element.labelTarget)
        .map((element) => ({ element, label: nameOf(element), id: element.id }));
      return search(items, pattern, { keys: ["label", "id"] }).map(({ item, tokens }) => ({
        element: item.element, primaryTokens: tokens.label, secondaryTokens: tokens.id,
      }));
    };
  }
}
SpokenNames.$inject = ["bpmnRenderer", "injector", "eventBus"];

export const namesModule = { __init__: ["spokenNames"], spokenNames: ["type", SpokenNames] };
