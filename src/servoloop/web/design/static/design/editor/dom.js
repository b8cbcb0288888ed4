// Two small makers of elements; text is always text, never markup.
let sprite = "";

export function useSprite(address) {
  sprite = address;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  picture.append(use);
  return picture;
}

// 12:03 today, else with the day; the exact moment on hover.
export function moment(text) {
  const when = new Date(text);
  const language = document.documentElement.lang;
  const isToday = when.toDateString() === new Date().toDateString();
  const words = isToday
    ? when.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    : when.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return make("time", { datetime: text, title: when.toLocaleString(language) }, words);
}
