// How long the work takes, until when it is due, on which calendar, and whether the clocks stand.
import { isTrue, said } from "./moddle.js";
import { tick } from "./draw.js";
import { duration, secondsOf } from "./durations.js";
import { calendar } from "./people.js";

export const time = {
  id: "time",
  title: () => gettext("How long"),
  applies: (context) => context.isTask || waits(context),
  summary: (context) => (context.isTask && !said(context.step, "standardTime") ? gettext("missing") : ""),
  draw(context) {
    const { step } = context;
    const set = (name) => (value) => context.change({ [name]: value });
    const works = secondsOf(said(step, "standardTime")), answers = secondsOf(said(step, "responseTime"));
    const isWrong = works && answers && works > answers;
    return [
      context.isTask && duration(gettext("Standard time"), {
        value: said(step, "standardTime"), save: set("standardTime"), name: "standardTime",
        hint: isWrong ? gettext("Longer than the response time: nobody could keep both.") : gettext("How long the work itself takes."),
      }),
      context.isHuman && duration(gettext("Response time"), {
        value: said(step, "responseTime"), save: set("responseTime"), name: "responseTime",
        hint: gettext("From opened to done, in working time; then the step escalates by itself."),
      }),
      (context.isHuman || waits(context)) && calendar(context, gettext("Calendar"), {
        value: said(step, "calendar"), save: set("calendar"), name: "calendar", empty: gettext("As the process"),
      }),
      waits(context) && tick(gettext("Waits for the customer: the clocks of the case stand"), {
        value: isTrue(said(step, "waitsForCustomer")), name: "waitsForCustomer",
        save: (is) => set("waitsForCustomer")(is ? "true" : undefined),
      }),
    ].filter(Boolean);
  },
};

const waits = (context) => context.is("ReceiveTask", "IntermediateCatchEvent");
