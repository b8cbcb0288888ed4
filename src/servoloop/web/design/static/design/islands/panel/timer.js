// When a timer is due: after a duration, at a moment, or again and again.
import { create, isTrue } from "./moddle.js";
import { choose, h, text, tick } from "./draw.js";
import { duration, isoOf, secondsOf, shown } from "./durations.js";
import { feel } from "./feel.js";
import { namesOf } from "./names.js";

const KINDS = ["timeDuration", "timeDate", "timeCycle"];
const CYCLE = /^R(\d*)\/(P.*)$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/;

export const timerOf = (owner) => (owner.get?.("eventDefinitions") ?? []).find((each) => each.$type === "bpmn:TimerEventDefinition");

export const timer = {
  id: "timer",
  title: () => gettext("When"),
  applies: (context) => context.is("Event") && Boolean(timerOf(context.owner)),
  draw(context) {
    const definition = timerOf(context.owner);
    const kind = KINDS.find((each) => definition.get(each)) ?? (context.panel.timers?.get(context.owner.id) ?? KINDS[0]);
    const value = definition.get(kind)?.get("body") ?? "";
    const isComputed = value.startsWith("=") || value.startsWith("${");
    const put = (name, body) => {
      const expression = body && create(context.modeler, "bpmn:FormalExpression", { body });
      if (expression) expression.$parent = definition;
      context.updateAt(definition, { ...Object.fromEntries(KINDS.map((each) => [each, undefined])), [name]: expression || undefined });
    };
    const save = (body) => put(kind, body);
    const turn = (next) => {
      (context.panel.timers ??= new Map()).set(context.owner.id, next);
      put(next, START[next]);
    };
    return [
      choose(gettext("Kind of timer"), {
        value: kind, name: "timer-kind", save: turn,
        options: [["timeDuration", gettext("After a time")], ["timeDate", gettext("At a moment")], ["timeCycle", gettext("Again and again")]],
      }),
      isComputed ? feel(context, gettext("Computed (FEEL after =)"), { value, save, name: "timer", names: namesOf(context.process) }) : LITERALS[kind](value, save),
      h("button", { type: "button", class: "btn btn-sm btn-link", onclick: () => save(isComputed ? START[kind] : '=duration("PT1H")') }, isComputed ? gettext("Choose instead of writing") : gettext("Compute with FEEL")),
      kind !== "timeDate" && tick(gettext("Count working time only"), {
        value: isTrue(definition.get("servoloop:isWorkingTime")), name: "isWorkingTime",
        hint: gettext("On the calendar of the process; otherwise around the clock."),
        save: (is) => context.updateAt(definition, { "servoloop:isWorkingTime": is ? "true" : undefined }),
      }),
    ].filter(Boolean);
  },
};

const START = { timeDuration: "PT1H", timeDate: "", timeCycle: "R3/PT1H" };

const LITERALS = {
  timeDuration: (value, save) => duration(gettext("After"), { value, save, name: "timer", isNeeded: true }),
  timeDate: (value, save) => text(gettext("Moment"), {
    value, save: (typed) => save(typed && inZone(typed)), name: "timer", placeholder: "2026-03-01 09:00",
    check: (typed) => (!typed || MOMENT.test(inZone(typed)) ? "" : gettext("Write a date and a time such as 2026-03-01 09:00.")),
    hint: gettext("Without a time zone, that of this computer."),
  }),
  timeCycle(value, save) {
    const [, count = "", every = ""] = CYCLE.exec(value) ?? [];
    const put = (times, span) => save(`R${times ?? ""}/${span}`);
    return h("div", {},
      text(gettext("How often"), {
        value: count, name: "timer-count", mode: "numeric", placeholder: gettext("for ever"), hint: gettext("Empty: for ever."),
        check: (typed) => (/^\d{0,6}$/.test(typed) ? "" : gettext("Write a whole number, or nothing for ever.")), save: (times) => put(times, every || "PT1H"),
      }),
      duration(gettext("Every"), { value: every, name: "timer", isNeeded: true, save: (span) => put(count, span), hint: every && secondsOf(every) ? interpolate(gettext("Every %s"), [shown(isoOf(secondsOf(every)))]) : "" }));
  },
};

// "2026-03-01 09:00" is meant in the zone of who writes it.
function inZone(typed) {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:?\d\d)?$/.exec(typed.trim());
  if (!found) return typed;
  const [, day, clock, seconds = ":00", zone] = found;
  if (zone) return `${day}T${clock}${seconds}${zone}`;
  const shift = -new Date(`${day}T${clock}`).getTimezoneOffset();
  const two = (n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${day}T${clock}${seconds}${shift < 0 ? "-" : "+"}${two(shift / 60)}:${two(shift % 60)}`;
}
