// <draft-form key="…"> keeps what is typed into the form inside it until the form is sent, per task
// and person, in this browser. A value that the server drew wins over a draft.
const DAYS = 14;

class DraftForm extends HTMLElement {
  connectedCallback() {
    this.key = `draft:${this.getAttribute("key")}`;
    this.restore();
    this.addEventListener("input", () => this.keep());
    this.addEventListener("change", () => this.keep());
  }

  get inputs() {
    return [...this.querySelectorAll("input[name], textarea[name], select[name]")]
      .filter((input) => !["hidden", "password", "submit", "file"].includes(input.type));
  }

  keep() {
    const values = {};
    for (const input of this.inputs) {
      if (input.type === "radio" || input.type === "checkbox") {
        if (input.checked) values[input.name] = input.value;
      } else if (input.value) values[input.name] = input.value;
    }
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), values }));
    } catch { /* private mode or full: the form still works */ }
  }

  restore() {
    const draft = read(this.key);
    if (!draft) return;
    let restored = 0;
    for (const input of this.inputs) {
      const value = draft.values[input.name];
      if (value === undefined) continue;
      if (input.type === "radio" || input.type === "checkbox") {
        if (!this.querySelector(`[name="${CSS.escape(input.name)}"]:checked`) && input.value === value) {
          input.checked = true;
          restored += 1;
        }
      } else if (!input.value) {
        input.value = value;
        restored += 1;
      }
    }
    const notice = this.querySelector("[data-draft-notice]");
    if (notice) notice.hidden = restored === 0;
  }

}

// A draft goes when the next page confirms that it was taken (data-draft-done), or after two weeks.
function forget() {
  for (const mark of document.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(`draft:${mark.dataset.draftDone}`);
  }
  const oldest = Date.now() - DAYS * 86400000;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && (read(key)?.at ?? 0) < oldest) localStorage.removeItem(key);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

forget();
customElements.define("draft-form", DraftForm);
