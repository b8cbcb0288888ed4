// What the process as a whole declares: description, owner, calendar, who may open it, who approves
// it, the strict profile; and the promise to the customer.
import { altered, create, isTrue, said, together } from "./moddle.js";
import { choose, group, text, tick } from "./draw.js";
import { duration } from "./durations.js";
import { namesOf, saveNames } from "./general.js";
import { calendar, person } from "./people.js";
import { currency } from "./value.js";
import { bilingual, elementsOf, listOf } from "./words.js";

export const process = {
  id: "process",
  title: () => gettext("The whole process"),
  applies: (context) => context.isWhole && Boolean(context.process),
  summary: (context) => (said(context.sheet, "owner") ? "" : gettext("owner missing")),
  draw(context) {
    const { sheet, process: whole, shape, owner } = context;
    const set = (name) => (value) => context.changeSheet({ [name]: value });
    return [
      whole !== owner && bilingual(gettext("Name of the process"), { list: namesOf(whole), name: "process-name", save: (list) => saveNames(context, shape, whole, list) }),
      bilingual(gettext("Description"), { list: described(context), name: "description", rows: 3, save: (list) => describe(context, list) }),
      person(context, gettext("End-to-end owner"), { value: said(sheet, "owner"), save: set("owner"), name: "owner", hint: gettext("One person who answers for the process from start to end.") }),
      calendar(context, gettext("Calendar"), { value: said(sheet, "calendar"), save: set("calendar"), name: "calendar", empty: gettext("Around the clock") }),
      text(gettext("Currency"), { value: said(sheet, "currency"), save: set("currency"), check: currency, name: "currency", placeholder: "CNY" }),
      choose(gettext("A new version needs the word of"), {
        value: said(sheet, "approval") || "nobody", name: "approval", save: (value) => set("approval")(value === "nobody" ? undefined : value),
        options: [["nobody", gettext("Nobody but its author")], ["owner", gettext("The owner of the process")], ["second_person", gettext("A second person who may publish")]],
      }),
      tick(gettext("Can be run: the one process of the file that is executed"), {
        value: whole.get("isExecutable"), name: "isExecutable", save: (is) => context.updateAt(whole, { isExecutable: is }),
      }),
      tick(gettext("Internal: customers cannot open it in the portal"), { value: isTrue(said(sheet, "internal")), name: "internal", save: (is) => set("internal")(is ? "true" : undefined) }),
      tick(gettext("Strict: two-way decisions only, nothing side by side"), {
        value: whole.get("servoloop:profile") === "strict", name: "profile",
        save: (is) => context.updateAt(whole, { "servoloop:profile": is ? "strict" : undefined }),
      }),
    ].filter(Boolean);
  },
};

// The default stands in the BPMN documentation unless the sheet replaces it.
function described(context) {
  const own = listOf(context.sheet?.get("descriptions"));
  const text = context.process.get("documentation")[0]?.text?.trim() ?? "";
  return own.some((each) => !each.language) || !text ? own : [{ language: "", text }, ...own];
}

function describe(context, list) {
  const { modeler, process: whole, sheet } = context;
  const isReplaced = listOf(sheet?.get("descriptions")).some((each) => !each.language);
  const kept = isReplaced ? list : list.filter((each) => each.language);
  together(modeler, () => {
    context.changeSheet({ descriptions: elementsOf(modeler, "Description", kept) });
    const text = list.find((each) => !each.language)?.text ?? "";
    const old = whole.get("documentation");
    if (isReplaced || text === (old[0]?.text?.trim() ?? "")) return;
    const first = text && (old[0] ? altered(modeler, old[0], { text }) : create(modeler, "bpmn:Documentation", { text }));
    if (first) first.$parent = whole;
    context.updateAt(whole, { documentation: [...(first ? [first] : []), ...old.slice(1)] });
  });
}

const METRICS = () => [
  ["first_response", gettext("First response within")],
  ["resolution", gettext("Resolved within")],
];

export const promises = {
  id: "promises",
  title: () => gettext("Promise to the customer"),
  applies: (context) => context.isWhole && Boolean(context.process),
  draw(context) {
    const { modeler, sheet } = context;
    const all = sheet?.get("serviceLevels") ?? [];
    return METRICS().map(([metric, label]) => {
      const found = all.find((each) => said(each, "metric") === metric);
      const save = (changes) => {
        const next = found ? altered(modeler, found, changes) : create(modeler, "ServiceLevel", { metric, ...changes });
        const rest = all.filter((each) => each !== found);
        const isKept = Boolean(next.get("within"));
        context.changeSheet({ serviceLevels: metric === "first_response" ? [...(isKept ? [next] : []), ...rest] : [...rest, ...(isKept ? [next] : [])] });
      };
      return group(label,
        duration(gettext("Time"), { value: said(found, "within"), save: (within) => save({ within }), name: metric, hint: found ? "" : gettext("Nothing is promised.") }),
        found && calendar(context, gettext("Counted on the calendar"), { value: said(found, "calendar"), save: (value) => save({ calendar: value }), name: `${metric}-calendar`, empty: gettext("As the process") }));
    });
  },
};
