// A file from this machine becomes an attachment: it is sent at once, and what is kept is its address.
import { h } from "./draw.js";

export function uploader(context, attach) {
  const address = context.panel.getAttribute("files");
  if (!address) return [];
  const input = h("input", { type: "file", class: "form-control", "data-field": "attachment-file", "aria-label": gettext("Attach a file") });
  const said = h("p", { class: "wrong", role: "alert", hidden: true });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    input.disabled = true;
    said.hidden = true;
    try {
      attach(await send(address, file, context.token));
    } catch (error) {
      said.textContent = error.message;
      said.hidden = false;
    }
    input.disabled = false;
    input.value = "";
  });
  return [h("div", { class: "field" }, h("label", {}, gettext("Attach a file"), input), said)];
}

async function send(address, file, token) {
  const body = new FormData();
  body.append("file", file);
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
  } catch {
    throw new Error(gettext("The server cannot be reached. Try again in a moment."));
  }
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error ?? gettext("The file could not be attached."));
  return found;
}
