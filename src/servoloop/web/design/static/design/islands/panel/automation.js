// Which machine does a step (webhook or bot), and which process a call activity calls.
import { said } from "./moddle.js";
import { choose, text } from "./draw.js";

const HTTP = "http:";

export const automation = {
  id: "automation",
  title: (context) => (context.type === "CallActivity" ? gettext("Called process") : gettext("Automation")),
  applies: (context) => context.is("ServiceTask", "SendTask", "CallActivity"),
  summary: (context) => (context.is("ServiceTask") && !said(context.step, "topic") ? gettext("missing") : ""),
  draw(context) {
    const { step, owner } = context;
    if (context.type === "CallActivity") {
      return text(gettext("Key of the process"), {
        value: owner.calledElement, name: "called", list: context.people.processes.map(({ key, name }) => [key, name]),
        hint: context.people.processes.find((each) => each.key === owner.calledElement)?.name ?? "",
        save: (calledElement) => context.update({ calledElement }),
      });
    }
    const topic = said(step, "topic");
    const chosen = context.panel.robots?.get(owner.id) ?? (topic.startsWith(HTTP) || !topic ? "webhook" : "bot");
    const known = context.people.topics.filter((each) => each.startsWith(HTTP) === (chosen === "webhook"));
    const turn = (kind) => {
      (context.panel.robots ??= new Map()).set(owner.id, kind);
      const name = topic.replace(HTTP, "");
      if (name) context.change({ topic: kind === "webhook" ? HTTP + name : name });
      else context.panel.later();
    };
    const isWhole = (value) => !value || (/^\d+$/.test(value) && Number(value) <= 1000);
    return [
      choose(gettext("Who does it"), {
        value: chosen, name: "automation", save: turn,
        options: [["webhook", gettext("Webhook: another system is asked")], ["bot", gettext("Bot: a worker that takes this topic")]],
        hint: gettext("A rule is drawn as a rule step."),
      }),
      text(chosen === "webhook" ? gettext("Name of the service") : gettext("Topic"), {
        value: topic.replace(chosen === "webhook" ? HTTP : /^$/, ""), name: "topic",
        list: known.map((each) => [each.replace(chosen === "webhook" ? HTTP : /^$/, "")]),
        hint: chosen === "webhook" ? gettext("Its address is set by the operator under this name.") : "",
        save: (name) => context.change({ topic: name && (chosen === "webhook" ? HTTP + name : name) }),
      }),
      text(gettext("Tries before somebody is told"), {
        value: said(step, "retries"), name: "retries", mode: "numeric", placeholder: "3",
        check: (value) => (isWhole(value) ? "" : gettext("Write a whole number from 0 to 1000.")),
        save: (value) => context.change({ retries: value === "3" ? undefined : value }),
      }),
    ];
  },
};
