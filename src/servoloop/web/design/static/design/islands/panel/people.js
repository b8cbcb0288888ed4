// Who does a step: role and lane, how a task finds its person, skills, authority, who answers for it.
import { create, replaced, said } from "./moddle.js";
import { about, amount, choose, h, row, text, tool } from "./draw.js";

// A choice of roles with the number of people in each; without a directory the key is typed.
export function role(context, label, { value, save, name, empty = "—", hint = "" }) {
  const { roles, isKnown } = context.people;
  if (!isKnown || !roles.length) return text(label, { value, save, name, hint });
  const found = roles.find((each) => each.key === value);
  const options = [["", empty], ...roles.map((each) => [each.key, roleWords(each)])];
  if (value && !found) options.push([value, interpolate(gettext("%s (unknown)"), [value])]);
  const problem = value && !found ? gettext("There is no such role.") : found?.people === 0 ? gettext("Nobody has this role.") : "";
  return choose(label, { value, options, save, name, hint, problem });
}

function roleWords({ label, key, people }) {
  if (people === undefined) return label ?? key;
  const count = interpolate(ngettext("%s person", "%s people", people), [people]);
  return `${label ?? key} · ${count}`;
}

export function person(context, label, { value, save, name, hint }) {
  const { people, isKnown } = context.people;
  const found = people.find((each) => each.key === value);
  const problem = value && isKnown && !found ? gettext("Nobody here has this login name.") : "";
  const list = people.map((each) => [each.key, each.label]);
  return text(label, { value, save, name, list, problem, hint: problem ? "" : found ? found.label : hint });
}

export function calendar(context, label, { value, save, name, empty }) {
  const { calendars, isKnown } = context.people;
  if (!isKnown || !calendars.length) return text(label, { value, save, name, hint: empty });
  const options = [["", empty], ...calendars.map((each) => [each.key, each.label ?? each.key])];
  const isUnknown = value && !calendars.some((each) => each.key === value);
  if (isUnknown) options.push([value, interpolate(gettext("%s (unknown)"), [value])]);
  return choose(label, { value, options, save, name, problem: isUnknown ? gettext("There is no such calendar.") : "" });
}

// The role of the innermost lane around a shape that names one.
function roleOfLane(context) {
  const lanes = [];
  const search = (sets) => sets.forEach((set) => (set.get("lanes") ?? []).forEach((lane) => {
    if ((lane.get("flowNodeRef") ?? []).includes(context.owner)) lanes.push(lane);
    if (lane.childLaneSet) search([lane.childLaneSet]);
  }));
  search(context.process?.get("laneSets") ?? []);
  return lanes.map((lane) => lane.get("servoloop:role")).filter(Boolean).at(-1);
}

export const people = {
  id: "people",
  title: () => gettext("Who does the step"),
  applies: (context) => context.isTask || context.type === "Lane",
  draw(context) {
    if (context.type === "Lane") {
      return role(context, gettext("Role of the steps in this lane"), {
        value: context.owner.get("servoloop:role"), name: "role",
        save: (value) => context.update({ "servoloop:role": value }),
      });
    }
    const set = (name) => (value) => context.change({ [name]: value });
    const { step } = context;
    const owner = person(context, gettext("Answers for the step"), { value: said(step, "owner"), save: set("owner"), name: "owner" });
    if (!context.isHuman) return [owner];
    const lane = roleOfLane(context);
    const label = context.people.roles.find((each) => each.key === lane)?.label ?? lane;
    return [
      role(context, gettext("Role"), {
        value: said(step, "role"), save: set("role"), name: "role",
        empty: lane ? interpolate(gettext("As the lane: %s"), [label]) : "—",
      }),
      choose(gettext("How a task finds its person"), {
        value: said(step, "assignment") || "queue", name: "assignment",
        save: (value) => set("assignment")(value === "queue" ? undefined : value),
        options: [
          ["queue", gettext("Waits until somebody of the role takes it")],
          ["load", gettext("Goes to who has the fewest open tasks")],
          ["first_contact", gettext("Stays with the owner of the case")],
        ],
      }),
      skills(context),
      text(gettext("Authority limit"), {
        value: said(step, "authorityLimit"), save: set("authorityLimit"), check: amount, name: "authorityLimit", mode: "decimal",
        hint: gettext("What the step may grant by itself, in the currency of the process."),
      }),
      owner,
    ];
  },
};

function skills(context) {
  const list = context.step?.get("skills") ?? [];
  const save = (next) => context.change({ skills: next });
  const control = h("input", { class: "form-control", autocomplete: "off", list: "panel-skills" });
  const put = () => {
    const name = control.value.trim();
    control.value = ""; // Enter and then leaving the input is one change, not two
    if (name && !list.some((each) => each.get("name") === name)) save([...list, create(context.modeler, "Skill", { name })]);
  };
  control.dataset.was = "";
  control.addEventListener("change", put);
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    put();
  });
  const chips = list.map((each, at) => h("span", { class: "chip-of" }, each.get("name"),
    tool("x", about(gettext("Remove"), each.get("name")), () => save(replaced(list, at)), { "data-field": `skill-${at}-remove` })));
  const known = h("datalist", { id: "panel-skills" }, context.people.skills.map((each) => h("option", { value: each })));
  return row(gettext("Skills"), control, { name: "skills", extra: [h("div", { class: "chips" }, chips), known] });
}

