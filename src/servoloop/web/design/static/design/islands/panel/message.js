// The message that an element waits for or sends, its key and what it carries; the code of an error.
import { create, together } from "./moddle.js";
import { text } from "./draw.js";
import { feel } from "./feel.js";
import { namesOf } from "./names.js";

const event = (owner, type) => (owner.get?.("eventDefinitions") ?? []).find((each) => each.$type === `bpmn:${type}EventDefinition`);

// Where the reference, the key and the payload stand: in the event definition, or on the task itself.
const placeOf = (context) => event(context.owner, "Message") ?? (context.is("SendTask", "ReceiveTask") ? context.owner : undefined);

const sends = (context) => context.is("SendTask", "ThrowEvent");

export const message = {
  id: "message",
  title: (context) => (event(context.owner, "Error") ? gettext("Error") : gettext("Message")),
  applies: (context) => Boolean(placeOf(context) ?? (context.is("Event") && event(context.owner, "Error"))),
  draw(context) {
    const error = context.is("Event") && event(context.owner, "Error");
    if (error) return code(context, error);
    const place = placeOf(context);
    const names = namesOf(context.process);
    const set = (name) => (value) => context.updateAt(place, { [name]: value });
    const known = [...new Set(["customer.reply", ...context.people.messages, ...declared(context, "bpmn:Message").map((each) => each.name)])];
    return [
      text(gettext("Message"), {
        value: place.messageRef?.name ?? "", list: known.filter(Boolean).map((each) => [each]), name: "message",
        hint: place.messageRef?.name === "customer.reply" ? gettext("What the customer says in the conversation.") : "",
        save: (name) => refer(context, place, { property: "messageRef", type: "bpmn:Message", key: "name", value: name }),
      }),
      feel(context, gettext("Key: for which case (FEEL)"), { value: place.get("servoloop:correlationKey"), save: set("servoloop:correlationKey"), names, name: "correlationKey" }),
      sends(context) && feel(context, gettext("What it carries (FEEL)"), { value: place.get("servoloop:payload"), save: set("servoloop:payload"), names, name: "payload", rows: 2 }),
    ].filter(Boolean);
  },
};

function code(context, error) {
  const known = declared(context, "bpmn:Error").map((each) => each.errorCode).filter(Boolean);
  const isCatching = context.type === "BoundaryEvent";
  return [text(gettext("Code of the error"), {
    value: error.errorRef?.errorCode ?? "", list: known.map((each) => [each]), name: "error",
    hint: isCatching ? gettext("Empty: every error is caught.") : "",
    save: (value) => refer(context, error, { property: "errorRef", type: "bpmn:Error", key: "errorCode", value }),
  })];
}

const declared = (context, type) => context.modeler.getDefinitions().get("rootElements").filter((each) => each.$type === type);

// Names an existing declaration of the file, or makes one; one step for undo.
function refer(context, place, { property, type, key, value }) {
  const definitions = context.modeler.getDefinitions();
  together(context.modeler, () => {
    let found = value && declared(context, type).find((each) => each[key] === value);
    if (value && !found) {
      found = create(context.modeler, type, { id: freeId(definitions, type), name: value, [key]: value });
      found.$parent = definitions;
      context.updateAt(definitions, { rootElements: [...definitions.get("rootElements"), found] });
    }
    context.updateAt(place, { [property]: found || undefined });
  });
}

function freeId(definitions, type) {
  const stem = type.replace("bpmn:", "").toLowerCase();
  const used = new Set(definitions.get("rootElements").map((each) => each.id));
  let number = 1;
  while (used.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}
