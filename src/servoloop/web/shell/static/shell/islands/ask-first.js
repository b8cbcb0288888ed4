// <ask-first> turns a <details> with a form into a dialog where there is script: the summary opens a
// modal with the same form. Without script the details simply unfold.
class AskFirst extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    const summary = details?.querySelector("summary");
    const form = details?.querySelector("form");
    if (!form || this.dialog) return;
    this.dialog = document.createElement("dialog");
    this.dialog.className = "sheet";
    this.dialog.setAttribute("aria-label", summary.textContent.trim());
    const opener = document.createElement("button");
    opener.type = "button";
    opener.className = summary.className;
    opener.innerHTML = summary.innerHTML;
    for (const name of ["data-key", "aria-keyshortcuts"]) {
      if (summary.hasAttribute(name)) opener.setAttribute(name, summary.getAttribute(name));
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn";
    close.textContent = this.getAttribute("close");
    close.addEventListener("click", () => this.dialog.close());
    (form.querySelector("[data-buttons]") ?? form).append(close);
    this.dialog.append(form);
    details.replaceWith(opener, this.dialog);
    opener.addEventListener("click", () => this.dialog.showModal());
    this.dialog.addEventListener("close", () => opener.focus());
  }
}

customElements.define("ask-first", AskFirst);
