// Durations as people write them ("2 h 30 min", "1.5 小时", "1 个工作日"), as files have them (PT2H30M),
// and as words. A working day is told as what the kernel counts: hours, since a day has no fixed length.
import { commits, complain, h, row, tell } from "./draw.js";

const WORKING_DAY = 8; // hours; "P1D" in a file means 24 working hours
const ISO = /^P(?:([\d.,]+)W)?(?:([\d.,]+)D)?(?:T(?:([\d.,]+)H)?(?:([\d.,]+)M)?(?:([\d.,]+)S)?)?$/i;
const SECONDS = [604800, 86400, 3600, 60, 1];
const UNITS = [
  [/^(个)?工作(日|天)|^working\s*days?|^business\s*days?|^wd/i, WORKING_DAY * 3600],
  [/^(周|星期|礼拜)|^weeks?|^w(?![a-z])/i, 604800],
  [/^(天|日)|^days?|^d(?![a-z])/i, 86400],
  [/^(个)?(小时|钟头|时)|^hours?|^hrs?|^h(?![a-z])/i, 3600],
  [/^(分钟|分)|^minutes?|^mins?|^m(?![a-z])/i, 60],
  [/^(秒钟|秒)|^seconds?|^secs?|^s(?![a-z])/i, 1],
];

// Seconds, or undefined for what is no duration.
export function secondsOf(text) {
  const iso = ISO.exec(text.trim());
  if (iso && iso.slice(1).some(Boolean)) {
    return iso.slice(1).reduce((sum, part, unit) => sum + Number((part ?? "0").replace(",", ".")) * SECONDS[unit], 0);
  }
  let rest = text.normalize("NFKC").replace(/[,，、和]|\band\b/g, " ")
    .replace(/(\d+)\s*个半(小时|钟头)/, "$1小时30分钟").replace(/半个?(小时|钟头)/, "30分钟")
    .replace(/半个?工作[日天]/, `${WORKING_DAY / 2}小时`).replace(/(\d\s*(?:h|小时))\s*(\d+)$/i, "$1$2分钟").trim();
  if (!rest) return undefined;
  let total = 0;
  while (rest) {
    const found = /^(\d+(?:\.\d+)?)\s*/.exec(rest);
    if (!found) return undefined;
    rest = rest.slice(found[0].length);
    const unit = UNITS.find(([pattern]) => pattern.test(rest));
    if (!unit) return undefined;
    total += Number(found[1]) * unit[1];
    rest = rest.replace(unit[0], "").trim();
  }
  return total;
}

export function isoOf(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return `PT${h ? `${h}H` : ""}${m ? `${m}M` : ""}${s || !seconds ? `${Number(s.toFixed(3))}S` : ""}`;
}

export function inWords(seconds) {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.round(seconds % 60)];
  const parts = [
    h && interpolate(gettext("%s h"), [h]),
    m && interpolate(gettext("%s min"), [m]),
    s && interpolate(gettext("%s s"), [s]),
  ].filter(Boolean);
  return parts.join(" ") || interpolate(gettext("%s min"), [0]);
}

export const shown = (iso) => {
  const seconds = secondsOf(iso ?? "");
  return seconds === undefined ? (iso ?? "") : inWords(seconds);
};

export const PROBLEM = () => gettext("Write a time such as 30 min, 2 h 30 min, 1 working day or PT30M.");

function problemOf(value, isNeeded) {
  if (!value) return isNeeded ? PROBLEM() : "";
  const seconds = secondsOf(value);
  if (seconds === undefined) return PROBLEM();
  return seconds > 0 ? "" : gettext("The time must be longer than zero.");
}

// An input that takes any of these and saves ISO 8601; what it has understood stands below while typing.
export function duration(label, { value, save, name, isNeeded = false, hint = "" }) {
  const control = h("input", { class: "form-control", value: shown(value), autocomplete: "off", placeholder: gettext("e.g. 2 h 30 min") });
  const understood = () => {
    const seconds = secondsOf(control.value);
    const isNew = control.value.trim() !== control.dataset.was && seconds;
    tell(control, isNew ? `= ${inWords(seconds)} (${isoOf(seconds)})` : hint);
  };
  commits(control, (typed) => save(typed === undefined ? undefined : isoOf(secondsOf(typed))), (typed) => problemOf(typed, isNeeded));
  control.addEventListener("input", (event) => {
    if (!event.isComposing) understood();
    complain(control, "");
  });
  const wrong = value && secondsOf(value) === undefined ? PROBLEM() : "";
  return row(label, control, { name, hint, problem: wrong });
}
