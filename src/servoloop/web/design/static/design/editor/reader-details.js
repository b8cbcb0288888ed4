// What an element says, in words, for reading: who, how long, until when, how, and what then.
import { html } from "../islands/panel/markdown.js";
import { make } from "./dom.js";
import { nameOf } from "./names.js";

const reader = document.documentElement.lang.split("-")[0].toLowerCase();

// `directory` names roles and people, as the server does.
export async function clickedDetails(shape, directory) {
  if (!shape) return [make("p", { class: "quiet mb-0" }, gettext("Choose an element to read what it says."))];
  const step = extension(shape.businessObject, "servoloop:Step");
  const facts = [...stepFacts(step, directory), ...flowFacts(shape.businessObject)];
  const parts = [make("h2", {}, nameOf(shape) || kindOf(shape.businessObject)), make("p", { class: "quiet mb-2" }, kindOf(shape.businessObject))];
  if (facts.length) parts.push(make("dl", { class: "facts" }, ...facts.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)])));
  const method = said(step?.sop);
  if (method) parts.push(make("h3", {}, gettext("Method")), make("div", { class: "markdown" }, ...await html(method)));
  return parts;
}

function stepFacts(step, { roles, people }) {
  if (!step) return [];
  const role = (key) => roles.find((each) => each.key === key)?.label ?? key;
  const levels = (step.escalation ?? []).map((each) => `${role(each.role)} (${lasting(each.within)})`);
  return [
    [gettext("Role"), role(step.role)],
    [gettext("Owner"), people.find((each) => each.username === step.owner)?.name ?? step.owner],
    [gettext("Standard time"), lasting(step.standardTime)],
    [gettext("Response time"), lasting(step.responseTime)],
    [gettext("Escalation"), levels.join(" → ")],
    [gettext("Result"), (step.outputs ?? []).map((each) => said(each.labels) || each.name).join(gettext(", "))],
  ].filter(([, text]) => text);
}

function flowFacts(businessObject) {
  const condition = businessObject.conditionExpression?.body;
  const isDefault = businessObject.sourceRef?.default === businessObject;
  return [
    ...(condition ? [[gettext("Condition"), condition]] : []),
    ...(isDefault ? [[gettext("Condition"), gettext("otherwise")]] : []),
  ];
}

const extension = (businessObject, type) =>
  businessObject.extensionElements?.values?.find((each) => each.$type === type);

// The text in the reader's language, else the one without a language, else any.
function said(texts = []) {
  const found = texts.find((each) => (each.lang ?? "").startsWith(reader)) ?? texts.find((each) => !each.lang) ?? texts[0];
  return found?.text?.trim() ?? "";
}

// PT1H30M as "1 h 30 min"; what is no duration stays as it is.
function lasting(text) {
  const parts = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text ?? "");
  if (!parts) return text ?? "";
  const units = [gettext("%s wk"), gettext("%s d"), gettext("%s h"), gettext("%s min"), gettext("%s s")];
  return units.map((unit, at) => parts[at + 1] && interpolate(unit, [parts[at + 1]])).filter(Boolean).join(" ");
}

const KINDS = {
  "bpmn:UserTask": () => gettext("User task"),
  "bpmn:Task": () => gettext("Task"),
  "bpmn:ManualTask": () => gettext("Manual task"),
  "bpmn:ServiceTask": () => gettext("Service task"),
  "bpmn:SendTask": () => gettext("Send task"),
  "bpmn:ReceiveTask": () => gettext("Receive task"),
  "bpmn:ScriptTask": () => gettext("Script task"),
  "bpmn:BusinessRuleTask": () => gettext("Business rule task"),
  "bpmn:CallActivity": () => gettext("Call activity"),
  "bpmn:SubProcess": () => gettext("Sub-process"),
  "bpmn:ExclusiveGateway": () => gettext("Exclusive gateway"),
  "bpmn:ParallelGateway": () => gettext("Parallel gateway"),
  "bpmn:EventBasedGateway": () => gettext("Event-based gateway"),
  "bpmn:StartEvent": () => gettext("Start event"),
  "bpmn:EndEvent": () => gettext("End event"),
  "bpmn:BoundaryEvent": () => gettext("Boundary event"),
  "bpmn:IntermediateCatchEvent": () => gettext("Waiting event"),
  "bpmn:IntermediateThrowEvent": () => gettext("Intermediate throw event"),
  "bpmn:SequenceFlow": () => gettext("Sequence flow"),
  "bpmn:Lane": () => gettext("Lane"),
  "bpmn:Participant": () => gettext("Pool"),
};

function kindOf(businessObject) {
  return KINDS[businessObject.$type]?.() ?? businessObject.$type.replace("bpmn:", "");
}
