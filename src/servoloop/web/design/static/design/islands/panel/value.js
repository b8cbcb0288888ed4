// What a step is worth and costs, and where it stands in the service blueprint.
import { said } from "./moddle.js";
import { amount, choose, text } from "./draw.js";

export const CLASSES = () => [
  ["", "—"],
  ["customer", gettext("Value for the customer")],
  ["business", gettext("Needed by the business (law, control)")],
  ["waste", gettext("Waste")],
];
export const LAYERS = () => [
  ["", "—"],
  ["customer", gettext("Customer action")],
  ["frontstage", gettext("Frontstage: the customer sees it")],
  ["backstage", gettext("Backstage: the customer does not see it")],
  ["support", gettext("Support process")],
];
export const currency = (value) => (!value || /^[A-Z]{3}$/.test(value) ? "" : gettext("Write three capital letters such as CNY."));

export const value = {
  id: "value",
  title: () => gettext("Value and cost"),
  applies: (context) => context.isTask || context.is("Event"),
  draw(context) {
    const { step } = context;
    const set = (name) => (chosen) => context.change({ [name]: chosen });
    const layer = choose(gettext("Blueprint layer"), { value: said(step, "layer"), options: LAYERS(), save: set("layer"), name: "layer" });
    if (!context.isTask) return [layer];
    return [
      choose(gettext("Value class"), { value: said(step, "valueClass"), options: CLASSES(), save: set("valueClass"), name: "valueClass" }),
      layer,
      text(gettext("Cost of an hour of work"), { value: said(step, "costRate"), save: set("costRate"), check: amount, name: "costRate", mode: "decimal" }),
      text(gettext("Currency"), { value: said(step, "currency"), save: set("currency"), check: currency, name: "currency", placeholder: said(context.sheet, "currency") || "CNY" }),
    ];
  },
};
