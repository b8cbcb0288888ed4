// Copy in one process, paste in another, also in another window: what is copied lies in the
// browser's store as JSON, and is made into elements of the receiving model when it is pasted.
// Elements and attributes of other tools are copied along, which bpmn-js itself does not do.
const KEY = "servoloop-clipboard";

class SharedClipboard {
  constructor(eventBus, clipboard, moddle, bpmnjs) {
    Object.assign(this, { moddle, bpmnjs });
    eventBus.on("moddleCopy.canCopyProperty", 1500, ({ property, parent }) =>
      isGeneric(property) ? this.twin(property, parent) : undefined);
    eventBus.on("moddleCopy.canCopyProperties", 1500, ({ sourceElement, targetElement }) => {
      for (const [name, value] of foreign(sourceElement)) targetElement.$attrs[name] = value;
    });
    eventBus.on("copyPaste.elementsCopied", ({ tree }) => {
      try {
        localStorage.setItem(KEY, JSON.stringify(tree, (key, value) => this.written(value)));
      } catch { /* a full store: pasting into the same process works as ever */ }
    });
    // Before bpmn-js asks its own clipboard: the store may hold something newer from elsewhere.
    eventBus.on("copyPaste.pasteElements", 2000, (event) => {
      if (event.tree) return;
      const text = localStorage.getItem(KEY);
      event.tree = text ? this.read(text) : clipboard.get();
    });
  }

  // JSON of a model element says whose it is, and what others have written on it.
  written(value) {
    if (!value?.$type) return value;
    const more = {};
    if (isGeneric(value)) more.$ns = value.$descriptor.ns?.uri;
    const attributes = foreign(value).map(([name, text]) => [name, text, this.namespaces[`xmlns:${name.split(":")[0]}`]]);
    if (attributes.length) more.$foreign = attributes;
    return Object.keys(more).length ? { ...value, ...more } : value;
  }

  read(text) {
    const known = new Map();
    return JSON.parse(text, (key, value) => {
      if (!value || typeof value.$type !== "string") return value;
      if (value.id && known.has(value.id)) return known.get(value.id);
      const element = this.made(value);
      if (value.id) known.set(value.id, element);
      return element;
    });
  }

  made({ $type: type, $ns: namespace, $foreign: attributes = [], ...rest }) {
    if (namespace) return this.moddle.createAny(type, namespace, rest);
    const element = this.moddle.create(type, rest);
    for (const [name, value, uri] of attributes) if (this.speaks(name, uri)) element.$attrs[name] = value;
    return element;
  }

  // The receiving file must declare the prefix, and mean the same by it.
  speaks(name, uri) {
    const prefix = `xmlns:${name.split(":")[0]}`;
    if (uri) this.namespaces[prefix] ??= uri;
    return this.namespaces[prefix] === uri && Boolean(uri);
  }

  get namespaces() {
    return this.bpmnjs.getDefinitions().$attrs;
  }

  twin(element, parent) {
    const { $type: type, $children: children, ...attributes } = element;
    const copy = this.moddle.createAny(type, element.$descriptor.ns?.uri, attributes);
    if (children) copy.$children = children.map((child) => this.twin(child, copy));
    copy.$parent = parent;
    return copy;
  }
}
SharedClipboard.$inject = ["eventBus", "clipboard", "moddle", "bpmnjs"];

const isGeneric = (value) => Boolean(value?.$descriptor?.isGeneric);

const foreign = (element) =>
  Object.entries(element?.$attrs ?? {}).filter(([name]) => name.includes(":") && !name.startsWith("xmlns"));

export const clipboardModule = {
  __init__: ["sharedClipboard"], sharedClipboard: ["type", SharedClipboard],
};
