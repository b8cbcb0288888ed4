// <dry-run-player> lets the case run by itself: it presses "Next by itself" at the chosen pace until
// nothing is left to do. Every move of the page is sent without a reload, so that the picture stays
// where the reader has moved it; without this script the forms post as forms do.
const PARTS = ["dry-run-data", "dry-run-now", "dry-run-clock", "dry-run-undo", "dry-run-course", "dry-run-state"];
const PAUSES = [4000, 2000, 1000, 400, 100]; // milliseconds, by pace

class DryRunPlayer extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-play]");
    this.words = this.button.querySelector("span").textContent;
    this.button.hidden = false;
    this.querySelector("[data-pace]").hidden = false;
    this.button.addEventListener("click", () => (this.timer ? this.stop() : this.play()));
    this.onSubmit = (event) => this.send(event);
    document.addEventListener("submit", this.onSubmit);
  }

  disconnectedCallback() {
    this.stop();
    document.removeEventListener("submit", this.onSubmit);
  }

  play() {
    this.button.querySelector("span").textContent = this.button.dataset.playing;
    this.button.setAttribute("aria-pressed", "true");
    this.turn();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.button.querySelector("span").textContent = this.words;
    this.button.setAttribute("aria-pressed", "false");
  }

  async turn() {
    this.timer = -1; // running, before there is a timer
    const before = this.course();
    const auto = this.querySelector("[data-auto]");
    await this.post(new FormData(auto.form, auto));
    if (!this.timer) return;
    if (this.course() === before) return this.stop();
    const pace = Number(this.querySelector("[data-pace] input").value);
    this.timer = setTimeout(() => this.turn(), PAUSES[pace - 1]);
  }

  course() {
    return document.getElementById("dry-run-course").textContent;
  }

  send(event) {
    const form = event.target;
    if (form.method !== "post" || !form.closest(".split")) return;
    event.preventDefault();
    this.post(new FormData(form, event.submitter));
  }

  async post(data) {
    const answer = await fetch(location.href, { method: "POST", body: data, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("dry-run-now")) return location.reload();
    for (const id of PARTS) document.getElementById(id).replaceWith(page.getElementById(id));
    const notices = page.getElementById("notices");
    if (notices) document.getElementById("notices")?.replaceWith(notices);
    document.querySelector("#dry-run-now [aria-invalid='true'] input, #dry-run-now .wrong")?.scrollIntoView({ block: "center" });
  }
}

customElements.define("dry-run-player", DryRunPlayer);
