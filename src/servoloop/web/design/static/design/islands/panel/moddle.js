// How the panel reads and writes our extension elements. What bpmn-moddle has read is never changed
// in place: an edit makes a copy with the change and puts it there with one command, so that undo
// brings back the very object, and attributes that we do not know stay.
export const typeOf = (type) => `servoloop:${type}`;

export function extensionsOf(owner, type) {
  const values = owner?.get("extensionElements")?.get("values") ?? [];
  return values.filter((each) => each.$type === typeOf(type));
}

export const extensionOf = (owner, type) => extensionsOf(owner, type)[0];

export const stepOf = (owner) => extensionOf(owner, "Step");

// An attribute of one of our elements as text; "" when it is absent.
export const said = (element, name) => element?.get(name) ?? "";

export const isTrue = (text) => ["true", "1"].includes(String(text ?? "").trim().toLowerCase());

export function create(modeler, type, properties = {}) {
  return withChildren(modeler.get("moddle").create(type.includes(":") ? type : typeOf(type)), properties);
}

// A copy with these changes; undefined, "" and [] take a property away.
export function altered(modeler, element, changes) {
  const copy = modeler.get("moddle").create(element.$type);
  const kept = {};
  for (const { name } of element.$descriptor.properties) {
    if (Object.prototype.hasOwnProperty.call(element, name)) kept[name] = element.get(name);
  }
  Object.assign(copy.$attrs, element.$attrs);
  return withChildren(copy, { ...kept, ...changes });
}

function withChildren(element, properties) {
  for (const [name, value] of Object.entries(properties)) {
    const isNothing = value === undefined || value === "" || (Array.isArray(value) && !value.length);
    element.set(name, isNothing ? undefined : Array.isArray(value) ? [...value] : value);
    if (isNothing) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child?.$type) child.$parent = element;
    }
  }
  return element;
}

export function isEmpty(element) {
  const ours = element.$descriptor.properties.some(({ name, isMany }) => {
    if (!Object.prototype.hasOwnProperty.call(element, name)) return false;
    const value = element.get(name);
    return isMany ? value.length > 0 : value !== undefined && value !== "";
  });
  return !ours && !Object.keys(element.$attrs).length;
}

// Everything that `run` does is one step for undo.
export function together(modeler, run) {
  const stack = modeler.get("commandStack");
  if (!modeler.panelGroups) {
    stack.register("servoloop.together", { preExecute: (context) => context.run(), execute: () => [], revert: () => [] });
    modeler.panelGroups = true;
  }
  stack.execute("servoloop.together", { run });
}

// Puts `elements` in the place of all our elements of a type, where the first of them stood.
export function replaceExtensions(modeler, shape, owner, type, elements) {
  const modeling = modeler.get("modeling");
  const holder = owner.get("extensionElements");
  const old = holder?.get("values") ?? [];
  const isOld = (each) => each.$type === typeOf(type);
  const at = old.findIndex(isOld);
  const others = old.filter((each) => !isOld(each));
  const place = at >= 0 ? at : type === "Label" ? 0 : others.length;
  const values = [...others.slice(0, place), ...elements, ...others.slice(place)];
  if (!holder) {
    if (!values.length) return;
    const made = create(modeler, "bpmn:ExtensionElements", { values });
    made.$parent = owner;
    modeling.updateModdleProperties(shape, owner, { extensionElements: made });
    return;
  }
  for (const each of elements) each.$parent = holder;
  if (values.length) modeling.updateModdleProperties(shape, holder, { values });
  else modeling.updateModdleProperties(shape, owner, { extensionElements: undefined });
}

// Changes our one element of a type; it is made when it is missing and goes when nothing is left.
export function changeExtension(modeler, shape, owner, type, changes) {
  const old = extensionOf(owner, type);
  const next = old ? altered(modeler, old, changes) : create(modeler, type, changes);
  if (!old && isEmpty(next)) return;
  replaceExtensions(modeler, shape, owner, type, isEmpty(next) ? [] : [next]);
}

export const changeStep = (modeler, shape, changes) =>
  changeExtension(modeler, shape, shape.businessObject, "Step", changes);

export const replaced = (list, index, ...items) => [...list.slice(0, index), ...items, ...list.slice(index + 1)];

export function moved(list, from, to) {
  const rest = replaced(list, from);
  return [...rest.slice(0, to), list[from], ...rest.slice(to)];
}

// The process that an element belongs to; of a collaboration, the one that would be executed.
export function processOf(modeler, owner) {
  for (let each = owner; each; each = each.$parent) {
    if (each.$type === "bpmn:Process") return each;
    if (each.$type === "bpmn:Participant" && each.processRef) return each.processRef;
  }
  const found = modeler.getDefinitions().get("rootElements").filter((each) => each.$type === "bpmn:Process");
  return found.find((each) => each.isExecutable) ?? found[0];
}

export const processesOf = (modeler) =>
  modeler.getDefinitions().get("rootElements").filter((each) => each.$type === "bpmn:Process");
