// <print-page> shows its button where there is something to print with.
class PrintPage extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

customElements.define("print-page", PrintPage);
