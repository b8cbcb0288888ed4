// The decision model inside a process, as a plain tree {name, prefix, uri, attributes, children, body}
// that is copied, changed and put back whole: what we do not know stays, undo is one step.
import { create, extensionOf, replaceExtensions } from "./moddle.js";

const DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/";
const FAMILY = /^https?:\/\/www\.omg\.org\/spec\/DMN\//;

export function modelOf(process) {
  const models = extensionOf(process, "Decisions")?.get("models") ?? [];
  const found = models.find((each) => each.$descriptor?.ns?.localName === "definitions");
  return found && treeOf(found);
}

function treeOf(element) {
  const { prefix, localName, uri } = element.$descriptor.ns;
  const attributes = Object.fromEntries(Object.entries(element).filter(([key, value]) => !key.startsWith("$") && typeof value === "string"));
  return { name: localName, prefix, uri, attributes, children: (element.$children ?? []).map(treeOf), body: element.$body ?? "" };
}

function elementOf(moddle, tree, parent) {
  const name = tree.prefix ? `${tree.prefix}:${tree.name}` : tree.name;
  const element = moddle.createAny(name, tree.uri, { ...tree.attributes });
  if (parent) element.$parent = parent;
  if (tree.body) element.$body = tree.body;
  const children = tree.children.map((each) => elementOf(moddle, each, element));
  if (children.length) element.$children = children;
  return element;
}

export function saveModel(context, tree) {
  const { modeler, shape, process } = context;
  const old = extensionOf(process, "Decisions");
  const holder = create(modeler, "Decisions", {});
  const others = (old?.get("models") ?? []).filter((each) => each.$descriptor?.ns?.localName !== "definitions");
  holder.set("models", [elementOf(modeler.get("moddle"), tree, holder), ...others]);
  replaceExtensions(modeler, shape, process, "Decisions", [holder]);
}

export const newModel = (process) => ({
  name: "definitions", prefix: "dmn", uri: DMN, body: "", children: [],
  attributes: { id: `${process.id}_rules`, name: `${process.name || process.id}`, namespace: `urn:servoloop:${process.id}` },
});

// A child for `parent` in the spelling of its model.
export const node = (parent, name, attributes = {}, children = [], body = "") =>
  ({ name, prefix: parent.prefix, uri: parent.uri, attributes, children, body });

export const all = (tree, name) => (tree?.children ?? []).filter((each) => each.name === name && FAMILY.test(each.uri));
export const first = (tree, name) => all(tree, name)[0];
export const textOf = (tree) => first(tree, "text")?.body?.trim() ?? "";

export function setText(tree, text) {
  const found = first(tree, "text");
  if (found) Object.assign(found, { body: text, children: [] });
  else tree.children.push(node(tree, "text", {}, [], text));
}

export const decisionsOf = (tree) => all(tree, "decision");
export const tableOf = (decision) => first(decision, "decisionTable");

export function freeId(tree, stem) {
  const used = new Set();
  const walk = (each) => {
    used.add(each.attributes.id);
    each.children.forEach(walk);
  };
  walk(tree);
  let number = 1;
  while (used.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

// Every variable that a decision reads becomes an input of the model that the decision requires.
export function requireInputs(tree, decision, names) {
  const columns = all(tableOf(decision), "input").map((each) => textOf(first(each, "inputExpression")));
  const read = new Set([...columns, ...cells(decision)].flatMap(words));
  const needed = Object.keys(names).filter((name) => read.has(name));
  for (const name of needed) {
    let input = all(tree, "inputData").find((each) => each.attributes.name === name);
    if (!input) {
      const type = names[name] === "Any" ? {} : { typeRef: names[name] };
      input = node(tree, "inputData", { id: freeId(tree, "input"), name });
      input.children.push(node(tree, "variable", { name, ...type }));
      tree.children.unshift(input);
    }
    const href = `#${input.attributes.id}`;
    const isThere = all(decision, "informationRequirement").some((each) => first(each, "requiredInput")?.attributes.href === href);
    if (isThere) continue;
    const made = node(decision, "informationRequirement", { id: freeId(tree, "needs") });
    made.children.push(node(decision, "requiredInput", { href }));
    decision.children.splice(decision.children.indexOf(tableOf(decision) ?? first(decision, "literalExpression")), 0, made);
  }
}

const words = (text) => text.replace(/"(?:[^"\\]|\\.)*"/g, " ").match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];

const cells = (decision) => [textOf(first(decision, "literalExpression"))].concat(all(tableOf(decision), "rule").flatMap((rule) => rule.children.filter((each) => /Entry$/.test(each.name) && each.name !== "annotationEntry").map(textOf)));

export function newDecision(tree, name, input, type) {
  const decision = node(tree, "decision", { id: freeId(tree, "decision"), name });
  decision.children.push(node(tree, "variable", { name, typeRef: "string" }));
  const table = node(tree, "decisionTable", { id: freeId(tree, "table"), hitPolicy: "UNIQUE" });
  decision.children.push(table);
  tree.children.push(decision);
  table.children.push(newInput(tree, table, input, type), newOutput(tree, table, "result"));
  table.children.push(newRule(tree, table));
  return decision;
}

export function newInput(tree, table, text, type) {
  const input = node(table, "input", { id: freeId(tree, "column") });
  const expression = node(table, "inputExpression", type && type !== "Any" ? { typeRef: type } : {});
  expression.children.push(node(table, "text", {}, [], text));
  input.children.push(expression);
  return input;
}

export const newOutput = (tree, table, name) => node(table, "output", { id: freeId(tree, "answer"), name, typeRef: "string" });

export function newRule(tree, table) {
  const rule = node(table, "rule", { id: freeId(tree, "rule") });
  const entry = (name, text) => node(table, name, {}, [node(table, "text", {}, [], text)]);
  rule.children.push(...all(table, "input").map(() => entry("inputEntry", "-")), ...all(table, "output").map(() => entry("outputEntry", '""')));
  return rule;
}
