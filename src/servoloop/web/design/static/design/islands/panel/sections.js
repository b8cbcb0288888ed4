// The sections of the panel in their order, and where the rules of the gate are mended.
import { automation } from "./automation.js";
import { conditions } from "./conditions.js";
import { decision } from "./decision.js";
import { escalation } from "./escalation.js";
import { fields } from "./fields.js";
import { general } from "./general.js";
import { goals } from "./goals.js";
import { loop } from "./loop.js";
import { message } from "./message.js";
import { method } from "./method.js";
import { people } from "./people.js";
import { process, promises } from "./process.js";
import { time } from "./time.js";
import { timer } from "./timer.js";
import { value } from "./value.js";
import { waivers } from "./waivers.js";

export const SECTIONS = [
  general, conditions, timer, message, decision, automation, people, method, time, escalation, fields,
  value, loop, process, goals, promises, waivers,
];

// A rule of the gate, or another name of a field -> the field in which it is mended.
export const ALIASES = {
  "no-method": "sop", "no-standard-time": "standardTime", "no-response-time": "responseTime",
  "time-contradiction": "responseTime", "no-escalation": "escalation", "escalation-in-circle": "escalation",
  "no-owner": "owner", "unknown-owner": "owner", "no-role": "role", "nobody-in-role": "role",
  "unknown-calendar": "calendar", "hours-without-people": "calendar", "no-topic": "topic",
  "no-assignment": "variable", "unknown-decision": "decision", "decision-error": "decision",
  "decision-note": "decision", "no-message": "message", "bad-timer": "timer", "no-condition": "condition",
  "condition-syntax": "condition", "decision-gap": "condition", "decision-overlap": "condition",
  "branch-never": "condition", "decision-undecided": "condition", "unknown-call": "called",
  "promise-impossible": "resolution", "promise-tight": "resolution", "promise-late-start": "first_response",
  "not-marked-executable": "isExecutable", "which-process": "isExecutable", "bad-waiver": "waiver",
  serviceLevel: "resolution", assignment: "variable", form: "fields", outputs: "fields", inputs: "fields",
};
